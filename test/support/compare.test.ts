import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { comparePlanes } from './compare.ts';

const loose = { rtol: 0.01, atol: 0 };

test('equal planes', () => {
  expect(comparePlanes([1, NODATA, 3], [1, NODATA, 3], 3, loose)).toMatchObject({
    cells: 2,
    off: 0,
    nodataDisagreements: 0,
    passed: true,
    worst: 'no cell differs',
  });
});

test('a value beyond the tolerance, with its place', () => {
  const result = comparePlanes([1, 2, 3, 4.1, 5, 6], [1, 2, 3, 4, 5, 6], 3, loose);
  expect(result).toMatchObject({ off: 1, passed: false, worst: 'row 1, column 0: 4.1 against 4' });
});

test('nodata on one side only, with its place', () => {
  const result = comparePlanes([1, 2, NODATA, 4], [1, 9, 3, 4], 2, loose);
  expect(result).toMatchObject({ nodataDisagreements: 1, passed: false });
  expect(result.worst).toBe(`nodata at row 1, column 0: ${NODATA} against 3`);
});

test('NaN fails', () => {
  expect(comparePlanes([1, Number.NaN], [1, 1], 2, loose)).toMatchObject({
    off: 1,
    passed: false,
    worst: 'row 0, column 1: NaN against 1',
  });
});

test('planes of different sizes cannot be compared', () => {
  expect(() => comparePlanes([1], [1, 2], 1, loose)).toThrow('1 cells against 2');
});
