/** Equations of ndr by hand on a hillside of one column, choices of nutrients, and the balance of every cell. */
import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { usedColumns } from '../../src/core/given-params.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { classRows, parseCsv } from '../../src/io/class-table.ts';
import { entry } from '../../src/models/ndr/reference.ts';
import { ndr } from '../../src/models/ndr/spec.ts';
import { describeModel } from '../support/describe-model.ts';
import { cpuForTests } from '../support/executors.ts';
import { gridOf, plane } from '../support/rasters.ts';

const N = NODATA;
const all = (count: number, value: number) => new Array<number>(count).fill(value);
const measured = {
  load_type_n: 0,
  load_n: 6,
  eff_n: 0.5,
  crit_len_n: 150,
  proportion_subsurface_n: 0.25,
  load_type_p: 0,
  load_p: 2,
  eff_p: 0,
  crit_len_p: 0,
};
const tables = { biophysical: { 1: measured, 2: { ...measured, load_type_n: 1, load_type_p: 1, eff_p: 0.25 } } };
const params = { flow_dir_algorithm: 0, threshold_flow_accumulation: 4 };
const cell = [100, 100] as const;
/** Water runs down the column, slope 2 % throughout; the mean of the proxy is 300. */
const column = { dem: [10, 8, 6, 4, 2], lulc: all(5, 1), runoff_proxy: [100, 200, 300, 400, 500] };

describeModel(entry, {
  worked: [
    {
      about: 'connectivity of a hillside, its middle, and the ways to the stream in cells and in 1 / slope',
      inputs: column,
      width: 1,
      cell,
      tables,
      params,
      outputs: {
        thresholded_slope: all(5, 0.02),
        s_bar: all(5, 0.02),
        d_up: [2, 2.8284271, 3.4641016, 4, 4.472136],
        d_dn: [200, 150, 100, 50, 0],
        dist_to_channel: [4, 3, 2, 1, 0],
        ic_factor: [-2, -1.7245463, -1.4604094, -1.09691, N],
        stream: [0, 0, 0, 0, 1],
      },
    },
    {
      about: 'loads follow the proxy by its mean; a quarter of the nitrogen goes through the ground',
      inputs: { ...column, runoff_proxy: [100, N, 300, 400, 400] },
      width: 1,
      cell,
      tables,
      params,
      outputs: {
        runoff_proxy_index: [1 / 3, N, 1, 4 / 3, 4 / 3],
        load_n: all(5, 6),
        modified_load_n: [2, N, 6, 8, 8],
        surface_load_n: [1.5, N, 4.5, 6, 6],
        sub_load_n: [0.5, N, 1.5, 2, 2],
        surface_load_p: [2 / 3, N, 2, 8 / 3, 8 / 3],
      },
    },
    {
      about: 'of what is applied to the land, the class retains its share first; a given mean counts',
      inputs: { ...column, lulc: [2, 2, 2, N, 2] },
      width: 1,
      cell,
      tables,
      params: { ...params, runoff_proxy_av: 100 },
      outputs: { load_n: [3, 3, 3, N, 3], load_p: [1.5, 1.5, 1.5, N, 1.5], modified_load_n: [3, 6, 9, N, 15] },
    },
    {
      about: 'a proxy of 0 everywhere stays as it is',
      inputs: { ...column, runoff_proxy: all(5, 0) },
      width: 1,
      cell,
      tables,
      params,
      outputs: { runoff_proxy_index: all(5, 0), n_total_export: [0, 0, 0, 0, N] },
    },
    {
      about:
        'retention downslope with a = e^(−5 · 100 / 150), delivery by surface and ground, and what is left of the load',
      inputs: column,
      width: 1,
      cell,
      tables,
      params,
      outputs: {
        eff_n: [0.5, 0.5, 0.5, 0.5, 0],
        crit_len_n: [150, 150, 150, 150, 0],
        effective_retention_n: [0.4999992, 0.4999773, 0.4993637, 0.482163, 0],
        effective_retention_p: all(5, 0),
        ndr_n: [0.22189807, 0.23901225, 0.25582712, 0.28802331, N],
        sub_ndr_n: [0.92387, 0.942195, 0.960984, 0.980248, 1],
        n_surface_export: [0.3328471, 0.71703675, 1.15122206, 1.72813986, N],
        n_subsurface_export: [0.46193497, 0.94219479, 1.44147531, 1.96049586, 2.5],
        n_retention: [1.20521793, 2.34076846, 3.40730263, 4.31136428, 0],
        n_load: [2, 4, 6, 8, 0],
        p_load: [2 / 3, 4 / 3, 2, 8 / 3, 0],
      },
      atol: 2e-6,
    },
    {
      about: 'no stream at the threshold: nodata wherever one is needed, loads everywhere',
      inputs: column,
      width: 1,
      cell,
      tables,
      params: { ...params, threshold_flow_accumulation: 100 },
      outputs: {
        stream: all(5, 0),
        ndr_n: all(5, N),
        n_total_export: all(5, N),
        n_retention: all(5, N),
        load_n: all(5, 6),
      },
    },
    {
      about: 'a threshold of 0: streams everywhere',
      inputs: column,
      width: 1,
      cell,
      tables,
      params: { ...params, threshold_flow_accumulation: 0 },
      outputs: { stream: all(5, 1), ndr_n: all(5, N), n_retention: all(5, 0), sub_ndr_n: all(5, 1) },
    },
  ],
});

