/** Small rasters and folders for the processes of statistics on files. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { TASKS } from '../../src/engine/all-tasks.ts';
import { readPlane } from '../../src/io/plane.ts';
import { openRaster } from '../../src/io/raster.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { fileSource, fileTarget } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { gridOf } from './rasters.ts';

export const platform = { ...nodePlatform(), pool: inlinePool(TASKS, { openSource: fileSource }) };

/** A folder for the tests of a file; `at` names files in it. */
export function workFolder(name: string): (file: string) => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), `ecoflux-${name}-`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (file) => join(folder, file);
}

export function writePlane(path: string, cells: Float32Array, grid: Grid): Promise<unknown> {
  const description = { grid, sampleType: 'f32', nodata: NODATA, kind: 'quantity', overviews: false } as const;
  return writeRaster(fileTarget(path), description, cells, { pool: platform.pool });
}

export async function readCells(path: string, type: 'f32' | 'u32') {
  const source = await fileSource(path);
  try {
    const raster = await openRaster(source);
    const { width, height } = raster.info.grid;
    return { info: raster.info, cells: await readPlane(raster, { x: 0, y: 0, width, height }, { type }) };
  } finally {
    await source.close?.();
  }
}

/** Rows of a CSV file by name of the column. */
export function readRows(path: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
}

export { gridOf };
