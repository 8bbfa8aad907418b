/** FlatGeobuf: features one after another behind a header with columns and CRS; the index is passed over. */
import { ByteBuffer } from 'flatbuffers';
import { Feature } from 'flatgeobuf/lib/mjs/flat-geobuf/feature.js';
import type { Geometry as FlatGeometry } from 'flatgeobuf/lib/mjs/flat-geobuf/geometry.js';
import { Header } from 'flatgeobuf/lib/mjs/flat-geobuf/header.js';
import { fromGeometry } from 'flatgeobuf/lib/mjs/geojson/geometry.js';
import { fromByteBuffer, type HeaderMeta } from 'flatgeobuf/lib/mjs/header-meta.js';
import { calcTreeSize } from 'flatgeobuf/lib/mjs/packedrtree.js';
import type { Geometry } from 'geojson';
import { EcofluxError, locate, throwIfAborted } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { parseCrs } from '../crs/index.ts';
import { type RawColumn, type RawValue, typedAttributes } from './columns.ts';
import { withoutEmpty } from './geometry.ts';
import { chooseLayer, stemOf, unknownCrs, type VectorInput } from './input.ts';
import type { FieldType, VectorLayer } from './layer.ts';
import { unknownGeometry } from './wkb.ts';

const MAGIC_BYTES = 8;

export async function readFlatGeobuf(input: VectorInput): Promise<VectorLayer> {
  const { file, bytes, warn } = input;
  try {
    const { header, end, title } = headerOf(bytes);
    const name = title || stemOf(file);
    chooseLayer(input, new Map([[name, name]]));
    const crs = await crsOf(file, header);
    const columns = (header.columns ?? []).map(({ name, type }) => ({ name, type: COLUMN_TYPES[type] }));
    const left = columns.filter(({ type }) => type === 'Binary').map(({ name }) => name);
    if (left.length > 0) warn(`${file}: columns of bytes are left out (${left.join(', ')})`);
    const geometries: (Geometry | undefined)[] = [];
    const values: RawValue[][] = columns.map(() => []);
    for (const feature of featuresOf(input, header, end)) {
      const place = `feature ${geometries.length + 1}`;
      geometries.push(geometryOf(file, place, feature.geometry(), header.geometryType));
      const row = propertiesOf(feature.propertiesArray(), columns);
      columns.forEach((_, k) => void values[k].push(row[k]));
    }
    if (header.featuresCount > 0 && geometries.length !== header.featuresCount)
      throw new RangeError(`${geometries.length} features of ${header.featuresCount}`);
    const raw = columns
      .map(({ name, type }, k): RawColumn => ({ name, declared: FIELD_TYPES[type], values: values[k] }))
      .filter(({ name }) => !left.includes(name));
    const { fields, rows } = typedAttributes(file, raw, geometries.length, warn);
    const features = geometries.map((geometry, i) => ({ fid: i + 1, geometry, properties: rows[i] }));
    return { file, name, crs, fields, features };
  } catch (cause) {
    if (cause instanceof EcofluxError) throw cause;
    throw new EcofluxError('InvalidInput', 'the FlatGeobuf file is cut short or damaged', {
      file,
      found: (cause as Error).message,
      fix: 'copy or download it again',
      cause,
    });
  }
}

function headerOf(bytes: Uint8Array): { header: HeaderMeta; end: number; title: string | null } {
  const length = viewOf(bytes).getUint32(MAGIC_BYTES, true);
  const end = MAGIC_BYTES + 4 + length;
  if (end > bytes.length) throw new RangeError('the header is cut short');
  const table = bytes.slice(MAGIC_BYTES, end);
  const header = fromByteBuffer(new ByteBuffer(table));
  const { featuresCount, indexNodeSize } = header;
  const index = featuresCount > 0 && indexNodeSize > 0 ? calcTreeSize(featuresCount, indexNodeSize) : 0;
  return { header, end: end + index, title: Header.getSizePrefixedRootAsHeader(new ByteBuffer(table)).name() };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function* featuresOf({ bytes, signal }: VectorInput, { featuresCount }: HeaderMeta, start: number): Generator<Feature> {
  const view = viewOf(bytes);
  let at = start;
  for (let i = 0; at < bytes.length; i++) {
    if (i % 1024 === 0) throwIfAborted(signal);
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) throw new RangeError(`feature ${i + 1} of ${featuresCount} is cut short`);
    // A copy, because its numbers are aligned to its own beginning.
    yield Feature.getSizePrefixedRootAsFeature(new ByteBuffer(bytes.slice(at, end)));
    at = end;
  }
}

