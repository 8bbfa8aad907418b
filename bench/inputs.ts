/**
 * Rasters and table of annual water yield at any size: a sample region of at most 1024², reflected until it fills the grid, so that cells,
 * classes and holes are those of a real map and a large grid costs no more than a small one. Kept in the scratch folder between runs.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocatePlane, type Plane } from '#ecoflux/core/cells.js';
import type { Grid } from '#ecoflux/core/grid.js';
import { tilesOf, tilingOf } from '#ecoflux/core/tiles.js';
import { createRasterWriter } from '#ecoflux/io/raster-writer.js';
import { fileTarget } from '#ecoflux/node/files.js';
import { regionGrid, regionLayers, type SampleLayer } from '#ecoflux/sample/region.js';
import type { BenchOptions } from './bench.ts';

export interface YieldInputs {
  readonly folder: string;
  /** Path by input of the model. */
  readonly rasters: Readonly<Record<string, string>>;
  readonly biophysical: string;
}

/** File of each layer, as the peer script names them. */
export const FILES: Readonly<Record<string, string>> = {
  lulc: 'lulc.tif',
  precipitation: 'precip.tif',
  et0: 'et0.tif',
  soil_depth: 'soil_depth.tif',
  pawc: 'pawc.tif',
};
const LARGEST_REGION = 1024;
export const YEAR = 2023;

export async function yieldInputs(size: number, options: BenchOptions): Promise<YieldInputs> {
  const folder = join(options.scratch ?? tmpdir(), `ecoflux-bench-${size}`);
  const rasters = Object.fromEntries(Object.entries(FILES).map(([name, file]) => [name, join(folder, file)]));
  const biophysical = join(folder, 'biophysical.csv');
  // Written last, so it tells that the rest is there.
  if (!existsSync(biophysical)) {
    options.log(`making the rasters of ${size} × ${size} cells in ${folder}`);
    await mkdir(folder, { recursive: true });
    await writeFile(biophysical, await writeLayers(folder, size, options));
  }
  return { folder, rasters, biophysical };
}

/** Resolves to the class table. */
async function writeLayers(folder: string, size: number, { platform, signal }: BenchOptions): Promise<string> {
  const regionSize = Math.min(size, LARGEST_REGION);
  const grid: Grid = { ...regionGrid({ size: regionSize }), width: size, height: size };
  const steps = regionLayers({ size: regionSize, years: [YEAR], signal });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value['biophysical.csv'];
    const layer = step.value;
    const file = FILES[layer.name];
    if (!file) continue;
    // Level 6 is what GDAL writes unless told otherwise.
    const { sampleType, nodata, kind } = layer;
    const description = { grid, sampleType, nodata, kind, overviews: false, level: 6 };
    const target = fileTarget(join(folder, file));
    const writer = await createRasterWriter(target, description, { pool: platform.pool, signal });
    for (const window of tilesOf(tilingOf(grid, LARGEST_REGION)))
      await writer.write(window, reflected(layer, regionSize, window));
    await writer.finish();
  }
}

/** The layer continued over its edges like in a mirror. */
export function reflected(
  { cells }: Pick<SampleLayer, 'cells'>,
  size: number,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): Plane {
  const out = allocatePlane(cells instanceof Float32Array ? 'f32' : 'u32', width * height);
  const mirror = (at: number) => (Math.floor(at / size) % 2 === 0 ? at % size : size - 1 - (at % size));
  for (let row = 0, o = 0; row < height; row++) {
    const from = mirror(y + row) * size;
    for (let column = 0; column < width; column++) out[o++] = cells[from + mirror(x + column)];
  }
  return out;
}
