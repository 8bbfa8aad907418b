/** The fixtures of shared/reference/stats, where they are present. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { readPlane } from '../../src/io/plane.ts';
import { openRaster } from '../../src/io/raster.ts';
import { fileSource } from '../../src/node/files.ts';
import { REFERENCE } from './invest.ts';

const FOLDER = join(REFERENCE, 'stats');

/** A `describe` that needs the fixtures: they are not part of the repository. */
export function describeWithStatistics(title: string, body: () => void): void {
  if (existsSync(FOLDER)) describe(title, body);
  else describe.skip(`${title} (skipped: no fixtures beside the checkout)`, body);
}

// biome-ignore lint/suspicious/noExplicitAny: each file has a form of its own
export function statisticsJson(name: string): any {
  return existsSync(FOLDER) ? JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) : {};
}

export async function bandsOf(name: string): Promise<{ planes: Float32Array[]; width: number; height: number }> {
  const source = await fileSource(join(FOLDER, name));
  try {
    const raster = await openRaster(source);
    const { width, height } = raster.info.grid;
    const window = { x: 0, y: 0, width, height };
    const planes: Float32Array[] = [];
    for (let band = 1; band <= raster.info.bands; band++)
      planes.push((await readPlane(raster, window, { type: 'f32', band })) as Float32Array);
    return { planes, width, height };
  } finally {
    await source.close?.();
  }
}

/** Rows of the cells that have a value in every plane, in row-major order. */
export function rowsOf(planes: readonly Float32Array[]): { features: number; values: Float64Array; cells: number[] } {
  const cells = Array.from(planes[0].keys()).filter((i) => planes.every((plane) => plane[i] !== NODATA));
  const values = Float64Array.from(cells.flatMap((i) => planes.map((plane) => plane[i])));
  return { features: planes.length, values, cells };
}
