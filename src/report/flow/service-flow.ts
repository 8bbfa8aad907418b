/** The flow of one service: a sentence, maps of roles and balance, what became of supply and demand by year, flows between zones. */
import { colourKey } from '../chart-parts.ts';
import type { ReportData, ReportMap } from '../data.ts';
import { formatShare, prettyUnit, totalUnit } from '../format.ts';
import { swatches } from '../legend.ts';
import { lineChart, lineMagnitude } from '../line-chart.ts';
import { mapPanel } from '../map-panel.ts';
import { type Content, html, type Markup } from '../markup.ts';
import type { Panel } from '../panels.ts';
import { sharesChart } from '../shares.ts';
import { stackedBars } from '../stacked-bars.ts';
import type { FlowStory } from '../stories.ts';
import { FLOW_COLOURS, yearColour } from './colours.ts';
import { mainFlowsTable, totalsTable } from './tables.ts';
import { flowSentence, MODES, metShares, shareOf } from './words.ts';
import { flowsBetweenZones } from './zone-drawings.ts';
import { zoneFlowsOf } from './zone-flows.ts';

export interface ServiceFlow {
  /** Of the element, unique in the document. */
  readonly id: string;
  readonly title: string;
  readonly code: string;
  /** By year; none where the run made maps alone. */
  readonly stories: readonly FlowStory[];
  readonly panels: readonly Panel[];
}

const ABOUT: Readonly<Record<string, string>> = {
  role: 'Who sends surplus, through which cells it passes, who receives it and who still lacks.',
  balance_dynamic:
    'Supply minus demand, less what was sent, with what was received. Blue where something is left, orange where something is missing.',
};
const BALANCE_ENDS = ['still missing', 'still left'] as const;

export function serviceFlow(data: ReportData, { id, title, code, stories, panels }: ServiceFlow): Markup {
  const [first] = stories;
  const note = (map: ReportMap) => (map.quantity === 'role' ? demandMet(stories, map) : undefined);
  return html`<section class="service" id="${id}"><h3>${title}<span class="code">${code}</span></h3>
${first && html`<p class="models">${MODES[first.mode]}</p><p class="story">${flowSentence(stories)}</p>`}
<div class="panels">${panels.map((panel) => mapPanel(panel, { about: ABOUT[panel.quantity], ends: BALANCE_ENDS, note }))}</div>
${cards(stories, panels)}
${first && html`<div class="flow-amounts">${totalsTable(stories)}</div>`}
${first && betweenZones(data, stories, panels)}
${remarks(stories)}</section>`;
}

function demandMet(stories: readonly FlowStory[], { year }: ReportMap): Content {
  const story = stories.find((candidate) => candidate.year === year);
  const { after } = story ? metShares(story) : { after: Number.NaN };
  return Number.isFinite(after) && html`<span class="total">${formatShare(after)} of demand met</span>`;
}

const FATES = [
  ['local', 'used where it arises'],
  ['delivered', 'delivered'],
  ['spill', 'left the area'],
  ['lost', 'lost'],
  ['residual', 'left over'],
] as const;

const MEETINGS = [
  ['local', 'met where it is', FLOW_COLOURS.local],
  ['inflow', 'met by what flows in', FLOW_COLOURS.delivered],
  ['unmet', 'not met', FLOW_COLOURS.unmet],
] as const;

/** What becomes of supply, one bar a story; those fates alone that occur. */
export function fatesOf(stories: readonly FlowStory[], nameOf: (story: FlowStory) => string) {
  const known = FATES.filter(([quantity]) => stories.some((story) => shareOf(story, quantity, 'supply') > 0));
  const entries = known.map(([quantity, name], code) => ({ code, name, colour: opaque(FLOW_COLOURS[quantity]) }));
  const bars = stories.map((story) => ({
    name: nameOf(story),
    pieces: known.map(([quantity], i) => ({ ...entries[i], share: shareOf(story, quantity, 'supply') })),
  }));
  return { entries, bars };
}

function cards(stories: readonly FlowStory[], panels: readonly Panel[]): Markup {
  const told = stories.length > 0 ? [supplyCard(stories), demandCard(stories), epochsCard(stories)] : [];
  const shown = [...told, roleCard(panels)].filter((card) => card !== undefined);
  return html`<div class="charts flow-charts${shown.length === 3 && ' three'}">${shown}</div>`;
}

