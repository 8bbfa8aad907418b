/** GeoPackage 1.3 with one layer of features, in the CRS of the layer: what QGIS and GDAL open as it is. */
import type { Geometry } from 'geojson';
import { locate } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import type { OutputTarget } from '../output.ts';
import { wktOf } from './crs-wkt.ts';
import { eachPosition, hasHeight } from './geometry.ts';
import type { FieldType, FieldValue, VectorField, VectorLayer } from './layer.ts';
import { openDatabase, quoted } from './sqlite.ts';
import { encodeWkb } from './wkb.ts';
import { writeBytes } from './write-bytes.ts';

export interface GeoPackageOptions {
  /** Noted as the time of the last change; 1970 unless given, so that the same layer gives the same bytes. */
  readonly changed?: Date;
}

export async function writeGeoPackage(
  layer: VectorLayer,
  target: OutputTarget,
  options: GeoPackageOptions = {},
): Promise<void> {
  await writeBytes(target, await geoPackageBytes(layer, options));
}

/** @throws EcofluxError InvalidInput for a layer whose CRS is unknown */
export async function geoPackageBytes(layer: VectorLayer, options: GeoPackageOptions = {}): Promise<Uint8Array> {
  const { changed = new Date(0) } = options;
  const { srs, rows } = await systemsOf(layer.crs).catch((error) => {
    throw locate(error, { file: layer.file });
  });
  const database = await openDatabase();
  try {
    database.run(TABLES);
    for (const row of rows) database.run(`INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)`, row);
    const geometries = layer.features.map(({ geometry }) => geometry);
    const { type, multiple } = tableType(geometries);
    const [key, column, ...names] = columnNames(layer.fields);
    const columns = layer.fields.map((field, i) => `${quoted(names[i])} ${SQL_TYPES[field.type]}`);
    const all = [`${quoted(key)} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL`, `${quoted(column)} ${type}`, ...columns];
    const table = tableName(layer.name);
    database.run(`CREATE TABLE ${quoted(table)} (${all.join(', ')})`);

    const numbered = isNumbered(layer);
    const statement = database.prepare(`INSERT INTO ${quoted(table)} VALUES (${all.map(() => '?').join(', ')})`);
    database.run('BEGIN');
    for (const [i, { fid, geometry, properties }] of layer.features.entries()) {
      const blob = geometry ? geometryBlob(multiple ? asMultiple(geometry) : geometry, srs) : null;
      const values = layer.fields.map(({ name }) => sqlValue(properties[name] ?? null));
      statement.run([numbered ? fid : i + 1, blob, ...values]);
    }
    database.run('COMMIT');
    statement.free();

    const hasZ = geometries.some((geometry) => geometry && hasHeight(geometry));
    const extent = extentOf(geometries.filter((geometry) => geometry !== undefined));
    database.run(`INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)`, [
      table,
      table,
      changed.toISOString(),
      ...(extent ?? [null, null, null, null]),
      srs,
    ]);
    database.run(`INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, 0)`, [
      table,
      column,
      type,
      srs,
      hasZ ? 2 : 0,
    ]);
    return database.export();
  } finally {
    database.close();
  }
}

/** What the standard asks for; the application and version tell it from another SQLite database. */
const TABLES = `
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));`;

/** Names that SQLite and the standard keep for themselves get another beginning. */
function tableName(name: string): string {
  return /^(gpkg_|sqlite_|rtree_)/i.test(name) || name === '' ? `layer_${name}` : name;
}

type SystemRow = [name: string, id: number, organization: string, code: number, definition: string];

/** Numbers from here on are free for systems that have no code. */
const CUSTOM = 100_000;

/** The three that every GeoPackage has, and that of the layer. */
async function systemsOf(crs: Crs): Promise<{ srs: number; rows: SystemRow[] }> {
  const rows: SystemRow[] = [
    ['Undefined cartesian SRS', -1, 'NONE', -1, 'undefined'],
    ['Undefined geographic SRS', 0, 'NONE', 0, 'undefined'],
    ['WGS 84 geodetic', 4326, 'EPSG', 4326, await wktOf({ epsg: 4326, name: 'WGS 84', kind: 'geographic' })],
  ];
  if (crs.epsg === 4326) return { srs: 4326, rows };
  const srs = crs.epsg ?? CUSTOM;
  rows.push([crs.name, srs, crs.epsg === undefined ? 'NONE' : 'EPSG', srs, await wktOf(crs)]);
  return { srs, rows };
}

const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  integer: 'INTEGER',
  real: 'DOUBLE',
  text: 'TEXT',
  boolean: 'BOOLEAN',
};

/** Key, geometry, then the fields: SQL takes names of another case for the same. */
function columnNames(fields: readonly VectorField[]): string[] {
  const taken = new Set(fields.map(({ name }) => name.toLowerCase()));
  const free = (name: string) => {
    let found = name;
    for (let i = 1; taken.has(found.toLowerCase()); i++) found = `${name}_${i}`;
    taken.add(found.toLowerCase());
    return found;
  };
  const seen = new Set<string>();
  const names = fields.map(({ name }) => {
    const own = seen.has(name.toLowerCase()) ? free(name) : name;
    seen.add(own.toLowerCase());
    return own;
  });
  return [free('fid'), free('geom'), ...names];
}

function isNumbered({ features }: VectorLayer): boolean {
  const fids = new Set(features.map(({ fid }) => fid));
  return fids.size === features.length && [...fids].every((fid) => Number.isSafeInteger(fid) && fid >= 0);
}

/** The type that all geometries have; single ones are made multiple where there are both. */
function tableType(geometries: readonly (Geometry | undefined)[]): { type: string; multiple: boolean } {
  const types = new Set(geometries.flatMap((geometry) => geometry?.type ?? []));
  const [first] = types;
  if (types.size === 1) return { type: first.toUpperCase(), multiple: false };
  const bases = new Set([...types].map((type) => type.replace('Multi', '')));
  const [base] = bases;
  if (bases.size !== 1) return { type: 'GEOMETRY', multiple: false };
  return { type: `MULTI${base.toUpperCase()}`, multiple: true };
}

function asMultiple(geometry: Geometry): Geometry {
  if (geometry.type === 'GeometryCollection' || geometry.type.startsWith('Multi')) return geometry;
  return { type: `Multi${geometry.type}`, coordinates: [geometry.coordinates] } as Geometry;
}

function sqlValue(value: FieldValue): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Header (little-endian, with an envelope of x and y but for points), then well-known binary. */
function geometryBlob(geometry: Geometry, srs: number): Uint8Array {
  const wkb = encodeWkb(geometry);
  const envelope = geometry.type === 'Point' ? undefined : extentOf([geometry]);
  const out = new Uint8Array(8 + (envelope ? 32 : 0) + wkb.length);
  const view = new DataView(out.buffer);
  out.set([0x47, 0x50, 0, envelope ? 3 : 1]);
  view.setInt32(4, srs, true);
  if (envelope) {
    const [west, south, east, north] = envelope;
    [west, east, south, north].forEach((value, i) => void view.setFloat64(8 + 8 * i, value, true));
  }
  out.set(wkb, out.length - wkb.length);
  return out;
}

/** West, south, east, north; undefined without a position. */
function extentOf(geometries: readonly Geometry[]): [number, number, number, number] | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries)
    eachPosition(geometry, ([x, y]) => {
      west = Math.min(west, x);
      south = Math.min(south, y);
      east = Math.max(east, x);
      north = Math.max(north, y);
    });
  return west <= east ? [west, south, east, north] : undefined;
}
