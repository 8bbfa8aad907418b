/** Two raster files cell by cell, a band of rows at a time. */
import { comparePlanes } from '#ecoflux/core/compare.js';
import { readPlane } from '#ecoflux/io/plane.js';
import { openRaster } from '#ecoflux/io/raster.js';
import { fileSource } from '#ecoflux/node/files.js';

export interface RasterComparison {
  readonly cells: number;
  readonly maxAbsolute: number;
  /** Cells that are further apart than allowed, or nodata in one file only. */
  readonly off: number;
}

const ROWS = 512;

export async function compareRasters(
  first: string,
  second: string,
  tolerance: { readonly rtol: number; readonly atol: number },
): Promise<RasterComparison> {
  const a = await openRaster(await fileSource(first));
  const b = await openRaster(await fileSource(second));
  let [cells, maxAbsolute, off] = [0, 0, 0];
  const { width, height } = a.info.grid;
  for (let y = 0; y < height; y += ROWS) {
    const window = { x: 0, y, width, height: Math.min(ROWS, height - y) };
    const [planeA, planeB] = await Promise.all([a, b].map((raster) => readPlane(raster, window, { type: 'f32' })));
    const part = comparePlanes(planeA, planeB, tolerance);
    cells += part.cells;
    maxAbsolute = Math.max(maxAbsolute, part.maxAbsolute);
    off += part.off + part.nodataDisagreements;
  }
  await Promise.all([a.close(), b.close()]);
  return { cells, maxAbsolute, off };
}
