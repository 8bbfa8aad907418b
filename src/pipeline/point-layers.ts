/** Layers whose file holds points instead of cells: on the grid of the project they are a raster of how many lie in each cell. */
import { EcofluxError } from '../core/errors.ts';
import type { Grid, Window } from '../core/grid.ts';
import type { InputSpec } from '../core/model.ts';
import { divide, parseUnit, sameDimensions } from '../core/quantity.ts';
import { parseCrs } from '../io/crs/index.ts';
import type { RasterInfo } from '../io/raster.ts';
import { countPoints, pointPlane } from '../io/vector/count-points.ts';
import type { VectorLayer } from '../io/vector/layer.ts';
import { isVector, readVector } from '../io/vector/read.ts';
import type { LayerFile, LayerOptions } from './layers.ts';
import type { Platform } from './platform.ts';

export interface CountedPoints {
  /** A number of each point that is summed; points are counted without one. */
  readonly field?: string;
  /** For the log. */
  readonly words: string;
  /** Cells of the grid; beyond it nodata. */
  read(window: Window, factor?: number): Float32Array;
}

const HEAD = 1024;

/** The vector layer in a file, undefined where it is no vector file. @throws EcofluxError as `readVector` does */
export async function readPointFile(
  platform: Platform,
  path: string,
  {
    crs,
    warn,
    signal,
  }: { readonly crs?: string; readonly warn?: (text: string) => void; readonly signal?: AbortSignal },
): Promise<VectorLayer | undefined> {
  const source = await platform.openSource(path);
  try {
    if (!isVector(await source.fetch(0, Math.min(HEAD, source.size), { signal }))) return undefined;
  } finally {
    await source.close?.();
  }
  const layer = await readVector(path, { openSource: platform.openSource, warn, signal });
  return crs === undefined ? layer : { ...layer, crs: await parseCrs(crs) };
}

/**
 * Points as a raster on a grid.
 * @throws EcofluxError InvalidInput where none lies on the grid, and as `countPoints` does; InvalidConfiguration for options of rasters
 */
export async function countOnGrid(
  file: Pick<LayerFile, 'layer' | 'path' | 'shown' | 'year'>,
  vector: VectorLayer,
  grid: Grid,
  options: LayerOptions,
  signal?: AbortSignal,
): Promise<LayerFile> {
  const { path } = file;
  for (const option of ['band', 'nodata', 'resampling'] as const)
    if (options[option] !== undefined)
      throw new EcofluxError('InvalidConfiguration', `'${option}' is for rasters, and the layer is a file of points`, {
        file: path,
        fix: `leave ${option} out`,
      });
  const { field } = options;
  const counted = await countPoints(vector, grid, { field, signal });
  const { points, outside } = counted;
  if (points === 0)
    throw new EcofluxError('InvalidInput', 'no point lies on the grid', {
      file: path,
      found: `${outside} points outside of it, in ${vector.crs.name}`,
      expected: `points in ${grid.crs.name} or what can be brought to it`,
      fix: 'check the coordinates and their CRS',
    });
  const what =
    field === undefined ? `${points} points counted by cell` : `'${field}' of ${points} points summed by cell`;
  const words = outside === 0 ? what : `${what}; ${outside} outside of the grid left out`;
  const read = (window: Window, factor?: number) => pointPlane(counted, grid, window, factor);
  return { ...file, info: infoOf(path, grid), points: { field, words, read } };
}

/** A raster on the grid that no file holds. */
function infoOf(name: string, grid: Grid): RasterInfo {
  const band = { scale: 1, offset: 0 };
  return {
    ...band,
    name,
    grid,
    bands: 1,
    bandInfo: [band],
    sampleType: 'f32',
    nodata: undefined,
    blockWidth: 512,
    blockHeight: 512,
    tiled: true,
    compression: 'none',
    predictor: 1,
    overviews: [],
    hasMask: false,
    southUp: false,
  };
}

/** @throws EcofluxError InvalidConfiguration for points where something else than an amount per cell is wanted, and for `field` of a raster */
export function checkPoints({ layer, path, points }: LayerFile, spec: InputSpec, options: LayerOptions): void {
  if (!points) {
    if (options.field === undefined) return;
    throw new EcofluxError('InvalidConfiguration', `'field' is for points, and layer '${layer}' is a raster`, {
      file: path,
      fix: 'leave field out; `band` chooses one of several bands',
    });
  }
  if (spec.kind === 'count' || spec.unit === 'any' || isAmount(options.unit, spec)) return;
  throw new EcofluxError(
    'InvalidConfiguration',
    `layer '${layer}' is a file of points, and counts are no ${spec.about}`,
    {
      file: path,
      expected: spec.kind === 'classes' ? 'a raster of classes' : `a raster in ${spec.unit}`,
      fix:
        spec.kind === 'density'
          ? `burn it into a raster, or say what each point counts: layers: { ${layer}: { file: …, field: …, unit: … } }`
          : 'burn it into a raster: gdal_rasterize, or gdal_grid for values in between',
    },
  );
}

/** Whether a unit is that of an amount per cell where a density is wanted. */
function isAmount(unit: string | undefined, spec: InputSpec): boolean {
  if (unit === undefined || spec.kind === 'classes') return false;
  return sameDimensions(divide(parseUnit(unit), parseUnit('m2')), parseUnit(spec.unit));
}
