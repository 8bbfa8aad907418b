/** A table of zones: numbers by column, one row for each zone, from delimited text or from the attributes of a vector file. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import { parseCsv } from '../../io/class-table.ts';
import { readNumber } from '../../io/tables/numbers.ts';
import type { FieldValue, VectorLayer } from '../../io/vector/layer.ts';
import { isVector, readVector } from '../../io/vector/read.ts';
import { nearest } from '../nearest.ts';
import type { Platform } from '../platform.ts';

export interface ZoneTable {
  readonly file: string;
  /** What names the zones: its column, and the name of each. */
  readonly id: { readonly name: string; readonly values: readonly FieldValue[] };
  /** By name, one number for each zone. */
  readonly columns: ReadonlyMap<string, readonly number[]>;
  /** Where it came with shapes. */
  readonly layer?: VectorLayer;
}

export interface ZoneTableRequest {
  readonly table: string;
  /** Column that names the zones; the first one when absent (of vectors their number). */
  readonly id?: string;
  /** Those wanted; all that hold nothing but numbers when absent. */
  readonly columns?: readonly string[];
}

interface Source {
  readonly names: readonly string[];
  readonly rows: number;
  cell(name: string, row: number): FieldValue;
  /** The number, or what is wrong with it. */
  number(name: string, row: number): number | EcofluxError;
}

/** @throws EcofluxError or ManyErrors InvalidInput: missing columns, cells that are no numbers, no row */
export async function readZoneTable(
  { table, id, columns }: ZoneTableRequest,
  platform: Platform,
  warn: (text: string) => void,
): Promise<ZoneTable> {
  const bytes = await platform.readBytes(table);
  const layer = isVector(bytes) ? await readVector(table, { openSource: platform.openSource, warn }) : undefined;
  const source = layer ? ofLayer(layer) : ofText(table, bytes);
  if (source.rows === 0)
    throw new EcofluxError('InvalidInput', 'the table has no zone', { file: table, fix: 'add a row for each zone' });
  const naming = id === undefined ? (layer ? undefined : source.names[0]) : named(source.names, id, '--id', table);
  const numeric = (name: string) =>
    name !== naming && rowsOf(source).every((row) => typeof source.number(name, row) === 'number');
  const wanted = columns?.map((name) => named(source.names, name, '--columns', table)) ?? source.names.filter(numeric);
  const faults: EcofluxError[] = [];
  const found = new Map<string, number[]>();
  for (const name of new Set(wanted))
    found.set(
      name,
      rowsOf(source).map((row) => {
        const value = source.number(name, row);
        if (typeof value === 'number') return value;
        faults.push(value);
        return Number.NaN;
      }),
    );
  throwAll(faults);
  const values = rowsOf(source).map((row) =>
    naming === undefined ? layer!.features[row].fid : source.cell(naming, row),
  );
  return { file: table, id: { name: naming ?? 'fid', values }, columns: found, layer };
}

function rowsOf({ rows }: Source): number[] {
  return Array.from({ length: rows }, (_, row) => row);
}

function ofText(file: string, bytes: Uint8Array): Source {
  const table = parseCsv(file, bytes);
  throwAll(table.faults);
  const { columns, rows } = table;
  return {
    names: columns.filter((name) => name !== ''),
    rows: rows.length,
    cell: (name, row) => rows[row].cells[columns.indexOf(name)] ?? null,
    number: (name, row) => readNumber(table, rows[row], name),
  };
}

function ofLayer({ file, fields, features }: VectorLayer): Source {
  return {
    names: fields.map(({ name }) => name),
    rows: features.length,
    cell: (name, row) => features[row].properties[name] ?? null,
    number(name, row) {
      const value = features[row].properties[name];
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      return new EcofluxError('InvalidInput', value == null ? 'a number is missing' : 'this is not a number', {
        file,
        place: `feature ${features[row].fid}, field ${name}`,
        found: value == null ? 'nothing' : `'${value}'`,
        fix: 'write a number, or leave the zone out',
      });
    },
  };
}

/** As written, or but for the case of its letters. */
function named(names: readonly string[], wanted: string, option: string, file: string): string {
  const found =
    names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const close = nearest(wanted, names);
  throw new EcofluxError('InvalidInput', `there is no column '${wanted}'`, {
    file,
    found: `the columns ${names.join(', ')}`,
    fix: close ? `write ${option} ${close}` : 'name one of these',
  });
}

/** "a, b" */
export function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((item) => item.trim());
}
