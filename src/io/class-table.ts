/** Tables with one row for each class code, columns found by name without regard to case. Every mistake is named with row and column. */
import { EcofluxError, throwAll } from '../core/errors.ts';
import type { ColumnSpec } from '../core/model.ts';
import type { ClassRows } from '../core/values.ts';
import type { CsvTable } from './tables/csv.ts';
import { readNumber } from './tables/numbers.ts';

export { type CsvTable, describeTable, parseCsv } from './tables/csv.ts';

const KEYS = ['lucode', 'code', 'class'];
/** Mistakes told at once; a table in the wrong format has one in every cell. */
const MOST_TOLD = 100;

/**
 * The wanted columns by class code.
 * @throws EcofluxError InvalidInput, all mistakes at once: columns twice or missing, codes twice, cells that are no numbers or out of range
 */
export function classRows(table: CsvTable, columns: Readonly<Record<string, ColumnSpec>>): ClassRows {
  const { name } = table;
  const errors: EcofluxError[] = [...table.faults];
  const key = KEYS.find((column) => table.columns.includes(column));
  const present = Object.keys(columns).filter((column) => table.columns.includes(column));
  errors.push(...missingColumns(table, key, columns));

  const rows = new Map<number, Record<string, number>>();
  const lines = new Map<number, number>();
  for (const record of table.rows) {
    const at = (column: string) => ({ file: name, place: `line ${record.line}, column ${column}` });
    const number = (column: string): number | undefined => {
      const value = readNumber(table, record, column);
      if (typeof value === 'number') return value;
      errors.push(value);
      return undefined;
    };
    const choice = (column: string): number | undefined => {
      const { choices = [] } = columns[column];
      const text = record.cells[table.columns.indexOf(column)]?.trim() ?? '';
      const index = choices.indexOf(text.toLowerCase());
      if (index >= 0) return index;
      const fix = 'write one of them';
      const details = { ...at(column), found: text || 'nothing', expected: choices.join(' or '), fix };
      errors.push(new EcofluxError('InvalidInput', `${column} is none of its choices`, details));
      return undefined;
    };
    const row: Record<string, number> = {};
    const code = key === undefined ? undefined : number(key);
    if (code !== undefined && (!Number.isInteger(code) || code < 0))
      errors.push(
        new EcofluxError('InvalidInput', 'a class code is a whole number from 0', {
          ...at(key!),
          found: String(code),
          fix: 'correct the code',
        }),
      );
    else if (code !== undefined && rows.has(code))
      errors.push(
        new EcofluxError('InvalidInput', `class ${code} stands there twice`, {
          ...at(key!),
          found: `the same code in line ${lines.get(code)}`,
          fix: 'remove one of the rows',
        }),
      );
    else if (code !== undefined) {
      rows.set(code, row);
      lines.set(code, record.line);
    }
    for (const column of present) {
      const value = columns[column].choices ? choice(column) : number(column);
      if (value === undefined) continue;
      row[column] = value;
      const expected = expectedOf(columns[column], value);
      if (expected)
        errors.push(
          new EcofluxError('InvalidInput', `${column} is out of range`, {
            ...at(column),
            found: String(value),
            expected,
            fix: 'correct the value',
          }),
        );
    }
  }
  throwAll(firstOf(errors, name));
  return rows;
}

function missingColumns(
  { name, columns: found, headLine }: CsvTable,
  key: string | undefined,
  columns: Readonly<Record<string, ColumnSpec>>,
): EcofluxError[] {
  const at = { file: name, place: `line ${headLine}`, found: found.filter(Boolean).join(', ') };
  const errors: EcofluxError[] = [];
  if (key === undefined)
    errors.push(
      new EcofluxError('InvalidInput', "there is no column 'lucode'", {
        ...at,
        fix: 'name the column with the class codes lucode',
      }),
    );
  const missing = Object.keys(columns).filter((column) => !found.includes(column));
  if (missing.length > 0)
    errors.push(
      new EcofluxError(
        'InvalidInput',
        `column${missing.length > 1 ? 's' : ''} ${missing.map((column) => `'${column}'`).join(', ')} missing`,
        { ...at, fix: `add ${missing.map((column) => `${column} (${columns[column].about})`).join('; ')}` },
      ),
    );
  return errors;
}

/** What a column allows, in words, where the value is nothing of it. */
function expectedOf({ range, values, unit }: ColumnSpec, value: number): string | undefined {
  if (values) return values.includes(value) ? undefined : values.join(' or ');
  if (!range || (value >= range[0] && value <= range[1])) return undefined;
  return `${range[0]} to ${range[1]} ${unit === '1' ? '' : unit}`.trim();
}

function firstOf(errors: readonly EcofluxError[], file: string): readonly EcofluxError[] {
  if (errors.length <= MOST_TOLD) return errors;
  const more = errors.length - MOST_TOLD;
  return [
    ...errors.slice(0, MOST_TOLD),
    new EcofluxError('InvalidInput', `${more} more mistakes of this kind`, { file }),
  ];
}

/** Class names of a table, where it has a column for them. */
export function classNamesOf(table: CsvTable): Record<number, string> {
  const key = table.columns.indexOf(KEYS.find((column) => table.columns.includes(column)) ?? '');
  const name = ['name', 'lulc_name', 'lulc_desc']
    .map((column) => table.columns.indexOf(column))
    .find((index) => index >= 0);
  if (key < 0 || name === undefined) return {};
  return Object.fromEntries(table.rows.map(({ cells }) => [Number(cells[key]), cells[name]]));
}
