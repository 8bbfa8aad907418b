/** Nearest and bilinear resampling between grids of one CRS. A cell of the target looks only at its own place, so the result does not depend on windows. */
import { allocatePlane, NODATA, nodataOf, type Plane } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { describeGrid, type Grid, sameCrs, type Window } from '../core/grid.ts';
import type { ReadOptions } from './byte-source.ts';
import { type PlaneMapping, readAligned } from './plane.ts';
import type { Raster } from './raster.ts';

/** Source cells held at once while a window is made: 64 MiB of f32. */
const MOST_SOURCE_CELLS = 2 ** 24;
/** Added, in cells, where a target centre falls on the border of two source cells: rounding must not decide between them. */
const TIE = 1e-6;

export async function resample(
  raster: Raster,
  window: Window,
  mapping: PlaneMapping,
  { method, grid }: NonNullable<PlaneMapping['resampling']>,
  options: ReadOptions,
): Promise<Plane> {
  const source = raster.info.grid;
  if (!sameCrs(source.crs, grid.crs)) throw differentCrs(raster, grid);
  if (method === 'bilinear' && mapping.type === 'u32') {
    throw new EcofluxError('InvalidConfiguration', 'class codes cannot be interpolated', {
      file: raster.info.name,
      found: 'bilinear resampling of classes',
      fix: "use 'nearest'",
    });
  }
  const { x, y, width, height } = window;
  const xs = sourceCoordinates(x, width, grid.west - source.west, grid.cellWidth, source.cellWidth);
  const ys = sourceCoordinates(y, height, source.north - grid.north, grid.cellHeight, source.cellHeight);
  const out = allocatePlane(mapping.type, width * height).fill(nodataOf(mapping.type));
  const [left, right] = span(xs, 0, width, source.width);
  if (left > right) return out;

  for (let row = 0; row < height; ) {
    let end = row + 1;
    while (end < height && (ys[end] - ys[row] + 3) * (right - left + 1) <= MOST_SOURCE_CELLS) end++;
    const [top, bottom] = span(ys, row, end, source.height);
    if (top <= bottom) {
      const needed = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
      const cells = await readAligned(raster, needed, { ...mapping, resampling: undefined }, options);
      const rows = { from: row, to: end };
      if (method === 'nearest') pickNearest(cells, needed, xs, ys, rows, out);
      else interpolate(cells as Float32Array, needed, xs, ys, rows, out as Float32Array);
    }
    row = end;
  }
  return out;
}

/** Centres of `length` target cells from `first`, in cells of the source. */
function sourceCoordinates(
  first: number,
  length: number,
  shift: number,
  cell: number,
  sourceCell: number,
): Float64Array {
  return Float64Array.from({ length }, (_, i) => (shift + (first + i + 0.5) * cell) / sourceCell);
}

/** First and last source cell that the centres from..to need, neighbours included. */
function span(centres: Float64Array, from: number, to: number, size: number): [number, number] {
  return [Math.max(0, Math.floor(centres[from] - 0.5)), Math.min(size - 1, Math.floor(centres[to - 1] + 0.5 + TIE))];
}

function pickNearest(
  cells: Plane,
  held: Window,
  xs: Float64Array,
  ys: Float64Array,
  rows: { from: number; to: number },
  out: Plane,
): void {
  const width = xs.length;
  const columns = Int32Array.from(xs, (x) => Math.floor(x + TIE) - held.x);
  for (let row = rows.from; row < rows.to; row++) {
    const sourceRow = Math.floor(ys[row] + TIE) - held.y;
    if (sourceRow < 0 || sourceRow >= held.height) continue;
    const start = sourceRow * held.width;
    for (let i = 0; i < width; i++) {
      const column = columns[i];
      if (column >= 0 && column < held.width) out[row * width + i] = cells[start + column];
    }
  }
}

/** Weights of the four nearest centres, renormalised over the valid ones; nodata where the cell that holds the point is nodata. */
function interpolate(
  cells: Float32Array,
  held: Window,
  xs: Float64Array,
  ys: Float64Array,
  rows: { from: number; to: number },
  out: Float32Array,
): void {
  const width = xs.length;
  for (let row = rows.from; row < rows.to; row++) {
    const ownRow = Math.floor(ys[row] + TIE) - held.y;
    if (ownRow < 0 || ownRow >= held.height) continue;
    const y0 = Math.floor(ys[row] - 0.5);
    const wy = ys[row] - 0.5 - y0;
    for (let i = 0; i < width; i++) {
      const ownColumn = Math.floor(xs[i] + TIE) - held.x;
      if (ownColumn < 0 || ownColumn >= held.width || cells[ownRow * held.width + ownColumn] === NODATA) continue;
      const x0 = Math.floor(xs[i] - 0.5);
      const wx = xs[i] - 0.5 - x0;
      let sum = 0;
      let weights = 0;
      for (let corner = 0; corner < 4; corner++) {
        const column = x0 + (corner & 1) - held.x;
        const line = y0 + (corner >> 1) - held.y;
        if (column < 0 || line < 0 || column >= held.width || line >= held.height) continue;
        const value = cells[line * held.width + column];
        if (value === NODATA) continue;
        const weight = (corner & 1 ? wx : 1 - wx) * (corner >> 1 ? wy : 1 - wy);
        sum += weight * value;
        weights += weight;
      }
      out[row * width + i] = weights > 0 ? sum / weights : cells[ownRow * held.width + ownColumn];
    }
  }
}

function differentCrs(raster: Raster, grid: Grid): EcofluxError {
  return new EcofluxError('InvalidInput', 'the raster is in another coordinate reference system', {
    file: raster.info.name,
    found: describeGrid(raster.info.grid),
    expected: grid.crs.name,
    fix: `warp it first: gdalwarp -t_srs ${grid.crs.epsg ? `EPSG:${grid.crs.epsg}` : `'${grid.crs.name}'`}`,
  });
}
