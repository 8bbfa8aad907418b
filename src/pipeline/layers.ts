/** Layers of a project brought to its grid: which file, which unit, which resampling. Opens files, reads no cell. */
import type { CellType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { bounds, cellArea, describeGrid, type Grid, sameCrs, sameGrid } from '../core/grid.ts';
import { type InputSpec, planeType } from '../core/model.ts';
import { conversion, divide, parseUnit, sameDimensions, type Unit } from '../core/quantity.ts';
import type { PlaneMapping } from '../io/plane.ts';
import { bandOf, openRaster, type RasterInfo } from '../io/raster.ts';
import type { Platform } from './platform.ts';
import type { Layer } from './schema.ts';

export interface LayerFile {
  readonly layer: string;
  readonly year?: number;
  /** To open it. */
  readonly path: string;
  /** As the user wrote it. */
  readonly shown: string;
  readonly info: RasterInfo;
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

export type LayerUse = Pick<InputSpec, 'kind' | 'unit'>;

/** One layer may be read as classes and as quantities of several units. */
export function layerKey(layer: string, year: number, spec: LayerUse): string {
  return `${layer} ${year} ${spec.kind === 'classes' ? 'classes' : `in ${spec.unit}`}`;
}

export interface LayerOptions {
  readonly unit?: string;
  readonly band?: number;
  readonly nodata?: number | readonly number[];
  readonly resampling?: 'nearest' | 'bilinear';
}

export function layerOptions(layer: Layer): LayerOptions & { readonly file: string } {
  return typeof layer === 'string' ? { file: layer } : layer;
}

/** The description of a raster file. @throws EcofluxError InvalidInput */
export async function describeFile(platform: Platform, path: string): Promise<RasterInfo> {
  const source = await platform.openSource(path);
  try {
    return (await openRaster(source)).info;
  } finally {
    await source.close?.();
  }
}

/**
 * How a file becomes a field on the grid.
 * @throws EcofluxError InvalidInput for another CRS or no overlap, InvalidConfiguration for units that do not fit
 */
export function bindLayer(file: LayerFile, spec: InputSpec, grid: Grid, options: LayerOptions): BoundLayer {
  const { layer, year, info, path } = file;
  const type = planeType(spec.kind);
  if (type === 'u32' && options.resampling === 'bilinear')
    throw new EcofluxError('InvalidConfiguration', `layer '${layer}' holds classes, which have no values in between`, {
      file: path,
      found: 'bilinear resampling',
      fix: 'use nearest',
    });
  checkBand(info, path, options.band ?? 1);
  const resampling = resamplingOf(info, path, grid, options.resampling ?? (type === 'u32' ? 'nearest' : 'bilinear'));
  const converted = type === 'u32' ? undefined : unitFactor(file, spec, options);
  const extraNodata = options.nodata === undefined ? undefined : [options.nodata].flat();
  const mapping: PlaneMapping = { type, band: options.band, factor: converted?.factor, extraNodata, resampling };
  const undeclared = info.nodata === undefined && !info.hasMask && extraNodata === undefined;
  return {
    ...file,
    field: `${year === undefined ? '' : `${year}/`}layer/${layer} (${type === 'u32' ? 'classes' : spec.unit})`,
    type,
    mapping,
    unit: type === 'u32' ? '1' : spec.unit,
    alignment: [
      resampling ? `${resampling.method} resampling from ${describeGrid(info.grid)}` : 'on the grid already',
      converted?.words ?? '',
      info.southUp ? 'rows turned to run from the north' : '',
      undeclared ? 'declares no nodata: every finite value counts' : '',
    ]
      .filter(Boolean)
      .join('; '),
  };
}

function checkBand(info: RasterInfo, path: string, band: number): void {
  if (band <= info.bands) return;
  throw new EcofluxError('InvalidConfiguration', `there is no band ${band}`, {
    file: path,
    found: `${info.bands} bands`,
    fix: 'give another band',
  });
}

function resamplingOf(
  info: RasterInfo,
  path: string,
  grid: Grid,
  method: 'nearest' | 'bilinear',
): PlaneMapping['resampling'] {
  if (!sameCrs(info.grid.crs, grid.crs))
    throw new EcofluxError('InvalidInput', 'the raster is in another CRS than the grid', {
      file: path,
      found: info.grid.crs.name,
      expected: grid.crs.name,
      fix:
        info.grid.crs.kind === 'unknown'
          ? `say which it is: gdal_edit.py -a_srs EPSG:${grid.crs.epsg ?? '<code>'} ${path}`
          : `reproject it: gdalwarp -t_srs EPSG:${grid.crs.epsg ?? '<code>'} ${path} out.tif`,
    });
  if (sameGrid(info.grid, grid)) return undefined;
  const [a, b] = [bounds(info.grid), bounds(grid)];
  if (a.east <= b.west || a.west >= b.east || a.north <= b.south || a.south >= b.north)
    throw new EcofluxError('InvalidInput', 'the raster does not overlap the grid', {
      file: path,
      found: describeGrid(info.grid),
      expected: describeGrid(grid),
      fix: 'check the coordinates, or give a raster of the same place',
    });
  return { method, grid };
}

/** Factor from the unit of the file to that of the model; amounts per cell become densities by the area of the file's own cells. */
function unitFactor(
  { info, path, layer }: LayerFile,
  spec: InputSpec,
  { unit: given, band = 1 }: LayerOptions,
): { factor: number; words: string } {
  if (spec.unit === 'any') return { factor: 1, words: '' };
  const wanted = parseUnit(spec.unit);
  const text = bandOf(info, band).unit;
  const declared = given === undefined ? declaredUnit(text) : parseUnit(given);
  if (declared === undefined)
    return { factor: 1, words: text ? `its unit '${text}' is not known: taken as ${spec.unit}` : '' };
  const factor = factorBetween(declared, wanted, cellArea(info.grid));
  if (factor === 1) return { factor, words: '' };
  if (factor !== undefined)
    return { factor, words: `${declared.text} converted to ${spec.unit} (× ${Number(factor.toPrecision(6))})` };
  throw new EcofluxError(
    'InvalidConfiguration',
    `layer '${layer}' is in '${declared.text}', which is no ${spec.about}`,
    {
      file: path,
      expected: spec.unit,
      fix: `say its unit: layers: { ${layer}: { file: …, unit: ${spec.unit} } }`,
    },
  );
}

/** The unit that a band declares, if ecoflux knows it. */
function declaredUnit(text: string | undefined): Unit | undefined {
  if (!text) return undefined;
  try {
    return parseUnit(text);
  } catch {
    return undefined;
  }
}

function factorBetween(from: Unit, to: Unit, areaOfCell: number): number | undefined {
  if (sameDimensions(from, to)) return conversion(from, to);
  const perArea = divide(from, parseUnit('m2'));
  return sameDimensions(perArea, to) ? conversion(perArea, to) / areaOfCell : undefined;
}
