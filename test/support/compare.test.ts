import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { comparePlanes } from './compare.ts';

const loose = { rtol: 0.01, atol: 0 };

test('equal planes have no error', () => {
  expect(comparePlanes([1, NODATA, 3], [1, NODATA, 3], 3, loose)).toMatchObject({
    cells: 2,
    off: 0,
    nodataMismatches: 0,
    maxAbsolute: 0,
  });
});

test('a value beyond the tolerance is counted, with its place', () => {
  const result = comparePlanes([1, 2, 3, 4.1], [1, 2, 3, 4], 2, loose);
  expect(result.off).toBe(1);
  expect(result.worst).toBe('row 1, column 1: 4.1 against 4');
});

test('both sides of the tolerance', () => {
  expect(comparePlanes([101], [100], 1, loose).off).toBe(0);
  expect(comparePlanes([101.01], [100], 1, loose).off).toBe(1);
});

test('nodata on one side only is a mismatch in either direction', () => {
  expect(comparePlanes([NODATA, 1], [1, NODATA], 2, loose)).toMatchObject({ cells: 0, nodataMismatches: 2 });
});

test('NaN is never within a tolerance', () => {
  expect(comparePlanes([Number.NaN], [1], 1, loose).off).toBe(1);
});

test('planes of different sizes cannot be compared', () => {
  expect(() => comparePlanes([1], [1, 2], 1, loose)).toThrow('1 cells against 2');
});
