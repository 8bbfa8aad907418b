/** Equations of sdr by hand, on terrain small enough to route by eye: a hillside of one column, and what holes and drainage do to it. */
import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { entry } from '../../src/models/sdr/reference.ts';
import { sdr } from '../../src/models/sdr/spec.ts';
import { describeModel } from '../support/describe-model.ts';
import { cpuForTests } from '../support/executors.ts';
import { gridOf, plane } from '../support/rasters.ts';

const N = NODATA;
const _ = undefined; // not worked out
const all = (count: number, value: number) => new Array<number>(count).fill(value);
const tables = { biophysical: { 1: { usle_c: 0.2, usle_p: 0.5 }, 2: { usle_c: 0, usle_p: 1 } } };
const d8 = { flow_dir_algorithm: 0, k_param: 2, sdr_max: 0.8, ic_0_param: 0.5, l_max: 122 };
const cell = [100, 100] as const;
/** Water runs down the column: 1, 2, 3, … cells flow through. Slope 2 % throughout. */
const column = { dem: [10, 8, 6, 4, 2], erosivity: all(5, 1000), erodibility: all(5, 0.02), lulc: all(5, 1) };

// θ = atan 0.02: sin θ = 0.019996, x = 1.019796; m = 0.3; S = 10.8 · 0.019996 + 0.03 = 0.2459568.
// First cell: U = 0, L = 10000^1.3 / (100^2.3 · x^0.3 · 22.13^0.3) = 1.5629734. Second: U = 100, L = (10100^1.3 − 100^1.3) / … = 1.5793964.
const LS1 = 0.38442395;
const LS2 = 0.38846331;

describeModel(entry, {
  worked: [
    {
      about: 'slope length and steepness of the first cells of a hillside',
      inputs: column,
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 4 },
      outputs: { slope: all(5, 2), flow_accumulation: [1, 2, 3, 4, 5], ls: [LS1, LS2, _, _, _] },
      atol: 2e-6,
    },
    {
      about: 'soil loss is nodata on the stream, which D8 has above the threshold and not at it; services are 0 there',
      inputs: column,
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 4 },
      outputs: {
        stream: [0, 0, 0, 0, 1],
        rkls: [20 * LS1, 20 * LS2, _, _, N],
        usle: [2 * LS1, 2 * LS2, _, _, N],
        avoided_erosion: [18 * LS1, 18 * LS2, _, _, N],
        soil_retention: [18 * LS1, 18 * LS2, _, _, 0],
        soil_erosion: [2 * LS1, 2 * LS2, _, _, 0],
        e_prime: [_, _, _, _, 0],
        sdr_factor: [_, _, _, _, 1],
        what_drains_to_stream: all(5, 1),
      },
      atol: 4e-5,
    },
    {
      about:
        'connectivity: d_up = 0.2 · 0.02 · √(acc · A), d_dn = 250 for each step; ratio = 0.8 / (1 + e^((0.5 − ic) / 2))',
      inputs: column,
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 4 },
      outputs: {
        w_bar: all(5, 0.2),
        s_bar: all(5, 0.02),
        d_up: [0.4, 0.5656854, 0.6928203, 0.8, 0.8944272],
        d_dn: [1000, 750, 500, 250, 0],
        ic: [-3.39794, -3.1224863, -2.8583494, -2.49485, N],
        sdr_factor: [0.09973257, 0.11239036, 0.12576383, 0.14624791, 1],
      },
      atol: 2e-5,
    },
    {
      about: 'a hole in an input is one in the DEM: water leaves there, and what is above it reaches no stream',
      inputs: { ...column, erosivity: [1000, 1000, N, 1000, 1000] },
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 1 },
      outputs: {
        masked_dem: [10, 8, N, 4, 2],
        mask: [1, 1, N, 1, 1],
        flow_accumulation: [1, 2, N, 1, 2],
        stream: [0, 1, N, 0, 1],
        masked_lulc: [1, 1, N, 1, 1],
      },
    },
    {
      about: 'drainage is a stream for erosion and delivery, and none for what flows',
      inputs: { ...column, drainage: [0, 1, 0, 0, 0] },
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 4 },
      outputs: {
        stream: [0, 0, 0, 0, 1],
        stream_and_drainage: [0, 1, 0, 0, 1],
        d_dn: [250, 0, 500, 250, 0],
        rkls: [20 * LS1, N, _, _, N],
        sdr_factor: [_, 1, _, _, 1],
      },
      atol: 4e-5,
    },
    {
      about: 'drainage that is nodata is a hole; other codes than 1 are none',
      inputs: { ...column, drainage: [2, 0, N, 0, 0] },
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 1 },
      outputs: { masked_dem: [10, 8, N, 4, 2], stream_and_drainage: [0, 1, N, 0, 1], masked_drainage: [2, 0, N, 0, 0] },
    },
    {
      about: 'no cover factor at all: 0.001 for the way, and no soil loss',
      inputs: { ...column, lulc: all(5, 2) },
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 4 },
      outputs: {
        w_threshold: all(5, 0.001),
        usle: [0, 0, 0, 0, N],
        sed_export: [0, 0, 0, 0, N],
        sed_deposition: all(5, 0),
      },
    },
    {
      about: 'no erosivity: nothing is lost, nothing divides by it',
      inputs: { ...column, erosivity: all(5, 0) },
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 4 },
      outputs: {
        rkls: [0, 0, 0, 0, N],
        sed_export: [0, 0, 0, 0, N],
        sed_deposition: all(5, 0),
        avoided_export: [0, 0, 0, 0, N],
      },
    },
    {
      about: 'no stream at the threshold: nodata wherever a stream is needed, soil loss everywhere',
      inputs: column,
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 1000 },
      outputs: {
        stream: all(5, 0),
        d_dn: all(5, N),
        sdr_factor: all(5, N),
        sed_export: all(5, N),
        sed_deposition: all(5, N),
        soil_retention: [18 * LS1, 18 * LS2, _, _, _],
        what_drains_to_stream: all(5, 0),
      },
      atol: 4e-5,
    },
    {
      about: 'a threshold of 0: streams everywhere',
      inputs: column,
      width: 1,
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 0 },
      outputs: {
        stream: all(5, 1),
        rkls: all(5, N),
        sdr_factor: all(5, 1),
        sed_deposition: all(5, 0),
        soil_retention: all(5, 0),
      },
    },
    {
      about: 'one cell: no slope, no way',
      inputs: { dem: [7], erosivity: [1000], erodibility: [0.02], lulc: [1] },
      cell,
      tables,
      params: { ...d8, threshold_flow_accumulation: 4 },
      outputs: { slope: [0], flow_accumulation: [1], stream: [0], sed_export: [N], slope_threshold: [0.005] },
    },
  ],
});

