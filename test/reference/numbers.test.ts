/** u64 words, ulps, the clamps of the accurate functions, nodata, tile indices. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { EXP_LARGEST, EXP_SMALLEST, expAccurate, logAccurate, powAccurate } from '../../src/reference/accurate.ts';
import { isNodata, isNodataCode } from '../../src/reference/nodata.ts';
import { inTile, tileIndex } from '../../src/reference/tile-index.ts';
import { u64Add, u64FromLimbs, u64FromWords, u64Limbs, u64Words } from '../../src/reference/u64.ts';
import { ulp, ulpError, ulpsApart } from '../../src/reference/ulps.ts';

describe('u64', () => {
  const word64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

  test('words and limbs take a value apart and put it together', () => {
    fc.assert(
      fc.property(word64, (value) => {
        expect(u64FromWords(...u64Words(value))).toBe(value);
        expect(u64FromLimbs(u64Limbs(value))).toBe(value);
      }),
    );
    expect(u64Words(0x1_0000_0002n)).toEqual([2, 1]);
    expect(u64Limbs(0x0004_0003_0002_0001n)).toEqual([1, 2, 3, 4]);
  });

  test('limbs of many values may be added before they are carried', () => {
    fc.assert(
      fc.property(fc.array(word64, { minLength: 1, maxLength: 50 }), (values) => {
        const limbs = values.map(u64Limbs).reduce((a, b) => a.map((limb, i) => limb + b[i]) as typeof a);
        expect(u64FromLimbs(limbs)).toBe(values.reduce(u64Add));
      }),
    );
  });

  test('addition wraps', () => {
    expect(u64Add(2n ** 64n - 1n, 2n)).toBe(1n);
  });
});

describe('ulps', () => {
  test('neighbours are one apart, also across 0 and powers of two', () => {
    expect(ulpsApart(1, 1 + 2 ** -23)).toBe(1);
    expect(ulpsApart(1, 1 - 2 ** -24)).toBe(1);
    expect(ulpsApart(2 ** -149, -(2 ** -149))).toBe(2);
    expect(ulpsApart(0, -0)).toBe(0);
    expect(ulpsApart(NODATA, -NODATA)).toBe(2 * 0x7f7fffff);
    expect(ulpsApart(0.1, Math.fround(0.1))).toBe(0);
  });

  test('spacing of f32', () => {
    expect([1, 1.5, 2 - 2 ** -24, 2, -3, 2 ** -126, 0, 1e-40].map(ulp)).toEqual(
      [-23, -23, -23, -22, -22, -149, -149, -149].map((power) => 2 ** power),
    );
    expect(ulp(2 - 2 ** -52)).toBe(2 ** -23);
  });

  test('error of a rounded value is at most half', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (x) => {
        expect(ulpError(Math.fround(x), x)).toBeLessThanOrEqual(0.5);
      }),
    );
    expect(ulpError(1 + 2 ** -22, 1)).toBe(2);
    expect(ulpError(Number.NaN, 1)).toBeNaN();
  });
});

describe('domains of the accurate functions', () => {
  test('nothing leaves the range of normal f32 numbers, except to 0', () => {
    const results = [
      ...[EXP_SMALLEST, EXP_LARGEST, 1000, 3e38].map(expAccurate),
      ...[2 ** -120, 2 ** 127].map((x) => powAccurate(x, 1)),
      ...[powAccurate(2, 1e30), powAccurate(0, -1), powAccurate(1e30, 1.28)],
    ];
    for (const result of results) {
      expect(Math.fround(result)).toBeLessThan(-NODATA);
      expect(result).toBeGreaterThanOrEqual(2 ** -126);
    }
    expect([expAccurate(-87.4), expAccurate(-1e30), powAccurate(2, -127), powAccurate(0, 2)]).toEqual([0, 0, 0, 0]);
    expect([expAccurate(0), powAccurate(0, 0), powAccurate(-3, 0), powAccurate(5, 0)]).toEqual([1, 1, 1, 1]);
    expect([0, -1, 2 ** -130].map(logAccurate)).toEqual(new Array(3).fill(-126 * Math.LN2));
  });

  test('inside they are the functions', () => {
    expect([expAccurate(1), logAccurate(10), powAccurate(10, 3), powAccurate(2, -2)]).toEqual([
      Math.E,
      Math.LN10,
      1000,
      0.25,
    ]);
  });
});

test('nodata is the sentinel and nothing next to it', () => {
  expect([NODATA, NODATA * (1 - 2 ** -23), 0, Number.NaN].map(isNodata)).toEqual([true, false, false, false]);
  expect([NODATA_CODE, 0, 0xfffffffe].map(isNodataCode)).toEqual([true, false, false]);
  expect(Math.fround(NODATA)).toBe(NODATA);
});

test('a tile addresses its interior', () => {
  const tile = { width: 3, height: 2, pitch: 16, halo: 2 };
  expect([tileIndex(0, 0, tile), tileIndex(2, 1, tile), tileIndex(-2, -2, tile)]).toEqual([34, 52, 0]);
  expect([inTile(2, 1, tile), inTile(3, 1, tile), inTile(2, 2, tile)]).toEqual([true, false, false]);
});
