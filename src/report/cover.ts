/** The first page: title, the finding, key figures of each service, the facts of the run. */
import { DEMAND_COLOUR, SUPPLY_COLOUR } from './charts.ts';
import type { ReportData, ReportMap } from './data.ts';
import { deficitShare } from './finding.ts';
import { formatAmount, formatChange, formatLength, formatNumber, formatShare, formatTimes } from './format.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { PanelGroups } from './panels.ts';
import type { RiskStory } from './stories.ts';
import { type ServiceTotals, studyArea } from './totals.ts';

export function cover(data: ReportData, finding: readonly string[], groups: PanelGroups): Markup {
  const panel = groups.landCover[0] ?? [...groups.services.values()][0]?.[0];
  const last = panel?.maps.length ? panel.maps.length - 1 : 0;
  return html`<header class="cover" id="summary"><div>
<p class="kicker">Ecosystem services · supply, demand and balance</p>
<h1>${data.title}</h1>
<p class="finding">${finding.join(' ')}</p>
<ul class="facts">${facts(data).map(([name, value]) => html`<li><b>${value}</b> ${name}</li>`)}</ul>
</div>${panel && html`<figure class="place"><img src="${panel.pictures[last]}" width="${panel.maps[last].width}" height="${panel.maps[last].height}" alt=""><figcaption>${panel.title} ${panel.maps[last].year ?? ''}</figcaption></figure>`}
</header>`;
}

function facts(data: ReportData): [string, Content][] {
  const area = studyArea(data);
  const { grid, years, verification, bundles } = data;
  const cell = grid.cellWidth * (grid.crs.metresPerUnit ?? 1);
  const failed = verification?.filter((row) => !row.passed).length ?? 0;
  const rows: [string, Content][] = [];
  if (area !== undefined) rows.push(['study area', `${formatNumber(area / 1e6, 4)}\u00a0km²`]);
  if (grid.crs.kind === 'projected') rows.push(['cells', formatLength(cell)]);
  if (years.length > 4) rows.push([`from ${years[0]} to ${years[years.length - 1]}`, `${years.length} years`]);
  else if (years.length > 0) rows.push([years.length === 1 ? 'year' : 'years', years.join(', ')]);
  if (bundles) rows.push(['bundles', String(bundles.bundles.length)]);
  if (verification?.length) {
    const passed = `${verification.length - failed} of ${verification.length}`;
    rows.push([
      'outputs agree with the reference',
      html`<span class="${failed ? 'bad' : 'good'}">${failed ? '✗' : '✓'}</span> ${passed}`,
    ]);
  }
  return rows;
}

/** One tile a service: how many times supply covers demand, the balance, its change, where demand exceeds supply. */
export function keyFigures(
  totals: readonly ServiceTotals[],
  maps: readonly ReportMap[],
  risks: readonly RiskStory[] = [],
): Markup {
  return html`<section class="tiles" aria-label="Key figures">${totals.map((service) => tile(service, maps, risks))}</section>`;
}

function tile(
  { service, years, unit, measure }: ServiceTotals,
  maps: readonly ReportMap[],
  risks: readonly RiskStory[],
): Markup {
  const first = years[0];
  const last = years[years.length - 1];
  const heading = html`<h3>${service.name}<span class="code">${service.code}</span></h3>`;
  if (!last) return html`<article class="tile">${heading}<p class="empty">no valid cells</p></article>`;
  const { supply, demand, balance } = last;
  const ratio = supply !== undefined && demand !== undefined && demand > 0 ? supply / demand : undefined;
  const status = balance === undefined ? '' : balance > 0 ? 'surplus' : balance < 0 ? 'deficit' : 'balanced';
  const risk = risks.find((story) => story.service === service.code)?.levels.high.share;
  const short = deficitShare(balanceMap(maps, service.code, last.year));
  return html`<article class="tile ${status}">${heading}
<p class="big">${ratio === undefined ? '–' : `${formatTimes(ratio)}×`}<span>supply over demand, ${last.year}</span></p>
${supply !== undefined && demand !== undefined && pair(supply, demand, unit)}
<dl>${balance !== undefined && html`<div><dt>${measure === 'mean' ? 'Mean ' : ''}${balanceWord(balance, measure === 'mean')}</dt><dd>${formatAmount(Math.abs(balance), unit)}</dd></div>`}
${years.length > 1 && balance !== undefined && first.balance !== undefined && changeOf(first.year, first.balance, balance, unit)}
${short !== undefined && html`<div><dt>Area where demand exceeds supply</dt><dd>${formatShare(short)}</dd></div>`}
${risk !== undefined && html`<div><dt>Area at high risk</dt><dd>${formatShare(risk)}</dd></div>`}</dl></article>`;
}

/** The change of a surplus or deficit, or what it was where it has turned. */
function changeOf(year: number, before: number, after: number, unit: string): Markup {
  const turned = Math.sign(before) !== Math.sign(after);
  const [name, value] = turned
    ? [`${balanceWord(before)} in ${year}`, formatAmount(Math.abs(before), unit)]
    : [`Change of the ${balanceWord(after, true)} since ${year}`, formatChange(Math.abs(after) / Math.abs(before) - 1)];
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function balanceWord(balance: number, inside = false): string {
  const word = balance < 0 ? 'Deficit' : 'Surplus';
  return inside ? word.toLowerCase() : word;
}

/** Supply and demand as two bars of one scale. */
function pair(supply: number, demand: number, unit: string): Markup {
  const largest = Math.max(supply, demand, Number.MIN_VALUE);
  const bar = (name: string, value: number, colour: string) =>
    html`<div class="pair"><span>${name}</span><span class="rail"><i style="width:${Math.max(0.5, (100 * Math.max(0, value)) / largest).toFixed(1)}%;background:${colour}"></i></span><span>${formatAmount(value, unit)}</span></div>`;
  return html`${bar('Supply', supply, SUPPLY_COLOUR)}${bar('Demand', demand, DEMAND_COLOUR)}`;
}

function balanceMap(maps: readonly ReportMap[], code: string, year: number): ReportMap | undefined {
  const of = (quantity: string) =>
    maps.find((map) => map.service === code && map.year === year && map.quantity === quantity);
  return of('balance_static') ?? of('ratio');
}
