/** Zones as features: polygons of one zone put together, or points in the zones of a raster; and zones.gpkg with what is told of each. */
import type { Geometry, Position } from 'geojson';
import type { Grid } from '../../core/grid.ts';
import type { FieldType, FieldValue, VectorFeature, VectorLayer } from '../../io/vector/layer.ts';
import { writeVector } from '../../io/vector/write.ts';
import type { ReportZone } from '../../report/stories.ts';
import type { OutputFolder } from '../platform.ts';
import type { ProjectZones } from '../project-zones.ts';

/** One feature for each list of features, with the attributes of the first. */
export function dissolved(layer: VectorLayer, zones: readonly (readonly number[])[]): VectorLayer {
  const features = zones.map((members): VectorFeature => {
    const [first, ...more] = members.map((i) => layer.features[i]);
    if (more.length === 0) return first;
    const coordinates = [first, ...more].flatMap(({ geometry }) => (geometry ? polygonsIn(geometry) : []));
    return { ...first, geometry: { type: 'MultiPolygon', coordinates } };
  });
  return { ...layer, features };
}

function polygonsIn(geometry: Geometry): Position[][][] {
  if (geometry.type === 'Polygon') return [geometry.coordinates];
  if (geometry.type === 'MultiPolygon') return geometry.coordinates;
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(polygonsIn) : [];
}

/** A point in each zone. */
export function pointsIn(zones: readonly ReportZone[], grid: Grid, file: string): VectorLayer {
  const { west, north, width, height, cellWidth, cellHeight, crs } = grid;
  const features = zones.map(({ number, name, at: [x, y] }) => {
    const coordinates = [west + x * width * cellWidth, north - y * height * cellHeight];
    return { fid: number, geometry: { type: 'Point' as const, coordinates }, properties: { zone: number, name } };
  });
  const fields = [
    { name: 'zone', type: 'integer' },
    { name: 'name', type: 'text' },
  ] as const;
  return { file, name: 'zones', crs, fields, features };
}

/** A number of each zone. */
export interface ZoneColumn {
  readonly name: string;
  readonly type: FieldType;
  /** By number of the zone; empty where it has none. */
  readonly values: ReadonlyMap<number, FieldValue>;
}

/** Writes zones/zones.gpkg: the features with their attributes and the columns, which are called `zone_…` where there is one of their name. */
export async function writeZones(
  { zones, layer }: Pick<ProjectZones, 'zones' | 'layer'>,
  columns: readonly ZoneColumn[],
  folder: Pick<OutputFolder, 'target'>,
): Promise<string> {
  const taken = new Set(layer.fields.map(({ name }) => name.toLowerCase()));
  const cells = { name: 'cells', type: 'integer' as const, values: new Map(zones.map((z) => [z.number, z.cells])) };
  const own = [cells, ...columns].map((column) => {
    let { name } = column;
    while (taken.has(name.toLowerCase())) name = `zone_${name}`;
    taken.add(name.toLowerCase());
    return { ...column, name };
  });
  const features = layer.features.map((feature, i) => {
    const found = own.map(({ name, values }) => [name, finite(values.get(zones[i].number))] as const);
    return { ...feature, properties: { ...feature.properties, ...Object.fromEntries(found) } };
  });
  const fields = [...layer.fields, ...own.map(({ name, type }) => ({ name, type }))];
  const file = 'zones/zones.gpkg';
  await writeVector(await folder.target(file), { ...layer, name: 'zones', fields, features }, 'gpkg');
  return file;
}

function finite(value: FieldValue | undefined): FieldValue {
  return value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? null : value;
}
