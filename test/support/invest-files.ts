/** Argument files of InVEST for tests: those of the reference cases, and a small case of our own to break. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { Grid } from '../../src/core/grid.ts';
import type { RasterDescription } from '../../src/io/raster-writer.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { fileTarget } from '../../src/node/files.ts';
import { investModel } from '../../src/pipeline/invest/models.ts';
import { type InvestRequest, type InvestRun, runInvest } from '../../src/pipeline/invest/run-invest.ts';
import type { Platform } from '../../src/pipeline/platform.ts';
import type { RunOptions } from '../../src/pipeline/run-project.ts';
import { investRun } from './invest.ts';
import { gridOf } from './rasters.ts';

export type Args = Record<string, unknown>;

/** The arguments of a reference run, its paths relative to the folder in which the file is to stand. */
export function referenceArgs(folder: string, model: string, to: string): Args {
  const { args } = investRun(folder, model);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      name.endsWith('_path') ? relative(to, join(folder, String(value))) : value,
    ]),
  );
}

export function writeArgs(dir: string, args: unknown, name = 'args.json'): string {
  const file = join(dir, name);
  writeFileSync(file, typeof args === 'string' ? args : JSON.stringify(args, undefined, 2));
  return file;
}

export interface RunWith extends Partial<Omit<InvestRequest, 'invest' | 'file'>> {
  readonly options?: RunOptions;
}

/** Runs the model into `dir/out` on the CPU, and gives what was logged too. */
export async function runModelOf(
  platform: Platform,
  model: string,
  dir: string,
  args: unknown,
  { options, ...request }: RunWith = {},
): Promise<InvestRun & { readonly log: readonly string[]; readonly out: string }> {
  const log: string[] = [];
  const out = request.workspace ?? join(dir, 'out');
  const run = await runInvest(
    { invest: investModel(model), file: writeArgs(dir, args), workspace: out, ...request },
    platform,
    { device: 'cpu', memory: 1e9, log: (line) => log.push(line), ...options },
  );
  return { ...run, log, out };
}

/** An empty folder before each test of the file, removed after it; the pool is closed at the end. */
export function freshFolders(platform: Platform, take: (dir: string) => void): void {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ecoflux-invest-'));
    take(dir);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  afterAll(() => platform.pool.close());
}

/** The message of a run that must fail, and leave nothing in its folder. */
export async function failureOf(run: Promise<unknown>, dir: string): Promise<string> {
  const error = await run.then(
    () => expect.unreachable('the run should have failed'),
    (reason: Error) => reason,
  );
  expect(readdirSync(dir).filter((name) => name.startsWith('out'))).toEqual([]);
  expect((error as Error & { code?: string }).code, String((error as Error).stack)).not.toBe('Bug');
  return (error as Error).message;
}

/** 12 × 10 cells of 100 m. */
export const SMALL = gridOf(12, 10, 100);

export type CellValue = (x: number, y: number) => number;

/** Writes a raster; classes are bytes with nodata 255, quantities float32 with nodata −9999. */
export async function writeCells(
  platform: Platform,
  file: string,
  value: CellValue,
  { grid: part, ...change }: { grid?: Partial<Grid> } & Partial<Omit<RasterDescription, 'grid'>> = {},
): Promise<void> {
  const grid = { ...SMALL, ...part };
  const classes = (change.kind ?? 'quantity') === 'classes';
  const cells = classes ? new Uint32Array(grid.width * grid.height) : new Float32Array(grid.width * grid.height);
  for (let y = 0, i = 0; y < grid.height; y++) for (let x = 0; x < grid.width; x++, i++) cells[i] = value(x, y);
  const type = classes ? ({ sampleType: 'u8', nodata: 255 } as const) : ({ sampleType: 'f32', nodata: -9999 } as const);
  await writeRaster(fileTarget(file), { grid, kind: 'quantity', ...type, ...change }, cells, { pool: platform.pool });
}

export const POOLS = 'lucode,c_above,c_below,c_soil,c_dead\n1,10,5,100,1\n2,50,20,150,4\n3,0,0,30,0\n';

/** Two land covers and the pools; returns the arguments. */
export async function smallCarbon(platform: Platform, dir: string): Promise<Args> {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const cover: CellValue = (x, y) => (x === 11 && y === 9 ? 0xffffffff : 1 + ((x + y) % 3));
  await writeCells(platform, join(data, 'lulc.tif'), cover, { kind: 'classes' });
  await writeCells(platform, join(data, 'lulc_alt.tif'), (x, y) => (x < 3 ? 3 : cover(x, y)), { kind: 'classes' });
  writeFileSync(join(data, 'pools.csv'), POOLS);
  return {
    lulc_bas_path: 'data/lulc.tif',
    lulc_alt_path: 'data/lulc_alt.tif',
    carbon_pools_path: 'data/pools.csv',
    calc_sequestration: true,
    do_valuation: true,
    lulc_bas_year: 2000,
    lulc_alt_year: 2010,
    price_per_metric_ton_of_c: 40,
    discount_rate: 7,
    rate_change: 1.5,
  };
}

/** A rectangle in columns and rows of SMALL, as a ring of its coordinates. */
export function rectangle(from: number, top: number, to: number, bottom: number): [number, number][] {
  const [w, e] = [from, to].map((column) => SMALL.west + column * SMALL.cellWidth);
  const [n, s] = [top, bottom].map((row) => SMALL.north - row * SMALL.cellHeight);
  return [
    [w, n],
    [w, s],
    [e, s],
    [e, n],
    [w, n],
  ];
}

