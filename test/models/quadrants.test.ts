/** Equations (1)-(2) of the four quadrants, by hand and against the fixture. */
import { expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { floatFrom } from '../../src/models/quadrants/float-from.ts';
import { entry } from '../../src/models/quadrants/reference.ts';
import { describeModel } from '../support/describe-model.ts';
import { describeWithStatistics, statisticsJson } from '../support/statistics.ts';

const params = { supply_mean: 10, supply_deviation: 4, demand_mean: 0.1, demand_deviation: 0.5 };

describeModel(entry, {
  worked: [
    {
      about: 'one of each quadrant, and nodata in either',
      inputs: { supply: [14, 6, 4, 12, NODATA, 1], demand: [0.6, 1.1, -0.4, -0.9, 1, NODATA] },
      params,
      outputs: {
        z_supply: [1, -1, -1.5, 0.5, NODATA, NODATA],
        z_demand: [1, 2, -1, -2, NODATA, NODATA],
        quadrant: [1, 2, 3, 4, NODATA_CODE, NODATA_CODE],
      },
    },
    {
      // 0.1 is no float32 number: the nearest one lies above it, and so is high.
      about: 'what equals the mean is high, what is a float32 number below it is low',
      inputs: { supply: [10, 10, 9.999999], demand: [Math.fround(0.1), 0.09999999, 0.1] },
      params,
      outputs: {
        z_supply: [0, 0, -2.384185791015625e-7],
        z_demand: [2.98023223876953e-9, -1.1920928977e-8, 2.98023223876953e-9],
        quadrant: [1, 4, 2],
      },
    },
  ],
});

test('the least float32 number that is no smaller', () => {
  for (const x of [0.1, -0.1, 0.3, 1e10 + 0.1, -5, 0, 1e-50]) {
    const found = floatFrom(x);
    expect(Math.fround(found)).toBe(found);
    expect(found).toBeGreaterThanOrEqual(x);
    expect(found - x).toBeLessThanOrEqual(Math.max(2 ** -149, Math.abs(x) * 2 ** -23));
  }
});

describeWithStatistics('the fixture', () => {
  test('z-scores and quadrants', () => {
    const fixture = statisticsJson('normalise/quadrants.json');
    const tolerance = statisticsJson('normalise/manifest.json').tol_f32;
    const plane = (rows: (number | null)[][]) => Float32Array.from(rows.flat(), (x) => x ?? NODATA);
    const inputs = { supply: plane(fixture.supply), demand: plane(fixture.demand) };
    const cells = [...inputs.supply.keys()].filter((i) => inputs.supply[i] !== NODATA && inputs.demand[i] !== NODATA);
    const moments = (values: Float32Array) => {
      const mean = cells.reduce((sum, i) => sum + values[i], 0) / cells.length;
      return [mean, Math.sqrt(cells.reduce((sum, i) => sum + (values[i] - mean) ** 2, 0) / cells.length)];
    };
    const [s, d] = [moments(inputs.supply), moments(inputs.demand)];
    const stage = entry.model.stages[0];
    const given = stage.params({
      supply_mean: s[0],
      supply_deviation: s[1],
      demand_mean: d[0],
      demand_deviation: d[1],
    });
    const size = { width: inputs.supply.length, height: 1, pitch: inputs.supply.length, halo: 0, x: 0, y: 0 };
    const tile = { ...size, gridWidth: size.width, gridHeight: 1, cellWidth: 1, cellHeight: 1 };
    const found = entry.reference.match_cells(inputs, given as never, tile, {});
    const expected = fixture.zone.flat().map((zone: number) => (zone === 0 ? NODATA_CODE : zone));
    expect([...found.quadrant]).toEqual(expected);
    for (const i of cells) expect(Math.abs(found.z_supply[i] - fixture.z_supply.flat()[i])).toBeLessThan(tolerance.abs);
  });
});
