/** The grid of a project: that of a layer or raster, one given by numbers, or one derived from where the layers overlap. */
import { withoutSecrets } from '../core/errors.ts';
import { bounds, type Crs, cellArea, describeGrid, type Grid, isMetric } from '../core/grid.ts';
import { equalCrs, parseCrs, transformBetween } from '../io/crs/index.ts';
import { type Extent, extentIn, gridInside, intersectionOf } from '../io/extent.ts';
import { describeFile, type LayerFile } from './layers.ts';
import type { Platform } from './platform.ts';
import { inProject } from './project-checks.ts';
import { fault } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';
import { utmZone } from './warp-command.ts';

/** A hundred times the largest national maps; beyond it somebody mistook the unit. */
const MOST_CELLS = 1e12;

export interface ProjectGrid {
  readonly grid: Grid;
  /** Where it comes from, for the log. */
  readonly origin: string;
}

/** `files`: every layer and year that is a raster. @throws EcofluxError */
export async function gridOf(
  file: ProjectFile,
  platform: Platform,
  files: ReadonlyMap<string, LayerFile>,
): Promise<ProjectGrid> {
  const { grid: wanted } = file.project;
  const layers = [...new Map([...files.values()].map((layer) => [layer.path, layer])).values()];
  if (layers.length === 0 && !('like' in wanted) && !('bounds' in wanted))
    throw fault(file, ['grid'], 'no layer is a raster, whose extent the grid could have', {
      fix: 'say where it lies: grid: { crs: …, resolution: …, bounds: [west, south, east, north] }',
    });
  const found =
    'like' in wanted
      ? await likeRaster(file, platform, files, wanted.like)
      : 'resolution' in wanted
        ? await givenGrid(file, layers, wanted)
        : await derivedGrid(file, layers, wanted);
  return { ...found, grid: checkedGrid(file, found.grid) };
}

async function likeRaster(
  file: ProjectFile,
  platform: Platform,
  files: ReadonlyMap<string, LayerFile>,
  like: string,
): Promise<ProjectGrid> {
  const { years, layers } = file.project;
  if (like in layers) {
    const { info, shown } = files.get(`${like} ${years[0]}`) ?? missing(file, like);
    return { grid: info.grid, origin: `the grid of layer ${like} (${shown})` };
  }
  const shown = like.replaceAll('{year}', String(years[0]));
  const path = platform.relativeTo(file.name, shown);
  const { grid } = await inProject(file, ['grid', 'like'], () => describeFile(platform, path));
  return { grid, origin: `the grid of ${withoutSecrets(shown)}` };
}

function missing(file: ProjectFile, layer: string): never {
  throw fault(file, ['grid', 'like'], `layer '${layer}' holds points, which have no cells`, {
    fix: 'name a layer that is a raster',
  });
}

async function givenGrid(
  file: ProjectFile,
  layers: readonly LayerFile[],
  wanted: { readonly crs: string; readonly resolution: number; readonly bounds?: readonly number[] },
): Promise<ProjectGrid> {
  const crs = await metricCrs(file, wanted.crs);
  const { resolution } = wanted;
  const cell = { cellWidth: resolution, cellHeight: resolution, crs };
  if (!wanted.bounds) {
    const shared = await sharedExtent(file, layers, crs);
    const grid = gridInside(shared, { west: 0, north: 0, ...cell }) ?? noCell(file, ['grid', 'resolution'], resolution);
    return { grid, origin: `cells of ${resolution} where all layers overlap` };
  }
  const [west, south, east, north] = wanted.bounds;
  const [width, height] = [(east - west) / resolution, (north - south) / resolution].map(Math.round);
  if (!(width > 0 && height > 0))
    throw fault(file, ['grid', 'bounds'], 'the bounds have no area', {
      found: wanted.bounds.join(', '),
      expected: 'west, south, east, north',
    });
  const fits = (cells: number, span: number) => Math.abs(span / resolution - cells) < 1e-6 * cells;
  if (!fits(width, east - west) || !fits(height, north - south))
    throw fault(file, ['grid', 'bounds'], 'the bounds are no whole number of cells', {
      found: `${(east - west) / resolution} × ${(north - south) / resolution} cells of ${resolution}`,
      fix: 'change the bounds or the resolution',
    });
  return { grid: { width, height, west, north, ...cell }, origin: 'given by bounds and resolution' };
}

