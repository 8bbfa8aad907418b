/** Delimited text of any usual kind as rows of cells: which delimiter, encoding and decimal mark it has is found out, and said. */
import { EcofluxError } from '../../core/errors.ts';
import { decodeTable, type TableEncoding } from './encoding.ts';
import { type CsvRecord, recordsOf } from './records.ts';

export interface CsvTable {
  readonly name: string;
  /** In lower case and trimmed; '' where a column has no name. */
  readonly columns: readonly string[];
  /** Line of the file with the column names. */
  readonly headLine: number;
  /** Cells as text, with the line of the file they stand in; rows without any text are left out. */
  readonly rows: readonly CsvRecord[];
  /** 'text' where it was given as text. */
  readonly encoding: TableEncoding | 'text';
  readonly delimiter: Delimiter;
  /** Numbers are written 1,5: where the delimiter is no comma and no number has a point. */
  readonly decimalComma: boolean;
  /** Mistakes of its form, for whoever reads the cells to report with its own: column names twice, cells beyond the last column. */
  readonly faults: readonly EcofluxError[];
}

const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'vertical bar' } as const;
export type Delimiter = keyof typeof DELIMITERS;

/** Records looked at to tell the delimiter. */
const LOOKED_AT = 50;

/**
 * Quotes as in RFC 4180, lines that end in any way; a first line "sep=;" as Excel writes it is obeyed.
 * @throws EcofluxError InvalidInput for an empty table and for bytes that are no text, Unsupported for a workbook
 */
export function parseCsv(name: string, data: string | Uint8Array): CsvTable {
  const { text, encoding } =
    typeof data === 'string'
      ? { text: data.replace(/^\uFEFF/, ''), encoding: 'text' as const }
      : decodeTable(name, data);
  const open: EcofluxError[] = [];
  const said = /^sep=([,;\t|])\r?\n/i.exec(text);
  const delimiter = (said?.[1] as Delimiter | undefined) ?? delimiterOf(text);
  const records: CsvRecord[] = [];
  for (const record of recordsOf(said ? text.slice(said[0].length) : text, delimiter)) {
    if (record.open) open.push(neverClosed(name, record.line + (said ? 1 : 0)));
    if (record.cells.some((cell) => cell !== '')) records.push({ ...record, line: record.line + (said ? 1 : 0) });
  }
  if (records.length === 0)
    throw new EcofluxError('InvalidInput', 'the table is empty', { file: name, expected: 'a line of column names' });
  const [head, ...rows] = records;
  const columns = head.cells.map((cell) => cell.toLowerCase());
  const faults = [...open, ...namedTwice(name, head), ...tooLong(name, rows, columns.length, delimiter)];
  const decimalComma = delimiter !== ',' && writesCommas(rows);
  return { name, columns, headLine: head.line, rows, encoding, delimiter, decimalComma, faults };
}

/** How a table was read, for the log: "GB18030, separated by semicolons, decimal commas, 12 rows". */
export function describeTable({ encoding, delimiter, decimalComma, rows }: CsvTable): string {
  return [
    encoding === 'text' ? '' : encoding,
    `separated by ${DELIMITERS[delimiter]}s`,
    decimalComma ? 'decimal commas' : '',
    `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** The mark that cuts most of the first records like the line of names; among equals the one that cuts it most often. */
function delimiterOf(text: string): Delimiter {
  let best: { mark: Delimiter; share: number; columns: number } = { mark: ',', share: 0, columns: 1 };
  for (const mark of Object.keys(DELIMITERS) as Delimiter[]) {
    const counts: number[] = [];
    for (const { cells } of recordsOf(text, mark)) {
      if (cells.some((cell) => cell !== '')) counts.push(cells.length);
      if (counts.length === LOOKED_AT) break;
    }
    const [columns = 1] = counts;
    if (columns === 1) continue;
    const share = counts.filter((count) => count === columns).length / counts.length;
    if (share > best.share || (share === best.share && columns > best.columns)) best = { mark, share, columns };
  }
  return best.mark;
}

const WITH_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;
const WITH_POINT = /^[+-]?\d*\.\d+(e[+-]?\d+)?$/i;

function writesCommas(rows: readonly CsvRecord[]): boolean {
  const some = (form: RegExp) => rows.some(({ cells }) => cells.some((cell) => form.test(cell)));
  return some(WITH_COMMA) && !some(WITH_POINT);
}

function namedTwice(file: string, { cells, line }: CsvRecord): EcofluxError[] {
  const first = new Map<string, number>();
  return cells.flatMap((cell, i) => {
    const column = cell.toLowerCase();
    if (column === '' || !first.has(column)) {
      first.set(column, i);
      return [];
    }
    return new EcofluxError('InvalidInput', `column '${column}' stands there twice`, {
      file,
      place: `line ${line}, column ${i + 1}`,
      found: `'${cell}', and '${cells[first.get(column)!]}' in column ${first.get(column)! + 1}`,
      fix: 'rename or remove one',
    });
  });
}

/** Text beyond the last column has slipped there: what stands before it is in the wrong columns. */
function tooLong(file: string, rows: readonly CsvRecord[], columns: number, delimiter: Delimiter): EcofluxError[] {
  return rows.flatMap(({ line, cells }) => {
    const filled = cells.findLastIndex((cell) => cell !== '') + 1;
    if (filled <= columns) return [];
    return new EcofluxError('InvalidInput', 'the row has more cells than there are columns', {
      file,
      place: `line ${line}, column ${columns + 1}`,
      found: `${filled} cells, '${cells[columns]}' the first beyond`,
      expected: `${columns}`,
      fix:
        delimiter === ','
          ? 'put texts with commas into quotes, and write numbers with a decimal point'
          : `put texts with a ${DELIMITERS[delimiter]} into quotes`,
    });
  });
}

function neverClosed(file: string, line: number): EcofluxError {
  return new EcofluxError('InvalidInput', 'a quotation mark is never closed', {
    file,
    place: `the row that starts in line ${line}`,
    fix: 'close it, or write it twice where it belongs to the text',
  });
}
