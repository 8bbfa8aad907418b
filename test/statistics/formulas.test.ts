/** Breaks, normalisation, entropy weights, coupling and quadrants: the formulas against the fixtures and by hand. */
import { describe, expect, test } from 'vitest';
import { classOf, equalBreaks, quantileLevels } from '../../src/statistics/breaks.ts';
import { couplingOf } from '../../src/statistics/coupling.ts';
import { entropyWeights } from '../../src/statistics/entropy-weights.ts';
import { naturalRuns } from '../../src/statistics/natural-breaks.ts';
import { clippedMinMax, minMax, quadrantOf, quantile, zScores } from '../../src/statistics/normalise.ts';
import { describeWithStatistics, statisticsJson } from '../support/statistics.ts';

function naturalBreaks(values: readonly number[], classes: number): { breaks: number[]; wss: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, x) => sum + x, 0) / sorted.length;
  const different = [...new Set(sorted)];
  const counts = different.map((x) => sorted.lastIndexOf(x) - sorted.indexOf(x) + 1);
  const ends = naturalRuns({ counts, sums: different.map((x, i) => counts[i] * (x - mean)) }, classes);
  const breaks = ends.map((end) => different[end - 1]);
  const groups = breaks.map((_, c) => sorted.filter((x) => classOf(x, breaks) === c));
  const wss = groups.reduce((total, group) => {
    const middle = group.reduce((sum, x) => sum + x, 0) / group.length;
    return total + group.reduce((sum, x) => sum + (x - middle) ** 2, 0);
  }, 0);
  return { breaks, wss };
}

const close = (found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12) => {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i] - expected[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected[i])));
};

describeWithStatistics('against the fixtures', () => {
  test('breaks', () => {
    let values: number[] = [];
    let cases = 0;
    for (const each of statisticsJson('classify/classify.json').cases) {
      if (each.values) ({ values } = each);
      const { breaks, wss } = naturalBreaks(values, each.k);
      expect(breaks).toEqual(each.jenks_breaks);
      expect(Math.abs(wss / each.jenks_wss - 1)).toBeLessThan(1e-10);
      const counted = (limits: readonly number[]) => {
        const counts = new Array<number>(each.k).fill(0);
        for (const x of values) counts[classOf(x, limits)]++;
        return counts;
      };
      expect(counted(breaks)).toEqual(each.jenks_counts);
      const sorted = [...values].sort((a, b) => a - b);
      const quantiles = quantileLevels(each.k).map((p) => quantile(sorted, p));
      close(quantiles, each.quantile_breaks);
      const equal = equalBreaks(sorted[0], sorted[sorted.length - 1], each.k);
      close(equal, each.equal_interval_breaks);
      expect(counted(equal)).toEqual(each.equal_interval_counts);
      cases++;
    }
    expect(cases).toBe(18);
  });

  test('normalisation', () => {
    const fixture = statisticsJson('normalise/normalise.json');
    const valid = (rows: (number | null)[][]) => rows.flat().filter((value) => value !== null);
    const x = valid(fixture.x);
    close(minMax(x).values, valid(fixture.min_max));
    close(minMax(x, true).values, valid(fixture.min_max_negative_indicator));
    close(zScores(x).values, valid(fixture.z_population));
    close(zScores(x, 'sample').values, valid(fixture.z_sample));
    close(clippedMinMax(x).values, valid(fixture.min_max_clipped_p2_p98));
  });

  test.each([0, 0.0001])('entropy weights, epsilon %d', (epsilon) => {
    const fixture = statisticsJson('normalise/entropy.json');
    const columns = fixture.x[0].map((_: number, j: number) => fixture.x.map((row: number[]) => row[j]));
    const negative = columns.map((_: number[], j: number) => fixture.negative_columns.includes(j));
    const { indicators, normalised, scores } = entropyWeights(columns, negative, epsilon);
    const expected = fixture[`eps_${epsilon}`];
    close(
      indicators.map(({ entropy }) => entropy),
      expected.entropy,
    );
    close(
      indicators.map(({ divergence }) => divergence),
      expected.divergence,
    );
    close(
      indicators.map(({ weight }) => weight),
      expected.weight,
    );
    close(scores, expected.score);
    close(
      normalised.flat(),
      columns.flatMap((_: number[], j: number) => fixture.normalised.map((row: number[]) => row[j])),
    );
    expect(indicators.flatMap(({ constant }, j) => (constant ? [j] : []))).toEqual(fixture.constant_columns);
  });

  test.each(['two', 'two_unequal', 'three'])('coupling coordination: %s', (name) => {
    const { u, [name]: expected, ...rest } = statisticsJson('normalise/ccd.json');
    const found = u.map((row: number[]) =>
      couplingOf(
        expected.columns.map((c: number) => row[c]),
        expected.alpha,
      ),
    );
    close(
      found.map(({ coupling }: { coupling: number }) => coupling),
      expected.C,
    );
    close(
      found.map(({ development }: { development: number }) => development),
      expected.T,
    );
    close(
      found.map(({ coordination }: { coordination: number }) => coordination),
      expected.D,
    );
    if (name !== 'two') return;
    expect(found.map(({ grade }: { grade: number }) => grade)).toEqual(rest.D_class_10);
    const modified = u.map((row: number[]) => couplingOf(row.slice(0, 2), [0.5, 0.5], 'modified').coupling);
    close(modified, rest.two_wang_form.C);
  });

  test('quadrants', () => {
    const fixture = statisticsJson('normalise/quadrants.json');
    const [supply, demand] = [fixture.supply.flat(), fixture.demand.flat()];
    const both = Array.from(supply.keys() as Iterable<number>).filter((i) => supply[i] !== null && demand[i] !== null);
    const z = zScores(both.map((i) => supply[i])).values;
    const q = zScores(both.map((i) => demand[i])).values;
    const zones: number[] = fixture.zone.flat();
    close(
      z,
      both.map((i) => fixture.z_supply.flat()[i]),
    );
    expect(both.map((_, i) => quadrantOf(z[i], q[i]))).toEqual(both.map((i) => zones[i]));
    expect(zones.filter((zone) => zone !== 0).length).toBe(both.length);
  });
});