/** Where all layers overlap, with the coarsest or finest of their cells. */
async function derivedGrid(
  file: ProjectFile,
  layers: readonly LayerFile[],
  wanted: { readonly cell: 'coarsest' | 'finest'; readonly crs?: string },
): Promise<ProjectGrid> {
  const crs = wanted.crs
    ? await metricCrs(file, wanted.crs)
    : (layers.find(({ info }) => isMetric(info.grid))?.info.grid.crs ?? (await noMetricCrs(file, layers)));
  const sized = await Promise.all(layers.map(async (layer) => ({ layer, side: await cellIn(layer, crs) })));
  sized.sort((a, b) => (wanted.cell === 'finest' ? a.side - b.side : b.side - a.side));
  const { layer, side } = sized[0];
  const { info, shown } = layer;
  // Another CRS has no lines of cells to follow: whole multiples of a round number instead.
  const rounded = Number(side.toPrecision(2));
  const like = (await equalCrs(info.grid.crs, crs))
    ? { ...info.grid, crs }
    : { west: 0, north: 0, cellWidth: rounded, cellHeight: rounded, crs };
  const grid = gridInside(await sharedExtent(file, layers, crs), like) ?? noCell(file, ['grid'], like.cellWidth);
  return { grid, origin: `where all layers overlap, with the ${wanted.cell} cells, those of ${shown}` };
}

/** Side of a cell in units of another CRS, at the middle of the raster: of the square of its area, for cells may come out turned. */
async function cellIn({ info }: LayerFile, crs: Crs): Promise<number> {
  const { grid } = info;
  if (await equalCrs(grid.crs, crs)) return Math.sqrt(grid.cellWidth * grid.cellHeight);
  const { west, south, east, north } = bounds(grid);
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  const { forward } = await transformBetween(grid.crs, crs);
  const [corner, right, up] = [forward(x, y), forward(x + grid.cellWidth, y), forward(x, y + grid.cellHeight)];
  if (!corner || !right || !up) return Number.NaN;
  return Math.sqrt(
    Math.abs((right[0] - corner[0]) * (up[1] - corner[1]) - (right[1] - corner[1]) * (up[0] - corner[0])),
  );
}

async function sharedExtent(file: ProjectFile, layers: readonly LayerFile[], crs: Crs): Promise<Extent> {
  const extents: Extent[] = [];
  for (const { info, path } of layers) {
    const extent = await extentIn(bounds(info.grid), info.grid.crs, crs);
    const shared = extent && intersectionOf([...extents, extent]);
    if (!shared)
      throw fault(file, ['grid'], 'the layers do not overlap', {
        found: `${path}: ${describeGrid(info.grid)}`,
        fix: 'check its coordinates and CRS, or give a raster of the same place',
      });
    extents.push(extent);
  }
  return intersectionOf(extents)!;
}

function noCell(file: ProjectFile, path: readonly string[], side: number): never {
  throw fault(file, path, 'not one cell fits where the layers overlap', {
    found: `cells of ${side}`,
    fix: 'choose a finer resolution',
  });
}

/** Amounts need areas: the UTM zone of the place is the usual choice. */
async function noMetricCrs(file: ProjectFile, layers: readonly LayerFile[]): Promise<never> {
  const grids = layers.map(({ info }) => info.grid);
  const place = grids.find(({ crs }) => crs.kind === 'geographic');
  const zone = place && (await utmZone(place));
  throw fault(file, ['grid'], 'no layer has a projected CRS, and amounts per cell need areas in metres', {
    found: grids[0]?.crs.name,
    fix: `name one: grid: { crs: ${zone ?? 'EPSG:<code>'}, resolution: <metres> }`,
  });
}

async function metricCrs(file: ProjectFile, text: string): Promise<Crs> {
  const crs = await inProject(file, ['grid', 'crs'], () => parseCrs(text));
  return checkMetric(file, crs);
}

/** Amounts per cell need cells of one area. */
function checkMetric(file: ProjectFile, crs: Crs): Crs {
  if (isMetric({ crs })) return crs;
  throw fault(
    file,
    ['grid'],
    'the grid needs a projected CRS: supply and demand are amounts per cell, so cells need an area in metres',
    { found: crs.name, fix: 'name one: grid: { crs: EPSG:<code of the UTM zone of the place>, resolution: <metres> }' },
  );
}

function checkedGrid(file: ProjectFile, grid: Grid): Grid {
  const { width, height, crs } = grid;
  checkMetric(file, crs);
  if (width * height > MOST_CELLS)
    throw fault(file, ['grid'], 'the grid has more cells than can be computed', {
      found: `${width} × ${height} of ${Number(Math.sqrt(cellArea(grid)).toPrecision(6))} m`,
      expected: `at most ${MOST_CELLS} cells`,
      fix: 'choose a coarser resolution; it is in units of the CRS, most often metres',
    });
  return grid;
}
