import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { comparePlanes } from '../../src/core/compare.ts';

const loose = { rtol: 0.01, atol: 0 };
const exact = { rtol: 0, atol: 0 };

test('equal planes have no error and no worst cell', () => {
  expect(comparePlanes([1, NODATA, 3], [1, NODATA, 3], exact)).toEqual({
    cells: 2,
    maxAbsolute: 0,
    maxRelative: 0,
    worst: undefined,
    nodataDisagreements: 0,
    off: 0,
    passed: true,
  });
});

test('both sides of the tolerance', () => {
  expect(comparePlanes([101], [100], loose)).toMatchObject({ off: 0, passed: true });
  expect(comparePlanes([101.01], [100], loose)).toMatchObject({ off: 1, passed: false });
  expect(comparePlanes([-101.01], [-100], loose)).toMatchObject({ off: 1, passed: false });
  expect(comparePlanes([0.5], [0], { rtol: 0, atol: 0.5 })).toMatchObject({ off: 0, maxAbsolute: 0.5, maxRelative: 0 });
});

test('the worst cell is that of the largest error in units of its tolerance', () => {
  const result = comparePlanes([1000.5, 1.5, 10.6], [1000, 1, 10], loose);
  expect(result).toMatchObject({ off: 2, worst: { index: 1, device: 1.5, reference: 1 }, maxRelative: 0.5 });
  expect(result.maxAbsolute).toBeCloseTo(0.6, 12);
});

test('without any tolerance it is the first that differs', () => {
  expect(comparePlanes([1, 2, 9], [1, 3, 3], exact)).toMatchObject({ off: 2, worst: { index: 1 }, maxAbsolute: 6 });
});

test.each([
  [Number.NaN, 5],
  [5, Number.NaN],
  [Number.NaN, Number.NaN],
  [Number.POSITIVE_INFINITY, 5],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])('%s against %s is beyond every tolerance, infinitely far, and the worst there is', (device, reference) => {
  const result = comparePlanes([1, device, 70, device, 2], [1, reference, 7, reference, 2], { rtol: 1e9, atol: 1e9 });
  expect(result).toMatchObject({ cells: 5, off: 2, maxAbsolute: Number.POSITIVE_INFINITY, passed: false });
  expect(result.maxRelative).toBe(Number.POSITIVE_INFINITY);
  expect(result.worst).toEqual({ index: 1, device, reference });
});

test('what is no number comes before what has no tolerance', () => {
  expect(comparePlanes([1, Number.NaN], [0, 1], loose).worst!.index).toBe(1);
});

test('nodata on one side only disagrees in either direction, and the first is the worst', () => {
  expect(comparePlanes([Number.NaN, NODATA, 1, 9], [1, 1, NODATA, 1], loose)).toMatchObject({
    cells: 2,
    nodataDisagreements: 2,
    worst: { index: 1, device: NODATA, reference: 1 },
    off: 2,
    passed: false,
  });
});

test.each([
  [[1], [1, 2]],
  [[1, 2], [1]],
])('planes of different sizes cannot be compared', (device, reference) => {
  expect(() => comparePlanes(device, reference, loose)).toThrow(
    `planes of different sizes cannot be compared (found ${device.length} cells against ${reference.length})`,
  );
});