function geometryOf(file: string, place: string, geometry: FlatGeometry | null, type: number): Geometry | undefined {
  if (!geometry) return undefined;
  const own = type === 0 ? geometry.type() : type;
  if (own > 7) throw locate(unknownGeometry(own), { file, place });
  const isEmpty = !geometry.xyArray()?.length && geometry.partsLength() === 0;
  return isEmpty ? undefined : withoutEmpty(fromGeometry(geometry, own) as Geometry);
}

async function crsOf(file: string, { crs }: HeaderMeta): Promise<Crs> {
  if (!crs || (!crs.code && !crs.code_string && !crs.wkt)) throw unknownCrs(file, 'its header names none');
  const code = `${crs.org || 'EPSG'}:${crs.code || crs.code_string}`;
  try {
    if (!crs.wkt) return await parseCrs(code);
    if (!crs.code && !crs.code_string) return await parseCrs(crs.wkt);
    return await parseCrs(code).catch(() => parseCrs(crs.wkt!));
  } catch (error) {
    throw locate(error, { file });
  }
}

/** In the order of their numbers in the file. */
const COLUMN_TYPES = [
  'Int8',
  'Uint8',
  'Bool',
  'Int16',
  'Uint16',
  'Int32',
  'Uint32',
  'BigInt64',
  'BigUint64',
  'Float32',
  'Float64',
  'String',
  'Json',
  'DateTime',
  'Binary',
] as const;
type ColumnType = (typeof COLUMN_TYPES)[number];

const FIELD_TYPES: Readonly<Record<ColumnType, FieldType>> = {
  Int8: 'integer',
  Uint8: 'integer',
  Bool: 'boolean',
  Int16: 'integer',
  Uint16: 'integer',
  Int32: 'integer',
  Uint32: 'integer',
  BigInt64: 'integer',
  BigUint64: 'integer',
  Float32: 'real',
  Float64: 'real',
  String: 'text',
  Json: 'text',
  DateTime: 'text',
  Binary: 'text',
};

const SIZES: Partial<Readonly<Record<ColumnType, number>>> = {
  Int8: 1,
  Uint8: 1,
  Bool: 1,
  Int16: 2,
  Uint16: 2,
  Int32: 4,
  Uint32: 4,
  BigInt64: 8,
  BigUint64: 8,
  Float32: 4,
  Float64: 8,
};

/** Values by column: pairs of a column number and a value; columns without a value are left out. The library would round long integers. */
function propertiesOf(bytes: Uint8Array | null, columns: readonly { readonly type: ColumnType }[]): RawValue[] {
  const row: RawValue[] = [];
  if (!bytes) return row;
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length; ) {
    const column = view.getUint16(at, true);
    const type = columns[column]?.type;
    if (type === undefined) throw new RangeError(`a value of column ${column}`);
    at += 2;
    const size = SIZES[type];
    if (size !== undefined) {
      row[column] = type === 'Bool' ? view.getUint8(at) !== 0 : view[`get${type as NumberType}`](at, true);
      at += size;
    } else {
      const length = view.getUint32(at, true);
      if (at + 4 + length > bytes.length) throw new RangeError('a text is longer than its feature');
      row[column] = TEXT.decode(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
  }
  return row;
}

type NumberType = Exclude<ColumnType, 'Bool' | 'String' | 'Json' | 'DateTime' | 'Binary'>;

const TEXT = new TextDecoder();
