/** Layers of a project brought to its grid: which file, which unit, which resampling. Opens files, reads no cell. */
import type { CellType } from '../core/cells.ts';
import { EcofluxError, locate } from '../core/errors.ts';
import { bounds, type Crs, cellArea, describeGrid, type Grid, isMetric } from '../core/grid.ts';
import { type InputSpec, planeType } from '../core/model.ts';
import { RESAMPLINGS, type Resampling } from '../core/warp.ts';
import { equalGrids, parseCrs } from '../io/crs/index.ts';
import { extentIn, intersectionOf } from '../io/extent.ts';
import type { PlaneMapping } from '../io/plane.ts';
import { openRaster, type RasterInfo } from '../io/raster.ts';
import { describeWarp, type Warp, warpBetween } from '../io/warp/index.ts';
import { convert, type Units, unitsOf } from './layer-units.ts';
import type { Platform } from './platform.ts';
import { type CountedPoints, checkPoints } from './point-layers.ts';
import type { Layer } from './schema.ts';

export interface LayerFile {
  readonly layer: string;
  readonly year?: number;
  /** To open it. */
  readonly path: string;
  /** As the user wrote it. */
  readonly shown: string;
  readonly info: RasterInfo;
  /** Of a file of points: what the cells of the grid hold. */
  readonly points?: CountedPoints;
}

/** A layer as a model reads it. */
export interface BoundLayer extends LayerFile {
  readonly field: string;
  readonly type: CellType;
  readonly mapping: PlaneMapping;
  readonly unit: string;
  /** One sentence for the log: what was done to bring it to the grid. */
  readonly alignment: string;
}

/** How rasters on other grids are brought to one: by the kind of each, or one method for all that it fits. */
export const ALIGNMENTS = ['auto', ...RESAMPLINGS] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export type LayerUse = Pick<InputSpec, 'kind' | 'unit'>;

/** One layer may be read as classes and as quantities of several units. */
export function layerKey(layer: string, year: number, spec: LayerUse): string {
  return `${layer} ${year} ${spec.kind === 'classes' ? 'classes' : `in ${spec.unit}`}`;
}

export interface LayerOptions {
  readonly unit?: string;
  readonly band?: number;
  readonly nodata?: number | readonly number[];
  readonly resampling?: Resampling;
  /** Of a raster that does not say its own. */
  readonly crs?: string;
  /** Of points: see `CountedPoints`. */
  readonly field?: string;
}

export function layerOptions(layer: Layer): LayerOptions & { readonly file: string } {
  return typeof layer === 'string' ? { file: layer } : layer;
}

/**
 * The description of a raster file. `crs`: in which CRS it is, whatever the file says.
 * @throws EcofluxError InvalidInput
 */
export async function describeFile(platform: Platform, path: string, crs?: string): Promise<RasterInfo> {
  const source = await platform.openSource(path);
  try {
    const { info } = await openRaster(source);
    return crs === undefined ? info : { ...info, grid: { ...info.grid, crs: await parseCrs(crs) } };
  } finally {
    await source.close?.();
  }
}

/**
 * How a file becomes a field on the grid.
 * @throws EcofluxError InvalidInput for no CRS or no overlap, InvalidConfiguration for units or methods that do not fit
 */
export async function bindLayer(
  file: LayerFile,
  spec: InputSpec,
  grid: Grid,
  options: LayerOptions,
): Promise<BoundLayer> {
  const { layer, year, info, path } = file;
  const type = planeType(spec.kind);
  checkBand(info, path, options.band ?? 1);
  checkPoints(file, spec, options);
  const units = type === 'u32' ? undefined : unitsOf(file, spec, options);
  const method = methodOf(file, spec, units, options.resampling);
  const warp = await warpOf(info, path, grid, method).catch((error) => {
    throw locate(error, { file: path });
  });
  // A sum is an amount on the new cells, whose area makes it a density; any other method carries densities.
  const converted = units && convert(file, spec, units, warp && method === 'sum' ? grid : info.grid);
  const extraNodata = options.nodata === undefined ? undefined : [options.nodata].flat();
  // Amounts brought over as values, as someone asked: those of the old cells, to be shares of the new ones.
  const share = warp && spec.kind === 'count' && method !== 'sum' ? cellArea(grid) / cellArea(info.grid) : 1;
  const mapping: PlaneMapping = {
    type,
    band: options.band,
    factor: converted && converted.factor * share,
    extraNodata,
    resampling: warp,
  };
  const undeclared = !file.points && info.nodata === undefined && !info.hasMask && extraNodata === undefined;
  return {
    ...file,
    field: `${year === undefined ? '' : `${year}/`}layer/${layer} (${type === 'u32' ? 'classes' : spec.unit})`,
    type,
    mapping,
    unit: type === 'u32' ? '1' : spec.unit,
    alignment: [
      file.points?.words ?? (warp ? describeWarp(warp) : 'on the grid already'),
      converted?.words ?? '',
      share === 1 ? '' : `amounts per cell × ${Number(share.toPrecision(6))}, the ratio of the cells' areas`,
      info.southUp ? 'rows turned to run from the north' : '',
      undeclared ? 'declares no nodata: every finite value counts' : '',
    ]
      .filter(Boolean)
      .join('; '),
  };
}

