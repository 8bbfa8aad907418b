/**
 * Rasters, tables and watersheds for models of InVEST at any size: the middle of a sample region, where every cell has a value, reflected until it
 * fills the grid, on fractal terrain in decimetres. Cells of 30 m. Kept in the scratch folder between runs.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plane } from '#ecoflux/core/cells.js';
import type { Grid, Window } from '#ecoflux/core/grid.js';
import { tilesOf, tilingOf } from '#ecoflux/core/tiles.js';
import { createRasterWriter, type RasterDescription } from '#ecoflux/io/raster-writer.js';
import { fileTarget } from '#ecoflux/node/files.js';
import { regionGrid, regionLayers, type SampleLayer } from '#ecoflux/sample/region.js';
import { featureCollection, polygonGeometry } from '#ecoflux/sample/vectors.js';
import type { BenchOptions } from './bench.ts';
import { fractalGround } from './fractal-ground.ts';
import { reflected } from './inputs.ts';

const REGION = 1024;
/** Edge of its middle. */
const MIDDLE = 512;
const TILE = 1024;
const CELL = 30;
const YEARS = [2013, 2023];
/** Watersheds along an edge. */
const PARTS = 4;

/** File of each layer that does not differ between years. */
const FILES: Readonly<Record<string, string>> = {
  et0: 'et0.tif',
  soil_depth: 'soil_depth.tif',
  pawc: 'pawc.tif',
  erosivity: 'erosivity.tif',
  erodibility: 'erodibility.tif',
};
/** Those of years, of the later one; `lulc` of both. */
const YEARLY: Readonly<Record<string, string>> = { lulc: 'lulc.tif', precipitation: 'precip.tif' };

/** Land-cover class by threat. */
const THREATS = { crop: 1, built: 5, unused: 6 } as const;
const THREAT_TABLE = `threat,max_dist,weight,decay,cur_path,fut_path
crop,500,0.5,linear,threat_crop.tif,threat_crop_future.tif
built,10000,1,exponential,threat_built.tif,threat_built_future.tif
unused,1000,0.5,linear,threat_unused.tif,threat_unused_future.tif
`;

/** Resolves to the folder. */
export async function investInputs(size: number, options: BenchOptions): Promise<string> {
  const folder = join(options.scratch ?? tmpdir(), `ecoflux-bench-invest-${size}`);
  // Written last, so it tells that the rest is there.
  const last = join(folder, 'watersheds.geojson');
  if (existsSync(last)) return folder;
  options.log(`making the rasters of ${size} × ${size} cells in ${folder}`);
  await mkdir(folder, { recursive: true });
  const grid: Grid = { ...regionGrid({ size: REGION }), width: size, height: size, cellWidth: CELL, cellHeight: CELL };
  const write = (file: string, description: Layer, planeOf: (window: Window) => Plane) =>
    writeLayer(join(folder, file), { ...description, grid }, planeOf, options);
  await write('dem.tif', QUANTITY, (window) => fractalGround(window, 0.1));
  const tables = await writeRegion(write, options);
  for (const [file, text] of Object.entries(tables)) await writeFile(join(folder, file), text);
  await writeFile(last, watersheds(grid));
  return folder;
}

type Layer = Pick<RasterDescription, 'sampleType' | 'nodata' | 'kind'>;
type Write = (file: string, description: Layer, planeOf: (window: Window) => Plane) => Promise<void>;

const QUANTITY: Layer = { sampleType: 'f32', nodata: -9999, kind: 'quantity' };
const MARKS: Layer = { sampleType: 'u8', nodata: 255, kind: 'classes' };

/** Resolves to the tables. */
async function writeRegion(write: Write, { signal }: BenchOptions): Promise<Record<string, string>> {
  const steps = regionLayers({ size: REGION, years: YEARS, signal });
  for (;;) {
    const step = steps.next();
    if (step.done) return tablesOf(step.value);
    const layer = step.value;
    const file = layer.year === undefined ? FILES[layer.name] : YEARLY[layer.name];
    const future = layer.year === YEARS[1];
    if (!file || (layer.year !== undefined && !future && layer.name !== 'lulc')) continue;
    const cells = middleOf(layer);
    const planeOf = (window: Window) => reflected({ cells }, MIDDLE, window);
    const isLulc = layer.name === 'lulc';
    await write(isLulc && future ? 'lulc_future.tif' : file, layer, planeOf);
    if (!isLulc) continue;
    for (const [threat, code] of Object.entries(THREATS))
      await write(`threat_${threat}${future ? '_future' : ''}.tif`, MARKS, (window) =>
        Uint32Array.from(planeOf(window), (found) => (found === code ? 1 : 0)),
      );
  }
}

async function writeLayer(
  path: string,
  { grid, sampleType, nodata, kind }: Layer & { readonly grid: Grid },
  planeOf: (window: Window) => Plane,
  { platform, signal }: BenchOptions,
): Promise<void> {
  // Level 6 is what GDAL writes unless told otherwise.
  const description = { grid, sampleType, nodata, kind, overviews: false, level: 6 };
  const writer = await createRasterWriter(fileTarget(path), description, { pool: platform.pool, signal });
  for (const window of tilesOf(tilingOf(grid, TILE))) await writer.write(window, planeOf(window));
  await writer.finish();
}

function middleOf({ cells }: SampleLayer): Float32Array | Uint32Array {
  const out = cells.slice(0, MIDDLE * MIDDLE);
  const from = (REGION - MIDDLE) / 2;
  for (let row = 0; row < MIDDLE; row++) {
    const start = (from + row) * REGION + from;
    out.set(cells.subarray(start, start + MIDDLE), row * MIDDLE);
  }
  return out;
}

/** The sample's, threats by raster instead of by class. */
function tablesOf(texts: Readonly<Record<string, string>>): Record<string, string> {
  const sensitivity = texts['sensitivity.csv'].replace('cropland,built_up,unused', Object.keys(THREATS).join(','));
  return {
    'biophysical.csv': texts['biophysical.csv'],
    'carbon_pools.csv': texts['carbon.csv'],
    'sensitivity.csv': sensitivity,
    'threats.csv': THREAT_TABLE,
  };
}

/** Squares that cover the grid. */
function watersheds(grid: Grid): string {
  const { width, height } = grid;
  const features = Array.from({ length: PARTS ** 2 }, (_, i) => {
    const [column, row] = [i % PARTS, Math.floor(i / PARTS)];
    const [x0, x1] = [column, column + 1].map((at) => (at * width) / PARTS);
    const [y0, y1] = [row, row + 1].map((at) => (at * height) / PARTS);
    const ring = [x0, y0, x1, y0, x1, y1, x0, y1];
    return { properties: { ws_id: i + 1 }, geometry: polygonGeometry(grid, [[ring]]) };
  });
  return featureCollection('watersheds', grid, features);
}
