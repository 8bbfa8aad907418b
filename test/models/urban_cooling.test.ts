/** Equations (1)-(10) of urban cooling by hand, and its lengths in cells. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { discCells, isPark, parkParams, roundHalfEven } from '../../src/models/urban_cooling/cells.ts';
import { entry } from '../../src/models/urban_cooling/reference.ts';
import { describeModel } from '../support/describe-model.ts';

const row = (kc: number, shade: number, albedo: number, green_area: number, building_intensity: number) => ({
  kc,
  shade,
  albedo,
  green_area,
  building_intensity,
});
/** A wood and a square. */
const tables = { biophysical: { 1: row(1, 0.5, 0.2, 1, 0), 2: row(0.5, 0, 0, 0, 0.75) } };
const cell = [100, 100] as const;
/** One cell: kernels of 1, discs of 5 cells, and 2 ha are 2 cells. */
const params = { green_area_cooling_distance: 100, t_air_average_radius: 100, t_ref: 25, uhi_max: 4 };

describeModel(entry, {
  worked: [
    {
      about: '(1), (2) by factors: 0.6 · 0.5 + 0.2 · 0.2 + 0.2 · 1, and 0.2 · 0.4; nodata in land cover or ET0',
      inputs: { lulc: [1, 2, NODATA, 1], et0: [1000, 800, 900, NODATA] },
      tables,
      cell,
      outputs: {
        eti: [1, 0.4, NODATA, NODATA],
        cc: [0.54, 0.08, NODATA, NODATA],
        kc: [1, 0.5, NODATA, 1],
        shade: [0.5, 0, NODATA, 0.5],
        albedo: [0.2, 0, NODATA, 0.2],
        green_area: [1, 0, NODATA, 1],
      },
    },
    {
      about: '(2) other weights, which need not sum to 1: (3 · 0.5 + 1 · 0.2) / 4',
      inputs: { lulc: [1, 2], et0: [1000, 800] },
      tables,
      cell,
      params: { cc_weight_shade: 3, cc_weight_albedo: 1, cc_weight_eti: 0 },
      outputs: { cc: [0.425, 0] },
    },
    {
      about: '(2) by intensity: no ET0, shade or albedo is looked at',
      inputs: { lulc: [1, 2, NODATA], et0: [1000, NODATA, NODATA] },
      tables: {
        biophysical: {
          1: { kc: 1, green_area: 1, building_intensity: 0 },
          2: { kc: 0.5, green_area: 0, building_intensity: 0.75 },
        },
      },
      cell,
      params: { cc_method: 1 },
      outputs: { cc: [1, 0.25, NODATA], building_intensity: [0, 0.75, NODATA] },
    },
    {
      about: '(4)-(10) two cells: parks of 1 / 2 · 5 = 2.5 cells are enough, and the square is cooled by the wood',
      inputs: { lulc: [1, 2], et0: [1000, 800] },
      tables,
      cell,
      params: { ...params, avg_rel_humidity: 100 },
      outputs: {
        // 0.54 / (1 + 1/e) and that times 1/e
        cc_masked_green_areas: [0.54, 0],
        cc_park: [0.394771646, 0.145228354],
        green_area_sum: [2.5, 2.5],
        hm: [0.54, 0.145228354],
        T_air_nomix: [26.84, 28.419086583],
        T_air: [27.264681776, 27.994404754],
        wbgt: [33.584760864, 34.615154338],
        light_work_loss_percent: [75, 75],
        heavy_work_loss_percent: [75, 75],
      },
      atol: 1e-5,
    },
    {
      about: '(6) exactly 2 ha of green are not enough',
      width: 3,
      inputs: { lulc: [2, 1, 2, 2, 2, 2, 2, 1, 2], et0: [800, 1000, 800, 800, 800, 800, 800, 1000, 800] },
      tables,
      cell,
      params,
      outputs: {
        // 2 · 0.54 / e / (1 + 4 / e + 4 exp(−√2))
        cc_park: [undefined, undefined, undefined, undefined, 0.115363401, undefined, undefined, undefined, undefined],
        hm: [undefined, undefined, undefined, undefined, 0.08, undefined, undefined, undefined, undefined],
      },
    },
    {
      about: '(6) 3 ha are',
      width: 3,
      inputs: { lulc: [2, 1, 2, 2, 2, 1, 2, 1, 2], et0: [800, 1000, 800, 800, 800, 1000, 800, 1000, 800] },
      tables,
      cell,
      params,
      outputs: {
        hm: [undefined, undefined, undefined, undefined, 0.173045101, undefined, undefined, undefined, undefined],
      },
    },
    {
      about: '(10) light and heavy work at every step; (9) at 0 % humidity is 0.567 T + 3.94',
      inputs: { lulc: [2], et0: [800] },
      tables: { biophysical: { 2: row(0, 0, 0, 0, 0) } },
      cell,
      // hm is 0, so T = t_ref + uhi_max = 45
      params: { ...params, t_ref: 41, avg_rel_humidity: 0 },
      outputs: { wbgt: [29.455], light_work_loss_percent: [0], heavy_work_loss_percent: [25] },
      atol: 1e-5,
    },
    {
      about: 'no evaporation anywhere is an index of 0',
      inputs: { lulc: [1, 1], et0: [0, 0] },
      tables,
      cell,
      outputs: { eti: [0, 0], cc: [0.34, 0.34] },
    },
  ],
});

describe('lengths in cells', () => {
  test('halves go to the even number', () => {
    expect([0.5, 1.5, 2.5, 4.5, 5.5, 0.49, 0.51, 3].map(roundHalfEven)).toEqual([0, 2, 2, 4, 6, 0, 1, 3]);
  });

  test('cells of a disc', () => {
    expect([1, 2, 4, 4.5].map(discCells)).toEqual([5, 13, 49, 69]);
  });

  test('the threshold of a park is met by integers, whatever the cell', () => {
    for (const [size, distance, cells] of [
      [30, 90, 29], // a disc of 3 cells has 29
      [100, 400, 49],
      [12.5, 100, 197],
    ]) {
      const params = { green_area_cooling_distance: distance };
      const park = parkParams(params, { cellWidth: size, cellHeight: size });
      expect(park.disc_cells).toBe(cells);
      const valid = cells * size * size;
      // 20 000 of so many green cells are exactly the threshold.
      expect(isPark(20_000, valid, park)).toBe(false);
      expect(isPark(20_001, valid, park)).toBe(true);
      expect(isPark(20_000, valid - 1, park)).toBe(true);
    }
  });
});
