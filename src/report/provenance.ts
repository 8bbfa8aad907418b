/** The sections that say how the results came about: method, parameters, inputs, device and timings, verification. */

import { bounds, type Grid } from '../core/grid.ts';
import type { ReportData, VerificationRow } from './data.ts';
import { formatNumber, formatSeconds, prettyQuantity, prettyUnit, scientific } from './format.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { Section } from './section.ts';
import { blockStarts, table } from './table.ts';

export function methodSection({ equations = [] }: ReportData): Section | undefined {
  if (equations.length === 0) return undefined;
  return {
    id: 'method',
    title: 'Equations and sources',
    body: html`<div class="models-grid">${equations.map(
      ({
        model,
        title,
        equations: lines,
        sources,
      }) => html`<article class="card"><h3>${title}<span class="code">${model}</span></h3>
${lines.length > 0 && html`<ol class="equations">${lines.map((line) => html`<li><code>${line}</code></li>`)}</ol>`}
${sources.length > 0 && html`<p class="small">Sources: ${sources.join('; ')}</p>`}</article>`,
    )}</div>`,
  };
}

export function parametersSection({ parameters }: ReportData): Section {
  return {
    id: 'parameters',
    title: 'Parameters',
    body: table({
      caption: 'Parameters of the run',
      columns: [
        { head: 'Where' },
        { head: 'Name' },
        { head: 'Value', numeric: true },
        { head: 'Unit' },
        { head: 'Set by' },
        { head: 'Meaning', wide: true },
      ],
      rows: parameters.map((row) => [
        row.where,
        html`<code>${row.name}</code>`,
        prettyQuantity(row.value),
        row.unit && prettyUnit(row.unit),
        row.defaulted ? html`<span class="tag">default</span>` : html`<span class="tag set">project</span>`,
        row.about,
      ]),
      blocks: blockStarts(parameters.map(({ where }) => where)),
    }),
  };
}

export function inputsSection({ inputs, grid }: ReportData): Section {
  return {
    id: 'inputs',
    title: 'Inputs',
    body: html`<p>Everything was brought to one grid: ${gridInWords(grid)}.</p>${table({
      caption: 'Inputs, how they were aligned, and their SHA-256 checksums',
      columns: [
        { head: 'Layer' },
        { head: 'File' },
        { head: 'Unit' },
        { head: 'Alignment', wide: true },
        { head: 'SHA-256' },
      ],
      rows: inputs.map((row) => [
        row.layer,
        html`<span class="path">${row.file}</span>`,
        row.unit && prettyUnit(row.unit),
        row.alignment,
        row.sha256 ? html`<code class="sum">${row.sha256.replace(/.{32}(?=.)/g, '$& ')}</code>` : row.identity,
      ]),
    })}`,
  };
}

export function runSection({ device, timings, log, version, created }: ReportData): Section {
  const facts = [
    ['Device', device.name],
    ['Kind', device.kind],
    ['Driver', device.driver],
    ['ecoflux', version],
    ['Date', created && formatMoment(created)],
  ].filter((entry) => entry[1]);
  return {
    id: 'run',
    title: timings ? 'Device and timings' : 'Device',
    body: html`<p>${device.sentence}</p><div class="two"><dl class="card facts-list">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${timings ? timingsTable(timings) : html`<p class="card">How long each step took stands in <code>run.json</code>.</p>`}</div>${log?.length && html`<details><summary>Log (${log.length} lines)</summary><pre>${log.join('\n')}</pre></details>`}`,
  };
}

function timingsTable(timings: NonNullable<ReportData['timings']>): Markup {
  const longest = Math.max(Number.MIN_VALUE, ...timings.map(({ seconds }) => seconds));
  return table({
    caption: 'Timings',
    columns: [
      { head: 'Step' },
      { head: 'Time', numeric: true },
      { head: html`<span class="hidden">share of the longest</span>`, wide: true },
    ],
    rows: timings.map(({ name, seconds }) => [
      name,
      formatSeconds(seconds),
      html`<span class="rail"><i style="width:${((100 * Math.max(0, seconds)) / longest).toFixed(1)}%"></i></span>`,
    ]),
  });
}

export function verificationSection({ verification }: ReportData): Section {
  const section = (body: Markup): Section => ({ id: 'verification', title: 'Verification', body });
  if (!verification?.length) {
    return section(
      html`<p class="notice">This run was not compared with the float64 reference. Run <code>ecoflux verify</code> on the project, or <code>ecoflux run --verify</code>, to have it compared.</p>`,
    );
  }
  const failed = verification.filter((row) => !row.passed).length;
  const verdict =
    failed === 0
      ? html`<span class="good">✓</span> All ${verification.length} outputs agree with the float64 reference within their tolerance.`
      : html`<span class="bad">✗</span> ${failed} of ${verification.length} outputs differ from the float64 reference by more than their tolerance.`;
  return section(
    html`<p class="notice">${verdict}</p>${table({
      caption: 'Device against the float64 reference',
      columns: [
        { head: 'Stage' },
        { head: 'Output' },
        { head: 'Result' },
        ...['Cells', 'Largest error', 'Tolerance'].map((head) => ({ head, numeric: true })),
        { head: 'Worst cell: device, reference', tight: true },
        { head: 'Classes, nodata differing', numeric: true },
      ],
      rows: verification.map((row) => [
        row.stage,
        row.output,
        row.passed ? html`<span class="good">✓ pass</span>` : html`<span class="bad">✗ fail</span>`,
        formatNumber(row.cells, 12),
        limits(row.maxRelative, row.maxAbsolute, 2),
        limits(row.tolerance.rtol, row.tolerance.atol, 1),
        worstCell(row),
        `${row.classDisagreements ?? 0}, ${row.nodataDisagreements}`,
      ]),
      blocks: blockStarts(verification.map(({ stage }) => stage.split('/')[0])),
    })}`,
  );
}

/** Relative and absolute, the one that is zero left out. */
function limits(relative: number, absolute: number, digits: number): Content {
  const rows = [
    relative !== 0 && `${scientific(relative, digits)} rel`,
    absolute !== 0 && `${scientific(absolute, digits)} abs`,
  ].filter((row) => row !== false);
  return rows.length === 0 ? 'exact' : rows.map((row, i) => html`${i > 0 && html`<br>`}${row}`);
}

function worstCell({ worst }: VerificationRow): Markup | undefined {
  return (
    worst &&
    html`column ${worst.column}, row ${worst.row}<br>${formatNumber(worst.device, 9)}, ${formatNumber(worst.reference, 9)}`
  );
}

function gridInWords(grid: Grid): string {
  const { west, south, east, north } = bounds(grid);
  const { name, kind, epsg, metresPerUnit = 1 } = grid.crs;
  const number = (value: number) => formatNumber(value, 9);
  const edges = [grid.cellWidth, grid.cellHeight].map((edge) =>
    kind === 'projected' ? `${number(edge * metresPerUnit)}\u00a0m` : number(edge),
  );
  const cell = edges[0] === edges[1] ? edges[0] : edges.join(' × ');
  const code = epsg === undefined || name.includes(String(epsg)) ? '' : ` (EPSG:${epsg})`;
  return `${grid.width} × ${grid.height} cells of ${cell} in ${name}${code}, x from ${number(west)} to ${number(east)}, y from ${number(south)} to ${number(north)}`;
}

/** 2026-11-21T19:45:12.345Z → 2026-11-21 19:45 UTC; other texts as they are. */
export function formatMoment(iso: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2}(\.\d+)?)?Z$/.exec(iso);
  return parts ? `${parts[1]} ${parts[2]} UTC` : iso;
}
