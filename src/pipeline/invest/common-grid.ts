/** The grid on which InVEST aligns rasters: what all of them share with the polygons, in whole cells of land cover. */
import { EcofluxError, locate } from '../../core/errors.ts';
import { bounds, describeGrid, type Grid } from '../../core/grid.ts';
import { type Extent, extentIn, intersectionOf } from '../../io/extent.ts';
import { type LayerFile, saysCrs } from '../layers.ts';
import type { Problems } from '../problems.ts';
import type { CheckedArguments } from './argument.ts';
import { inArgument } from './in-argument.ts';

/** A border this near to a line of cells, in cells, lies on it. */
const ON_THE_LINE = 1e-3;

/** Where the file of an argument lies, in the CRS of the first raster; undefined where it has no place there. */
interface Place {
  readonly argument: string;
  readonly file: string;
  readonly extent: Extent | undefined;
  readonly words: string;
}

/**
 * Cells of `home` that the shared extent touches. Each argument that shares nothing with land cover and with those before it is a problem.
 */
export async function commonGrid(
  checked: Pick<CheckedArguments, 'file' | 'origins'>,
  home: LayerFile,
  others: readonly LayerFile[],
  polygons: Omit<Place, 'words'>,
  problems: Problems,
): Promise<Grid> {
  const { grid } = home.info;
  const places = await placesOf(checked, others, grid, problems);
  places.push({ ...polygons, words: polygons.extent ? inWords(polygons.extent) : 'no polygons' });
  const atHome = places.filter(({ extent }) => extent && intersectionOf([bounds(grid), extent]));
  if (atHome.length === 0 && places.length > 1)
    await problems.wait(() => inArgument(checked, home.layer, () => lost(home, places)));
  let shared: Extent = bounds(grid);
  const add = ({ argument, file, extent, words }: Place) =>
    inArgument(checked, argument, () => {
      const both = extent && intersectionOf([shared, extent]);
      if (!both)
        throw new EcofluxError('InvalidInput', 'this does not overlap the other inputs', {
          file,
          found: words,
          expected: `something inside ${inWords(shared)} (${grid.crs.name})`,
          fix: 'check coordinates and CRS, or give data of the same place',
        });
      shared = both;
    });
  if (atHome.length > 0 || places.length === 1) for (const place of places) await problems.wait(() => add(place));
  return gridAround(shared, grid);
}

/** Those that have no place are among the problems. */
async function placesOf(
  checked: Pick<CheckedArguments, 'file' | 'origins'>,
  files: readonly LayerFile[],
  { crs }: Grid,
  problems: Problems,
): Promise<Place[]> {
  const places: Place[] = [];
  for (const { layer, info, path } of files)
    await problems.wait(() =>
      inArgument(checked, layer, async () => {
        if (!saysCrs(info.grid.crs))
          throw new EcofluxError('InvalidInput', 'the raster does not say in which CRS it is', {
            file: path,
            expected: crs.name,
            fix: `say which: gdal_edit.py -a_srs EPSG:${crs.epsg ?? '<code>'} ${path}`,
          });
        const extent = await extentIn(bounds(info.grid), info.grid.crs, crs).catch((error) => {
          throw locate(error, { file: path });
        });
        places.push({ argument: layer, file: path, extent, words: describeGrid(info.grid) });
      }),
    );
  return places;
}

/** One problem of the first raster, rather than one of each of the others. */
function lost({ path, info }: LayerFile, places: readonly Place[]): never {
  throw new EcofluxError('InvalidInput', 'this does not overlap any other input', {
    file: path,
    found: describeGrid(info.grid),
    expected: places.map(({ argument, words }) => `${argument}: ${words}`).join('; '),
    fix: 'check coordinates and CRS, or give data of the same place',
  });
}

function inWords({ west, south, east, north }: Extent): string {
  const [w, e, b, t] = [west, east, south, north].map((value) => Number(value.toPrecision(10)));
  return `x ${w}..${e}, y ${b}..${t}`;
}

function gridAround({ west, south, east, north }: Extent, grid: Grid): Grid {
  const { cellWidth, cellHeight } = grid;
  const first = Math.max(0, Math.floor((west - grid.west) / cellWidth + ON_THE_LINE));
  const last = Math.min(grid.width, Math.ceil((east - grid.west) / cellWidth - ON_THE_LINE));
  const top = Math.max(0, Math.floor((grid.north - north) / cellHeight + ON_THE_LINE));
  const bottom = Math.min(grid.height, Math.ceil((grid.north - south) / cellHeight - ON_THE_LINE));
  return {
    ...grid,
    width: Math.max(1, last - first),
    height: Math.max(1, bottom - top),
    west: grid.west + first * cellWidth,
    north: grid.north - top * cellHeight,
  };
}
