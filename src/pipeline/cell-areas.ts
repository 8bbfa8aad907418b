/** Whether cells have the area that their sides say. In Mercator they have not: amounts per cell, densities times that area, come out too large. */
import { bounds, cellArea, type Grid, isMetric } from '../core/grid.ts';
import { parseCrs, transformBetween } from '../io/crs/index.ts';
import type { Finding } from './preflight/types.ts';
import { utmZone } from './warp-command.ts';

/** UTM and Gauss-Krüger zones stay within 0.3 % on their own ground. */
const NOTEWORTHY = 0.02;

/** WGS 84: half the long axis in metres, and the eccentricity squared. */
const AXIS = 6378137;
const ECCENTRICITY = 0.00669437999014;

/** A finding for a grid whose cells are larger or smaller on the ground than their sides say; undefined where they fit or nothing is known. */
export async function areaFinding(grid: Grid): Promise<Finding | undefined> {
  if (!isMetric(grid) || grid.crs.kind === 'unknown') return undefined;
  const ratio = await furthestRatio(grid);
  if (ratio === undefined || Math.abs(ratio - 1) < NOTEWORTHY) return undefined;
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  const zone = (await utmZone(grid)) ?? 'EPSG:<code of the UTM zone of the place>';
  return {
    level: 'warning',
    about: 'grid',
    what: `this projection makes cells up to ${percent} % ${ratio > 1 ? 'larger' : 'smaller'} than they are, and amounts per cell with them`,
    found: grid.crs.name,
    expected: 'a projection that keeps areas',
    fix: `compute in the UTM zone of the place, or an equal-area projection: grid: { crs: ${zone}, resolution: <metres> }`,
  };
}

/** Area by the sides over area on the ground, where it differs most of nine places; undefined where none is on Earth. */
async function furthestRatio(grid: Grid): Promise<number | undefined> {
  const { forward } = await transformBetween(grid.crs, await parseCrs('EPSG:4326'));
  const { west, south, east, north } = bounds(grid);
  const ratios = [0, 0.5, 1].flatMap((across) =>
    [0, 0.5, 1].flatMap((down) => {
      const area = areaAt(west + across * (east - west), south + down * (north - south), grid, forward);
      return area ? [cellArea(grid) / area] : [];
    }),
  );
  return ratios.sort((a, b) => Math.abs(Math.log(b)) - Math.abs(Math.log(a)))[0];
}

/** Square metres on the ellipsoid of a cell with a corner at x, y. */
function areaAt(
  x: number,
  y: number,
  { cellWidth, cellHeight }: Grid,
  forward: (x: number, y: number) => [number, number] | undefined,
): number | undefined {
  const [corner, right, up] = [forward(x, y), forward(x + cellWidth, y), forward(x, y + cellHeight)];
  if (!corner || !right || !up) return undefined;
  const sine = Math.sin((corner[1] * Math.PI) / 180);
  const root = Math.sqrt(1 - ECCENTRICITY * sine * sine);
  const perLongitude = (AXIS / root) * Math.sqrt(1 - sine * sine);
  const perLatitude = (AXIS * (1 - ECCENTRICITY)) / root ** 3;
  const [a, b] = [right, up].map(([longitude, latitude]) => {
    const turn = ((longitude - corner[0] + 540) % 360) - 180;
    return [((turn * Math.PI) / 180) * perLongitude, (((latitude - corner[1]) * Math.PI) / 180) * perLatitude];
  });
  return Math.abs(a[0] * b[1] - a[1] * b[0]);
}
