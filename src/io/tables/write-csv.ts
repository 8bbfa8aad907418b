/** Tables as text: commas, quotes as in RFC 4180, one line a row. */

/** What has no value (null, undefined, NaN) is an empty cell. */
export type CsvCell = string | number | bigint | boolean | null | undefined;

export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: CsvCell): string {
  const text = value === null || value === undefined || Number.isNaN(value) ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
