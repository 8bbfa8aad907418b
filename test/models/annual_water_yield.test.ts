/** Equations (1)-(6) of annual water yield, by hand where w is 2, 1.25 or 5 and the curve has a closed form. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/annual_water_yield/reference.ts';
import { describeModel, type WorkedCase } from '../support/describe-model.ts';

// Class 1: vegetation, kc 1. Class 2: none, kc 0.5. Class 7: vegetation with very little evapotranspiration. Class 9: shallow roots.
const biophysical = {
  1: { kc: 1, root_depth: 5000, lulc_veg: 1 },
  2: { kc: 0.5, root_depth: 300, lulc_veg: 0 },
  7: { kc: 0.01, root_depth: 1000, lulc_veg: 1 },
  9: { kc: 1, root_depth: 200, lulc_veg: 1 },
};
const tables = { biophysical };
const ROOT2 = Math.SQRT2;

/** One cell per value of `precipitation` with everything else as the control case has it: w = 3.75 · 200 / 1000 + 1.25 = 2. */
function cells(
  precipitation: readonly number[],
  other: Partial<Record<string, readonly number[]>> = {},
): WorkedCase['inputs'] {
  const same = (value: number) => precipitation.map(() => value);
  return {
    lulc: other.lulc ?? same(1),
    precipitation,
    et0: other.et0 ?? same(1000),
    soil_depth: other.soil_depth ?? same(1000),
    pawc: other.pawc ?? same(0.2),
  };
}

describeModel(entry, {
  worked: [
    {
      about: 'w = 2: B = 1 + phi − √(1 + phi²) for phi = 1, 0.5 and 2',
      inputs: cells([1000, 1000, 1000], { et0: [1000, 500, 2000] }),
      tables,
      params: { seasonality_constant: 3.75 },
      outputs: {
        fractp: [2 - ROOT2, 1.5 - Math.sqrt(1.25), 3 - Math.sqrt(5)],
        aet: [585.7864, 381.966, 763.932],
        wyield: [414.2136, 618.034, 236.068],
      },
    },
    {
      about: 'without vegetation: min(PET, P) / P on both sides of PET = P; soil and Z do not count',
      inputs: cells([1000, 1000, 1000], { lulc: [2, 2, 2], et0: [800, 2000, 3000] }),
      tables,
      outputs: { fractp: [0.4, 1, 1], aet: [400, 1000, 1000], wyield: [600, 0, 0] },
    },
    {
      about: 'the smaller of root and soil depth: 200 of class 9 in 1000 and 100 of soil',
      // AWC = 200·0.2 = 40 and 100·0.4 = 40: w = 18.75·40/1000 + 1.25 = 2
      inputs: cells([1000, 1000], { lulc: [9, 9], soil_depth: [1000, 100], pawc: [0.2, 0.4] }),
      tables,
      params: { seasonality_constant: 18.75 },
      outputs: { fractp: [2 - ROOT2, 2 - ROOT2] },
    },
    {
      about: 'no soil and Z = 0 give w = 1.25: B = 2 − 2^0.8',
      inputs: cells([1000, 1000], { soil_depth: [0, 1000], pawc: [0.2, 0] }),
      tables,
      outputs: { fractp: [0.25889887, 0.25889887], wyield: [741.10113, 741.10113] },
    },
    {
      about: 'Z = 0 gives w = 1.25',
      inputs: cells([1000]),
      tables,
      params: { seasonality_constant: 0 },
      outputs: { fractp: [0.25889887] },
    },
    {
      about: 'deep soil: w is 5 at most, B = 2 − 2^0.2, just there and far beyond',
      // w = 15·250/1000 + 1.25 = 5 and 15·2500/1000 + 1.25 = 38.75
      inputs: cells([1000, 1000], { soil_depth: [1250, 5000], pawc: [0.2, 0.5] }),
      tables,
      outputs: { fractp: [0.85130165, 0.85130165] },
    },
    {
      about: 'phi tiny: fractp tends to phi and is never above it; no ET0 gives no evaporation',
      // phi = 0.001, w = 2.75: phi − phi^2.75/2.75; and 8.3333e-6 with w = 1.25: phi − phi^1.25 · 0.8
      inputs: cells([1000, 12000, 1000], { lulc: [1, 7, 1], et0: [1, 10, 0], soil_depth: [500, 0, 500] }),
      tables,
      outputs: { fractp: [9.99998e-4, 7.97514e-6, 0], aet: [0.999998, 0.0957017, 0], wyield: [999, 11999.9043, 1000] },
    },
    {
      // phi = 400 and 10^6. From 10^9 on the reference itself, which follows (4) as it stands, has lost 1e-6 of it.
      about: 'phi huge: all of it evaporates, down to 1e-7 mm of rain',
      inputs: cells([10, 1e-7], { et0: [4000, 0.1] }),
      tables,
      outputs: { fractp: [1, 1], aet: [10, 1e-7], wyield: [0, 0] },
    },
    {
      about: 'nodata where it does not rain, or next to nothing: |P| ≤ 1e-8',
      inputs: cells([0, 1e-9, 1e-8, 2e-8], { et0: [1, 1, 1, 1e-3] }),
      tables,
      outputs: {
        fractp: [NODATA, NODATA, NODATA, 1],
        aet: [NODATA, NODATA, NODATA, 2e-8],
        wyield: [NODATA, NODATA, NODATA, 0],
      },
    },
    {
      about: 'nodata in any one input, in soil also where no vegetation uses it',
      inputs: {
        lulc: [NODATA, 1, 1, 2, 2, 2],
        precipitation: [1000, NODATA, 1000, 1000, 1000, 1000],
        et0: [800, 800, NODATA, 800, 800, 800],
        soil_depth: [500, 500, 500, NODATA, 500, 500],
        pawc: [0.2, 0.2, 0.2, 0.2, NODATA, 0.2],
      },
      tables,
      outputs: { wyield: [NODATA, NODATA, NODATA, NODATA, NODATA, 600] },
    },
    {
      about:
        'the class table spread over the map; roots read 1 without vegetation; PET is kc · ET0 wherever there are both',
      inputs: cells([0, 1000, 1000, 1000], { lulc: [1, 2, NODATA, 9], et0: [1100, 900, 900, NODATA] }),
      tables,
      outputs: {
        kc_raster: [1, 0.5, NODATA, 1],
        root_depth: [5000, 1, NODATA, 200],
        veg: [1, 0, NODATA, 1],
        pet: [1100, 450, NODATA, NODATA],
        clipped_lulc: [1, 2, NODATA, 9],
        precip: [0, 1000, 1000, 1000],
        eto: [1100, 900, 900, NODATA],
      },
    },
  ],
});

describe('annual_water_yield', () => {
  test('has 15 for Z where nothing is given, as source 002', () => {
    expect(entry.model.params.seasonality_constant.default).toBe(15);
  });
});