export interface Polygon {
  readonly ring: readonly (readonly [number, number])[];
  readonly properties: Args;
}

/** GeoJSON in the CRS of SMALL, which the member of the old specification names. */
export function polygonFile(polygons: readonly Polygon[], crs = 'urn:ogc:def:crs:EPSG::32650'): string {
  const features = polygons.map(({ ring, properties }) => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Polygon', coordinates: [ring] },
  }));
  return JSON.stringify({
    type: 'FeatureCollection',
    crs: { type: 'name', properties: { name: crs } },
    features,
  });
}

/** The wide case: forest west, water east; root depth of water is empty, as InVEST lets it be. */
export const BIOPHYSICAL = 'LULC_desc,lucode,LULC_veg,root_depth,Kc\nforest,1,1,1500,0.9\nwater,2,0,,1.1\n';

/** Land cover, climate, soils and two watersheds: columns 0 to 6 and 6 to 12; returns the arguments. */
export async function smallWater(platform: Platform, dir: string): Promise<Args> {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const rasters: [string, CellValue][] = [
    ['precip', (x, y) => (x === 2 && y === 2 ? -9999 : 1000 + 10 * x + y)],
    ['eto', (x, y) => 800 + x - y],
    ['soil', (x) => 900 + 20 * x],
    ['pawc', (_, y) => 0.1 + 0.01 * y],
  ];
  await writeCells(platform, join(data, 'lulc.tif'), (x) => (x < 6 ? 1 : 2), { kind: 'classes' });
  for (const [name, value] of rasters) await writeCells(platform, join(data, `${name}.tif`), value);
  writeFileSync(join(data, 'biophysical.csv'), BIOPHYSICAL);
  writeFileSync(
    join(data, 'watersheds.geojson'),
    polygonFile([
      { ring: rectangle(0, 0, 6, 10), properties: { ws_id: 7, name: 'west, "upper"' } },
      { ring: rectangle(6, 0, 12, 10), properties: { ws_id: 3, name: null } },
    ]),
  );
  return {
    lulc_path: 'data/lulc.tif',
    precipitation_path: 'data/precip.tif',
    eto_path: 'data/eto.tif',
    depth_to_root_rest_layer_path: 'data/soil.tif',
    pawc_path: 'data/pawc.tif',
    watersheds_path: 'data/watersheds.geojson',
    biophysical_table_path: 'data/biophysical.csv',
    seasonality_constant: 6,
  };
}

/** Of SDR and NDR together: cropland west, forest east; water is in the table and not on the map. */
export const ROUTED_TABLE = [
  'lucode,usle_c,usle_p,load_type_n,load_n,eff_n,crit_len_n,proportion_subsurface_n,load_type_p,load_p,eff_p,crit_len_p',
  '1,0.1,0.5,application-rate,46,0.35,100,0.25,application-rate,7,0.3,110',
  '2,0.02,1,measured-runoff,2,0.75,300,0.1,measured-runoff,0.1,0.7,280',
  '3,0,0,measured-runoff,1,0.05,15,0,measured-runoff,0.05,0.05,15',
  '',
].join('\n');

/** Falls to a valley in the middle, and along it to the south. */
export const VALLEY: CellValue = (x, y) => 100 + 10 * Math.abs(x - 5) - 2 * y + ((3 * x + 5 * y) % 4) / 8;

/** A DEM, what SDR and NDR need beside it, and two watersheds: columns 0 to 6 and 6 to 12; returns the arguments of both models. */
export async function smallRouted(platform: Platform, dir: string): Promise<{ sdr: Args; ndr: Args }> {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const rasters: [string, CellValue][] = [
    ['dem', VALLEY],
    ['erosivity', (x, y) => 2000 + 10 * x + y],
    ['erodibility', (x) => 0.02 + 0.001 * x],
    ['precip', (x, y) => 900 + 10 * x - 5 * y],
  ];
  await writeCells(platform, join(data, 'lulc.tif'), (x) => (x < 6 ? 1 : 2), { kind: 'classes' });
  for (const [name, value] of rasters) await writeCells(platform, join(data, `${name}.tif`), value);
  writeFileSync(join(data, 'biophysical.csv'), ROUTED_TABLE);
  const polygons = [
    { ring: rectangle(0, 0, 6, 10), properties: { name: 'west' } },
    { ring: rectangle(6, 0, 12, 10), properties: { name: 'east' } },
  ];
  writeFileSync(join(data, 'watersheds.geojson'), polygonFile(polygons));
  const both = {
    dem_path: 'data/dem.tif',
    lulc_path: 'data/lulc.tif',
    watersheds_path: 'data/watersheds.geojson',
    biophysical_table_path: 'data/biophysical.csv',
    threshold_flow_accumulation: 8,
    flow_dir_algorithm: 'D8',
    k_param: 2,
  };
  return {
    sdr: {
      ...both,
      erosivity_path: 'data/erosivity.tif',
      erodibility_path: 'data/erodibility.tif',
      sdr_max: 0.8,
      ic_0_param: 0.5,
      l_max: 122,
    },
    ndr: {
      ...both,
      runoff_proxy_path: 'data/precip.tif',
      calc_n: true,
      calc_p: true,
      subsurface_critical_length_n: 200,
      subsurface_eff_n: 0.8,
    },
  };
}
