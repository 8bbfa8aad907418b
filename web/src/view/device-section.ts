/** What the run ran on: adapter, limits, self-test, and where the time went. */
import { drawing } from '../../../src/index.ts';
import { timingsOf } from '../report-data.ts';
import type { RunResult } from '../run.ts';

const { formatNumber, formatSeconds, html, table } = drawing;

const LIMITS: readonly (readonly [name: string, words: string, unit: 'bytes' | ''])[] = [
  ['maxBufferSize', 'Largest buffer', 'bytes'],
  ['maxStorageBufferBindingSize', 'Largest storage binding', 'bytes'],
  ['maxStorageBuffersPerShaderStage', 'Storage buffers per stage', ''],
  ['maxComputeInvocationsPerWorkgroup', 'Invocations per workgroup', ''],
  ['maxComputeWorkgroupStorageSize', 'Workgroup memory', 'bytes'],
  ['maxComputeWorkgroupsPerDimension', 'Workgroups per dimension', ''],
];

export function deviceSection(result: RunResult): drawing.Markup {
  const { device, run } = result;
  const { adapter, selfTest } = device;
  const facts: [string, drawing.Content][] = [['Adapter', device.name]];
  if (adapter) {
    const { vendor, architecture, software } = adapter.description;
    facts.push(['Vendor, architecture', [vendor, architecture].filter(Boolean).join(', ') || 'not told']);
    facts.push(['Kind', software ? 'software adapter: the processor runs the shaders' : 'graphics processor']);
    for (const [name, words, unit] of LIMITS)
      if (adapter.limits[name] !== undefined)
        facts.push([words, unit === 'bytes' ? inBytes(adapter.limits[name]) : formatNumber(adapter.limits[name], 12)]);
    facts.push(['Timestamp queries', adapter.features.includes('timestamp-query') ? 'yes' : 'no']);
    const passed = selfTest?.checks.filter((check) => check.passed).length;
    facts.push([
      'Self-test of the arithmetic',
      html`<span class="good">✓</span> ${passed} of ${selfTest?.checks.length}`,
    ]);
    facts.push(['Moved to and from the device', `${inBytes(run.timings.bytesUp)}, ${inBytes(run.timings.bytesDown)}`]);
  }
  return html`<p>${device.sentence}</p><div class="two"><dl class="card facts-list" id="adapter">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<div>${timeTable('The run', timingsOf(result))}${stageTimes(result)}</div></div>
<details><summary>Log (${result.log.length} lines)</summary><pre>${result.log.join('\n')}</pre></details>`;
}

function timeTable(caption: string, rows: readonly { name: string; seconds: number }[]): drawing.Markup {
  const longest = Math.max(Number.MIN_VALUE, ...rows.map(({ seconds }) => seconds));
  const total = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  return table({
    caption: `${caption}: ${formatSeconds(total)}`,
    columns: [
      { head: 'Step' },
      { head: 'Time', numeric: true },
      { head: html`<span class="hidden">share of the longest</span>`, wide: true },
    ],
    rows: rows.map(({ name, seconds }) => [
      name,
      formatSeconds(seconds),
      html`<span class="rail"><i style="width:${((100 * seconds) / longest).toFixed(1)}%"></i></span>`,
    ]),
  });
}

/** Kernel times by timestamp queries, added over years and tiles. */
function stageTimes({ run }: RunResult): drawing.Markup | undefined {
  const sums = new Map<string, number>();
  for (const [label, nanoseconds] of run.timings.stages) {
    const name = stageName(label);
    sums.set(name, (sums.get(name) ?? 0) + nanoseconds / 1e9);
  }
  if (sums.size === 0) return undefined;
  const rows = [...sums].map(([name, seconds]) => ({ name, seconds })).sort((a, b) => b.seconds - a.seconds);
  return timeTable('Kernels on the device, all years', rows);
}

/** "2003/WY/supply/per_cell pass 0 tile 3" → "WY supply: per_cell"; "2003/WY/supply#sum pass 1 tile 0" → "totals: sum". */
function stageName(label: string): string {
  const name = label.replace(/ pass \d+ tile \d+$/, '');
  const reduction = /#(\w+)$/.exec(name);
  if (reduction) return `totals: ${reduction[1]}`;
  const [, service, step, stage] = name.split('/');
  return stage === undefined ? name : `${service} ${step.replaceAll('_', ' ')}: ${stage}`;
}

function inBytes(bytes: number): string {
  if (bytes >= 2 ** 30) return `${formatNumber(bytes / 2 ** 30, 3)} GiB`;
  if (bytes >= 2 ** 20) return `${formatNumber(bytes / 2 ** 20, 3)} MiB`;
  return `${formatNumber(bytes / 1024, 3)} KiB`;
}
