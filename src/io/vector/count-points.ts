/** Points of a vector layer counted by cell of a grid, or a number of each of them summed: cell for cell what `gdal_rasterize -add` burns. */
import type { Geometry } from 'geojson';
import { NODATA } from '../../core/cells.ts';
import { EcofluxError, locate, throwIfAborted } from '../../core/errors.ts';
import type { Crs, Grid, Window } from '../../core/grid.ts';
import { intersect } from '../../core/tiles.ts';
import { equalCrs, transformBetween } from '../crs/index.ts';
import { eachPosition } from './geometry.ts';
import type { VectorFeature, VectorLayer } from './layer.ts';

/** The cells in which points lie; all others of the grid hold 0. */
export interface PointCells {
  /** row · width + column, ascending. */
  readonly cells: Float64Array;
  /** As long as `cells`. */
  readonly values: Float64Array;
  /** On the grid. */
  readonly points: number;
  readonly outside: number;
}

/**
 * A point on the line between two cells belongs to the one south or east of it. Each part of a multipoint is a point. Features without a
 * geometry are passed over.
 * @param field a number of each feature to sum; each point counts 1 when absent
 * @throws EcofluxError InvalidInput for lines and polygons, coordinates and fields that are no numbers, a field that is not there
 */
export async function countPoints(
  layer: VectorLayer,
  grid: Grid,
  { field, signal }: { readonly field?: string; readonly signal?: AbortSignal } = {},
): Promise<PointCells> {
  const { file, crs, features } = layer;
  checkField(layer, field);
  const onGrid = await projector(crs, grid.crs).catch((error) => {
    throw locate(error, { file });
  });
  // Products with 1 / cellWidth, not quotients: see rasterize.ts.
  const [perWidth, perHeight] = [1 / grid.cellWidth, 1 / grid.cellHeight];
  const [x0, y0] = [-grid.west / grid.cellWidth, grid.north / grid.cellHeight];
  const sums = new Map<number, number>();
  let [points, outside] = [0, 0];
  for (const [i, feature] of features.entries()) {
    if (i % 4096 === 0) throwIfAborted(signal);
    if (!feature.geometry) continue;
    const refuse = (what: string, details: Refusal) =>
      new EcofluxError('InvalidInput', what, { file, place: `feature ${i + 1}`, ...details });
    checkPoints(feature.geometry, refuse);
    const weight = field === undefined ? 1 : weightOf(feature, field, refuse);
    eachPosition(feature.geometry, ([x, y]) => {
      if (!Number.isFinite(x) || !Number.isFinite(y))
        throw refuse('a coordinate is not a finite number', { found: `${x}, ${y}`, fix: 'mend the geometry' });
      const place = onGrid(x, y);
      const column = place ? Math.floor(x0 + place[0] * perWidth) : -1;
      const row = place ? Math.floor(y0 - place[1] * perHeight) : -1;
      if (!(column >= 0 && column < grid.width && row >= 0 && row < grid.height)) {
        outside++;
        return;
      }
      points++;
      const cell = row * grid.width + column;
      sums.set(cell, (sums.get(cell) ?? 0) + weight);
    });
  }
  const cells = Float64Array.from(sums.keys()).sort();
  return { cells, values: cells.map((cell) => sums.get(cell)!), points, outside };
}

/** The very same coordinates where nothing is to be done: a point on the line between cells stays there. */
async function projector(from: Crs, to: Crs): Promise<(x: number, y: number) => readonly [number, number] | undefined> {
  if (await equalCrs(from, to)) return (x, y) => [x, y];
  return (await transformBetween(from, to)).forward;
}

interface Refusal {
  readonly found: string;
  readonly expected?: string;
  readonly fix: string;
}

function checkField({ file, fields }: VectorLayer, field: string | undefined): void {
  if (field === undefined || fields.some(({ name }) => name === field)) return;
  throw new EcofluxError('InvalidInput', `the points have no field '${field}'`, {
    file,
    found: fields.map(({ name }) => name).join(', ') || 'no fields',
    fix: 'name one of these, or leave `field` out to count the points',
  });
}

function checkPoints(geometry: Geometry, refuse: (what: string, details: Refusal) => EcofluxError): void {
  if (geometry.type === 'GeometryCollection') for (const each of geometry.geometries) checkPoints(each, refuse);
  else if (geometry.type !== 'Point' && geometry.type !== 'MultiPoint')
    throw refuse('only points are counted in cells', {
      found: geometry.type,
      expected: 'Point or MultiPoint',
      fix: 'give points, or burn the layer into a raster: gdal_rasterize',
    });
}

function weightOf(
  { properties }: VectorFeature,
  field: string,
  refuse: (what: string, details: Refusal) => EcofluxError,
): number {
  const value = properties[field];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw refuse(`field '${field}' is no number`, {
    found: value === null || value === undefined ? 'nothing' : String(value),
    fix: 'mend the value, or leave `field` out to count the points',
  });
}

/** A window of the raster that the cells make; what lies beyond the grid is nodata. Each value is multiplied with `factor`. */
export function pointPlane(
  { cells, values }: PointCells,
  grid: Pick<Grid, 'width' | 'height'>,
  window: Window,
  factor = 1,
): Float32Array {
  const plane = new Float32Array(window.width * window.height).fill(NODATA);
  const inside = intersect(window, { x: 0, y: 0, width: grid.width, height: grid.height });
  if (!inside) return plane;
  for (let row = inside.y; row < inside.y + inside.height; row++) {
    const start = row * grid.width + inside.x;
    const to = (row - window.y) * window.width + inside.x - window.x;
    plane.fill(0, to, to + inside.width);
    for (let k = firstFrom(cells, start); k < cells.length && cells[k] < start + inside.width; k++)
      plane[to + cells[k] - start] = values[k] * factor;
  }
  return plane;
}

/** Index of the first element that is not below `cell`. */
function firstFrom(cells: Float64Array, cell: number): number {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cells[middle] < cell) low = middle + 1;
    else high = middle;
  }
  return low;
}
