/** Repeated measurements and tables of them. */

export interface Spread {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  readonly count: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, values.length - 1));
  return { min: Math.min(...values), max: Math.max(...values), mean, deviation, count: values.length };
}

/** "1.203 (1.251 ± 0.034)": the minimum, and mean and deviation. */
export function formatSpread({ min, mean, deviation }: Spread, digits = 3): string {
  return `${min.toFixed(digits)} (${mean.toFixed(digits)} ± ${deviation.toFixed(digits)})`;
}

/** Columns padded to the widest cell; the first row is the head. Numbers stand to the right. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
