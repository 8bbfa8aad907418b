/** Where a layer lies and how fine it is against the grid: overlap, cell sizes, years that differ. Pure. */
import { cellCount, type Grid } from '../../core/grid.ts';
import type { Resampling } from '../../core/warp.ts';
import type { Finding, LayerCheck } from './types.ts';
import { percent } from './value-findings.ts';

const FINER = 2; // cells of the file across one of the grid, from which interpolation passes some of them over
const COARSER = 2;
const BLOCKY = 10; // cells of the grid across one of the file: its squares show in every map

/** @param line the line of the project for the layer with another resampling */
export function placeFindings(
  check: LayerCheck,
  grid: Grid,
  hasArea: boolean,
  line: (change: { readonly resampling: Resampling }) => string,
): Finding[] {
  return [...overlapFindings(check, grid, hasArea), ...cellFindings(check, grid, line)];
}

function overlapFindings(
  { layer, file, gridOverlap, areaOverlap }: LayerCheck,
  grid: Grid,
  hasArea: boolean,
): Finding[] {
  const about = { about: layer, file };
  const place = hasArea ? 'study area' : 'grid';
  if (areaOverlap === 0)
    return [
      {
        ...about,
        level: 'error',
        what: `the raster does not overlap the ${place}`,
        found: `overlap 0 % of the ${place}, ${percent(gridOverlap)} of the grid`,
        fix: 'check its coordinates and its CRS, or give a raster of the same place',
      },
    ];
  const without = Math.round(((100 - gridOverlap) / 100) * cellCount(grid));
  if (areaOverlap < 100)
    return [
      {
        ...about,
        level: 'warning',
        what: `the raster covers ${percent(areaOverlap)} of the ${place}`,
        found: hasArea
          ? `${percent(gridOverlap)} of the grid`
          : `${without} of ${cellCount(grid)} cells will be nodata in every result that needs it`,
        fix: hasArea
          ? 'give a raster that covers the area, or draw the area smaller (area: boundary.geojson)'
          : `give a raster that covers the grid, or take the part that all layers cover (grid: { extent: intersection })`,
      },
    ];
  if (gridOverlap < 100)
    return [
      {
        ...about,
        level: 'note',
        what: `the raster covers the study area and ${percent(gridOverlap)} of the grid`,
      },
    ];
  return [];
}

function cellFindings(
  { layer, file, cellMetres, resampling, kind }: LayerCheck,
  grid: Grid,
  line: (change: { readonly resampling: Resampling }) => string,
): Finding[] {
  if (!cellMetres) return [];
  const scale = grid.crs.metresPerUnit ?? 1;
  const own = Math.sqrt(grid.cellWidth * grid.cellHeight) * scale;
  const theirs = Math.sqrt(cellMetres[0] * cellMetres[1]);
  const ratio = theirs / own;
  const about = { about: layer, file };
  const sizes = { found: `cells of ${metres(theirs)}`, expected: `about the ${metres(own)} of the grid` };
  const times = (value: number) => `${Number(value.toPrecision(2))} times`;
  if (ratio > COARSER * 1.01)
    return [
      {
        ...about,
        level: ratio > BLOCKY ? 'warning' : 'note',
        what: `its cells are ${times(ratio)} coarser than those of the grid: details below ${metres(theirs)} are not there`,
        ...sizes,
        fix: `compute on a coarser grid (grid: { like: ${file} }), or give a finer raster`,
      },
    ];
  const passesOver = resampling === 'nearest' || resampling === 'bilinear' || resampling === 'cubic';
  if (ratio >= 1 / (FINER * 1.01) || !passesOver) return [];
  const method = kind === 'classes' ? 'mode' : 'average';
  return [
    {
      ...about,
      level: 'warning',
      what: `its cells are ${times(1 / ratio)} finer than those of the grid, and ${resampling} resampling looks at few of them`,
      ...sizes,
      fix: line({ resampling: method }),
    },
  ];
}

function metres(value: number): string {
  return value >= 1000 ? `${Number((value / 1000).toPrecision(3))} km` : `${Number(value.toPrecision(3))} m`;
}
