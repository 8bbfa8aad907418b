/** Header and image file directories of TIFF and BigTIFF in either byte order: tags as numbers and text, long arrays read when asked for. */
import { EcofluxError } from '../../core/errors.ts';
import type { ByteSource, ReadOptions } from '../byte-source.ts';
import { TYPE_BYTES } from './tags.ts';

export interface TiffFile {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly firstDirectory: number;
  read(offset: number, length: number, options?: ReadOptions): Promise<DataView>;
}

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Where the values lie in the file. */
  readonly offset: number;
}

/** One directory: its entries, by tag. */
export interface Directory {
  readonly offset: number;
  readonly next: number;
  has(tag: number): boolean;
  numbers(tag: number, options?: ReadOptions): Promise<Float64Array | undefined>;
  number(tag: number, fallback: number): Promise<number>;
  text(tag: number): Promise<string | undefined>;
}

/** Bytes read at once at the start of a file: a COG has its directories there. */
const HEAD_BYTES = 65536;
/** A directory holds some twenty entries; thousands mean damage. */
const MOST_ENTRIES = 4096;
/** Longest single tag: offsets of 2^27 blocks in 8 bytes. */
const MOST_TAG_BYTES = 2 ** 30;

export async function openTiff(source: ByteSource, options?: ReadOptions): Promise<TiffFile> {
  if (source.size < 8) throw notTiff(source, `a file of ${source.size} bytes`);
  const head = await source.fetch(0, Math.min(HEAD_BYTES, source.size), options);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const order = view.getUint16(0);
  const littleEndian = order === 0x4949;
  const version = view.getUint16(2, littleEndian);
  if ((order !== 0x4949 && order !== 0x4d4d) || (version !== 42 && version !== 43)) {
    throw notTiff(
      source,
      `first bytes ${[...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`,
    );
  }
  const big = version === 43;
  if (big && (source.size < 16 || view.getUint16(4, littleEndian) !== 8))
    throw notTiff(source, 'a damaged BigTIFF header');
  return {
    source,
    littleEndian,
    big,
    firstDirectory: big ? Number(view.getBigUint64(8, littleEndian)) : view.getUint32(4, littleEndian),
    async read(offset, length, readOptions) {
      if (offset + length <= head.byteLength) return new DataView(head.buffer, head.byteOffset + offset, length);
      const bytes = await source.fetch(offset, length, readOptions);
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  };
}

export async function readDirectory(file: TiffFile, offset: number, options?: ReadOptions): Promise<Directory> {
  const { littleEndian, big } = file;
  const place = `directory at byte ${offset}`;
  if (offset < 8 || offset + 2 > file.source.size) {
    throw damaged(file, place, `a directory offset beyond the file's ${file.source.size} bytes`);
  }
  const countBytes = big ? 8 : 2;
  const head = await file.read(offset, countBytes, options);
  const count = big ? Number(head.getBigUint64(0, littleEndian)) : head.getUint16(0, littleEndian);
  if (count === 0 || count > MOST_ENTRIES) throw damaged(file, place, `a directory of ${count} tags`);
  const entryBytes = big ? 20 : 12;
  const view = await file.read(offset + countBytes, count * entryBytes + (big ? 8 : 4), options);

  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const at = i * entryBytes;
    const type = view.getUint16(at + 2, littleEndian);
    const values = big ? Number(view.getBigUint64(at + 4, littleEndian)) : view.getUint32(at + 4, littleEndian);
    const bytes = (TYPE_BYTES[type] ?? 1) * values;
    const slot = at + (big ? 12 : 8);
    const inline = bytes <= (big ? 8 : 4);
    const pointer = big ? Number(view.getBigUint64(slot, littleEndian)) : view.getUint32(slot, littleEndian);
    entries.set(view.getUint16(at, littleEndian), {
      type,
      count: values,
      offset: inline ? offset + countBytes + slot : pointer,
    });
  }
  const after = count * entryBytes;

  const values = async (tag: number, readOptions?: ReadOptions) => {
    const entry = entries.get(tag);
    if (!entry) return undefined;
    const size = TYPE_BYTES[entry.type];
    const length = (size ?? 1) * entry.count;
    if (size === undefined) throw damaged(file, `${place}, tag ${tag}`, `field type ${entry.type}`);
    if (length > MOST_TAG_BYTES || entry.offset + length > file.source.size) {
      throw damaged(
        file,
        `${place}, tag ${tag}`,
        `${entry.count} values at byte ${entry.offset} of ${file.source.size}`,
      );
    }
    return { type: entry.type, count: entry.count, view: await file.read(entry.offset, length, readOptions) };
  };

  const numbers = async (tag: number, readOptions?: ReadOptions) => {
    const found = await values(tag, readOptions);
    if (!found) return undefined;
    const out = new Float64Array(found.count);
    const size = TYPE_BYTES[found.type];
    for (let i = 0; i < out.length; i++) out[i] = numberAt(found.view, i * size, found.type, littleEndian);
    return out;
  };

  return {
    offset,
    next: big ? Number(view.getBigUint64(after, littleEndian)) : view.getUint32(after, littleEndian),
    has: (tag) => entries.has(tag),
    numbers,
    number: async (tag, fallback) => (await numbers(tag))?.[0] ?? fallback,
    async text(tag) {
      const found = await values(tag);
      if (!found) return undefined;
      const bytes = new Uint8Array(found.view.buffer, found.view.byteOffset, found.view.byteLength);
      return new TextDecoder().decode(bytes).replace(/\0+$/, '');
    },
  };
}

function numberAt(view: DataView, at: number, type: number, littleEndian: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, littleEndian);
    case 4:
    case 13:
      return view.getUint32(at, littleEndian);
    case 5:
      return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, littleEndian);
    case 9:
      return view.getInt32(at, littleEndian);
    case 10:
      return view.getInt32(at, littleEndian) / view.getInt32(at + 4, littleEndian);
    case 11:
      return view.getFloat32(at, littleEndian);
    case 12:
      return view.getFloat64(at, littleEndian);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, littleEndian));
    case 17:
      return Number(view.getBigInt64(at, littleEndian));
    default:
      return view.getUint8(at);
  }
}

function notTiff(source: ByteSource, found: string): EcofluxError {
  return new EcofluxError('InvalidInput', 'this is not a GeoTIFF file', {
    file: source.name,
    found,
    expected: "the TIFF or BigTIFF mark 'II' or 'MM'",
    fix: 'convert it with gdal_translate -of COG',
  });
}

export function damaged(file: { readonly source: ByteSource }, place: string, found: string): EcofluxError {
  return new EcofluxError('InvalidInput', 'the TIFF structure is damaged or cut short', {
    file: file.source.name,
    place,
    found,
    fix: 'copy or download the file again',
  });
}
