/** Equations (1)-(7) of habitat quality, by hand; where a threat ends, and where there is none. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { decayParams, largestSquare } from '../../src/models/habitat_quality/decay.ts';
import { reference } from '../../src/models/habitat_quality/reference.ts';
import { habitatModel, type Threat } from '../../src/models/habitat_quality/spec.ts';
import { comparePlanes } from '../support/compare.ts';
import { describeModel } from '../support/describe-model.ts';
import { cpuForTests, describeOnExecutors, describeOnGpuExecutors } from '../support/executors.ts';
import { gridOf, sampleOf } from '../support/rasters.ts';

const linear: Threat = { name: 'crop', maxDistance: 90, weight: 1, decay: 'linear', of: 'raster' };
const exponential: Threat = { name: 'town', maxDistance: 90, weight: 3, decay: 'exponential', of: 'classes' };
const AT_THE_END = 0.0502874367; // e^-2.99
const N = NODATA;

const one = habitatModel({ threats: [linear], maps: ['c'], transforms: true });
const tables = {
  habitat: { 1: { habitat: 0.5 }, 2: { habitat: 0 } },
  sensitivity_crop: { 1: { sensitivity: 0.8 }, 2: { sensitivity: 0.5 } },
  sensitivity_town: { 1: { sensitivity: 0.4 }, 2: { sensitivity: 1 } },
  presence_town: { 1: { presence: 0 }, 2: { presence: 1 } },
};

describeModel(
  { model: one, reference },
  {
    worked: [
      {
        about:
          'a linear threat of 3 cells; any value is presence, a hole in it is none; degradation where habitat is 0',
        inputs: { lulc_c: [1, 1, 1, 1, 1, 2, N, 1], threat_crop_c: [0.01, 0, N, 0, 0, 0, 0, 0] },
        tables,
        params: { half_saturation: 0.2 },
        outputs: {
          source_crop_c: [1, 0, N, 0, 0, 0, 0, 0],
          squared_crop_c: [0, 1, 4, 9, 16, 25, 36, 49],
          crop_distance_transform_c: [0, 1, 2, 3, 4, 5, 6, 7],
          filtered_linear_crop_c: [1, 2 / 3, 1 / 3, 0, 0, 0, 0, 0],
          sens_crop_c: [0.8, 0.8, 0.8, 0.8, 0.8, 0.5, N, 0.8],
          degradation_crop_c: [0.8, (0.8 * 2) / 3, 0.8 / 3, 0, 0, 0, N, 0],
          deg_sum_c: [0.8, (0.8 * 2) / 3, 0.8 / 3, 0, 0, 0, N, 0],
          habitat_c: [0.5, 0.5, 0.5, 0.5, 0.5, 0, N, 0.5],
          // r = 4^2.5 = 32
          quality_c: [0.5 / 33, undefined, undefined, 0.5, 0.5, 0, N, 0.5],
        },
      },
      {
        about:
          'without a source nothing is degraded, though the reach is longer than the map; the distances are InVEST’s',
        inputs: { lulc_c: [1, 1, 1, 1], threat_crop_c: [0, N, 0, 0] },
        width: 2,
        cell: [3, 3],
        tables,
        params: { half_saturation: 0.2 },
        outputs: {
          squared_crop_c: [N, N, N, N],
          filtered_linear_crop_c: [0, 0, 0, 0],
          crop_distance_transform_c: [4, 4, 5, 5],
          deg_sum_c: [0, 0, 0, 0],
          quality_c: [0.5, 0.5, 0.5, 0.5],
        },
      },
      {
        about: 'a reach of less than a cell: the threat degrades its own cells',
        inputs: { lulc_c: [1, 1, 1], threat_crop_c: [0, 1, 0] },
        cell: [100, 100],
        tables,
        params: { half_saturation: 0.8 },
        outputs: { filtered_linear_crop_c: [0, 1, 0], deg_sum_c: [0, 0.8, 0], quality_c: [0.5, 0.25, 0.5] },
      },
      {
        about: 'half of the largest degradation where no half-saturation is given',
        inputs: { lulc_c: [1, 1, 2, 1], threat_crop_c: [0, 1, 0, 0] },
        tables,
        outputs: {
          // D = 1, k = 0.4: r = 2^2.5
          deg_sum_c: [(0.8 * 2) / 3, 0.8, (0.5 * 2) / 3, 0.8 / 3],
          quality_c: [undefined, 0.5 / (1 + 2 ** 2.5), 0, undefined],
        },
      },
      {
        about: 'nothing is sensitive: no largest degradation, and no quality lost',
        inputs: { lulc_c: [1, 1], threat_crop_c: [0, 1] },
        tables: { ...tables, sensitivity_crop: { 1: { sensitivity: 0 } } },
        outputs: { deg_sum_c: [0, 0], quality_c: [0.5, 0.5] },
      },
    ],
  },
);

const two = habitatModel({
  threats: [linear, exponential],
  maps: ['c', 'f'],
  access: true,
  rarity: true,
  transforms: true,
});

describeModel(
  { model: two, reference },
  {
    worked: [
      {
        about:
          'an exponential threat of classes is kept at its reach; weights are shares; access; rarity; a second map',
        inputs: {
          lulc_c: [2, 1, 1, 1, 1, 1, N],
          lulc_f: [1, 1, 1, 1, 1, 1, 2],
          threat_crop_c: [0, 0, 0, 0, 0, 1, 0],
          threat_crop_f: [0, 0, 0, 0, 0, 0, 0],
          access: [1, 1, 0, 0.5, N, 1, 1],
          lulc_bas: [1, N, 1, 1, 1, 1, 1],
        },
        tables: {
          ...tables,
          rarity_c: { 1: { rarity: 0.25 }, 2: { rarity: 0.75 } },
          rarity_f: { 1: { rarity: 0 }, 2: { rarity: 1 } },
        },
        params: { half_saturation: 0.1 },
        outputs: {
          source_town_c: [1, 0, 0, 0, 0, 0, N],
          filtered_exponential_town_c: [1, 0.369107753, 0.1362405333, AT_THE_END, 0, 0, 0],
          filtered_linear_crop_c: [0, 0, 0, 1 / 3, 2 / 3, 1, 2 / 3],
          degradation_town_c: [0.75, 0.1107323259, 0, 0.075 * 2 * AT_THE_END, 0, 0, N],
          deg_sum_c: [0.75, 0.1107323259, 0, 0.5 * (0.8 / 12 + 0.3 * AT_THE_END), (0.2 * 2) / 3, 0.2, N],
          filtered_exponential_town_f: [0, 0, 0, AT_THE_END, 0.1362405333, 0.369107753, 1],
          filtered_linear_crop_f: [0, 0, 0, 0, 0, 0, 0],
          new_cover_c: [2, N, 1, 1, 1, 1, N],
          rarity_c: [0.75, N, 0.25, 0.25, 0.25, 0.25, N],
          rarity_f: [0, N, 0, 0, 0, 0, 1],
        },
        atol: 1e-6,
      },
    ],
  },
);

describe('where a threat ends', () => {
  // Rounded as InVEST compares them: float32 against float32.
  test.each([
    [5, 25],
    [0.5, 0],
    [Math.SQRT2, 2],
    [Math.SQRT2 - 6e-8, 2],
    [Math.SQRT2 - 6e-7, 1],
    [100 / 30, 11],
    [70_000, 0xfffffffe],
  ])('reach of %f cells: squares up to %i', (reach, square) => {
    expect(largestSquare(reach)).toBe(square);
    const cell = { cellWidth: 30, cellHeight: 30 };
    expect(decayParams({ maxDistance: 30 * reach, decay: 'exponential' }, 0.5, cell)).toMatchObject({
      limit: square,
      exponential: 1,
      weight: 0.5,
    });
  });
});

describeOnGpuExecutors('distance and decay of habitat', (get) => {
  test.each(['noise', 'slopes', 'holes'] as const)('are those of the reference: %s', async (pattern) => {
    const sample = sampleOf(two, gridOf(131, 67), pattern, 5);
    // Presence as holes in zeros: the samples themselves are hardly ever 0.
    const sparse = (plane: Float32Array) => plane.map((value) => (value === NODATA ? value : value > 0.96 ? value : 0));
    const inputs = { ...sample.inputs, threat_crop_c: sparse(sample.inputs.threat_crop_c as Float32Array) };
    const outputs = Object.keys(two.outputs).filter((name) => /^(filtered|source_crop|squared)|transform/.test(name));
    const given = { ...sample, inputs, outputs, params: { half_saturation: 0.1 } };
    const [device, expected] = [
      await runModel(two, given, { executor: get() }),
      await runModel(two, given, { executor: cpuForTests() }),
    ];
    expect(outputs).toHaveLength(14);
    for (const output of outputs) {
      const found = comparePlanes(device.planes[output], expected.planes[output], 131, two.tolerance);
      expect(found, `${output}: ${found.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
    }
    expect(new Set(expected.planes.filtered_linear_crop_c).size).toBeGreaterThan(pattern === 'noise' ? 2 : 0);
  });
});

describeOnExecutors('many threats', (get) => {
  test('add up, whatever their number', async () => {
    const threats = Array.from(
      { length: 11 },
      (_, i): Threat => ({ ...linear, name: `t${i}`, weight: i + 1, of: 'classes' }),
    );
    const model = habitatModel({ threats, maps: ['c'] });
    const grid = gridOf(3, 2);
    const classes = new Map([[1, 1]]);
    const rows = (column: string, value: number) =>
      new Map([...classes.keys()].map((code) => [code, { [column]: value }]));
    const given = Object.fromEntries(
      Object.keys(model.tables!).map((name) => {
        if (name === 'habitat') return [name, rows('habitat', 1)];
        return [name, name.startsWith('presence') ? rows('presence', 1) : rows('sensitivity', 0.5)];
      }),
    );
    const lulc_c = Uint32Array.of(1, 1, 1, NODATA_CODE, 1, 1);
    const { planes } = await runModel(
      model,
      { grid, inputs: { lulc_c }, tables: given, params: { half_saturation: 0.5 } },
      { executor: get() },
    );
    expect([...planes.deg_sum_c].map((value) => (value === NODATA ? value : Number(value.toFixed(6))))).toEqual([
      0.5,
      0.5,
      0.5,
      NODATA,
      0.5,
      0.5,
    ]);
    expect(planes.quality_c[0]).toBeCloseTo(0.5, 6);
  });
});
