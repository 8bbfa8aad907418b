/** The .shp and .shx of a shapefile: geometries by record, in the coordinates they have. m is left out. */
import type { Geometry, Position } from 'geojson';
import { EcofluxError } from '../../core/errors.ts';
import { withoutEmpty } from './geometry.ts';
import { polygonsOfRings } from './rings.ts';

const MAGIC = 9994;
const HEADER = 100;

export function isShapefile(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER && viewOf(bytes).getInt32(0) === MAGIC;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @throws EcofluxError InvalidInput for a file that is cut short or damaged, Unsupported for surfaces (multipatch) */
export function readShp(file: string, shp: Uint8Array, shx: Uint8Array): (Geometry | undefined)[] {
  const damaged = (what: string, found: string, place?: string) =>
    new EcofluxError('InvalidInput', what, {
      file,
      place,
      found,
      fix: 'copy all files of the shapefile again; some are truncated or damaged',
    });
  const [view, index] = [viewOf(shp), viewOf(shx)];
  const stated = 2 * view.getInt32(24);
  if (stated > shp.length) throw damaged('the file ends before its data does', `${shp.length} bytes of ${stated}`);
  if (!isShapefile(shx) || 2 * index.getInt32(24) > shx.length)
    throw damaged('the .shx file is cut short or damaged', `${shx.length} bytes`);
  const count = Math.floor((2 * index.getInt32(24) - HEADER) / 8);
  return Array.from({ length: count }, (_, i) => {
    const place = `feature ${i + 1}`;
    const offset = 2 * index.getInt32(HEADER + 8 * i);
    if (offset < HEADER || offset + 12 > shp.length)
      throw damaged('the .shx file points beyond the .shp file', `offset ${offset} of ${shp.length} bytes`, place);
    const length = 2 * view.getInt32(offset + 4);
    if (length < 4 || offset + 8 + length > shp.length)
      throw damaged('the record is cut short', `${length} bytes at ${offset}`, place);
    try {
      const record = new DataView(shp.buffer, shp.byteOffset + offset + 8, length);
      return recordGeometry(file, place, record);
    } catch (cause) {
      if (cause instanceof RangeError) throw damaged('the record is damaged', cause.message, place);
      throw cause;
    }
  });
}

const NAMES: Readonly<Record<number, string>> = { 31: 'multipatch' };

/** `record`: from the type of the shape, which is that of the file or 0 (none). */
function recordGeometry(file: string, place: string, record: DataView): Geometry | undefined {
  const type = record.getInt32(0, true);
  const hasZ = type > 10 && type < 20;
  switch (type % 10) {
    case 0:
      if (type === 0) return undefined;
      break;
    case 1:
      if (type < 30) return pointOf(record, hasZ);
      break;
    case 3:
    case 5: {
      const [parts, count] = [record.getInt32(36, true), record.getInt32(40, true)];
      const starts = Array.from({ length: counted(parts, record, 4) }, (_, i) => record.getInt32(44 + 4 * i, true));
      const all = positionsOf(record, 44 + 4 * parts, count, hasZ);
      const ends = [...starts.slice(1), count];
      if (!starts.every((start, i) => start >= 0 && start <= ends[i])) throw new RangeError('parts out of order');
      const lines = starts.map((start, i) => all.slice(start, ends[i])).filter((line) => line.length > 0);
      return type % 10 === 3 ? lineOf(lines) : polygonOf(lines);
    }
    case 8: {
      const coordinates = positionsOf(record, 40, record.getInt32(36, true), hasZ);
      return withoutEmpty({ type: 'MultiPoint', coordinates });
    }
  }
  throw new EcofluxError('Unsupported', `shapes of type ${NAMES[type] ?? type} are not read`, {
    file,
    place,
    expected: 'points, lines or polygons',
  });
}

function counted(count: number, record: DataView, each: number): number {
  if (count < 0 || count * each > record.byteLength) throw new RangeError(`a count of ${count}`);
  return count;
}

/** Programs write numbers of -1e38 and below, or NaN, where there is no point. */
function pointOf(record: DataView, hasZ: boolean): Geometry | undefined {
  const [x, y] = [record.getFloat64(4, true), record.getFloat64(12, true)];
  if (!(x > -1e38) || !(y > -1e38)) return undefined;
  return { type: 'Point', coordinates: hasZ ? [x, y, record.getFloat64(20, true)] : [x, y] };
}

/** Pairs, and for shapes with z the range of z and z itself after all of them. */
function positionsOf(record: DataView, at: number, count: number, hasZ: boolean): Position[] {
  const z = at + 16 * counted(count, record, 16) + 16;
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [record.getFloat64(at + 16 * i, true), record.getFloat64(at + 16 * i + 8, true)];
    return hasZ ? [x, y, record.getFloat64(z + 8 * i, true)] : [x, y];
  });
}

function lineOf(lines: Position[][]): Geometry | undefined {
  if (lines.length === 0) return undefined;
  return lines.length === 1
    ? { type: 'LineString', coordinates: lines[0] }
    : { type: 'MultiLineString', coordinates: lines };
}

function polygonOf(rings: Position[][]): Geometry | undefined {
  if (rings.length === 0) return undefined;
  const coordinates = polygonsOfRings(rings as never) as unknown as Position[][][];
  return coordinates.length === 1
    ? { type: 'Polygon', coordinates: coordinates[0] }
    : { type: 'MultiPolygon', coordinates };
}