const HEAD = 'lucode,load_type_n,load_n,eff_n,crit_len_n,proportion_subsurface_n';
const rows = (text: string, given: Record<string, number>) =>
  classRows(parseCsv('t.csv', text), usedColumns(ndr, ndr.tables.biophysical, given));

test('the table needs the columns of the nutrients that are computed, and knows the types of load', () => {
  const text = `${HEAD}\n1,Measured-Runoff,6,0.5,150,0.25\n2,application-rate,6,0.5,150,0.25\n`;
  expect([...rows(text, { calc_p: 0 }).values()].map(({ load_type_n }) => load_type_n)).toEqual([0, 1]);
  expect(() => rows(text, {})).toThrow("columns 'load_type_p', 'load_p', 'eff_p', 'crit_len_p' missing");
  expect(() => rows(`${HEAD}\n1,applied,6,0.5,150,0.25\n`, { calc_p: 0 })).toThrow(
    /line 2, column load_type_n: load_type_n is none of its choices \(found applied, expected measured-runoff or application-rate\)/,
  );
});

test('without a nutrient there is nothing of it, and asking for it says why', async () => {
  const given = {
    grid: gridOf(1, 5, 100),
    inputs: {
      dem: Float32Array.from(column.dem),
      lulc: Uint32Array.from(column.lulc),
      runoff_proxy: Float32Array.from(column.runoff_proxy),
    },
    tables: { biophysical: new Map([[1, measured]]) },
    params: { ...params, calc_n: 0 },
  };
  const { planes } = await runModel(ndr, given, { executor: cpuForTests() });
  expect(Object.keys(planes)).toEqual(['p_surface_export', 'stream']);
  const asked = runModel(ndr, { ...given, outputs: ['n_total_export'] }, { executor: cpuForTests() });
  await expect(asked).rejects.toThrow(/cannot make 'n_total_export'.*calc_n \(it is false\)/);
});

test.each(['d8', 'mfd'])('%s: load = export + retention in every cell, 0 on streams', async (algorithm) => {
  const grid = gridOf(83, 61, 30);
  const random = (code: number, k: number) => ((code * 7 + k * 3) % 10) / 10;
  const biophysical = new Map(
    [0, 1, 2, 5, 8, 21].map((code) => [
      code,
      {
        ...measured,
        load_n: 3 + code,
        eff_n: random(code, 1),
        load_p: 1 + code / 4,
        eff_p: random(code, 2),
        crit_len_p: 90,
      },
    ]),
  );
  const given = {
    grid,
    inputs: {
      dem: plane(grid, 'f32', 'holes', [0, 300], 5),
      lulc: plane(grid, 'u32', 'holes', [0, 1], 4),
      runoff_proxy: plane(grid, 'f32', 'noise', [100, 900], 3),
    },
    tables: { biophysical },
    params: { flow_dir_algorithm: Number(algorithm === 'mfd'), threshold_flow_accumulation: 25 },
    outputs: ['n_load', 'n_retention', 'n_total_export', 'p_load', 'p_retention', 'p_surface_export', 'stream'],
  };
  const { planes } = await runModel(ndr, given, { executor: cpuForTests() });
  for (const [load, retention, exported] of [
    [planes.n_load, planes.n_retention, planes.n_total_export],
    [planes.p_load, planes.p_retention, planes.p_surface_export],
  ]) {
    let cells = 0;
    for (let i = 0; i < load.length; i++)
      if (planes.stream[i] === 1) expect([load[i], retention[i], exported[i]]).toEqual([0, 0, N]);
      else if (load[i] === N) expect([retention[i], exported[i]]).toEqual([N, N]);
      else {
        cells++;
        expect(Math.abs(load[i] - retention[i] - exported[i])).toBeLessThan(3e-7 * load[i]);
        expect(retention[i]).toBeGreaterThanOrEqual(0);
      }
    expect(cells).toBeGreaterThan(2000);
  }
});
