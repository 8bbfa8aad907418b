/** The .dbf of a shapefile: a table of fixed columns, numbers written as text. */
import { EcofluxError } from '../../core/errors.ts';
import type { RawColumn, RawValue } from './columns.ts';
import { dbfText } from './dbf-encoding.ts';
import type { FieldType } from './layer.ts';

export interface DbfTable {
  readonly columns: readonly RawColumn[];
  /** By record: whether it is marked as deleted. */
  readonly deleted: readonly boolean[];
}

interface Column {
  readonly name: string;
  readonly kind: string;
  readonly start: number;
  readonly length: number;
  readonly decimals: number;
}

/** `file`: the shapefile, as the user named it. @throws EcofluxError InvalidInput for a table that is cut short or damaged */
export function readDbf(
  file: string,
  bytes: Uint8Array,
  cpg: string | undefined,
  warn: (text: string) => void,
): DbfTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (found: string) =>
    new EcofluxError('InvalidInput', 'the .dbf file is cut short or damaged', {
      file,
      found,
      fix: 'copy all files of the shapefile again',
    });
  if (bytes.length < 32) throw damaged(`${bytes.length} bytes`);
  const [count, header, size] = [view.getUint32(4, true), view.getUint16(8, true), view.getUint16(10, true)];
  if (header + count * size > bytes.length || size < 1)
    throw damaged(`${bytes.length} bytes, where ${count} records of ${size} bytes should be`);
  const text = dbfText(file, cpg, bytes[29]);
  const columns = columnsOf(bytes, header, text.decode);
  if (columns.some(({ start, length }) => start + length > size)) throw damaged('columns longer than a record');
  const cut = columns.find(({ kind, length }) => length < (LEAST_BYTES[kind] ?? 0));
  if (cut) throw damaged(`column '${cut.name}' of ${cut.length} bytes`);

  const left = columns.filter(({ kind }) => !(kind in READERS));
  if (left.length > 0)
    warn(`${file}: columns of a kind that is not read are left out (${left.map(({ name }) => name).join(', ')})`);
  const kept = columns.filter(({ kind }) => kind in READERS);
  const values: RawValue[][] = kept.map(() => []);
  const deleted: boolean[] = [];
  for (let i = 0, at = header; i < count; i++, at += size) {
    deleted.push(bytes[at] === 0x2a);
    kept.forEach(({ kind, start, length }, k) => {
      values[k].push(READERS[kind](bytes.subarray(at + start, at + start + length), text.decode));
    });
  }
  if (text.misfits()) warn(`${file}: some text does not fit the encoding of the .dbf file (see its .cpg file)`);
  return {
    columns: kept.map((column, k) => ({ name: column.name, declared: typeOf(column), values: values[k] })),
    deleted,
  };
}

/** Descriptions of 32 bytes, ended by a carriage return. */
function columnsOf(bytes: Uint8Array, header: number, decode: (bytes: Uint8Array) => string): Column[] {
  const columns: Column[] = [];
  let start = 1;
  for (let at = 32; at + 32 <= header && bytes[at] !== 0x0d; at += 32) {
    const raw = bytes.subarray(at, at + 11);
    const end = raw.indexOf(0);
    const name = decode(end < 0 ? raw : raw.subarray(0, end)).trim();
    const kind = String.fromCharCode(bytes[at + 11]);
    // Text may be longer than one byte can say.
    const length = kind === 'C' ? bytes[at + 16] + 256 * bytes[at + 17] : bytes[at + 16];
    columns.push({ name, kind, start, length, decimals: kind === 'C' ? 0 : bytes[at + 17] });
    start += length;
  }
  return columns;
}

function typeOf({ kind, decimals }: Column): FieldType {
  if (kind === 'N' || kind === 'F') return decimals > 0 || kind === 'F' ? 'real' : 'integer';
  if (kind === 'I') return 'integer';
  if (kind === 'O') return 'real';
  return kind === 'L' ? 'boolean' : 'text';
}

type Reader = (bytes: Uint8Array, decode: (bytes: Uint8Array) => string) => RawValue;

const ascii = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Blank, asterisks (a number that did not fit) and anything else that is no number are no value. */
const numeric: Reader = (bytes) => {
  const text = ascii(bytes).replaceAll('\0', ' ').trim();
  if (/^[-+]?\d{16,}$/.test(text)) return BigInt(text.replace('+', ''));
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return null;
  return Number(text);
};

/** Of columns that hold numbers as bytes. */
const LEAST_BYTES: Readonly<Record<string, number>> = { I: 4, O: 8 };

const READERS: Readonly<Record<string, Reader>> = {
  N: numeric,
  F: numeric,
  C: (bytes, decode) => decode(bytes).replace(/[\0 ]+$/, '') || null,
  L: (bytes) => (/[TtYy]/.test(ascii(bytes)) ? true : /[FfNn]/.test(ascii(bytes)) ? false : null),
  // Zeros are how some programs write no date.
  D: (bytes) => /^(?!0{8})(\d{4})(\d\d)(\d\d)$/.exec(ascii(bytes))?.slice(1).join('-') ?? null,
  I: (bytes) => viewOf(bytes).getInt32(0, true),
  O: (bytes) => viewOf(bytes).getFloat64(0, true),
};
