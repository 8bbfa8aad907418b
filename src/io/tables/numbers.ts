/** Cells of a table as numbers, or what is wrong with them. */
import { EcofluxError } from '../../core/errors.ts';
import type { CsvTable } from './csv.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WITH_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;

/** @param column its name, in lower case; @returns the number, or the fault: nothing there, no number, a comma that says nothing certain */
export function readNumber(
  { name, columns, delimiter, decimalComma }: CsvTable,
  { line, cells }: CsvTable['rows'][number],
  column: string,
): number | EcofluxError {
  const text = cells[columns.indexOf(column)] ?? '';
  const comma = WITH_COMMA.test(text);
  const plain = decimalComma && comma ? text.replace(',', '.') : text;
  const value = NUMBER.test(plain) ? Number(plain) : Number.NaN;
  if (Number.isFinite(value)) return value;
  return new EcofluxError('InvalidInput', text === '' ? 'a number is missing' : 'this is not a number', {
    file: name,
    place: `line ${line}, column ${column}`,
    found: text === '' ? 'nothing' : `'${text}'`,
    fix:
      comma && delimiter !== ','
        ? 'use one decimal mark in the whole table: it has numbers with a point too'
        : 'write a number with a decimal point and without marks between thousands',
  });
}
