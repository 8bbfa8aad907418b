/** CSV tables with one row for each class code, columns found by name without regard to case. Every mistake is named with row and column. */
import { EcofluxError, throwAll } from '../core/errors.ts';
import type { ClassRows, ColumnSpec } from '../core/model.ts';

export interface CsvTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Cells as text, with the line of the file they stand in. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** Comma, semicolon or tab separated; quotes as in RFC 4180; a byte order mark is dropped. */
export function parseCsv(name: string, text: string): CsvTable {
  const clean = text.replace(/^\uFEFF/, '');
  const first = clean.slice(0, clean.search(/\r?\n|$/));
  const delimiter = [',', ';', '\t'].reduce((best, mark) =>
    first.split(mark).length > first.split(best).length ? mark : best,
  );
  const records = [...recordsOf(clean, delimiter)].filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (records.length === 0)
    throw new EcofluxError('InvalidInput', 'the table is empty', { file: name, expected: 'a line of column names' });
  const [head, ...rows] = records;
  const columns = head.cells.map((cell) => cell.trim().toLowerCase());
  const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) !== i);
  if (twice)
    throw new EcofluxError('InvalidInput', `column '${twice}' stands there twice`, {
      file: name,
      place: 'line 1',
      fix: 'rename or remove one',
    });
  return { name, columns, rows };
}

function* recordsOf(text: string, delimiter: string): Generator<{ line: number; cells: string[] }> {
  let line = 1;
  let start = 1;
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text[i] : '\n';
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') cell += text[++i];
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (c === delimiter || c === '\n') {
      cells.push(cell.trim());
      cell = '';
      if (c === '\n') {
        yield { line: start, cells };
        cells = [];
        start = line + 1;
      }
    } else if (c !== '\r') cell += c;
    if (c === '\n') line++;
  }
}

const KEYS = ['lucode', 'code', 'class'];

/**
 * The wanted columns by class code.
 * @throws EcofluxError InvalidInput, all mistakes at once: missing columns, codes twice, cells that are no numbers or out of range
 */
export function classRows(table: CsvTable, columns: Readonly<Record<string, ColumnSpec>>): ClassRows {
  const { name } = table;
  const key = KEYS.find((column) => table.columns.includes(column));
  if (key === undefined)
    throw new EcofluxError('InvalidInput', "there is no column 'lucode'", {
      file: name,
      place: 'line 1',
      found: table.columns.join(', '),
      fix: 'name the column with the class codes lucode',
    });
  const missing = Object.keys(columns).filter((column) => !table.columns.includes(column));
  if (missing.length > 0)
    throw new EcofluxError(
      'InvalidInput',
      `column${missing.length > 1 ? 's' : ''} ${missing.map((column) => `'${column}'`).join(', ')} missing`,
      {
        file: name,
        place: 'line 1',
        found: table.columns.join(', '),
        fix: `add ${missing.map((column) => `${column} (${columns[column].about})`).join('; ')}`,
      },
    );
  const errors: EcofluxError[] = [];
  const rows = new Map<number, Record<string, number>>();
  const number = (line: number, cells: readonly string[], column: string): number => {
    const text = cells[table.columns.indexOf(column)] ?? '';
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value))
      errors.push(
        new EcofluxError('InvalidInput', text === '' ? 'a number is missing' : 'this is not a number', {
          file: name,
          place: `line ${line}, column ${column}`,
          found: text === '' ? 'nothing' : `'${text}'`,
          fix: 'write a number with a decimal point',
        }),
      );
    return value;
  };
  for (const { line, cells } of table.rows) {
    const code = number(line, cells, key);
    if (Number.isFinite(code) && (!Number.isInteger(code) || code < 0))
      errors.push(
        new EcofluxError('InvalidInput', 'a class code is a whole number from 0', {
          file: name,
          place: `line ${line}, column ${key}`,
          found: String(code),
          fix: 'correct the code',
        }),
      );
    if (rows.has(code))
      errors.push(
        new EcofluxError('InvalidInput', `class ${code} stands there twice`, {
          file: name,
          place: `line ${line}`,
          fix: 'remove one of the rows',
        }),
      );
    const row: Record<string, number> = {};
    for (const [column, { range, values, unit }] of Object.entries(columns)) {
      const value = number(line, cells, column);
      row[column] = value;
      const allowed = values ? values.includes(value) : !range || (value >= range[0] && value <= range[1]);
      if (Number.isFinite(value) && !allowed)
        errors.push(
          new EcofluxError('InvalidInput', `${column} is out of range`, {
            file: name,
            place: `line ${line}, column ${column}`,
            found: String(value),
            expected: values ? values.join(' or ') : `${range![0]} to ${range![1]} ${unit === '1' ? '' : unit}`.trim(),
            fix: 'correct the value',
          }),
        );
    }
    rows.set(code, row);
  }
  throwAll(errors);
  return rows;
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
