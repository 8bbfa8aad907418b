/** The table of land-cover classes: how good a habitat each is, and how sensitive to each threat. Columns are called like the threats. */
import { EcofluxError } from '../../core/errors.ts';
import type { ClassRows } from '../../core/values.ts';
import { type CsvTable, classRows } from '../../io/class-table.ts';
import type { ThreatRow } from './threats.ts';

const SHARE = [0, 1] as const;

/**
 * Rows for the tables `habitat` and `sensitivity_<threat>` of the model.
 * @throws EcofluxError InvalidInput, all mistakes at once
 */
export function readSensitivity(
  table: CsvTable,
  threats: readonly Pick<ThreatRow, 'name'>[],
): Record<string, ClassRows> {
  const column = (about: string) => ({ about, unit: '1', range: SHARE });
  const columns = {
    habitat: column('suitability as habitat'),
    ...Object.fromEntries(threats.map(({ name }) => [name, column(`sensitivity to ${name}`)])),
  };
  const rows = classRows(withCode(table), columns);
  const only = (name: string, as: string): ClassRows =>
    new Map([...rows].map(([code, row]) => [code, { [as]: row[name] }]));
  return {
    habitat: only('habitat', 'habitat'),
    ...Object.fromEntries(threats.map(({ name }) => [`sensitivity_${name}`, only(name, 'sensitivity')])),
  };
}

/** Older versions of InVEST call the codes LULC. */
function withCode(table: CsvTable): CsvTable {
  if (table.columns.includes('lucode') || !table.columns.includes('lulc')) return table;
  return { ...table, columns: table.columns.map((name) => (name === 'lulc' ? 'lucode' : name)) };
}

/**
 * Rows for the table `presence_<threat>`: 1 for the classes that the cell names, "1" or "51 52".
 * @param codes of the sensitivity table
 * @throws EcofluxError InvalidInput for what is no code, or one that the sensitivity table does not have
 */
export function presenceOf({ name, line, places }: ThreatRow, file: string, codes: Iterable<number>): ClassRows {
  const known = new Set(codes);
  const wanted = new Set(
    places.classes
      .split(/[\s;,]+/)
      .filter(Boolean)
      .map(Number),
  );
  for (const code of wanted)
    if (!known.has(code))
      throw new EcofluxError('InvalidInput', `the classes of ${name} are not all in the sensitivity table`, {
        file,
        place: `line ${line}, column classes`,
        found: places.classes,
        expected: `codes among ${[...known].join(', ')}`,
        fix: 'correct the codes, or add rows to the sensitivity table',
      });
  return new Map([...known].map((code) => [code, { presence: wanted.has(code) ? 1 : 0 }]));
}
