/** Commands of GDAL that bring a raster where it is needed: cures, ready to be pasted. */
import { bounds, type Grid } from '../core/grid.ts';
import { parseCrs, transformBetween } from '../io/crs/index.ts';

/** Of a raster that needs cells in metres: into the UTM zone in which it lies. */
export async function warpToMetres(path: string, grid: Grid, resampling?: 'near'): Promise<string> {
  const zone = (await utmZone(grid)) ?? 'EPSG:<code of the UTM zone of the place>';
  return `gdalwarp ${resampling ? `-r ${resampling} ` : ''}-t_srs ${zone} ${quoted(path)} out.tif`;
}

/** Of a raster that needs the cells of another: onto exactly these, by nearest neighbour. */
export function warpOntoGrid(path: string, grid: Grid): string {
  const { west, south, east, north } = bounds(grid);
  const { epsg } = grid.crs;
  return [
    'gdalwarp -r near',
    ...(epsg === undefined ? [] : [`-t_srs EPSG:${epsg}`]),
    `-te ${west} ${south} ${east} ${north} -ts ${grid.width} ${grid.height} ${quoted(path)} out.tif`,
  ].join(' ');
}

/** "EPSG:32650": the zone of the middle of a grid; undefined where its CRS is not known or the middle has no place on Earth. */
export async function utmZone({ crs, ...grid }: Grid): Promise<string | undefined> {
  if (crs.kind === 'unknown') return undefined;
  const { west, south, east, north } = bounds({ crs, ...grid });
  const { forward } = await transformBetween(crs, await parseCrs('EPSG:4326'));
  const place = forward((west + east) / 2, (south + north) / 2);
  if (!place) return undefined;
  const zone = Math.min(60, Math.floor(((((place[0] + 180) % 360) + 360) % 360) / 6) + 1);
  return `EPSG:${(place[1] < 0 ? 32700 : 32600) + zone}`;
}

/** For a shell: in quotes where it would be taken apart. */
export function quoted(path: string): string {
  return /^[\w./\\:@%+=-]+$/.test(path) ? path : `"${path}"`;
}
