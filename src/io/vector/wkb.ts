/** Geometries as bytes: well-known binary of the OGC (ISO numbering, and the flags of PostGIS when reading). x and y, z where there is one; m is left out. */
import type { Geometry, Position } from 'geojson';
import { EcofluxError } from '../../core/errors.ts';
import { hasHeight } from './geometry.ts';

const TYPES = [
  'Geometry',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
  'CircularString',
  'CompoundCurve',
  'CurvePolygon',
  'MultiCurve',
  'MultiSurface',
  'Curve',
  'Surface',
  'PolyhedralSurface',
  'TIN',
  'Triangle',
];

/** Refuses curves and surfaces by name. `type`: the number without the thousands that stand for z and m. */
export function unknownGeometry(type: number): EcofluxError {
  return new EcofluxError('Unsupported', `geometries of type ${TYPES[type] ?? type} are not read`, {
    expected: 'points, lines, polygons and collections of them',
    fix: 'convert curves to straight edges: ogr2ogr -nlt CONVERT_TO_LINEAR out.gpkg in',
  });
}

/**
 * Empty points have no coordinates at all.
 * @throws EcofluxError Unsupported for curves and surfaces; RangeError where the bytes end too early
 */
export function decodeWkb(bytes: Uint8Array): Geometry {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const geometry = (): Geometry => {
    const little = view.getUint8(at) === 1;
    let code = view.getUint32(at + 1, little);
    at += 5;
    if (code & 0x20000000) at += 4; // the SRID of PostGIS
    const thousands = Math.floor((code & 0xffff) / 1000);
    const hasZ = (code & 0x80000000) !== 0 || thousands === 1 || thousands === 3;
    const hasM = (code & 0x40000000) !== 0 || thousands >= 2;
    code = (code & 0xffff) % 1000;
    const stride = 16 + (hasZ ? 8 : 0) + (hasM ? 8 : 0);
    const number = () => {
      at += 8;
      return view.getFloat64(at - 8, little);
    };
    const position = (): Position => {
      const [x, y] = [number(), number()];
      const z = hasZ ? number() : 0;
      if (hasM) at += 8;
      return hasZ ? [x, y, z] : [x, y];
    };
    /** `least`: bytes that an item takes at least, so that a damaged count is seen before anything is made. */
    const list = <T>(least: number, item: () => T): T[] => {
      const count = view.getUint32(at, little);
      at += 4;
      if (count * least > view.byteLength - at) throw new RangeError('a count is larger than the rest of the bytes');
      return Array.from({ length: count }, item);
    };
    const line = () => list(stride, position);
    const parts = <T>(of: string) =>
      list(9, () => {
        const part = geometry();
        if (part.type !== of) throw new RangeError(`a ${part.type} among parts of type ${of}`);
        return (part as unknown as { coordinates: T }).coordinates;
      });
    switch (code) {
      case 1: {
        const coordinates = position();
        return { type: 'Point', coordinates: coordinates.every(Number.isNaN) ? [] : coordinates };
      }
      case 2:
        return { type: 'LineString', coordinates: line() };
      case 3:
        return { type: 'Polygon', coordinates: list(4, line) };
      case 4:
        return { type: 'MultiPoint', coordinates: parts<Position>('Point') };
      case 5:
        return { type: 'MultiLineString', coordinates: parts<Position[]>('LineString') };
      case 6:
        return { type: 'MultiPolygon', coordinates: parts<Position[][]>('Polygon') };
      case 7:
        return { type: 'GeometryCollection', geometries: list(9, geometry) };
      default:
        throw unknownGeometry(code);
    }
  };
  return geometry();
}

/** Little-endian; with z for all positions where any has one (0 for those that have none). */
export function encodeWkb(geometry: Geometry): Uint8Array {
  const hasZ = hasHeight(geometry);
  const view = new DataView(new ArrayBuffer(sizeOf(geometry, hasZ ? 24 : 16)));
  let at = 0;
  const uint = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const position = (values: Position) => {
    for (let i = 0; i < (hasZ ? 3 : 2); i++, at += 8) view.setFloat64(at, values[i] ?? 0, true);
  };
  const list = <T>(items: readonly T[], item: (each: T) => void) => {
    uint(items.length);
    items.forEach(item);
  };
  const line = (positions: readonly Position[]) => list(positions, position);
  const write = (each: Geometry) => {
    view.setUint8(at++, 1);
    uint(TYPES.indexOf(each.type) + (hasZ ? 1000 : 0));
    switch (each.type) {
      case 'Point':
        return position(each.coordinates);
      case 'LineString':
        return line(each.coordinates);
      case 'Polygon':
        return list(each.coordinates, line);
      case 'MultiPoint':
        return list(each.coordinates, (coordinates) => write({ type: 'Point', coordinates }));
      case 'MultiLineString':
        return list(each.coordinates, (coordinates) => write({ type: 'LineString', coordinates }));
      case 'MultiPolygon':
        return list(each.coordinates, (coordinates) => write({ type: 'Polygon', coordinates }));
      case 'GeometryCollection':
        return list(each.geometries, write);
    }
  };
  write(geometry);
  return new Uint8Array(view.buffer);
}

function sizeOf(geometry: Geometry, stride: number): number {
  const line = (positions: readonly Position[]) => 4 + stride * positions.length;
  const sum = <T>(items: readonly T[], size: (item: T) => number) => items.reduce((all, item) => all + size(item), 4);
  switch (geometry.type) {
    case 'Point':
      return 5 + stride;
    case 'LineString':
      return 5 + line(geometry.coordinates);
    case 'Polygon':
      return 5 + sum(geometry.coordinates, line);
    case 'MultiPoint':
      return 5 + sum(geometry.coordinates, () => 5 + stride);
    case 'MultiLineString':
      return 5 + sum(geometry.coordinates, (each) => 5 + line(each));
    case 'MultiPolygon':
      return 5 + sum(geometry.coordinates, (rings) => 5 + sum(rings, line));
    case 'GeometryCollection':
      return 5 + sum(geometry.geometries, (each) => sizeOf(each, stride));
  }
}