/** Classes: nearest. Amounts per cell: sum, which conserves the total. All else: bilinear. */
function methodOf(
  { layer, path, info }: LayerFile,
  { kind, unit }: LayerUse,
  units: Units | undefined,
  asked: Resampling | undefined,
): Resampling {
  const refused = (what: string, fix: string) =>
    new EcofluxError('InvalidConfiguration', what, { file: path, found: `${asked} resampling`, fix });
  const counts = units?.perCell ?? false;
  if (kind === 'classes') {
    if (asked === undefined || asked === 'nearest' || asked === 'mode') return asked ?? 'nearest';
    throw refused(`layer '${layer}' holds classes, which have no values in between`, 'use nearest or mode');
  }
  if (asked === undefined) return counts ? 'sum' : 'bilinear';
  const taken = units?.declared?.text ?? (unit === 'any' ? undefined : unit);
  if (asked === 'sum' && taken !== undefined && !counts)
    throw refused(
      `layer '${layer}' is ${units?.declared ? '' : 'taken to be '}in ${taken}, and sum is for amounts per cell`,
      'use average, or say the unit of the amounts',
    );
  if (counts && asked !== 'sum' && !isMetric(info.grid))
    throw refused(
      `layer '${layer}' holds amounts per cell, and its cells have no area in metres (${info.grid.crs.name})`,
      'use sum',
    );
  return asked;
}

function checkBand(info: RasterInfo, path: string, band: number): void {
  if (band <= info.bands) return;
  throw new EcofluxError('InvalidConfiguration', `there is no band ${band}`, {
    file: path,
    found: `${info.bands} bands`,
    fix: 'give another band',
  });
}

/** Whether a raster says in which CRS it is, be it one that nobody knows. */
export function saysCrs({ kind, definition, geoKeys }: Crs): boolean {
  return kind !== 'unknown' || definition !== undefined || geoKeys !== undefined;
}

async function warpOf(info: RasterInfo, path: string, grid: Grid, method: Resampling): Promise<Warp | undefined> {
  if (!saysCrs(info.grid.crs))
    throw new EcofluxError('InvalidInput', 'the raster does not say in which CRS it is', {
      file: path,
      found: info.grid.crs.name,
      expected: grid.crs.name,
      fix: `say which: gdal_edit.py -a_srs EPSG:${grid.crs.epsg ?? '<code>'} ${path} (in a project: layers: { name: { file: …, crs: 'EPSG:…' } })`,
    });
  if (await equalGrids(info.grid, grid)) return undefined;
  checkDegrees(info.grid, path);
  const extent = await extentIn(bounds(info.grid), info.grid.crs, grid.crs);
  if (!extent || !intersectionOf([extent, bounds(grid)]))
    throw new EcofluxError('InvalidInput', 'the raster does not overlap the grid', {
      file: path,
      found: describeGrid(info.grid),
      expected: describeGrid(grid),
      fix: 'check the coordinates, or give a raster of the same place',
    });
  return plannedWarp(info.grid, grid, method);
}

/** Those of a project's rasters; the oldest goes when there are more. */
const MOST_PLANNED = 32;
const planned = new Map<string, Promise<Warp>>();

/** Planning takes tenths of a second, and the rasters of all years mostly lie on one grid. */
function plannedWarp(source: Grid, target: Grid, method: Resampling): Promise<Warp> {
  const key = JSON.stringify([source, target, method]);
  const warp = planned.get(key) ?? warpBetween(source, target, { method });
  planned.delete(key);
  planned.set(key, warp);
  if (planned.size > MOST_PLANNED) planned.delete(planned.keys().next().value!);
  return warp;
}

/** Metres that are said to be degrees: a CRS that was assigned where the raster should have been reprojected. */
function checkDegrees(grid: Grid, path: string): void {
  if (grid.crs.kind !== 'geographic') return;
  const { west, south, east, north } = bounds(grid);
  // Some count grads, of which 100 lead to a pole, and the outermost cells may be centred on it.
  const [tall, wide] = [100 + grid.cellHeight, 800 + grid.cellWidth];
  if (south >= -tall && north <= tall && west >= -wide && east <= wide) return;
  throw new EcofluxError('InvalidInput', 'the coordinates of the raster are no degrees, as its CRS says', {
    file: path,
    found: describeGrid(grid),
    expected: 'x from -180 to 360, y from -90 to 90',
    fix: "say in which CRS it is: gdal_edit.py -a_srs EPSG:<code> (in a project: layers: { name: { file: …, crs: 'EPSG:…' } })",
  });
}
