/** What a run says when it is done: totals by service and year, verification, where the report is. */
import type { ProjectRun } from '../pipeline/run-project.ts';

export function summaryOf({ totals, verification, report, seconds }: ProjectRun): string {
  const rows = totals.filter(
    ({ quantity, service }) => service !== 'composite' && (quantity === 'supply' || quantity === 'demand'),
  );
  const table = tableOf([
    ['service', 'year', 'quantity', 'sum', 'unit'],
    ...rows.map(({ service, year, quantity, sum, unit }) => [
      service,
      String(year),
      quantity,
      sum.toPrecision(5),
      unit,
    ]),
  ]);
  const checked = verification
    ? [
        `${verification.passed ? 'Verified' : 'NOT VERIFIED'}: ${verification.rows.filter(({ passed }) => passed).length} of ${verification.rows.length} stages agree with the float64 reference.`,
      ]
    : [];
  return [table, '', ...checked, `Done in ${seconds.toFixed(1)} s. Report: ${report}`].join('\n');
}

/** The same as one JSON document. */
export function summaryJson({ out, report, device, seconds, totals, verification }: ProjectRun): unknown {
  return { out, report, device, seconds, totals, verified: verification?.passed ?? null };
}

/** Columns padded to the widest cell; the first row is the head. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
