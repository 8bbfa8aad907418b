/** GeoPackage (OGC 12-128): a layer of features out of its SQLite database. */
import type { Geometry } from 'geojson';
import type { Database } from 'sql.js';
import { EcofluxError, locate, throwIfAborted } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { parseCrs } from '../crs/index.ts';
import { type RawColumn, type RawValue, typedAttributes } from './columns.ts';
import { withoutEmpty } from './geometry.ts';
import { chooseLayer, unknownCrs, type VectorInput } from './input.ts';
import type { FieldType, VectorLayer } from './layer.ts';
import { literal, openDatabase, quoted, rowsOf, type SqlValue } from './sqlite.ts';
import { decodeWkb } from './wkb.ts';

export async function readGeoPackage(input: VectorInput): Promise<VectorLayer> {
  const { file } = input;
  checkComplete(input);
  const database = await openDatabase(await withoutLog(input));
  try {
    const layers = layersOf(file, database);
    if (layers.size === 0)
      throw new EcofluxError('InvalidInput', 'there is no vector layer in it', {
        file,
        fix: 'give a GeoPackage with features',
      });
    const table = chooseLayer(input, layers);
    return await readTable(input, database, table);
  } catch (cause) {
    if (cause instanceof EcofluxError) throw cause;
    throw new EcofluxError('InvalidInput', 'the GeoPackage is damaged', {
      file,
      found: cause instanceof Error ? cause.message : `${cause}`,
      fix: 'copy it again, or write it anew with ogr2ogr',
      cause,
    });
  } finally {
    database.close();
  }
}

/** The header says how many pages there are; SQLite itself would notice a missing one only when it needs it. */
function checkComplete({ file, bytes }: VectorInput): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (found: string) =>
    new EcofluxError('InvalidInput', 'the file ends before its data does', {
      file,
      found,
      fix: 'copy or download the file again; it is truncated or damaged',
    });
  if (bytes.length < 100) throw damaged(`a file of ${bytes.length} bytes`);
  const page = view.getUint16(16) === 1 ? 65536 : view.getUint16(16);
  const pages = view.getUint32(24) === view.getUint32(92) ? view.getUint32(28) : 0;
  if (page * pages > bytes.length) throw damaged(`${bytes.length} bytes of ${page * pages}`);
}

/** A program that has the file open (QGIS does so) leaves it in a mode that needs its log; without changes in the log the file is complete. */
async function withoutLog(input: VectorInput): Promise<Uint8Array> {
  const { file, bytes } = input;
  if (bytes[18] < 2 && bytes[19] < 2) return bytes;
  const log = await input.beside(`${/[^./\\]*$/.exec(file)?.[0] ?? ''}-wal`);
  if (log && log.length > 0)
    throw new EcofluxError('InvalidInput', 'changes of the GeoPackage are not yet written to it', {
      file,
      found: `${log.length} bytes of changes in its -wal file`,
      fix: 'close the program that has it open (QGIS: remove the layer), then try again',
    });
  const copy = bytes.slice();
  copy[18] = copy[19] = 1;
  return copy;
}

interface Table {
  readonly name: string;
  readonly geometry: string;
  readonly srs: bigint;
}

function layersOf(file: string, database: Database): ReadonlyMap<string, Table> {
  const tables = new Set([...rowsOf(database, 'SELECT lower(name) FROM sqlite_master')].map(([name]) => name));
  if (!tables.has('gpkg_contents') || !tables.has('gpkg_geometry_columns'))
    throw new EcofluxError('InvalidInput', 'this is an SQLite database, but no GeoPackage with features', {
      file,
      fix: `convert it: ogr2ogr out.gpkg ${file}`,
    });
  const query = `SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c
    JOIN gpkg_geometry_columns g ON lower(c.table_name) = lower(g.table_name) WHERE c.data_type = 'features' ORDER BY c.rowid`;
  return new Map(
    [...rowsOf(database, query)].map(([name, geometry, srs]) => [
      `${name}`,
      { name: `${name}`, geometry: `${geometry}`, srs: srs as bigint },
    ]),
  );
}

