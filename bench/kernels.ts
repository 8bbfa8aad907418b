/**
 * Kernels alone, on planes that lie on the device: time by timestamp queries where the device has them, bytes moved by their bindings, and the
 * share of what the device reaches when it only copies. Each is compared with its float64 reference first.
 */
import { readFile } from 'node:fs/promises';
import { EcofluxError } from '#ecoflux/core/errors.js';
import type { ClassRows } from '#ecoflux/core/values.js';
import { gpuExecutor } from '#ecoflux/engine/gpu-executor.js';
import { chooseAdapter } from '#ecoflux/gpu/choose.js';
import { Gpu } from '#ecoflux/gpu/gpu.js';
import { adapterName } from '#ecoflux/gpu/provider.js';
import { classRows, parseCsv } from '#ecoflux/io/class-table.js';
import { readPlane } from '#ecoflux/io/plane.js';
import { openRaster } from '#ecoflux/io/raster.js';
import { entry as annualWaterYield } from '#ecoflux/models/annual_water_yield/reference.js';
import { fileSource } from '#ecoflux/node/files.js';
import { measureBandwidth } from './bandwidth.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { yieldInputs } from './inputs.ts';
import { CASES, type Fields, type KernelCase } from './kernel-cases.ts';
import { checkCase } from './kernel-check.ts';
import { bandOf, makeRig } from './kernel-rig.ts';
import { describeMachine, machineLine } from './machine.ts';
import { formatSpread, type Spread, spreadOf, tableLines } from './timing.ts';

const SIZES = [1024, 4096];
/** Edge of the planes that are repeated over the grids. */
const EDGE = 1024;
const REPEATS = 12;

interface KernelResult {
  readonly name: string;
  readonly size: number;
  /** Milliseconds for the whole grid, on the device's clock; from submit to result where it has none. */
  readonly device: Spread;
  readonly wall: Spread;
  readonly gigabytesPerSecond: number;
  /** Of the device's copy kernel in this run, best against best. */
  readonly share: number;
  readonly cellsPerSecond: number;
  readonly bands: number;
}

export const kernels: Bench = async (options) => {
  const { platform, log, device, deviceMemory = 2 * 2 ** 30 } = options;
  const machine = await describeMachine(platform);
  const provider = await platform.provider();
  const chosen = await chooseAdapter(provider, device);
  if (!provider || !chosen.adapter)
    throw new EcofluxError('NoDevice', 'kernels are timed on a WebGPU device, and there is none', {
      fix: 'install a Vulkan driver (Debian: mesa-vulkan-drivers)',
    });
  const name = adapterName(chosen.adapter.description);
  log(`kernels on ${name}; ${machineLine(machine)}`);
  const { fields, tables } = await loadFields(options);
  const gpu = await Gpu.open(provider, chosen.adapter, { deviceMemory });
  const executor = gpuExecutor(gpu);
  try {
    for (const kernelCase of CASES) await checkCase(executor, kernelCase, fields, tables);
    log(`verified: ${CASES.length} cases agree with their float64 references`);
    const bandwidth = await measureBandwidth(gpu);
    log(
      `copying, read and written: by a kernel ${formatGigabytes(bandwidth.kernel)}, by a command ${formatGigabytes(bandwidth.command)}`,
    );
    const results: KernelResult[] = [];
    for (const size of options.size === undefined ? SIZES : [options.size])
      for (const kernelCase of CASES)
        results.push(await timeCase(gpu, kernelCase, size, fields, tables, 1 / bandwidth.kernel.max));
    for (const line of tableLines([
      [
        'kernel',
        'cells',
        'ms on the device: min (mean ± dev)',
        'ms until the result',
        'GB/s',
        'of copying',
        'Gcells/s',
      ],
      ...results.map((each) => [
        each.name,
        `${each.size}²${each.bands > 1 ? ` in ${each.bands}` : ''}`,
        formatSpread(each.device),
        formatSpread(each.wall, 1),
        each.gigabytesPerSecond.toFixed(1),
        `${(100 * each.share).toFixed(0)} %`,
        (each.cellsPerSecond / 1e9).toFixed(3),
      ]),
    ]))
      log(line);
    return { machine, device: name, timestamps: gpu.timestamps, bandwidth, kernels: results };
  } finally {
    await executor.close();
  }
};

async function timeCase(
  gpu: Gpu,
  kernelCase: KernelCase,
  size: number,
  fields: Fields,
  tables: ReadonlyMap<string, ClassRows>,
  nanosecondsPerByte: number,
): Promise<KernelResult> {
  const band = bandOf(kernelCase, size, gpu.limits.maxStorageBufferBindingSize);
  const bands = size / band.height;
  const rig = await makeRig(gpu, kernelCase, band, fields, tables);
  const onDevice: number[] = [];
  const walls: number[] = [];
  for (let repeat = -2; repeat < REPEATS; repeat++) {
    let [ofDevice, wall] = [0, 0];
    for (let i = 0; i < bands; i++) {
      const batch = gpu.batch(kernelCase.name);
      rig.record(batch, kernelCase.name);
      const started = performance.now();
      const { gpuNanoseconds } = await batch.submit();
      wall += performance.now() - started;
      for (const nanoseconds of gpuNanoseconds?.values() ?? []) ofDevice += nanoseconds / 1e6;
    }
    if (repeat < 0) continue;
    onDevice.push(gpu.timestamps ? ofDevice : wall);
    walls.push(wall);
  }
  await rig.release();
  const device = spreadOf(onDevice);
  const bytes = rig.bytes * bands;
  return {
    name: kernelCase.name,
    size,
    device,
    wall: spreadOf(walls),
    gigabytesPerSecond: bytes / device.min / 1e6,
    share: (bytes * nanosecondsPerByte) / (device.min * 1e6),
    cellsPerSecond: (size * size * 1000) / device.min,
    bands,
  };
}

function formatGigabytes(rate: Spread): string {
  return `${rate.max.toFixed(1)} GB/s (${rate.mean.toFixed(1)} ± ${rate.deviation.toFixed(1)})`;
}

async function loadFields(options: BenchOptions): Promise<{ fields: Fields; tables: ReadonlyMap<string, ClassRows> }> {
  const { rasters, biophysical } = await yieldInputs(EDGE, options);
  const window = { x: 0, y: 0, width: EDGE, height: EDGE };
  const fields = await Promise.all(
    Object.entries(rasters).map(async ([name, path]) => {
      const raster = await openRaster(await fileSource(path));
      const plane = await readPlane(raster, window, { type: name === 'lulc' ? 'u32' : 'f32' });
      await raster.close();
      return [name, plane] as const;
    }),
  );
  const rows = classRows(
    parseCsv(biophysical, await readFile(biophysical, 'utf8')),
    annualWaterYield.model.tables.biophysical.columns,
  );
  // The pools of carbon are no part of these inputs; any four numbers by class cost the same.
  const pools: ClassRows = new Map(
    [...rows.keys()].map((code) => [code, { c_above: 10 * code, c_below: 3 + code, c_soil: 40.5, c_dead: code / 7 }]),
  );
  return {
    fields: new Map(fields),
    tables: new Map([
      ['biophysical', rows],
      ['pools', pools],
    ]),
  };
}
