/** The user's own rasters as planes in memory, for what is computed again and again: small enough, and on one grid. */
import { EcofluxError, type Grid, type Plane } from '../../../src/index.ts';
import type { OwnFile, OwnRaster } from '../own/files.ts';
import type { PagePool } from '../worker-pool.ts';

/** 2048 × 2048. */
const MOST_CELLS = 2 ** 22;
/** Of a cell: what coordinates may be off. */
const CLOSE = 1e-3;

export interface OwnRasters {
  readonly grid: Grid;
  /** By the place that each takes. */
  readonly planes: Readonly<Record<string, Plane>>;
  readonly units: Readonly<Record<string, string | undefined>>;
}

export type ReadOwn = (names: Readonly<Record<string, string>>, files: readonly OwnFile[]) => Promise<OwnRasters>;

/** Each file is read once, in a worker. */
export function ownRasterReader(pool: PagePool): ReadOwn {
  const read = new WeakMap<Blob, Promise<Plane>>();

  function planeOf({ name, blob }: OwnFile, { grid }: OwnRaster, files: readonly OwnFile[]): Promise<Plane> {
    const known = read.get(blob);
    if (known) return known;
    pool.lend(new Map(files.map((file) => [file.name, file.blob])));
    const window = { x: 0, y: 0, width: grid.width, height: grid.height };
    const reading = pool.run<unknown, Plane>('read_plane', { file: name, window, mapping: { type: 'f32' } });
    reading.catch(() => read.delete(blob)); // whoever waits for it hears
    read.set(blob, reading);
    return reading;
  }

  return async (names, files) => {
    const chosen = Object.entries(names).map(([place, name]) => {
      const file = files.find((each) => each.name === name);
      if (!file?.raster)
        throw new EcofluxError('InvalidInput', 'there is no such raster among your files', { file: name });
      return { place, file, raster: file.raster };
    });
    const [first, ...others] = chosen;
    const { grid } = first.raster;
    if (grid.width * grid.height > MOST_CELLS)
      throw new EcofluxError('InvalidInput', 'the raster is too large to be computed again and again', {
        file: first.file.name,
        found: `${grid.width} × ${grid.height} cells`,
        expected: `at most ${MOST_CELLS} cells`,
        fix: 'cut out a part of it, or use the command line, which takes any size',
      });
    for (const { file, raster } of others)
      if (!sameCells(grid, raster.grid))
        throw new EcofluxError('InvalidInput', `it lies on another grid than ${first.file.name}`, {
          file: file.name,
          found: inWords(raster.grid),
          expected: inWords(grid),
          fix: 'bring them to one grid first, with ecoflux warp for instance',
        });
    const planes = await Promise.all(chosen.map(({ file, raster }) => planeOf(file, raster, files)));
    return {
      grid,
      planes: Object.fromEntries(chosen.map(({ place }, i) => [place, planes[i]])),
      units: Object.fromEntries(chosen.map(({ place, raster }) => [place, raster.unit])),
    };
  };
}

function sameCells(a: Grid, b: Grid): boolean {
  const close = (p: number, q: number, cell: number) => Math.abs(p - q) <= CLOSE * cell;
  const known = a.crs.epsg !== undefined && b.crs.epsg !== undefined;
  return (
    a.width === b.width &&
    a.height === b.height &&
    close(a.cellWidth * a.width, b.cellWidth * b.width, a.cellWidth) &&
    close(a.cellHeight * a.height, b.cellHeight * b.height, a.cellHeight) &&
    close(a.west, b.west, a.cellWidth) &&
    close(a.north, b.north, a.cellHeight) &&
    (known ? a.crs.epsg === b.crs.epsg : a.crs.name === b.crs.name)
  );
}

function inWords({ width, height, cellWidth, west, north, crs }: Grid): string {
  const short = (value: number) => String(Number(value.toPrecision(9)));
  return `${width} × ${height} cells of ${short(cellWidth)} from ${short(west)}, ${short(north)} in ${crs.name}`;
}
