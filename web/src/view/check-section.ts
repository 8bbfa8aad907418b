/** The device against the float64 reference: one row for each output, all years together, with the cell of the largest error. */
import { drawing } from '../../../src/index.ts';
import { SERVICES } from '../analysis.ts';
import type { Check } from '../check.ts';
import { placeOf } from '../report-data.ts';
import type { RunResult } from '../run.ts';

const { blockStarts, formatNumber, html, scientific, table } = drawing;

export function checkSection({ checks, region, device }: RunResult): drawing.Markup {
  if (!checks)
    return html`<p class="notice">Nothing to compare: this run was made by the float64 reference itself. ${device.sentence}</p>`;
  const rows = outputsOf(checks);
  const starts = blockStarts(rows.map(({ service }) => service));
  const failed = rows.filter(({ passed }) => !passed).length;
  const verdict =
    failed === 0
      ? html`<span class="good">✓</span> All ${rows.length} outputs of all ${region.years.length} years agree with the float64 reference within their tolerance.`
      : html`<span class="bad">✗</span> ${failed} of ${rows.length} outputs differ from the float64 reference by more than their tolerance.`;
  return html`<p>Each model's definition is computed once more on the processor in float64, from the inputs that the device had, and every cell is compared.</p>
<p class="notice" id="verdict">${verdict}</p>${table({
    caption: 'Device against the float64 reference',
    columns: [
      { head: 'Service' },
      { head: 'Output' },
      ...['Cells', 'Largest absolute', 'Largest relative', 'Tolerance'].map((head) => ({ head, numeric: true })),
      { head: 'Cell of the largest absolute error', wide: true },
      { head: 'Result' },
    ],
    rows: rows.map((row, i) => [
      i === 0 || starts.has(i) ? nameOf(row.service) : html`<span class="hidden">${nameOf(row.service)}</span>`,
      html`${row.name} <span class="soft">${row.unit}</span>`,
      html`<span data-cells="${row.cells}">${formatNumber(row.cells, 12)}</span>`,
      scientific(row.maxAbsolute),
      scientific(row.maxRelative),
      html`<span title="${row.tolerance.because}">${scientific(row.tolerance.rtol, 1)} rel${row.tolerance.atol > 0 && html`, ${scientific(row.tolerance.atol, 1)} abs`}</span>`,
      placeWords(row.farthest, region.grid),
      row.passed
        ? html`<span class="good" data-passed="true">✓ pass</span>`
        : html`<span class="bad" data-passed="false">✗ fail</span>${row.nodataDisagreements > 0 && html` (${row.nodataDisagreements} cells valid on one side only)`}`,
    ]),
    blocks: starts,
  })}`;
}

function nameOf(service: string): string {
  return SERVICES.find(({ code }) => code === service)!.name;
}

interface OutputRow {
  readonly service: string;
  readonly name: string;
  readonly unit: string;
  readonly cells: number;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  readonly tolerance: Check['tolerance'];
  readonly farthest: Check;
  readonly nodataDisagreements: number;
  readonly passed: boolean;
}

/** The checks of all years of each output as one row. */
function outputsOf(checks: readonly Check[]): OutputRow[] {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const key = `${check.step.service}/${check.step.step}/${check.output}`;
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  const order = SERVICES.map(({ code }) => code);
  return [...groups.values()]
    .map((group): OutputRow => {
      const [{ step, output, tolerance }] = group;
      const unit = SERVICES.find(({ code }) => code === step.service)!.unit;
      const own = step.model.outputs[output].unit;
      return {
        service: step.service,
        name: output === 'amount' ? 'supply' : output,
        unit: drawing.prettyUnit(own === 'any' ? unit : own),
        cells: group.reduce((sum, { cells }) => sum + cells, 0),
        maxAbsolute: Math.max(...group.map(({ maxAbsolute }) => maxAbsolute)),
        maxRelative: Math.max(...group.map(({ maxRelative }) => maxRelative)),
        tolerance,
        farthest: group.reduce((farthest, check) => (check.maxAbsolute > farthest.maxAbsolute ? check : farthest)),
        nodataDisagreements: group.reduce((sum, { nodataDisagreements }) => sum + nodataDisagreements, 0),
        passed: group.every(({ passed }) => passed),
      };
    })
    .sort((a, b) => order.indexOf(a.service) - order.indexOf(b.service));
}

function placeWords({ largest, step }: Check, grid: RunResult['region']['grid']): string {
  if (!largest) return 'every cell is equal';
  const { column, row } = placeOf(largest.index, grid);
  return `${step.year}, column ${column}, row ${row}: ${formatNumber(largest.device, 8)} against ${formatNumber(largest.reference, 8)}`;
}
