/**
 * Where the study area lies in a raster: the raster's cells in it, how much of it the raster covers, how large a cell is there. The study
 * area is that of the project, or its whole grid.
 */
import { bounds, cellCount, type Grid, type Window } from '../../core/grid.ts';
import { equalCrs, type Transform, transformBetween } from '../../io/crs/index.ts';
import type { Polygon } from '../../io/vector/layer.ts';
import { rasterize } from '../../io/vector/rasterize.ts';
import { type CellSpans, forEachSpan, spanCells } from '../../io/vector/rasterize-spans.ts';
import { latticeOf, outlineIn, type Point, rectangle, wholeOf, windowAround } from './outline.ts';

/** What a project's grid and area are to its rasters. */
export interface StudyArea {
  readonly grid: Grid;
  /** In the grid's CRS. */
  readonly area?: { readonly polygons: readonly Polygon[] };
  /** The grid's cells in the area. */
  readonly mask?: CellSpans;
}

export interface Placement {
  /** The raster's cells around the study area; undefined where they do not meet. */
  readonly window: Window | undefined;
  /** The raster's cells in the study area; undefined where all cells of the window count. */
  readonly mask: CellSpans | undefined;
  /** Percent of the grid's cells and of the study area's that the raster covers. */
  readonly gridOverlap: number;
  readonly areaOverlap: number;
  /** Of a cell in the middle, in metres. */
  readonly cellMetres: readonly [width: number, height: number] | undefined;
}

/** Of the grid's cells, those in the study area: 0 to 1. */
export function areaShare({ grid, mask }: StudyArea): number {
  return mask ? spanCells(mask) / cellCount(grid) : 1;
}

/** @throws EcofluxError InvalidInput for a CRS that nothing can be brought from */
export async function placeRaster(raster: Grid, study: StudyArea): Promise<Placement> {
  const { grid, area } = study;
  const transform = (await equalCrs(raster.crs, grid.crs)) ? undefined : await transformBetween(grid.crs, raster.crs);
  const polygons = area?.polygons ?? rectangle(grid);
  const outline = transform ? outlineIn(polygons, transform, grid) : polygons;
  const mask = outline && rasterize(outline, raster);
  // A few large cells may have no centre in the area and yet be all that lies there.
  const found = mask !== undefined && mask.starts.length > 1;
  return {
    window: found ? mask.bounds : outline ? windowAround(outline, raster) : wholeOf(raster),
    mask: found ? mask : undefined,
    ...(transform ? overlapsOfLattice(raster, study, transform) : overlaps(raster, study)),
    cellMetres: cellMetres(raster, grid, transform),
  };
}

type Overlaps = Pick<Placement, 'gridOverlap' | 'areaOverlap'>;

/** Every cell by its centre. */
function overlaps(raster: Grid, { grid, mask }: StudyArea): Overlaps {
  const inside = insideOf(raster);
  const columns = axis(grid.width, (i) => inside.x(grid.west + (i + 0.5) * grid.cellWidth));
  const rows = axis(grid.height, (i) => inside.y(grid.north - (i + 0.5) * grid.cellHeight));
  const gridOverlap = (100 * columns.count * rows.count) / cellCount(grid);
  if (!mask) return { gridOverlap, areaOverlap: gridOverlap };
  let covered = 0;
  forEachSpan(mask, { x: columns.first, y: rows.first, width: columns.count, height: rows.count }, (_, from, to) => {
    covered += to - from;
  });
  const cells = spanCells(mask);
  return { gridOverlap, areaOverlap: cells === 0 ? 0 : (100 * covered) / cells };
}

/** The cells along one side for which it holds: they lie together. */
function axis(length: number, holds: (i: number) => boolean): { first: number; count: number } {
  let [first, count] = [0, 0];
  for (let i = 0; i < length; i++) if (holds(i) && count++ === 0) first = i;
  return { first, count };
}

function insideOf(raster: Grid): { x(x: number): boolean; y(y: number): boolean } {
  const { west, south, east, north } = bounds(raster);
  // A centre on the border is inside, however it is rounded.
  const [slackX, slackY] = [raster.cellWidth * 1e-6, raster.cellHeight * 1e-6];
  return {
    x: (x) => x >= west - slackX && x <= east + slackX,
    y: (y) => y >= south - slackY && y <= north + slackY,
  };
}

/** Points along each side at which the overlap is looked at: proj4 takes a microsecond or two for each. */
const LATTICE = 256;

function overlapsOfLattice(raster: Grid, { grid, area, mask }: StudyArea, transform: Transform): Overlaps {
  const share = (around: Window, polygons?: readonly Polygon[]) => {
    const lattice = latticeOf(grid, around, LATTICE);
    const inside = insideOf(raster);
    const spans = rasterize(polygons ?? rectangle(lattice), lattice);
    let covered = 0;
    forEachSpan(spans, wholeOf(lattice), (row, from, to) => {
      for (let column = from; column < to; column++) {
        const x = lattice.west + (column + 0.5) * lattice.cellWidth;
        const y = lattice.north - (row + 0.5) * lattice.cellHeight;
        const point: Point | undefined = transform.forward(x, y);
        if (point && inside.x(point[0]) && inside.y(point[1])) covered++;
      }
    });
    const cells = spanCells(spans);
    return cells === 0 ? 0 : (100 * covered) / cells;
  };
  const gridOverlap = share(wholeOf(grid));
  return { gridOverlap, areaOverlap: area && mask ? share(mask.bounds, area.polygons) : gridOverlap };
}

function cellMetres(raster: Grid, grid: Grid, transform: Transform | undefined): readonly [number, number] | undefined {
  const scale = grid.crs.metresPerUnit;
  if (scale === undefined) return undefined;
  if (!transform) return [raster.cellWidth * scale, raster.cellHeight * scale];
  const { west, south, east, north } = bounds(grid);
  const middle = transform.forward((west + east) / 2, (south + north) / 2);
  if (!middle) return undefined;
  const [x, y] = middle;
  const here = transform.inverse(x, y);
  const right = transform.inverse(x + raster.cellWidth, y);
  const below = transform.inverse(x, y - raster.cellHeight);
  if (!here || !right || !below) return undefined;
  const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]) * scale;
  return [distance(here, right), distance(here, below)];
}
