/** The grid on which InVEST aligns rasters: what all of them share with the polygons, in whole cells of land cover. */
import { EcofluxError, locate } from '../../core/errors.ts';
import { bounds, describeGrid, type Grid } from '../../core/grid.ts';
import { type Extent, extentIn, intersectionOf } from '../../io/extent.ts';
import type { LayerFile } from '../layers.ts';
import type { Problems } from '../problems.ts';
import type { CheckedArguments } from './argument.ts';
import { inArgument } from './in-argument.ts';

/** A border this near to a line of cells, in cells, lies on it. */
const ON_THE_LINE = 1e-3;

/** Where the file of an argument lies, in the CRS of land cover; undefined where it has no place there. */
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
  checked: Pick<CheckedArguments, 'file'>,
  home: LayerFile,
  others: readonly LayerFile[],
  polygons: Omit<Place, 'words'>,
  problems: Problems,
): Promise<Grid> {
  const { grid } = home.info;
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
  for (const { layer, info, path } of others)
    await problems.wait(async () => {
      const extent = await inArgument(checked, layer, () =>
        extentIn(bounds(info.grid), info.grid.crs, grid.crs).catch((error) => {
          throw locate(error, { file: path });
        }),
      );
      await add({ argument: layer, file: path, extent, words: describeGrid(info.grid) });
    });
  await problems.wait(() => add({ ...polygons, words: polygons.extent ? inWords(polygons.extent) : 'no polygons' }));
  return gridAround(shared, grid);
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
