/** Flow: what becomes of the supply of each service, who sends and who receives, from which zone to which. */
import type { ReportData } from './data.ts';
import { fatesOf, serviceFlow } from './flow/service-flow.ts';
import { servicesTable } from './flow/tables.ts';
import { humanise } from './format.ts';
import { swatches } from './legend.ts';
import { html, type Markup } from './markup.ts';
import type { PanelGroups } from './panels.ts';
import type { Section } from './section.ts';
import { stackedBars } from './stacked-bars.ts';
import type { FlowStory } from './stories.ts';

/** Undefined where the run computed no flow. */
export function flowSection(data: ReportData, groups: PanelGroups): Section | undefined {
  const told = data.flows ?? [];
  const codes = [
    ...new Set([
      ...data.services.map(({ code }) => code),
      ...told.map(({ service }) => service),
      ...groups.flow.keys(),
    ]),
  ].filter((code) => groups.flow.has(code) || told.some(({ service }) => service === code));
  if (codes.length === 0) return undefined;
  const parts = codes.map((code, order) => {
    const stories = told.filter(({ service }) => service === code).sort((a, b) => a.year - b.year);
    const panels = groups.flow.get(code) ?? [];
    const named = data.services.find((service) => service.code === code)?.name ?? stories[0]?.serviceName;
    const title = named ?? panels[0]?.maps[0].serviceName ?? humanise(code);
    const id = `flow-${order}`;
    return { id, title, stories, body: serviceFlow(data, { id, title, code, stories, panels }) };
  });
  const services = parts.map(({ stories }) => stories).filter(({ length }) => length > 0);
  return {
    id: 'flow',
    title: 'Flow from supply to demand',
    body: html`<p>${INTRODUCTION}</p>${zonesMissing(data, told)}${services.length > 1 && overview(services)}${parts.map(({ body }) => body)}`,
    parts,
  };
}

const INTRODUCTION =
  'A cell uses its own supply first. What it does not need moves on, if the service moves, to cells that lack it: the flow joins where a service arises with where it is used.';

/** How to get what is not there: flows between zones need zones. */
function zonesMissing(data: ReportData, stories: readonly FlowStory[]): Markup | undefined {
  const moving = stories.some(({ mode }) => mode !== 'in_situ');
  if (!moving || (data.zones && data.zones.length > 0)) return undefined;
  return html`<p class="notice">Flows between districts, cities or catchments, as arrows and as a Sankey diagram, need their polygons: name the file under <code>zones:</code> in the project file, as in <code>zones: { file: districts.gpkg, name: name }</code>.</p>`;
}

/** One bar a service, in its last year, and the table of all. */
function overview(services: readonly (readonly FlowStory[])[]): Markup {
  const last = services.map((stories) => stories[stories.length - 1]);
  const years = new Set(last.map(({ year }) => year));
  const [year] = years;
  const { entries, bars } = fatesOf(last, (story) =>
    years.size > 1 ? `${story.serviceName}, ${story.year}` : story.serviceName,
  );
  const when = years.size === 1 ? `, ${year}` : '';
  return html`<div class="flow-overview"><figure class="card wide-names"><figcaption><b>What became of supply${when}</b>${swatches(entries)}</figcaption>${stackedBars(bars, `What became of the supply of each service${when}`)}</figure>
${servicesTable(services)}</div>`;
}
