/** What is warped: a surface in UTM zone 50N, and the grid of a Chinese Albers projection around its middle, with as many cells as large. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODATA } from '#ecoflux/core/cells.js';
import type { Grid } from '#ecoflux/core/grid.js';
import { tilesOf, tilingOf } from '#ecoflux/core/tiles.js';
import { parseCrs, transformBetween } from '#ecoflux/io/crs/index.js';
import { createRasterWriter } from '#ecoflux/io/raster-writer.js';
import { fileTarget } from '#ecoflux/node/files.js';
import type { BenchOptions } from './bench.ts';
import { rollingGround } from './ground.ts';
import { reflected } from './inputs.ts';

/** Standard parallels and central meridian that maps of China use. */
export const ALBERS = '+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs';
const CELL = 30;
const TILE = 1024;
const LARGEST_GROUND = 2048;

export interface WarpGround {
  readonly size: number;
  readonly source: Grid;
  readonly target: Grid;
  /** Deflated at level 6, predictor 3, blocks of 512: what GDAL writes for a careful user. */
  readonly deflated: string;
  /** The same without compression: read from the system's cache, it costs next to nothing. */
  readonly plain: string;
  /** Largest difference of two neighbouring cells, a step aside or along. */
  readonly steepest: number;
}

export async function warpGround(size: number, options: BenchOptions): Promise<WarpGround> {
  const folder = join(options.scratch ?? tmpdir(), `ecoflux-bench-warp-${size}`);
  await mkdir(folder, { recursive: true });
  const [deflated, plain] = [join(folder, 'deflated.tif'), join(folder, 'plain.tif')];
  const source: Grid = {
    width: size,
    height: size,
    west: 500_000 - (size / 2) * CELL,
    north: 4_000_000 + (size / 2) * CELL,
    cellWidth: CELL,
    cellHeight: CELL,
    crs: await parseCrs('EPSG:32650'),
  };
  const groundSize = Math.min(size, LARGEST_GROUND);
  const cells = rollingGround(groundSize);
  for (const [file, compression] of [
    [deflated, 'deflate'],
    [plain, 'none'],
  ] as const) {
    if (existsSync(file)) continue;
    options.log(`making ${file}`);
    const description = { grid: source, sampleType: 'f32', nodata: NODATA, kind: 'quantity', compression } as const;
    const unfinished = `${file}.part`;
    const { pool } = options.platform;
    const writer = await createRasterWriter(
      fileTarget(unfinished),
      { ...description, level: 6, overviews: false },
      { pool },
    );
    for (const window of tilesOf(tilingOf(source, TILE)))
      await writer.write(window, reflected({ cells }, groundSize, window));
    await writer.finish();
    await rename(unfinished, file);
  }
  return { size, source, target: await albersGrid(source), deflated, plain, steepest: steepest(cells, groundSize) };
}

/** Cells of the same size around the middle of the source. */
async function albersGrid(source: Grid): Promise<Grid> {
  const crs = await parseCrs(ALBERS);
  const { forward } = await transformBetween(source.crs, crs);
  const half = (source.width / 2) * CELL;
  const [x, y] = forward(source.west + half, source.north - half)!;
  const whole = (metres: number) => Math.round(metres / CELL) * CELL;
  return { ...source, west: whole(x - half), north: whole(y + half), crs };
}

function steepest(cells: Float32Array, size: number): number {
  let most = 0;
  for (let i = 0; i + size < cells.length; i++) {
    if (cells[i] === NODATA) continue;
    if (cells[i + 1] !== NODATA && (i + 1) % size !== 0) most = Math.max(most, Math.abs(cells[i + 1] - cells[i]));
    if (cells[i + size] !== NODATA) most = Math.max(most, Math.abs(cells[i + size] - cells[i]));
  }
  return most;
}
