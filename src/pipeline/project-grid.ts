/** The grid that a project asks for: that of a raster, or one given by numbers. */
import { type Crs, type Grid, isMetric } from '../core/grid.ts';
import { describeFile, type LayerFile } from './layers.ts';
import type { Platform } from './platform.ts';
import type { ProjectFile } from './project-file.ts';
import { fault } from './service-models.ts';

/** A hundred times the largest national maps; beyond it somebody mistook the unit. */
const MOST_CELLS = 1e12;

export async function gridOf(
  file: ProjectFile,
  platform: Platform,
  files: ReadonlyMap<string, LayerFile>,
): Promise<Grid> {
  const { grid } = file.project;
  if ('like' in grid) {
    const { grid: like } = await describeFile(
      platform,
      platform.relativeTo(file.name, grid.like.replaceAll('{year}', String(file.project.years[0]))),
    );
    return checkedGrid(file, like);
  }
  const epsg = Number(grid.crs.split(':')[1]);
  const crs: Crs | undefined = [...files.values()].find(({ info }) => info.grid.crs.epsg === epsg)?.info.grid.crs;
  if (!crs)
    throw fault(file, ['grid', 'crs'], 'no layer is in this CRS', {
      found: grid.crs,
      fix: 'use the CRS of the layers, or reproject them',
    });
  const [west, south, east, north] = grid.bounds;
  const [width, height] = [(east - west) / grid.resolution, (north - south) / grid.resolution].map(Math.round);
  if (!(width > 0 && height > 0))
    throw fault(file, ['grid', 'bounds'], 'the bounds have no area', {
      found: grid.bounds.join(', '),
      expected: 'west, south, east, north',
    });
  const fits = (cells: number, span: number) => Math.abs(span / grid.resolution - cells) < 1e-6 * cells;
  if (!fits(width, east - west) || !fits(height, north - south))
    throw fault(file, ['grid', 'bounds'], 'the bounds are no whole number of cells', {
      found: `${(east - west) / grid.resolution} × ${(north - south) / grid.resolution} cells of ${grid.resolution}`,
      fix: 'change the bounds or the resolution',
    });
  if (width * height > MOST_CELLS)
    throw fault(file, ['grid', 'resolution'], 'the grid has more cells than can be computed', {
      found: `${width} × ${height}`,
      expected: `at most ${MOST_CELLS} cells`,
      fix: 'choose a coarser resolution; it is in units of the CRS, most often metres',
    });
  return checkedGrid(file, {
    width,
    height,
    west,
    north,
    cellWidth: grid.resolution,
    cellHeight: grid.resolution,
    crs,
  });
}

/** Amounts per cell need cells of one area. */
function checkedGrid(file: ProjectFile, grid: Grid): Grid {
  if (isMetric(grid)) return grid;
  throw fault(
    file,
    ['grid'],
    'the grid needs a projected CRS: supply and demand are amounts per cell, so cells need an area in metres',
    { found: grid.crs.name, fix: 'reproject the layers to a projected CRS, such as the UTM zone of the place' },
  );
}