async function readTable(input: VectorInput, database: Database, table: Table): Promise<VectorLayer> {
  const { file, signal, warn } = input;
  const crs = await crsOf(file, database, table);
  const { key, columns } = columnsOf(database, table);
  const left = columns.filter(({ type }) => /BLOB/i.test(type)).map(({ name }) => name);
  if (left.length > 0) warn(`${file}: columns of bytes are left out (${left.join(', ')})`);
  const kept = columns.filter(({ name }) => !left.includes(name));
  const raw: RawColumn[] = kept.map(({ name, type }) => ({ name, declared: fieldType(type), values: [] }));
  const fids: number[] = [];
  const geometries: (Geometry | undefined)[] = [];
  const names = [key, table.geometry, ...kept.map(({ name }) => name)];
  const selected = names.map((name) => (name === undefined ? 'NULL' : quoted(name))).join(', ');
  const order = key === undefined ? '' : ` ORDER BY ${quoted(key)}`;
  for (const [fid, geometry, ...values] of rowsOf(database, `SELECT ${selected} FROM ${quoted(table.name)}${order}`)) {
    if (fids.length % 1024 === 0) throwIfAborted(signal);
    fids.push(typeof fid === 'bigint' ? Number(fid) : fids.length + 1);
    geometries.push(geometryOf(file, `feature ${fids.at(-1)}`, geometry));
    for (let i = 0; i < raw.length; i++)
      (raw[i].values as RawValue[]).push(raw[i].declared === 'boolean' ? truth(values[i]) : values[i]);
  }
  const { fields, rows } = typedAttributes(file, raw, fids.length, warn);
  const features = fids.map((fid, i) => ({ fid, geometry: geometries[i], properties: rows[i] }));
  return { file, name: table.name, crs, fields, features };
}

/** A code of the EPSG, else the definition, which is WKT. */
async function crsOf(file: string, database: Database, { srs }: Table): Promise<Crs> {
  const query = `SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ${srs}`;
  const [row] = rowsOf(database, query);
  if (!row || srs === 0n || srs === -1n)
    throw unknownCrs(file, `the GeoPackage has no definition of its number ${srs}`);
  const [organization, code, definition] = row.map((value) => `${value ?? ''}`);
  const isEpsg = organization.toUpperCase() === 'EPSG';
  try {
    if (!isEpsg) return await parseCrs(definition);
    // Codes that proj4 has no table entry for are known by their definition.
    return await parseCrs(`EPSG:${code}`).catch(() => parseCrs(definition));
  } catch (error) {
    throw locate(error, { file });
  }
}

function columnsOf(database: Database, table: Table) {
  const columns = [...rowsOf(database, `PRAGMA table_info(${literal(table.name)})`)].map(
    ([, name, type, , , primary]) => ({ name: `${name}`, type: `${type}`, primary: Number(primary) }),
  );
  const keys = columns.filter(({ primary, type }) => primary > 0 && /INT/i.test(type));
  const key = keys.length === 1 ? keys[0].name : undefined;
  const isGeometry = (name: string) => name.toLowerCase() === table.geometry.toLowerCase();
  return { key, columns: columns.filter(({ name }) => name !== key && !isGeometry(name)) };
}

function fieldType(declared: string): FieldType | undefined {
  if (/^BOOL/i.test(declared)) return 'boolean';
  if (/INT/i.test(declared)) return 'integer';
  if (/^(REAL|DOUBLE|FLOAT)/i.test(declared)) return 'real';
  if (/^(TEXT|DATE|CHAR|VARCHAR)/i.test(declared)) return 'text';
  return undefined;
}

function truth(value: SqlValue): RawValue {
  return value === 0n || value === 1n ? value === 1n : value;
}

/** Sizes of the envelope by its kind: none, xy, xyz, xym, xyzm. */
const ENVELOPES = [0, 32, 48, 48, 64];

function geometryOf(file: string, place: string, blob: SqlValue): Geometry | undefined {
  if (blob === null) return undefined;
  const damaged = (found: string, cause?: unknown) =>
    new EcofluxError('InvalidInput', 'the geometry is damaged', {
      file,
      place,
      found,
      fix: 'write the layer again, for example with ogr2ogr',
      cause,
    });
  if (!(blob instanceof Uint8Array) || blob.length < 8 || blob[0] !== 0x47 || blob[1] !== 0x50)
    throw damaged('no header of a GeoPackage geometry');
  const flags = blob[3];
  const envelope = ENVELOPES[(flags >> 1) & 7];
  if (flags & 0x20)
    throw locate(new EcofluxError('Unsupported', 'geometries of an extension are not read'), { file, place });
  if (envelope === undefined) throw damaged(`an envelope of kind ${(flags >> 1) & 7}`);
  if (flags & 0x10) return undefined;
  try {
    return withoutEmpty(decodeWkb(blob.subarray(8 + envelope)));
  } catch (cause) {
    if (cause instanceof EcofluxError) throw locate(cause, { file, place });
    throw damaged((cause as Error).message, cause);
  }
}