function supplyCard(stories: readonly FlowStory[]): Markup {
  const { entries, bars } = fatesOf(stories, ({ year }) => String(year));
  const label = `What became of the supply of ${stories[0].serviceName} by year, shares of supply`;
  return html`<figure class="card"><figcaption><b>What became of supply</b>${swatches(entries)}</figcaption>${stackedBars(bars, label)}</figure>`;
}

function demandCard(stories: readonly FlowStory[]): Markup {
  const known = MEETINGS.filter(([quantity]) => stories.some((story) => shareOf(story, quantity, 'demand') > 0));
  const entries = known.map(([, name, colour], code) => ({ code, name, colour: opaque(colour) }));
  const bars = stories.map((story) => ({
    name: String(story.year),
    pieces: known.map(([quantity], i) => ({ ...entries[i], share: shareOf(story, quantity, 'demand') })),
  }));
  const label = `How demand for ${stories[0].serviceName} was met by year, shares of demand`;
  return html`<figure class="card"><figcaption><b>How demand was met</b>${swatches(entries)}</figcaption>${stackedBars(bars, label)}</figure>`;
}

/** Areas of suppliers, ways and users by year. */
function roleCard(panels: readonly Panel[]): Markup | undefined {
  const panel = panels.find(({ quantity, classes }) => quantity === 'role' && classes && classes.length > 0);
  if (!panel?.classes) return undefined;
  const label = `Shares of the area by role of its cells${panel.maps.length > 1 ? ' by year' : ''}`;
  return html`<figure class="card"><figcaption><b>Area by role</b>${swatches(panel.classes)}</figcaption>${sharesChart(panel.maps, panel.classes, label)}</figure>`;
}

/** The surplus that is left after each round of an omnidirectional flow. */
function epochsCard(stories: readonly FlowStory[]): Markup | undefined {
  const moving = stories.filter(({ epochs }) => epochs.length > 0);
  if (moving.length === 0) return undefined;
  const lines = moving.map(({ year, epochs }, order) => ({
    name: String(year),
    colour: yearColour(order, moving.length),
    points: [
      [0, epochs[0].residual + epochs[0].delivered] as const,
      ...epochs.map(({ epoch, residual }) => [epoch, residual] as const),
    ],
  }));
  const unit = [lineMagnitude(lines).word, prettyUnit(totalUnit(stories[0].unit))].filter(Boolean).join('\u00a0');
  const words = moving.map(({ year, epochs }, i) => {
    const start = lines[i].points[0][1];
    const left = epochs[epochs.length - 1].residual;
    return `${year}: ${epochs.length} rounds, ${formatShare(start > 0 ? left / start : Number.NaN)} of the surplus left`;
  });
  const label = `Surplus of ${stories[0].serviceName} that is left after each round. ${words.join('; ')}`;
  return html`<figure class="card"><figcaption><b>Surplus left after each round</b><span>${unit}</span>${lines.length > 1 && colourKey(lines)}</figcaption>${lineChart({ label, lines, across: 'round' })}</figure>`;
}

function betweenZones(data: ReportData, stories: readonly FlowStory[], panels: readonly Panel[]): Markup | undefined {
  const last = [...stories].reverse().find(({ links }) => links?.some(({ amount }) => amount > 0));
  const flows = last && zoneFlowsOf(last, data.zones);
  if (!flows) return undefined;
  return html`${flowsBetweenZones(flows, panels)}${mainFlowsTable(flows, stories, data.zones)}`;
}

/** Remarks of all years; those that are said of every year once. */
function remarks(stories: readonly FlowStory[]): Markup | undefined {
  const years = new Map<string, number[]>();
  for (const story of stories)
    for (const text of story.remarks) years.set(text, [...(years.get(text) ?? []), story.year]);
  if (years.size === 0) return undefined;
  const items = [...years].map(([text, of]) => {
    const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
    return html`<li>${of.length < stories.length ? `${of.join(', ')}: ${text}` : sentence}.</li>`;
  });
  return html`<ul class="remarks small">${items}</ul>`;
}

function opaque([red, green, blue]: readonly number[]): readonly [number, number, number, number] {
  return [red, green, blue, 255];
}
