/** Omnidirectional flow: the known answers to the last quantum, cases made by hand (flow.md section 6), tiles against the definition. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { flowOmnidirectional } from '../../src/solvers/flow_omnidirectional/index.ts';
import { flowOverWhole } from '../../src/solvers/flow_omnidirectional/reference.ts';
import { flowSummary } from '../../src/solvers/service-flow/summary.ts';
import { addCell, checkConservation, noFlow } from '../../src/solvers/service-flow/totals.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { amounts, drawn, expectDefinition, hasKnownAnswers, knownAnswer, randomCase } from '../support/service-flow.ts';
import { solveWith } from '../support/solve.ts';

const PARAMS = { moves: 1, max_distance: 0, mass_tolerance: 0, spill: 0, quantum: 0 };
const NAMES = ['inflow', 'outflow', 'transit', 'consumption', 'residual', 'deficit'] as const;
const pool = inlinePool(solverTasks);

/** Definition and tiles of 16 cells agree; gives the definition's planes. */
async function flowOf(rows: { supply: string[]; demand: string[]; permeability?: string[] }, params = {}) {
  const width = rows.supply[0].length;
  const height = rows.supply.length;
  const inputs = Object.fromEntries(Object.entries(rows).map(([name, each]) => [name, drawn(each!)]));
  const given = { width, height, inputs, params: { ...PARAMS, ...params } };
  const facts = await expectDefinition(flowOmnidirectional, given, [16]);
  return { ...flowOverWhole(inputs, given.params, given), facts };
}

const sumOf = (plane: Float64Array) => plane.reduce((sum, value) => sum + (value === NODATA ? 0 : value), 0);

describe.runIf(hasKnownAnswers).each(['plain-40x48', 'barriers-56x61', 'capped-64x64'])('known answer %s', (name) => {
  const { width, height, manifest, planes } = hasKnownAnswers ? knownAnswer(name) : ({} as never);
  const inputs = hasKnownAnswers && {
    supply: amounts(planes.supply, manifest.nodata),
    demand: amounts(planes.demand, manifest.nodata),
    permeability: Float32Array.from(planes.permeability),
  };
  const params = {
    ...PARAMS,
    max_distance: manifest?.max_distance_cells ?? 0,
    mass_tolerance: manifest?.mass_tolerance ?? 0,
  };
  const withNodata = (plane: ArrayLike<number>) =>
    Float64Array.from(plane, (value) => (value === NODATA ? manifest.nodata : value));

  test('definition, in both orders of cells', () => {
    const flow = flowOverWhole(inputs || {}, params, { width, height });
    for (const key of NAMES) expect(withNodata(flow.planes[key]), key).toEqual(planes[key]);
    expect(flow.delivered).toEqual(manifest.delivered_per_epoch);
    expect(flow.distance / sumOf(flow.planes.outflow)).toBeCloseTo(manifest.mean_flow_distance_cells!, 12);
    expect(flowOverWhole(inputs || {}, params, { width, height }, true)).toEqual(flow);
  });

  test.each([16, 24, 64])('tiles of %i', async (tile) => {
    const memory = { 16: 3e5, 24: 0 }[tile] ?? 1e9; // small tiles in memory, in scratch, all as one
    const given = { width, height, inputs: inputs || {}, params, tile, pool, memory, outputs: NAMES };
    const { planes: made, facts } = await solveWith(flowOmnidirectional, given);
    for (const key of NAMES) expect(withNodata(made[key]), key).toEqual(planes[key]);
    const { delivered, meanDistance } = flowSummary(facts);
    expect(delivered).toEqual(manifest.delivered_per_epoch);
    expect(meanDistance).toBeCloseTo(manifest.mean_flow_distance_cells!, 12);
    expect(facts.spilled_bytes > 0).toBe(memory === 0);
  });
});

