/** Flow accumulation: the definition against InVEST and the fixtures, worker tasks against the definition. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { grow, tileAt, tilingOf } from '../../src/core/tiles.ts';
import { flowAccumulation } from '../../src/solvers/flow_accumulation/index.ts';
import { DX, DY, d8Code, shareOf, sumOfShares } from '../../src/solvers/routing/directions.ts';
import { readPlanes } from '../../src/solvers/routing/planes.ts';
import type { VisitInput } from '../../src/solvers/routing/tile-visit.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { describeWithHydrology, hydrologyPlane } from '../support/hydrology.ts';
import { describeWithInvest } from '../support/invest.ts';
import {
  difference,
  expectReferenceBits,
  flowRasters,
  investFlow,
  investValues,
  randomPlane,
} from '../support/recursions.ts';
import { requestOf, solveWith } from '../support/solve.ts';

const { reference } = flowAccumulation;
const PARAMS = { threshold: 40, trace: 0.7 };
const shapeOf = ({ width, height }: { width: number; height: number }) => ({
  width,
  height,
  cellWidth: 1,
  cellHeight: 1,
});

/** What leaves the grid, enters nodata, or stays in cells without an outflow. */
function leaving(accumulation: ArrayLike<number>, direction: Uint32Array, width: number): number {
  const height = direction.length / width;
  let sum = 0;
  for (const [cell, code] of direction.entries()) {
    if (code === NODATA_CODE) continue;
    if (code === 0) sum += accumulation[cell];
    for (let d = 0; d < 8; d++) {
      const [x, y] = [(cell % width) + DX[d], Math.floor(cell / width) + DY[d]];
      const inside = x >= 0 && y >= 0 && x < width && y < height && direction[y * width + x] !== NODATA_CODE;
      if (!inside) sum += (accumulation[cell] * shareOf(code, d)) / Math.max(1, sumOfShares(code));
    }
  }
  return sum;
}

describe.each(['d8', 'mfd'] as const)('%s', (algorithm) => {
  test.each(flowRasters(algorithm))(
    '$name: tiles, lanes and scratch give the bits of the definition',
    async (raster) => {
      const inputs = { weight: randomPlane(raster, 1, 0, 10), weight_2: randomPlane(raster, 2, 0.01, 1) };
      await expectReferenceBits({ solver: flowAccumulation, raster, inputs, params: PARAMS });
    },
  );

  test.each(flowRasters(algorithm))('$name: what leaves is what there was', (raster) => {
    const { direction, width } = raster;
    const { accumulation } = reference({ direction }, PARAMS, shapeOf(raster));
    const valid = direction.filter((code) => code !== NODATA_CODE).length;
    expect(valid).toBeGreaterThan(1000);
    expect(leaving(accumulation, direction, width) / valid).toBeCloseTo(1, 12);
  });
});

test('a visit has the float64 of the definition, before anything is rounded', async () => {
  const [raster] = flowRasters('mfd');
  const { width, height, direction } = raster;
  const weights = { weight: randomPlane(raster, 1, 0, 10), weight_2: randomPlane(raster, 2, 0.01, 1) };
  const meant = reference({ direction, ...weights }, PARAMS, shapeOf(raster));
  const tiling = tilingOf(raster, 67, 53);
  const { inputs } = requestOf(flowAccumulation.spec, {
    ...raster,
    inputs: { direction, ...weights },
    pool: inlinePool({}),
  });
  const window = grow({ x: 0, y: 0, width, height }, 1);
  const planes = await readPlanes({ inputs }, Object.keys(inputs), window);
  const cells = window.width * window.height;
  const sums = ['accumulation', 'weighted', 'weighted_2'];
  const values = sums.map(() => new ArrayBuffer(8 * cells));
  const memory = { values, inbound: new ArrayBuffer(cells), marks: new ArrayBuffer(cells) };
  const tiles = [{ tile: tileAt(tiling, 0), planes, arrivals: [], ...memory }];
  const input: VisitInput = { tiling, params: PARAMS, wanted: sums, tiles };
  await solverTasks.accumulate_flow(input, { services: {} });
  for (const [index, name] of sums.entries()) {
    const frame = new Float64Array(values[index]);
    const made = meant[name].map(
      (_, cell) => frame[(Math.floor(cell / width) + 1) * window.width + (cell % width) + 1],
    );
    expect(made, name).toEqual(meant[name]);
  }
});

test('along a border that water crosses at every step, tiles are visited a few times', async () => {
  // Uniform slope to the south: MFD gives shares to three cells below, so the tiles left and right of a border wait for each other in each row.
  const [width, height] = [96, 96];
  const direction = new Uint32Array(width * height).fill((4 << 20) | (7 << 24) | (4 << 28));
  const given = { width, height, inputs: { direction }, params: PARAMS, outputs: ['accumulation'], tile: 32 };
  const pool = inlinePool(solverTasks);
  const { facts, planes } = await solveWith(flowAccumulation, { ...given, pool });
  expect(facts.visits / facts.tiles).toBeLessThan(4);
  const one = await solveWith(flowAccumulation, { ...given, pool, tile: 96 });
  expect(one.facts.visits).toBe(1);
  expect(planes).toEqual(one.planes);
});

