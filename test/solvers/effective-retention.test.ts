/** Effective retention: InVEST's order ported, the order-free definition, by hand, and worker tasks against the definition. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { effectiveRetention } from '../../src/solvers/effective_retention/index.ts';
import { d8Code } from '../../src/solvers/routing/directions.ts';
import { describeWithInvest } from '../support/invest.ts';
import { randomNumbers } from '../support/rasters.ts';
import {
  difference,
  expectReferenceBits,
  type FlowRaster,
  flowRasters,
  investFlow,
  investMarks,
  investValues,
  randomMarks,
} from '../support/recursions.ts';

const { reference } = effectiveRetention;
const [FREE, INVEST] = [0, 1];

/** Values of land covers, as the model has them. */
function oneOf({ direction }: FlowRaster, seed: number, values: readonly number[]): Float32Array {
  const next = randomNumbers(seed);
  return Float32Array.from(direction, (code) => {
    const value = values[Math.floor(next() * values.length)];
    return code === NODATA_CODE || next() < 0.003 ? NODATA : value;
  });
}

describe.each(['d8', 'mfd'] as const)('%s', (algorithm) => {
  test.each(flowRasters(algorithm))(
    '$name: tiles, lanes and scratch give the bits of the definition',
    async (raster) => {
      const inputs = {
        stream: randomMarks(raster, 3, 0.02),
        efficiency: oneOf(raster, 4, [0, 0.25, 0.5, 0.8]),
        critical_length: oneOf(raster, 5, [0, 15, 150, 600]),
      };
      for (const order of [FREE, INVEST])
        await expectReferenceBits({ solver: effectiveRetention, raster, inputs, params: { order } });
    },
  );
});

describe('by hand, along one row of cells of 30 m to the east', () => {
  const along = (efficiency: number[], length: number[], stream: number[], order = FREE) => [
    ...reference(
      {
        direction: new Uint32Array(stream.length).fill(d8Code(0)),
        stream: Uint32Array.from(stream),
        efficiency: Float64Array.from(efficiency),
        critical_length: Float64Array.from(length),
      },
      { order },
      { width: stream.length, height: 1, cellWidth: 30, cellHeight: 30 },
    ).retention,
  ];
  const a = Math.exp((-5 * 30) / 150);

  test('from the stream up: the first cell retains its share, a higher one adds to it, a lower one passes it on', () => {
    const first = 0.5 * (1 - a);
    const second = first * a + 0.8 * (1 - a);
    const found = along([0.1, 0.8, 0.5, 0], [150, 150, 150, 150], [0, 0, 0, 1]);
    expect(found[3]).toBe(0);
    expect(found[2]).toBeCloseTo(first, 14);
    expect(found[1]).toBeCloseTo(second, 14);
    expect(found[0]).toBe(found[1]);
  });

  test('a critical length of 0 retains all at once', () => {
    expect(along([0.8, 0], [0, 0], [0, 1])).toEqual([0.8, 0]);
  });

  test('beyond the grid nothing is added; a cell without an efficiency has no retention and adds none', () => {
    expect(along([0.8], [150], [0])).toEqual([0]);
    expect(along([0.8, NODATA, 0.5, 0], [0, 0, 0, 0], [0, 0, 0, 1])).toEqual([0, NODATA, 0.5, 0]);
  });
});

describeWithInvest('InVEST', (folders) => {
  test.each(folders)('%s: its own order, and how many cells an order-free one gives otherwise', async (folder) => {
    const counts: Record<string, number> = {};
    for (const run of ['ndr_d8', 'ndr_mfd'])
      for (const nutrient of ['n', 'p']) {
        const flow = await investFlow(folder, run);
        const { direction, width, height, cell } = flow;
        const inputs = {
          direction,
          stream: await investMarks(folder, run, 'stream'),
          efficiency: await investValues(folder, run, `eff_${nutrient}`),
          critical_length: await investValues(folder, run, `crit_len_${nutrient}`),
        };
        const shape = { width, height, cellWidth: cell, cellHeight: cell };
        const meant = await investValues(folder, run, `effective_retention_${nutrient}`);
        const ordered = difference(reference(inputs, { order: INVEST }, shape).retention, meant);
        expect(ordered.oneSided, run).toBe(0);
        expect(ordered.cells).toBeGreaterThan(5000);
        expect(ordered.largest, run).toBeLessThan(1e-7); // the specification allows 1e-5
        const { retention } = reference(inputs, { order: FREE }, shape);
        expect(difference(retention, meant).oneSided, run).toBe(0);
        counts[`${run} ${nutrient}`] = meant.filter((value, i) => Math.abs(retention[i] - value) > 1e-5).length;
        // Cells that were evaluated too early had 0 from a neighbour: never more than they should.
        expect(meant.every((value, i) => value === NODATA || value <= retention[i] + 1e-6)).toBe(true);
      }
    // docs/decisions/0014
    const large = { 'ndr_d8 n': 2760, 'ndr_d8 p': 2756, 'ndr_mfd n': 1957, 'ndr_mfd p': 1952 };
    const small = { 'ndr_d8 n': 516, 'ndr_d8 p': 516, 'ndr_mfd n': 216, 'ndr_mfd p': 216 };
    expect(counts).toEqual(folder.includes('257x193') ? large : small);
  });
});
