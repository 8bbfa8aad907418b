/** Equations (1)-(3) of carbon, by hand. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/carbon/reference.ts';
import { presentValue } from '../../src/models/carbon/spec.ts';
import { describeModel } from '../support/describe-model.ts';

const pools = (c_above: number, c_below: number, c_soil: number, c_dead: number) => ({
  c_above,
  c_below,
  c_soil,
  c_dead,
});
const tables = {
  carbon: { 0: pools(0, 0, 0, 0), 1: pools(120.5, 30.25, 80, 12), 2: pools(2, 1.5, 45, 0), 40: pools(0.125, 0, 10, 0) },
};
const years = { lulc_bas_year: 2003, lulc_alt_year: 2005, price_per_metric_ton_of_c: 43 };
// 242.75, 48.5 and 10.125 t/ha; changes −194.25, +194.25, 0 and +232.625
const maps = { lulc_bas: [1, 2, 2, 40, NODATA, 1], lulc_alt: [2, 1, 2, 1, 1, NODATA] };

describeModel(entry, {
  worked: [
    {
      about: '(1) sums of pools; class 0 has a row; nodata stays nodata',
      inputs: { lulc_bas: [1, 2, 40, 0, NODATA] },
      tables,
      outputs: {
        c_storage_bas: [242.75, 48.5, 10.125, 0, NODATA],
        c_above_bas: [120.5, 2, 0.125, 0, NODATA],
        c_below_bas: [30.25, 1.5, 0, 0, NODATA],
        c_soil_bas: [80, 45, 10, 0, NODATA],
        c_dead_bas: [12, 0, 0, 0, NODATA],
      },
    },
    {
      about: '(2) change, and nodata in either map',
      inputs: maps,
      tables,
      outputs: {
        c_storage_alt: [48.5, 242.75, 48.5, 242.75, 242.75, NODATA],
        c_change_bas_alt: [-194.25, 194.25, 0, 232.625, NODATA, NODATA],
      },
    },
    {
      about: '(3) without discount a tonne is worth its price',
      inputs: maps,
      tables,
      params: years,
      outputs: { npv_alt: [-8352.75, 8352.75, 0, 10002.875, NODATA, NODATA] },
    },
    {
      about: '(3) 100 % discount over two years: V = 43/2 · (1 + 1/2) = 32.25',
      inputs: maps,
      tables,
      params: { ...years, discount_rate: 100 },
      outputs: { npv_alt: [-6264.5625, 6264.5625, 0, 7502.15625, NODATA, NODATA] },
    },
    {
      about: 'a pool far below the others counts once, at the end',
      // 65536 + 4 · 2^-9 in float32: each alone is below half a unit (2^-8) of 65536, together they are two units
      inputs: { lulc_bas: [3] },
      tables: { carbon: { 3: pools(65536, 0.00390625, 0.00390625, 0.00390625) } },
      outputs: { c_storage_bas: [65536.01171875] },
    },
  ],
});

describe('presentValue', () => {
  const base = {
    lulc_bas_year: 2000,
    lulc_alt_year: 2003,
    price_per_metric_ton_of_c: 30,
    discount_rate: 0,
    rate_change: 0,
  };

  test('one year: the price, whatever the discount', () => {
    expect(presentValue({ ...base, lulc_alt_year: 2001, discount_rate: 7 })).toBe(30);
  });

  test('a change of price acts as a second discount, as InVEST has it', () => {
    // r = 1 / (1.25 · 1.6) = 0.5: 10 · (1 + 0.5 + 0.25)
    expect(presentValue({ ...base, discount_rate: 25, rate_change: 60 })).toBeCloseTo(17.5, 12);
  });

  test('discount and change that cancel leave the price', () => {
    expect(presentValue({ ...base, discount_rate: 100, rate_change: -50 })).toBe(30);
  });

  test('is not a number without the years, discount or not', () => {
    expect(presentValue({ ...base, lulc_alt_year: Number.NaN })).toBeNaN();
    expect(presentValue({ ...base, lulc_bas_year: Number.NaN, discount_rate: 5 })).toBeNaN();
  });

  test.each([1999, 2000])('an alternate map of %i, not later than 2000, is refused', (lulc_alt_year) => {
    expect(() => presentValue({ ...base, lulc_alt_year })).toThrow(
      `the alternate map must be of a later year (found lulc_bas_year 2000, lulc_alt_year ${lulc_alt_year})`,
    );
  });

  test('is not a number without a price', () => {
    expect(presentValue({ ...base, price_per_metric_ton_of_c: Number.NaN })).toBeNaN();
  });
});
