/** The zones of a run: polygons brought to the CRS of the raster, or a raster of zone numbers on its grid. */
import { EcofluxError, locate } from '../../core/errors.ts';
import { describeGrid, type Grid } from '../../core/grid.ts';
import { equalGrids, projectionOf } from '../../io/crs/index.ts';
import type { FeaturePolygons, FieldType, FieldValue, VectorField, VectorLayer } from '../../io/vector/layer.ts';
import { polygonsOf } from '../../io/vector/polygons-of.ts';
import type { CellSpans } from '../../io/vector/rasterize-spans.ts';
import { readVector } from '../../io/vector/read.ts';
import type { ZonalSource } from '../../io/zonal/statistics.ts';
import { zoneCells } from '../../io/zonal/zone-cells.ts';
import { describeFile } from '../layers.ts';
import { nearest } from '../nearest.ts';
import type { Platform } from '../platform.ts';

export interface Zones {
  readonly cells: readonly CellSpans[] | ZonalSource;
  /** Of polygons. */
  readonly layer?: VectorLayer;
  /** What names a zone: the field asked for, `fid` (polygons by number), `zone` (raster). */
  readonly id: { readonly name: string; readonly type: FieldType; of(zone: number): FieldValue };
}

export interface ZonesRequest {
  /** The raster, to name it in errors. */
  readonly values: string;
  readonly zones: string;
  readonly id?: string;
  readonly layer?: string;
  readonly allTouched?: boolean;
  /** How a user says the id, for messages. */
  readonly idOption?: string;
}

export interface ZonesOptions {
  readonly warn: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** @throws EcofluxError InvalidInput for a file that is neither, a missing id column, another grid */
export async function readZones(
  request: ZonesRequest,
  grid: Grid,
  platform: Platform,
  options: ZonesOptions,
): Promise<Zones> {
  return (await isTiff(request.zones, platform))
    ? rasterZones(request, grid, platform)
    : polygonZones(request, grid, platform, options);
}

/** By its first four bytes. */
export async function isTiff(path: string, platform: Platform): Promise<boolean> {
  const source = await platform.openSource(path);
  try {
    if (source.size < 4) return false;
    const [a, b, c, d] = await source.fetch(0, 4);
    const little = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0;
    return little || (a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43));
  } finally {
    await source.close?.();
  }
}

async function rasterZones({ zones, id, layer }: ZonesRequest, grid: Grid, platform: Platform): Promise<Zones> {
  const option = id !== undefined ? '--id' : layer !== undefined ? '--layer' : undefined;
  if (option)
    throw new EcofluxError('InvalidConfiguration', `${option} is for zones that are polygons; a raster has neither`, {
      file: zones,
      fix: `leave ${option} out`,
    });
  const info = await describeFile(platform, zones);
  if (!(await equalGrids(info.grid, grid)))
    throw new EcofluxError('InvalidInput', 'the raster of zones is on another grid than the values', {
      file: zones,
      found: describeGrid(info.grid),
      expected: describeGrid(grid),
      fix: 'bring it to that grid (gdalwarp -r near), or give the zones as polygons',
    });
  const cells = { file: zones, mapping: { type: 'f32' as const } };
  return { cells, id: { name: 'zone', type: 'integer', of: (zone) => zone } };
}

async function polygonZones(
  request: ZonesRequest,
  grid: Grid,
  platform: Platform,
  options: ZonesOptions,
): Promise<Zones> {
  const { layer, field, polygons } = await readPolygons(request, grid, platform, options);
  const { features } = layer;
  const naming = {
    name: field?.name ?? 'fid',
    type: field?.type ?? ('integer' as const),
    of: (zone: number) => (field ? features[zone].properties[field.name] : features[zone].fid),
  };
  if (field) reportTwice(layer, naming, options.warn);
  return { cells: zoneCells(polygons, grid, { allTouched: request.allTouched }), layer, id: naming };
}

export interface ReadPolygons {
  readonly layer: VectorLayer;
  /** The column asked for as `id`. */
  readonly field?: VectorField;
  /** In the CRS of the grid. */
  readonly polygons: readonly FeaturePolygons[];
}

/** The polygons of a file, at least one. @throws EcofluxError InvalidInput for a file that is none, or a missing id column */
export async function readPolygons(
  { values, zones, id, layer: wanted, idOption }: ZonesRequest,
  grid: Grid,
  platform: Platform,
  { warn, signal }: ZonesOptions,
): Promise<ReadPolygons> {
  const layer = await readVector(zones, { openSource: platform.openSource, signal, layer: wanted, warn });
  if (layer.features.length === 0)
    throw new EcofluxError('InvalidInput', 'there is no zone in it', { file: zones, fix: 'give a file with polygons' });
  const field = id === undefined ? undefined : fieldNamed(layer, id, idOption);
  const { crs, west, width, cellWidth, cellHeight } = grid;
  await projectionOf(crs).catch((error) => {
    throw locate(error, { file: values });
  });
  const polygons = await polygonsOf(layer, crs, {
    idField: field?.name,
    warn,
    signal,
    meridian: crs.kind === 'geographic' ? west + (width * cellWidth) / 2 : undefined,
    tolerance: 0.01 * Math.min(cellWidth, cellHeight),
  });
  return { layer, field, polygons };
}

/** As written, or but for the case of its letters where that is plain. */
export function fieldNamed({ file, fields }: VectorLayer, id: string, option = '--id'): VectorField {
  const names = fields.map(({ name }) => name);
  const alike = fields.filter(({ name }) => name.toLowerCase() === id.toLowerCase());
  const found = fields.find(({ name }) => name === id) ?? (alike.length === 1 ? alike[0] : undefined);
  if (found) return found;
  const close = nearest(id, names);
  throw new EcofluxError('InvalidInput', `there is no column '${id}'`, {
    file,
    found: names.length > 0 ? `the columns ${names.join(', ')}` : 'no column at all',
    fix: close ? `write ${option} ${close}` : names.length > 0 ? 'name one of these' : `leave ${option} out`,
  });
}

function reportTwice({ file, features }: VectorLayer, id: Zones['id'], warn: (text: string) => void): void {
  const times = new Map<FieldValue, number>();
  for (const zone of features.keys()) times.set(id.of(zone), (times.get(id.of(zone)) ?? 0) + 1);
  const nameless = times.get(null) ?? 0;
  if (nameless > 0) warn(`${file}: ${nameless} of ${features.length} zones have no ${id.name}`);
  const twice = [...times].filter(([value, count]) => value !== null && count > 1).map(([value]) => String(value));
  if (twice.length > 0)
    warn(`${file}: several zones have the same ${id.name}: ${listed(twice)}; each is a zone of its own`);
}

/** The first few, and how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
