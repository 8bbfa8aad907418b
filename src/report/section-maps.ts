/** Maps of each service, of all services together, and of whatever else the run made. */
import type { ReportData, ReportMap, ReportService } from './data.ts';
import { formatSignificant, humanise, inSentence, magnitudeOf, prettyUnit, totalUnit } from './format.ts';
import { mapPanel } from './map-panel.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { Panel, PanelGroups } from './panels.ts';
import type { Section } from './section.ts';
import type { ServiceTotals } from './totals.ts';

const TWINS =
  'The supply–demand ratio of a service is its balance divided by one number for all years, so its map looks the same as the balance; it is among the output files.';

export function serviceSection(data: ReportData, groups: PanelGroups, totals: readonly ServiceTotals[]): Section {
  const parts = [...groups.services].map(([code, panels], order) => {
    const service = data.services.find((candidate) => candidate.code === code);
    const known = totals.find((entry) => entry.service.code === code);
    const title = service?.name ?? panels[0].maps[0].serviceName ?? humanise(code);
    const id = `service-${order}`;
    const note = (map: ReportMap) => mapTotal(data, map, known?.measure ?? 'mean');
    const twins =
      data.maps.some((map) => map.service === code && map.quantity === 'ratio') &&
      !panels.some(({ quantity }) => quantity === 'ratio');
    const body = html`<section class="service" id="${id}"><h3>${title}<span class="code">${code}</span></h3>
${service && modelsLine(service)}
<div class="panels">${panels.map((panel) => mapPanel(panel, { note }))}</div>
${twins && html`<p class="small">${TWINS}</p>`}</section>`;
    return { id, title, body };
  });
  const several = data.years.length > 1;
  const scales = several
    ? 'All years of a quantity share one colour scale, from the 2nd to the 98th percentile of all their cells'
    : 'Colour scales run from the 2nd to the 98th percentile of the cells';
  const pointing = `Point at a map to read ${several ? 'the same place in every year' : 'its values'}.`;
  const intro = html`<p>${scales}; pointed ends mean that some values lie beyond. <span class="screen">${pointing}</span></p>`;
  return { id: 'services', title: 'Maps by service', body: html`${intro}${parts.map(({ body }) => body)}`, parts };
}

export function compositeSection(panels: readonly Panel[]): Section {
  return {
    id: 'composite',
    title: 'All services together',
    body: html`<p>Supply and demand of every service are brought to 0..1 over all years together and combined by a weighted sum. Their ratio sets the two indices against each other: above 1 supply stands higher in its range than demand in its own, below 1 lower.</p>
<div class="panels">${panels.map((panel) => mapPanel(panel, { about: COMPOSITE[panel.quantity] ?? '' }))}</div>`,
  };
}

const COMPOSITE: Readonly<Record<string, string>> = {
  supply: 'Weighted sum of the normalised supplies.',
  demand: 'Weighted sum of the normalised demands.',
  ratio: 'Composite supply divided by composite demand; no data where there is no demand.',
};

export function furtherSection(panels: readonly Panel[]): Section {
  return {
    id: 'further',
    title: 'Further maps',
    body: html`<div class="panels">${panels.map((panel) => mapPanel(panel))}</div>`,
  };
}

/** Total (or mean) of a map, in the magnitude of the largest of its years. */
function mapTotal(data: ReportData, map: ReportMap, measure: 'sum' | 'mean'): Content {
  const rows = data.totals.filter((row) => row.service === map.service && row.quantity === map.quantity);
  const row = rows.find(({ year }) => year === map.year);
  if (!row || row.cells === 0 || !Number.isFinite(row[measure])) return undefined;
  const { factor, word } = magnitudeOf(rows.map((other) => other[measure]));
  const unit = prettyUnit(measure === 'sum' ? totalUnit(row.unit) : row.unit);
  const amount = [formatSignificant(row[measure] / factor), word, unit].filter(Boolean).join('\u00a0');
  return html`<span class="total">${measure === 'sum' ? 'total' : 'mean'} ${amount}</span>`;
}

function modelsLine({ category, flow, supplyModel, demandModel }: ReportService): Markup {
  const kind = `${humanise(category)} service${flow ? `, ${humanise(flow).toLowerCase()} flow` : ''}`;
  return html`<p class="models">${kind}. Supply: ${inSentence(supplyModel)}. Demand: ${inSentence(demandModel)}.</p>`;
}