test('what does not fit in memory goes to scratch', async () => {
  const [raster] = flowRasters('mfd');
  const { width, height, direction } = raster;
  const given = { width, height, inputs: { direction }, params: PARAMS, outputs: ['accumulation'], tile: 16 };
  const pool = inlinePool(solverTasks);
  const [none, enough] = [
    await solveWith(flowAccumulation, { ...given, pool, memory: 0 }),
    await solveWith(flowAccumulation, { ...given, pool }),
  ];
  expect(none.facts.spilled_bytes).toBeGreaterThan(10_000);
  expect(enough.facts.spilled_bytes).toBe(0);
  expect(none.planes).toEqual(enough.planes);
});

test('a weight of nodata counts 0, and without sums only what is wanted is made', async () => {
  const direction = Uint32Array.of(d8Code(0), d8Code(0), d8Code(0), NODATA_CODE);
  const weight = Float32Array.of(2, NODATA, 3, 5);
  const given = { width: 4, height: 1, inputs: { direction, weight }, params: PARAMS, pool: inlinePool(solverTasks) };
  const { planes } = await solveWith(flowAccumulation, { ...given, outputs: ['weighted'], tile: 2 });
  expect([...planes.weighted]).toEqual([2, 2, 5, NODATA]);
  await expect(solveWith(flowAccumulation, { ...given, outputs: ['weighted_2'] })).rejects.toThrow(/weight_2/);
});

test('reach tells the two sides of both thresholds', () => {
  const direction = new Uint32Array(5).fill(d8Code(0));
  const reaches = (threshold: number, trace: number) => [
    ...reference({ direction }, { threshold, trace }, { width: 5, height: 1, cellWidth: 1, cellHeight: 1 }).reach,
  ];
  expect(reaches(4, 0.5)).toEqual([0, 1, 1, 2, 3]);
  expect(reaches(4, 1)).toEqual([0, 0, 0, 2, 3]);
  expect(reaches(0, 1)).toEqual([3, 3, 3, 3, 3]);
});

test('directions that go in a circle are refused, with their number', async () => {
  const direction = Uint32Array.of(d8Code(0), d8Code(6), d8Code(2), d8Code(4));
  const given = { width: 2, height: 2, inputs: { direction }, params: PARAMS, pool: inlinePool(solverTasks) };
  expect(() => reference({ direction }, PARAMS, shapeOf({ width: 2, height: 2 }))).toThrow(/circles.*4 cells/);
  await expect(solveWith(flowAccumulation, { ...given, outputs: ['accumulation'], tile: 1 })).rejects.toThrow(
    /circles.*4 cells/,
  );
});

describeWithHydrology('the fixtures', (names) => {
  /** Codes 1 E, 2 SE, 4 S … 128 NE; 0 none. */
  const toCode = (value: number) => (value === 0 ? 0 : d8Code((8 - Math.log2(value)) % 8));

  test.each(names)('%s: exact integers on its own directions', (name) => {
    for (const [codes, sums] of [
      ['d8_on_filled', 'accumulation_d8'],
      ['d8_on_epsilon', 'accumulation_d8_epsilon'],
    ]) {
      const { plane: d8, width, height } = hydrologyPlane(name, codes);
      const { plane: meant } = hydrologyPlane(name, sums);
      const { plane: dem } = hydrologyPlane(name, 'dem');
      const direction = Uint32Array.from(d8, (value, i) => (dem[i] === NODATA ? NODATA_CODE : toCode(value)));
      const { accumulation } = reference({ direction }, PARAMS, shapeOf({ width, height }));
      const valid = [...dem.keys()].filter((i) => dem[i] !== NODATA);
      expect(valid.map((i) => accumulation[i])).toEqual(valid.map((i) => meant[i]));
      expect(leaving(accumulation, direction, width)).toBe(valid.length);
    }
  });
});

describeWithInvest('InVEST', (folders) => {
  test.each(folders)('%s: its own float64 sums, on its own directions', async (folder) => {
    for (const run of ['sdr_d8', 'sdr_mfd', 'ndr_d8', 'ndr_mfd']) {
      const flow = await investFlow(folder, run);
      const { accumulation } = reference({ direction: flow.direction }, PARAMS, shapeOf(flow));
      const found = difference(accumulation, await investValues(folder, run, 'flow_accumulation'));
      expect(found, run).toMatchObject({ oneSided: 0, largest: 0 });
      expect(found.cells).toBeGreaterThan(5000);
    }
  });
});
