/** Vector files of any format that is read, told apart by what is in them: GeoJSON, GeoPackage, Shapefile (zipped too), FlatGeobuf. */
import { EcofluxError } from '../../core/errors.ts';
import { memorySource, type SourceOpener } from '../byte-source.ts';
import { chooseLayer, loadInput, type VectorInput } from './input.ts';
import type { VectorLayer } from './layer.ts';
import { isShapefile } from './shp.ts';
import { zipEntries } from './zip.ts';

export interface ReadVectorOptions {
  readonly openSource: SourceOpener;
  readonly signal?: AbortSignal;
  /** Of a file with several layers (a GeoPackage, a zip archive with several shapefiles). */
  readonly layer?: string;
  /** Told what was changed or left out, in whole sentences that name the file. */
  readonly warn?: (text: string) => void;
}

/**
 * A whole layer, in its own CRS.
 * @throws EcofluxError InvalidInput for what is no vector file, is damaged or has no known CRS, Unsupported for formats and geometries that
 * are not read, OutOfCapacity for files that are too large
 */
export async function readVector(path: string, options: ReadVectorOptions): Promise<VectorLayer> {
  return read(await loadInput(path, options));
}

async function read(input: VectorInput): Promise<VectorLayer> {
  const { file, bytes } = input;
  if (startsWith(bytes, 'SQLite format 3\0')) return (await import('./geopackage.ts')).readGeoPackage(input);
  if (startsWith(bytes, 'fgb')) return (await import('./flatgeobuf.ts')).readFlatGeobuf(input);
  if (startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06')) return readZip(input);
  if (isShapefile(bytes) && !/\.shx$/i.test(file)) return (await import('./shapefile.ts')).readShapefile(input);
  if (looksLikeJson(bytes)) return (await import('./geojson.ts')).readGeoJson(input);
  throw notRead(input);
}

/** By its first bytes, some hundred of them. A zip archive is taken for one. */
export function isVector(bytes: Uint8Array): boolean {
  const begins = (text: string) => startsWith(bytes, text);
  return (
    begins('SQLite format 3\0') || begins('fgb') || begins('PK\x03\x04') || isShapefile(bytes) || looksLikeJson(bytes)
  );
}

/** Begins each feature of a GeoJSON text sequence (RFC 8142). */
const RECORD_SEPARATOR = String.fromCharCode(0x1e);

/** `text`: one character for each byte. */
function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, i) => bytes[i] === character.charCodeAt(0));
}

/** A brace or bracket after spaces, a byte order mark or the separator of text sequences. */
function looksLikeJson(bytes: Uint8Array): boolean {
  const beginning = new TextDecoder().decode(bytes.subarray(0, 1024));
  return /^\s*[{[]/.test(beginning.replace(RECORD_SEPARATOR, ''));
}

/** The archive as a folder: its shapefiles, or the other vector files in it. */
async function readZip(input: VectorInput): Promise<VectorLayer> {
  const { file, signal, warn, layer } = input;
  const entries = zipEntries(file, input.bytes).filter(({ name }) => !/(^|\/)(__MACOSX\/|\._)/.test(name));
  const named = (pattern: RegExp) => entries.map(({ name }) => name).filter((name) => pattern.test(name));
  const shapefiles = named(/\.shp$/i);
  const candidates = shapefiles.length > 0 ? shapefiles : named(/\.(gpkg|geojson|json|fgb)$/i);
  if (candidates.length === 0)
    throw new EcofluxError('InvalidInput', 'there is no vector file in the zip archive', {
      file,
      found:
        entries
          .map(({ name }) => name)
          .join(', ')
          .slice(0, 200) || 'nothing',
      expected: 'a shapefile (.shp, .shx, .dbf, .prj)',
    });
  const openSource: SourceOpener = async (name) => {
    const entry = entries.find((each) => each.name === name);
    if (!entry) throw new EcofluxError('InvalidInput', 'there is no such file', { file: `${file}/${name}` });
    return memorySource(`${file}/${name}`, await entry.unpack());
  };
  // A layer of a file inside is looked for in that file, where there is only one.
  const inside = candidates.length === 1 && shapefiles.length === 0 ? layer : undefined;
  const stems = new Map(candidates.map((name) => [name.replace(/^.*\//, '').replace(/\.[^.]*$/, ''), name]));
  const chosen = chooseLayer({ ...input, layer: inside === undefined ? layer : undefined }, stems);
  const unpacked = await loadInput(chosen, { openSource, signal, layer: inside, warn });
  return read({ ...unpacked, file: `${file}/${chosen}` });
}

/** By extension: what it is, and what to do with it. */
const OTHERS: readonly (readonly [extension: RegExp, what: string])[] = [
  [/\.(dbf|shx|prj|cpg)$/i, 'this is a part of a shapefile'],
  [/\.(kml|gml|xml|gpx)$/i, 'this is KML, GML or another XML'],
  [/\.(tab|mif|dxf|dgn|dwg|gdb|parquet|arrow|pmtiles|mvt)$/i, 'this vector format is not read'],
  [/\.(tiff?|img|vrt|nc|asc)$/i, 'this is a raster'],
  [/\.(csv|tsv|xlsx?|ods)$/i, 'this is a table'],
];

const CURES: readonly (readonly [what: RegExp, fix: string])[] = [
  [/part of a shapefile/, 'name the .shp file'],
  [/a raster|a table/, 'give a file with polygons'],
];

function notRead({ file, bytes }: VectorInput): EcofluxError {
  const known = OTHERS.find(([extension]) => extension.test(file))?.[1];
  const what = bytes.length === 0 ? 'the file is empty' : (known ?? 'this is no vector file');
  const fix = CURES.find(([pattern]) => pattern.test(what))?.[1] ?? `convert it: ogr2ogr out.gpkg ${file}`;
  return new EcofluxError(known && bytes.length > 0 ? 'Unsupported' : 'InvalidInput', what, {
    file,
    expected: 'GeoJSON, GeoPackage, Shapefile (zipped or not) or FlatGeobuf',
    ...(bytes.length > 0 && { fix }),
  });
}