test('l_max limits L, not L · S', async () => {
  const given = {
    grid: gridOf(1, 5, 100),
    inputs: {
      dem: Float32Array.from(column.dem),
      erosivity: Float32Array.from(column.erosivity),
      erodibility: Float32Array.from(column.erodibility),
      lulc: Uint32Array.from(column.lulc),
    },
    tables: { biophysical: new Map([[1, tables.biophysical[1]]]) },
    params: { ...d8, l_max: 0.5 },
    outputs: ['ls'],
  };
  const { planes } = await runModel(sdr, given, { executor: cpuForTests() });
  for (const value of planes.ls) expect(value).toBeCloseTo(0.5 * 0.245957, 6);
});

test.each(['d8', 'mfd'])(
  '%s: what is eroded is exported, deposited, or goes on to where it is not counted',
  async (algorithm) => {
    const grid = gridOf(83, 61, 30);
    const { width, height } = grid;
    const given = {
      grid,
      inputs: {
        dem: plane(grid, 'f32', 'holes', [0, 300], 5).map((z, i) => (z === NODATA ? z : z + 2 * Math.floor(i / width))),
        erosivity: plane(grid, 'f32', 'slopes', [500, 4000], 2),
        erodibility: plane(grid, 'f32', 'slopes', [0.01, 0.05], 3),
        lulc: plane(grid, 'u32', 'slopes', [0, 1], 4),
      },
      tables: {
        biophysical: new Map([0, 1, 2, 5, 8, 21].map((code) => [code, { usle_c: 0.04 * (code % 6), usle_p: 0.8 }])),
      },
      params: { flow_dir_algorithm: Number(algorithm === 'mfd'), threshold_flow_accumulation: 25 },
      outputs: ['usle', 'sed_export', 'sed_deposition', 'f', 'e_prime', 'direction', 'stream', 'sdr_factor'],
    };
    const { planes } = await runModel(sdr, given, { executor: cpuForTests() });
    const { usle, sed_export, sed_deposition, f, e_prime, direction, stream, sdr_factor } = planes;
    const count = { eroded: 0, noStream: 0, exported: 0, deposited: 0, left: 0, unreached: 0 };
    const steps = [1, 1 - width, -width, -1 - width, -1, width - 1, width, width + 1];
    for (let i = 0; i < usle.length; i++) {
      if (usle[i] !== NODATA) count.eroded += usle[i];
      if (usle[i] !== NODATA && sdr_factor[i] === NODATA) count.noStream += usle[i];
      if (sed_export[i] !== NODATA) count.exported += sed_export[i];
      if (sed_deposition[i] === NODATA) {
        if (e_prime[i] !== NODATA) count.unreached += e_prime[i]; // waits for a neighbour that never comes
        continue;
      }
      count.deposited += sed_deposition[i];
      const shares = steps.map((step, d) => [(direction[i] >>> (4 * d)) & 15, step, d]);
      const sum = shares.reduce((total, [share]) => total + share, 0);
      for (const [share, step, d] of shares) {
        const [x, y] = [
          (i % width) + [1, 1, 0, -1, -1, -1, 0, 1][d],
          Math.floor(i / width) + [0, -1, -1, -1, 0, 1, 1, 1][d],
        ];
        const inside = x >= 0 && x < width && y >= 0 && y < height;
        if (!inside || sed_deposition[i + step] === NODATA) count.left += (f[i] * share) / sum;
      }
      if (stream[i] === 1) expect(f[i]).toBe(0);
    }
    expect(count.exported).toBeGreaterThan(0.01 * count.eroded);
    expect(count.deposited).toBeGreaterThan(0.1 * count.eroded);
    const { eroded, ...parts } = count;
    const sum = Object.values(parts).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum / eroded - 1), JSON.stringify(count)).toBeLessThan(1e-6);
  },
);