describe('by hand', () => {
  test('where supply is demand, nothing moves', async () => {
    const { planes, delivered } = await flowOf({ supply: ['555', '555'], demand: ['555', '555'] });
    expect(sumOf(planes.consumption)).toBe(30);
    expect([sumOf(planes.outflow), sumOf(planes.transit), sumOf(planes.residual), delivered.length]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('one surplus, one deficit: all of it arrives over the shortest ways', async () => {
    const { planes, distance } = await flowOf({
      supply: ['0000000', '9000000', '0000000'],
      demand: ['0000000', '0000090', '0000000'],
    });
    expect(sumOf(planes.inflow)).toBe(9);
    expect(planes.inflow[7 + 5]).toBe(9);
    expect(planes.outflow[7]).toBe(9);
    expect([0, 1, 2, 3, 4].map((role) => planes.role.filter((each) => each === role).length)).toEqual([7, 1, 12, 1, 0]);
    expect(distance).toBe(9 * 5);
    // Each column in between passes 9; five steps to the east leave a row at most and come back.
    for (const x of [1, 2, 3, 4]) expect(planes.transit[x] + planes.transit[7 + x] + planes.transit[14 + x]).toBe(9);
  });

  test('an odd quantum goes to the first direction', async () => {
    // Both neighbours in the north-west and south-west are asked; of 3 quanta the first in order (NW) is asked for 2.
    const { planes } = await flowOf({ supply: ['600', '000', '600'], demand: ['000', '030', '000'] });
    expect([planes.outflow[0], planes.outflow[6]]).toEqual([2, 1]);
  });

  test('largest request first', async () => {
    // Two deficits ask the surplus between them.
    const { planes } = await flowOf({ supply: ['00500'], demand: ['04030'] });
    expect([...planes.inflow]).toEqual([0, 4, 0, 1, 0]);
    expect([...planes.role]).toEqual([0, 3, 1, 3, 0]);
  });

  test('no way round a barrier: everything stays', async () => {
    const { planes } = await flowOf({
      supply: ['900', '900'],
      demand: ['009', '009'],
      permeability: ['101', '101'],
    });
    expect([sumOf(planes.residual), sumOf(planes.deficit), sumOf(planes.outflow)]).toEqual([18, 18, 0]);
  });

  test('a cell without supply or demand is a barrier; there is a way between two that touch at corners', async () => {
    const closed = await flowOf({ supply: ['9.0'], demand: ['009'] });
    expect(sumOf(closed.planes.outflow)).toBe(0);
    const open = await flowOf({ supply: ['9.', '.0'], demand: ['00', '09'] });
    expect(sumOf(open.planes.outflow)).toBe(9);
  });

  test('a barrier uses what it has', async () => {
    const { planes } = await flowOf({ supply: ['090'], demand: ['049'], permeability: ['101'] });
    expect([planes.consumption[1], planes.residual[1], planes.deficit[2]]).toEqual([4, 5, 9]);
  });

  test('no farther than max_distance', async () => {
    const rows = { supply: ['90000'], demand: ['00009'] };
    expect(sumOf((await flowOf(rows, { max_distance: 3 })).planes.outflow)).toBe(0);
    expect(sumOf((await flowOf(rows, { max_distance: 4 })).planes.outflow)).toBe(9);
    expect(sumOf((await flowOf(rows, { max_distance: 1e9 })).planes.outflow)).toBe(9);
  });

  test('what nobody uses leaves over the border', async () => {
    const { planes, facts } = await flowOf(
      { supply: ['00000', '00000', '00500', '00000', '00000'], demand: ['00000', '00000', '00000', '00000', '00000'] },
      { spill: 1 },
    );
    expect([sumOf(planes.spill), planes.outflow[12], sumOf(planes.residual)]).toEqual([5, 5, 0]);
    // Eight neighbours at φ = 1, five quanta: to E, NE, N, NW and W; from there in equal parts to the border.
    expect([13, 8, 7, 6, 11].map((i) => planes.transit[i])).toEqual([1, 1, 1, 1, 1]);
    expect(facts.spill).toBe(5);
  });

  test('a hole in the study area is a border', async () => {
    const rows = {
      supply: ['0000000', '0000000', '0.00000', '0000000', '0000000'].map((row) => row),
      demand: Array(5).fill('0000000'),
    };
    rows.supply[2] = '0.90000';
    const { planes } = await flowOf(rows, { spill: 1 });
    expect(planes.spill[16]).toBe(9);
  });

  test('without moves supply is used where it is', async () => {
    const { planes } = await flowOf({ supply: ['93'], demand: ['48'] }, { moves: 0 });
    expect([...planes.consumption]).toEqual([4, 3]);
    expect([...planes.net]).toEqual([5, -5]);
    expect(sumOf(planes.outflow)).toBe(0);
  });
});

describe('invariants', () => {
  const given = randomCase(3, { barriers: 0.1 });

  test('twice supply, demand and quantum: twice everything', () => {
    const twice = (plane: Float32Array) => plane.map((value) => (value === NODATA ? NODATA : 2 * value));
    const { supply, demand, ...others } = given.inputs as Record<string, Float32Array>;
    const once = flowOverWhole(given.inputs, { ...PARAMS, quantum: 1 }, given);
    const doubled = { supply: twice(supply), demand: twice(demand), ...others };
    const both = flowOverWhole(doubled, { ...PARAMS, quantum: 2 }, given);
    expect(sumOf(once.planes.transit)).toBeGreaterThan(0);
    for (const [name, plane] of Object.entries(once.planes).filter(([each]) => each !== 'role'))
      expect(Float64Array.from(both.planes[name as 'net']), name).toEqual(
        plane.map((v) => (v === NODATA ? NODATA : 2 * v)),
      );
    // Whole numbers keep a quantum of 1, and half a quantum more or less may go to the other side.
    expect(flowOverWhole(doubled, PARAMS, given).quantum).toBe(1);
  });

  test('mirrored or turned, the same totals', () => {
    const { width, height } = given;
    const turn = (plane: Float32Array) =>
      Float32Array.from(plane, (_, i) => plane[(height - 1 - (i % height)) * width + Math.floor(i / height)]);
    const mirror = (plane: Float32Array) =>
      Float32Array.from(plane, (_, i) => plane[Math.floor(i / width) * width + width - 1 - (i % width)]);
    const totals = (change: (plane: Float32Array) => Float32Array, shape: { width: number; height: number }) => {
      const inputs = Object.fromEntries(
        Object.entries(given.inputs).map(([name, plane]) => [name, change(plane as Float32Array)]),
      );
      const { planes } = flowOverWhole(inputs, PARAMS, shape);
      return [sumOf(planes.outflow), sumOf(planes.residual), sumOf(planes.deficit)];
    };
    const meant = totals((plane) => plane, given);
    expect(meant[0]).toBeGreaterThan(0);
    expect(totals(mirror, given)).toEqual(meant);
    expect(totals(turn, { width: height, height: width })).toEqual(meant);
  });
});

describe('tiles against the definition', () => {
  test.each([
    { seed: 1, params: { spill: 1 } },
    { seed: 2, params: { max_distance: 4, mass_tolerance: 1e-3 } },
    { seed: 3, params: { max_distance: 9, spill: 1 } },
    { seed: 4, params: {}, raster: { parts: 64, largest: 1e-3 * 2 ** 20 } },
    { seed: 5, params: { spill: 1 }, raster: { barriers: 0.45 } },
    { seed: 6, params: {}, raster: { width: 70, height: 18, largest: 3 } },
    { seed: 7, params: { spill: 1 }, raster: { largest: 2 ** 24 - 1, barriers: 0, holes: 0 } },
  ])('seed $seed, $params, $raster', async ({ seed, params, raster }) => {
    const given = randomCase(seed, raster);
    const facts = await expectDefinition(flowOmnidirectional, { ...given, params: { ...PARAMS, ...params } });
    expect(facts.used).toBeGreaterThan(0);
    expect(facts.epochs).toBeGreaterThan(1);
    expect(facts.used + facts.spill).toBe(facts.outflow);
  });
});

describe('zones', () => {
  test('amounts carry the mix of what the cells held', async () => {
    // The deficit asks for 4, the cell beside it gives 1, the one behind 3: three quarters are of zone 7.
    const width = 3;
    const inputs = {
      supply: Float32Array.of(3, 1, 0),
      demand: Float32Array.of(0, 0, 4),
      zones: Uint32Array.of(7, 8, 9),
    };
    const { facts } = await solveWith(flowOmnidirectional, { width, height: 1, inputs, params: PARAMS, tile: 2, pool });
    const { flows, zones } = flowSummary(facts);
    expect(flows).toEqual([
      { from: 7, as: 'used', to: 9, amount: 3 },
      { from: 8, as: 'used', to: 9, amount: 1 },
    ]);
    expect(zones!.get(9)).toMatchObject({ cells: 1, demand: 4, used: 4, deficit: 0 });
  });

  test('what is mixed stays mixed', async () => {
    // 6 of zone 1 come to the cell of zone 2, which adds 2; the 8 go to deficits of zones 3 and 4 in equal parts.
    const supply = Float32Array.of(0, 0, 0, 6, 2, 0, 0, 0, 0);
    const demand = Float32Array.of(0, 0, 4, 0, 0, 0, 0, 0, 4);
    const zones = Uint32Array.of(5, 5, 3, 1, 2, 5, 5, 5, 4);
    const permeability = Float32Array.of(0, 0, 1, 1, 1, 0, 0, 0, 1);
    const inputs = { supply, demand, zones, permeability };
    for (const tile of [1, 2, 16]) {
      const { facts } = await solveWith(flowOmnidirectional, {
        width: 3,
        height: 3,
        inputs,
        params: PARAMS,
        tile,
        pool,
      });
      expect(flowSummary(facts).flows).toEqual([
        { from: 1, as: 'used', to: 3, amount: 3 },
        { from: 1, as: 'used', to: 4, amount: 3 },
        { from: 2, as: 'used', to: 3, amount: 1 },
        { from: 2, as: 'used', to: 4, amount: 1 },
      ]);
    }
  });

  test('rows and columns of the table are the totals of the zones', async () => {
    const given = randomCase(11, { barriers: 0.1 });
    const facts = await expectDefinition(flowOmnidirectional, { ...given, params: { ...PARAMS, spill: 1 } });
    const { flows, zones, totals } = flowSummary(facts);
    expect(zones!.size).toBeGreaterThan(5);
    expect(flows!.some(({ as }) => as === 'spill')).toBe(true);
    for (const [zone, { outflow, used, spill }] of zones!) {
      const sum = (which: (flow: (typeof flows & object)[number]) => boolean) =>
        flows!.filter(which).reduce((all, { amount }) => all + amount, 0);
      expect(sum(({ from }) => from === zone)).toBeCloseTo(outflow, 6);
      expect(sum(({ to, as }) => to === zone && as === 'used')).toBeCloseTo(used, 6);
      expect(sum(({ to, as }) => to === zone && as === 'spill')).toBeCloseTo(spill, 6);
    }
    expect([...zones!.values()].reduce((all, { supply }) => all + supply, 0)).toBe(totals.supply);
  });

  test('more than 64 zones make no table, but totals', async () => {
    const supply = Float32Array.from({ length: 70 }, (_, i) => (i === 0 ? 70 : 0));
    const demand = supply.map((s) => (s === 0 ? 1 : 0));
    const zones = Uint32Array.from(supply, (_, i) => i);
    const given = { width: 70, height: 1, params: PARAMS, tile: 16, pool };
    const many = flowSummary(
      (await solveWith(flowOmnidirectional, { ...given, inputs: { supply, demand, zones } })).facts,
    );
    expect([many.flows, many.zones!.size, many.zoneCount]).toEqual([undefined, 70, 70]);
    const fewer = zones.map((zone) => zone % 64);
    const { facts } = await solveWith(flowOmnidirectional, { ...given, inputs: { supply, demand, zones: fewer } });
    expect(flowSummary(facts).flows).toHaveLength(64);
  });
});

describe('inputs that are not as they should be', () => {
  const solve = (inputs: Record<string, Float32Array>, params = {}) =>
    solveWith(flowOmnidirectional, { width: 3, height: 2, inputs, params: { ...PARAMS, ...params }, tile: 2, pool });
  const flat = (value: number) => new Float32Array(6).fill(value);

  test('negative amounts are counted, and the first is named', async () => {
    const bad = Float32Array.of(1, 2, NODATA, 3, -4, -5);
    await expect(solve({ supply: bad, demand: flat(1) })).rejects.toThrow(
      'row 2, column 2: supply is negative (found -4 there, the first of 2 cells',
    );
    await expect(solve({ supply: flat(1), demand: bad })).rejects.toThrow('demand is negative');
  });

  test('cells that have only one of the two are counted', async () => {
    const supply = Float32Array.of(1, NODATA, 3, 4, NODATA, NODATA);
    const demand = Float32Array.of(1, 1, NODATA, 4, 4, NODATA);
    const { facts, planes } = await solve({ supply, demand });
    expect(flowSummary(facts)).toMatchObject({ onlySupply: 1, onlyDemand: 2, totals: { cells: 2 } });
    expect([...planes.net].map((value) => value === NODATA)).toEqual([false, true, true, false, true, true]);
  });

  test.each([
    { name: 'no demand', inputs: { supply: flat(2), demand: flat(0) }, totals: { used: 0, residual: 12, deficit: 0 } },
    { name: 'no supply', inputs: { supply: flat(0), demand: flat(2) }, totals: { used: 0, residual: 0, deficit: 12 } },
    { name: 'nothing at all', inputs: { supply: flat(NODATA), demand: flat(NODATA) }, totals: { cells: 0 } },
    {
      name: 'barriers only',
      inputs: { supply: Float32Array.of(6, 0, 0, 0, 0, 0), demand: flat(1), permeability: flat(0) },
      totals: { local: 1, used: 0, residual: 5, deficit: 5 },
    },
  ])('$name', async ({ inputs, totals }) => {
    const { facts } = await solve(inputs, { spill: 0 });
    expect(facts).toMatchObject({ ...totals, epochs: 0 });
  });

  test('a quantum that does not fit', async () => {
    const inputs = { supply: flat(2 ** 25), demand: flat(1) };
    await expect(solve(inputs, { quantum: 3 })).rejects.toThrow('the quantum does not fit');
    await expect(solve(inputs, { quantum: 1 })).rejects.toThrow('a power of two from 4');
    expect((await solve(inputs)).facts.quantum).toBe(4);
  });
});

test('a visit that is done twice, as when a worker dies, gives the same', async () => {
  const { width, height, inputs } = randomCase(8, { width: 37, height: 35 });
  const given = { width, height, inputs, params: { ...PARAMS, spill: 1 }, tile: 16, memory: 3e5 };
  const twice: typeof pool = {
    ...pool,
    async run(task, input, options) {
      await pool.run(task, input, options);
      return pool.run(task, input, options);
    },
  };
  const once = await solveWith(flowOmnidirectional, { ...given, pool });
  expect(once.facts.visits).toBeGreaterThan(100);
  expect(await solveWith(flowOmnidirectional, { ...given, pool: twice })).toEqual(once);
});

test('amounts that do not add up are an error', () => {
  const totals = { cells: 1, supply: 9, demand: 0, local: 2, outflow: 4, used: 3, residual: 3, deficit: 0, spill: 1 };
  checkConservation(totals, 0);
  expect(() => checkConservation({ ...totals, residual: 2 }, 0)).toThrow(
    'is not the supply (found 8 quanta, expected 9)',
  );
  expect(() => checkConservation(totals, 1)).toThrow('used + spill + lost is not the outflow');
  checkConservation(totals, 0, [2, 1]);
  expect(() => checkConservation(totals, 0, [2, 2])).toThrow(
    'did not deliver what was used (found 4 quanta, expected 3',
  );
  const cell = { supply: 5, demand: 3, used: 0, outflow: 2, transit: 0, spill: 0 };
  addCell(noFlow(), cell);
  expect(() => addCell(noFlow(), { ...cell, outflow: 3 })).toThrow('does not conserve amounts in a cell');
  expect(() => addCell(noFlow(), { ...cell, used: 1 })).toThrow('does not conserve amounts in a cell');
});