describe('by hand', () => {
  test('natural breaks keep equal values together and need as many values as classes', () => {
    expect(naturalBreaks([1, 1, 1, 2, 9, 9, 30], 3).breaks).toEqual([2, 9, 30]);
    expect(naturalBreaks([5, 5, 7], 2).breaks).toEqual([5, 7]);
    expect(naturalBreaks([3, 4, 4], 1).breaks).toEqual([4]);
    expect(() => naturalBreaks([5, 5, 7], 3)).toThrow(/fewer different values than classes.*2 different/);
  });

  test('as trying every way to cut', () => {
    let state = 5;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * 40) ** 2;
    };
    for (let round = 0; round < 20; round++) {
      const values = Array.from({ length: 14 }, random);
      const sorted = [...new Set(values)].sort((a, b) => a - b);
      const wssOf = (breaks: readonly number[]) =>
        breaks.reduce((total, _, c) => {
          const group = values.filter((x) => classOf(x, breaks) === c);
          const mean = group.reduce((sum, x) => sum + x, 0) / group.length;
          return total + group.reduce((sum, x) => sum + (x - mean) ** 2, 0);
        }, 0);
      let least = Infinity;
      for (let i = 0; i < sorted.length - 2; i++)
        for (let j = i + 1; j < sorted.length - 1; j++)
          least = Math.min(least, wssOf([sorted[i], sorted[j], sorted[sorted.length - 1]]));
      expect(naturalBreaks(values, 3).wss).toBeCloseTo(least, 6);
    }
  });

  test('right-closed classes', () => {
    expect([0, 1, 1.5, 2, 3].map((x) => classOf(x, [1, 2, 3]))).toEqual([0, 0, 1, 1, 2]);
  });

  test('zero counts as high', () => {
    expect(
      [
        [0, 0],
        [-1, 0],
        [-1, -1],
        [0, -1],
      ].map(([s, d]) => quadrantOf(s, d)),
    ).toEqual([1, 2, 3, 4]);
  });

  test('columns that are the same everywhere', () => {
    expect(minMax([4, 4]).values).toEqual([0, 0]);
    expect(zScores([4, 4])).toEqual({ values: [0, 0], constant: true });
    const { indicators, scores } = entropyWeights(
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      [false, false],
      0,
    );
    expect(indicators.map(({ weight }) => weight)).toEqual([0, 0]);
    expect(scores).toEqual([0, 0, 0]);
  });
});
