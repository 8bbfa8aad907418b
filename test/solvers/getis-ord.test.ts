/** Gi*: published numbers, the definition, any tiles, little memory, and what must not change it. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { randomNumbers } from '../../src/gpu/self-test-data.ts';
import { twoSidedP } from '../../src/reference/normal.ts';
import { discoveryThresholds } from '../../src/solvers/getis_ord/false-discovery.ts';
import { LEVELS } from '../../src/solvers/getis_ord/levels.ts';
import { scaleOf } from '../../src/solvers/getis_ord/scale.ts';
import { addSizes, newTally, sizesWithin } from '../../src/solvers/getis_ord/tally.ts';
import { getisOrdTasks } from '../../src/solvers/getis_ord/tasks.ts';
import { momentsOf } from '../../src/solvers/neighbourhood/moments.ts';
import { neighbourhoodOf } from '../../src/solvers/neighbourhood/shape.ts';
import {
  definitionOf,
  faultsOf,
  ground,
  HOT_SPOT_CASES,
  hotSpots,
  referenceCase,
  referenceNames,
} from '../support/hot-spots.ts';
import { shuffledPool } from '../support/solve.ts';
import { describeWithStatistics } from '../support/statistics.ts';

const pool = inlinePool(getisOrdTasks);

describeWithStatistics('Gi* of the shared cases', () => {
  test.each(referenceNames())('%s', async (name) => {
    const expected = await referenceCase(name);
    const found = await hotSpots(expected, pool, { tile: 23 });
    const { z_abs, z_rel, p_abs } = expected.tolerance;
    const cuts = Object.values(expected.cuts).filter((cut) => cut !== null);
    const near = (p: number, limits: readonly number[]) => limits.some((cut) => Math.abs(p - cut) < 2e-3 * cut);
    const faults: string[] = [];
    for (let i = 0; i < expected.z.length; i++) {
      const [z, p] = [expected.z[i], expected.p[i]];
      const wrong = (what: keyof typeof found) => faults.push(`${what} of cell ${i}: ${found[what]}`);
      const valid = expected.values[i] !== NODATA;
      if ((found.bin[i] !== NODATA) !== valid || (found.bin_fdr[i] !== NODATA) !== valid) wrong('bin');
      if (z === NODATA) {
        if (found.z[i] !== NODATA || found.p[i] !== NODATA || (valid && (found.bin[i] || found.bin_fdr[i]))) wrong('z');
        continue;
      }
      if (!(Math.abs(found.z[i] - z) <= z_abs + z_rel * Math.abs(z))) wrong('z');
      if (!(Math.abs(found.p[i] - p) <= p_abs)) wrong('p');
      if (found.bin[i] !== expected.bin[i] && !near(p, LEVELS)) wrong('bin');
      // The cell at the cut has the level.
      const atCut = cuts.some((cut) => Math.abs(p - cut) < 1e-9 * cut);
      if (found.bin_fdr[i] !== expected.bin_fdr[i] && (atCut || !near(p, cuts))) wrong('bin_fdr');
    }
    expect(faults).toEqual([]);
    expect(expected.z.length).toBe(expected.width * expected.height);
  });
});

describe('Gi*', () => {
  test.each(HOT_SPOT_CASES)('by definition, in tiles and in a shuffled order: $name', async (each) => {
    const expected = definitionOf(each);
    expect(expected.z.some((z) => z !== NODATA)).toBe(true);
    for (const [tile, workers] of [
      [17, shuffledPool(getisOrdTasks, 5)],
      [1000, pool],
    ] as const)
      expect(faultsOf(await hotSpots(each, workers, { tile }), expected)).toEqual([]);
  });

  test('with little memory: windows in bands, scores on disk, the same bytes', async () => {
    const [width, height] = [300, 260];
    const values = ground(width, height);
    for (const shape of ['disc', 'square'] as const) {
      const each = { width, height, shape, radius: 110, values };
      const plenty = await hotSpots(each, pool, { tile: 128 });
      const little = await hotSpots(each, pool, { tile: 128, memory: 8e5 });
      expect(plenty.facts.pieces).toBe(1);
      expect(little.facts.pieces).toBeGreaterThan(1);
      for (const name of ['z', 'p', 'bin', 'bin_fdr'] as const) expect(little[name]).toEqual(plenty[name]);
    }
  });

  test('of a + b x is that of x, and turns around where b is negative', async () => {
    const each = { ...HOT_SPOT_CASES[0] };
    const found = await hotSpots(each, pool);
    const changed = (b: number, a: number) =>
      hotSpots({ ...each, values: each.values.map((x) => (x === NODATA ? x : a + b * x)) }, pool);
    const [scaled, moved, turned] = await Promise.all([changed(8, 0), changed(3, -1000), changed(-4, 0)]);
    expect(scaled.z).toEqual(found.z); // a power of two changes no bit
    let most = 0;
    for (let i = 0; i < found.z.length; i++) {
      if (found.z[i] === NODATA) continue;
      most = Math.max(most, Math.abs(moved.z[i] - found.z[i]));
      expect(turned.z[i]).toBeCloseTo(-found.z[i], 5);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(1e-3);
  });

  test('large values far from 0 lose nothing: whole numbers around 2^23', async () => {
    const each = HOT_SPOT_CASES[0];
    const small = each.values.map((x) => (x === NODATA ? x : Math.round(8 * x)));
    const large = small.map((x) => (x === NODATA ? x : x + 2 ** 23));
    const [a, b] = await Promise.all([
      hotSpots({ ...each, values: small }, pool),
      hotSpots({ ...each, values: large }, pool),
    ]);
    expect(
      faultsOf(
        b,
        {
          z: Float64Array.from(a.z),
          p: Float64Array.from(a.p),
          bin: Float64Array.from(a.bin),
          bin_fdr: Float64Array.from(a.bin_fdr),
        },
        1e-6,
      ),
    ).toEqual([]);
  });

  test.each([
    ['the same everywhere', new Float32Array(400).fill(7)],
    ['nodata everywhere', new Float32Array(400).fill(NODATA)],
    ['nodata but for one cell', new Float32Array(400).fill(NODATA).fill(2, 33, 34)],
  ])('has no score in a raster that is %s', async (_, values) => {
    const each = { width: 20, height: 20, shape: 'disc', radius: 3, values } as const;
    const found = await hotSpots(each, pool);
    expect(new Set(found.z)).toEqual(new Set([NODATA]));
    expect(found.bin).toEqual(values.map((value) => (value === NODATA ? NODATA : 0)));
    expect(faultsOf(found, definitionOf(each))).toEqual([]);
  });

  test('refuses a radius that reaches no other cell', async () => {
    const each = { ...HOT_SPOT_CASES[0], cellWidth: 30, cellHeight: 30 };
    await expect(hotSpots({ ...each, radius: 29 }, pool)).rejects.toThrow(
      /reaches no cell beside the centre.*at least 30/,
    );
    await expect(hotSpots({ ...each, radius: 30 }, pool)).resolves.toBeDefined();
  });
});

describe('windows', () => {
  const at = (shape: number, radius: number, cellWidth = 1, cellHeight = 1) =>
    neighbourhoodOf({ shape, radius }, { width: 50, height: 50, cellWidth, cellHeight });

  test('a disc of 5 has the cells 3 and 4 away, in cells of any size', () => {
    for (const cell of [1, 30, 0.1, 0.3]) {
      expect(at(0, 5 * cell, cell, cell).cells).toBe(81);
      expect([...at(0, 5 * cell, cell, cell).halfWidths]).toEqual([5, 4, 4, 4, 3, 0]);
    }
    expect(at(0, 4.999999).cells).toBe(69);
  });

  test('of other shapes, and of cells that are not square', () => {
    expect([at(1, 2).cells, at(2, 2).cells, at(3, 0, 30, 40).cells, at(4, 0, 30, 40).cells]).toEqual([25, 13, 9, 5]);
    expect([...at(0, 100, 50, 20).halfWidths]).toEqual([2, 1, 1, 1, 1, 0]);
    expect([...at(0, 100, 50, 20).halfHeights]).toEqual([5, 4, 0]);
  });

  test('what no two cells of the raster are apart is left out', () => {
    expect(at(0, 1e9).cells).toBe(99 * 99);
    expect(at(0, 60).reachX).toBe(49);
  });
});

describe('quanta', () => {
  const window = (radius: number) =>
    neighbourhoodOf({ shape: 0, radius }, { width: 5000, height: 5000, cellWidth: 1, cellHeight: 1 });
  const moments = momentsOf(ground(90, 80));

  test.each([1, 5, 15, 50, 333, 2500])('no sum over a window of radius %i reaches 2^53', (radius) => {
    const scale = scaleOf({ ...moments, count: 25e6 }, window(radius))!;
    const largest = Math.max(moments.high - moments.mean, moments.mean - moments.low) / scale.quantum;
    const cells = Math.max(window(radius).cells, 1024 + 2 * radius);
    expect(largest).toBeLessThanOrEqual(2 ** scale.bits);
    expect(cells * (Math.ceil(largest) + scale.unit)).toBeLessThanOrEqual(2 ** 53);
    // A count and a sum in one number can be told apart.
    if (scale.unit > 0) expect(cells * Math.ceil(largest)).toBeLessThan(scale.unit / 2);
  });

  test('counts ride along where that is fine enough, and not where one cell is far off', () => {
    expect(scaleOf(moments, window(15))!.unit).toBeGreaterThan(0);
    expect(scaleOf({ ...moments, high: 1e9 }, window(15))!.unit).toBe(0);
  });
});

describe('the cut of Benjamini and Hochberg', () => {
  test.each([
    [1, 0],
    [2, 1.5],
    [3, 2.8],
    [4, 12],
  ])('is the one that sorting gives (seed %i, %f too high)', async (seed, shift) => {
    const random = randomNumbers(seed);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const z = Float32Array.from({ length: 20_000 }, (_, i) => {
      const value = normal() + (i % 3 === 0 ? shift : 0);
      return i % 5 === 0 ? Math.round(value * 4) / 4 : value; // many ties
    });
    const found = await discoveryThresholds(
      Float64Array.from(addSizes(newTally(), z)),
      async (classes) => new Map(classes.map((index) => [index, [...sizesWithin(z, index)].sort(([a], [b]) => a - b)])),
    );
    const sizes = z.map(Math.abs).sort().reverse();
    const expected = LEVELS.map((level) => {
      const rank = sizes.findLastIndex((size, k) => twoSidedP(size) <= (level * (k + 1)) / sizes.length);
      return rank < 0 ? Infinity : sizes[rank];
    });
    expect(found).toEqual(expected);
    if (shift > 2) expect(Math.max(...found)).toBeLessThan(Infinity);
  });
});
