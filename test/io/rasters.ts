/** Small grids, cells and pools for the tests of the file layer. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { Grid, Window } from '../../src/core/grid.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { memorySource } from '../../src/io/byte-source.ts';
import { openRaster, type Raster } from '../../src/io/raster.ts';
import { ioTasks } from '../../src/io/tasks.ts';

export const UTM50 = { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 } as const;

export function gridOf(width: number, height: number, more: Partial<Grid> = {}): Grid {
  return { width, height, west: 500000, north: 4000000, cellWidth: 30, cellHeight: 30, crs: UTM50, ...more };
}

export const inline = inlinePool(ioTasks);

export function openBytes(bytes: Uint8Array, name = 'test.tif'): Promise<Raster> {
  return openRaster(memorySource(name, bytes));
}

/** Numbers from 0 to 1 that a seed decides (a linear congruential generator, its upper bits). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A hilly plane with a tenth of nodata. */
export function hills(width: number, height: number, seed = 1): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: width * height }, (_, i) => {
    if (random() < 0.1) return NODATA;
    return 100 * Math.sin((i % width) / 9) + 80 * Math.cos(Math.floor(i / width) / 7) + random();
  });
}

/** Patches of `classes` classes, a tenth of nodata. */
export function patches(width: number, height: number, classes: number, seed = 1): Uint32Array {
  const random = seeded(seed);
  return Uint32Array.from({ length: width * height }, (_, i) => {
    if (random() < 0.1) return NODATA_CODE;
    const patch = Math.floor((i % width) / 5) * 7 + Math.floor(i / width / 4) * 3;
    return random() < 0.3 ? Math.floor(random() * classes) : patch % classes;
  });
}

/** The cells of a window of a plane that is `across` cells wide. */
export function cutPlane<P extends Float32Array | Uint32Array>(
  cells: P,
  across: number,
  { x, y, width, height }: Window,
): P {
  const out = cells.slice(0, width * height) as P;
  for (let row = 0; row < height; row++) {
    const from = (y + row) * across + x;
    out.set(cells.subarray(from, from + width), row * width);
  }
  return out;
}

export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
