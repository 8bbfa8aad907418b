/** The table of threats: how far each reaches, how much it weighs, how it fades, and where it is. Columns by InVEST's names. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { CsvTable } from '../../io/class-table.ts';
import { readNumber } from '../../io/tables/numbers.ts';
import type { Threat } from '../../models/habitat_quality/spec.ts';

/** Columns that say where a threat is. */
export type ThreatPlace = 'cur_path' | 'fut_path' | 'base_path' | 'layer' | 'classes';
const PLACES: readonly ThreatPlace[] = ['cur_path', 'fut_path', 'base_path', 'layer', 'classes'];
const REQUIRED = {
  threat: 'its name',
  max_dist: 'how far it reaches, m',
  weight: 'its weight among all',
  decay: 'linear or exponential',
};
const DECAYS = ['linear', 'exponential'] as const;

export interface ThreatRow extends Omit<Threat, 'of'> {
  readonly line: number;
  /** As the table has it; '' where a cell is empty or the column is missing. */
  readonly places: Readonly<Record<ThreatPlace, string>>;
}

/** @throws EcofluxError InvalidInput, all mistakes at once */
export function readThreats(table: CsvTable): readonly ThreatRow[] {
  const { name: file, columns, rows } = table;
  const missing = Object.entries(REQUIRED).filter(([column]) => !columns.includes(column));
  if (missing.length > 0)
    throw new EcofluxError('InvalidInput', `columns missing: ${missing.map(([column]) => column).join(', ')}`, {
      file,
      place: `line ${table.headLine}`,
      found: columns.filter(Boolean).join(', '),
      fix: `add ${missing.map(([column, about]) => `${column} (${about})`).join(', ')}`,
    });
  const errors: EcofluxError[] = [...table.faults];
  const lines = new Map<string, number>();
  const threats = rows.map((row): ThreatRow => {
    const cell = (column: string) => row.cells[columns.indexOf(column)] ?? '';
    const fault = (column: string, what: string, found: string, expected: string) =>
      errors.push(
        new EcofluxError('InvalidInput', what, {
          file,
          place: `line ${row.line}, column ${column}`,
          found: found || 'nothing',
          expected,
          fix: 'correct the value',
        }),
      );
    const number = (column: string, allowed: (value: number) => boolean, expected: string) => {
      const value = readNumber(table, row, column);
      if (typeof value !== 'number') errors.push(value);
      else if (allowed(value)) return value;
      else fault(column, `${column} is out of range`, String(value), expected);
      return Number.NaN;
    };
    const name = cell('threat').toLowerCase();
    if (!/^[\p{L}\p{N}][\p{L}\p{N}_ .-]*$/u.test(name))
      fault(
        'threat',
        'a threat needs a name that can be part of a file name',
        cell('threat'),
        'letters, digits, _ and -',
      );
    else if (lines.has(name))
      fault('threat', `the threat '${name}' stands there twice`, `line ${lines.get(name)}`, 'each once');
    lines.set(name, row.line);
    const decay = DECAYS.find((each) => each === cell('decay').toLowerCase());
    if (!decay) fault('decay', 'decay is neither linear nor exponential', cell('decay'), DECAYS.join(' or '));
    return {
      name,
      maxDistance: number('max_dist', (value) => value > 0, 'metres above 0'),
      weight: number('weight', (value) => value >= 0, 'a number from 0'),
      decay: decay ?? 'linear',
      line: row.line,
      places: Object.fromEntries(PLACES.map((column) => [column, cell(column)])) as ThreatRow['places'],
    };
  });
  if (errors.length === 0 && !threats.some(({ weight }) => weight > 0))
    errors.push(
      new EcofluxError('InvalidInput', rows.length === 0 ? 'there is no threat' : 'the weights of all threats are 0', {
        file,
        fix: rows.length === 0 ? 'add a line for each threat' : 'give at least one threat a weight',
      }),
    );
  throwAll(errors);
  return threats;
}

/** What the row says of where the threat is, in words, of these columns. */
export function saidPlaces(places: ThreatRow['places'], columns: readonly ThreatPlace[]): string[] {
  return columns.filter((column) => places[column] !== '').map((column) => `${column} ${places[column]}`);
}

/** Lines for a log: what a table says that is probably not meant. `cell`: metres. */
export function remarksOnThreats(file: string, threats: readonly ThreatRow[], cell: number): string[] {
  return threats
    .filter(({ maxDistance }) => maxDistance < cell)
    .map(
      ({ name, line, maxDistance }) =>
        `warning: ${file}, line ${line}: max_dist of ${name}, ${maxDistance} m, is less than a cell of ${cell} m: it degrades its own cells only`,
    );
}
