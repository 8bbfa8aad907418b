/**
 * Rasters of annual water yield of any size in little time: a sample region of 1024² reflected, so that its blocks come again every four
 * columns and rows. Each of the sixteen is encoded once and written wherever it belongs; to whoever reads them the files are as any others.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid } from '#ecoflux/core/grid.js';
import { tilingOf } from '#ecoflux/core/tiles.js';
import { assemble } from '#ecoflux/io/assemble.js';
import type { RasterDescription } from '#ecoflux/io/raster-writer.js';
import type { EncodeBlockInput, EncodedBlock } from '#ecoflux/io/tasks.js';
import { settle } from '#ecoflux/io/writer-settings.js';
import { fileTarget } from '#ecoflux/node/files.js';
import { regionGrid, regionLayers, type SampleLayer } from '#ecoflux/sample/region.js';
import type { BenchOptions } from './bench.ts';
import { FILES, reflected, YEAR, type YieldInputs } from './inputs.ts';

const REGION = 1024;
const BLOCK = 512;
/** Blocks along an edge of what comes again: the region and its mirror image. */
const PERIOD = (2 * REGION) / BLOCK;

/** In a folder of their own, made anew. */
export async function streamInputs(size: number, options: BenchOptions): Promise<YieldInputs> {
  const folder = join(options.scratch ?? tmpdir(), `ecoflux-stream-${size}`);
  const rasters = Object.fromEntries(Object.entries(FILES).map(([name, file]) => [name, join(folder, file)]));
  const biophysical = join(folder, 'biophysical.csv');
  // Written last, so it tells that the rest is there.
  if (existsSync(biophysical)) return { folder, rasters, biophysical };
  options.log(`making the rasters of ${size} × ${size} cells in ${folder}`);
  await mkdir(folder, { recursive: true });
  const steps = regionLayers({ size: REGION, years: [YEAR], signal: options.signal });
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      await writeFile(biophysical, step.value['biophysical.csv']);
      return { folder, rasters, biophysical };
    }
    const path = rasters[step.value.name];
    if (path) await writeRepeated(path, step.value, size, options);
  }
}

async function writeRepeated(path: string, layer: SampleLayer, size: number, { platform, signal }: BenchOptions) {
  const grid: Grid = { ...regionGrid({ size: REGION }), width: size, height: size };
  const { sampleType, nodata, kind } = layer;
  const description: RasterDescription = {
    grid,
    sampleType,
    nodata,
    kind,
    overviews: false,
    level: 6,
    blockSize: BLOCK,
  };
  const encoding = await settle(path, description);
  const target = fileTarget(path);
  const spool = await target.openSpool();
  const sink = await target.create();
  try {
    const places: { offset: number; size: number }[] = [];
    for (let index = 0; index < PERIOD ** 2; index++) {
      const window = {
        x: (index % PERIOD) * BLOCK,
        y: Math.floor(index / PERIOD) * BLOCK,
        width: BLOCK,
        height: BLOCK,
      };
      const input: EncodeBlockInput = { cells: reflected(layer, REGION, window), encoding, reduce: false };
      const { bytes } = await platform.pool.run<EncodeBlockInput, EncodedBlock>('encode_block', input, { signal });
      places.push({ offset: await spool.append(bytes), size: bytes.length });
    }
    const { columns, count } = tilingOf(grid, BLOCK);
    const place = (index: number) =>
      places[(Math.floor(index / columns) % PERIOD) * PERIOD + ((index % columns) % PERIOD)];
    const offsets = Float64Array.from({ length: count }, (_, index) => place(index).offset);
    const sizes = Float64Array.from({ length: count }, (_, index) => place(index).size);
    const levels = [{ width: size, height: size, offsets, sizes }];
    await assemble({ target, sink, spool, description, encoding, encoded: { levels, statistics: undefined }, signal });
  } finally {
    await spool.dispose();
    await sink.abort();
  }
}
