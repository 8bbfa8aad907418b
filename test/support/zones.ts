/** Files of zones for tests: outlines on a small grid, rasters of their numbers. */
import { writeFileSync } from 'node:fs';
import { NODATA_CODE } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { fileTarget } from '../../src/node/files.ts';
import { gridOf, platform } from './statistics-files.ts';

export const ZONES_GRID = gridOf(40, 30, 100);

type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** Outlines in columns and rows of the grid, as a GeoJSON file in its CRS; resolves to its path. */
export function writeOutlines(
  path: string,
  features: readonly [Record<string, unknown>, number[][] | Box | null][],
): string {
  const place = ([x, y]: number[]) => [ZONES_GRID.west + 100 * x, ZONES_GRID.north - 100 * y];
  const ring = (given: number[][] | Box) => {
    if (Array.isArray(given[0])) return (given as number[][]).map(place);
    const [x0, y0, x1, y1] = given as Box;
    return [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
      [x0, y0],
    ].map(place);
  };
  const list = features.map(([properties, outline]) => ({
    type: 'Feature',
    properties,
    geometry: outline && { type: 'Polygon', coordinates: [ring(outline)] },
  }));
  const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32650' } };
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', crs, features: list }));
  return path;
}

/** Two that overlap, and a third. */
export const COUNTIES: readonly [Record<string, unknown>, Box][] = [
  [{ code: 'A', title: 'Anqing' }, [2, 2, 20, 20]],
  [{ code: 'B', title: 'Bozhou' }, [15, 5, 35, 25]],
  [{ code: 'C', title: null }, [0, 26, 40, 30]],
];

/** Bytes, class 4 of which has a name. */
export async function writeNumbers(
  path: string,
  grid: Grid,
  value: (x: number, y: number) => number,
  nodata = 255,
): Promise<void> {
  const cells = Uint32Array.from({ length: grid.width * grid.height }, (_, i) => {
    const code = value(i % grid.width, Math.floor(i / grid.width));
    return code === nodata ? NODATA_CODE : code;
  });
  const description = {
    grid,
    sampleType: 'u8',
    nodata,
    kind: 'classes',
    classNames: { 4: 'hills' },
    overviews: false,
  } as const;
  await writeRaster(fileTarget(path), description, cells, { pool: platform.pool });
}
