/** The Sankey diagram of a year: from which zones amounts come, where they are used, leave or are lost. */
import { fix } from '../chart-parts.ts';
import { hexOf } from '../colours.ts';
import { formatAmount, formatShare, totalUnit } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { ZoneLink } from '../stories.ts';
import { FLOW_COLOURS, OTHER_COLOUR } from './colours.ts';
import { type Sankey, type SankeyBand, type SankeyNode, type Station, sankeyLayout } from './sankey.ts';
import { cutName, endName, type ZoneFlows } from './zone-flows.ts';

const WIDTH = 440;
const BAR = 13;
/** Upper edge of the bars, below the heads of the columns. */
const TOP = 26;
const GAP = 7;
const LABEL_STEP = 19;
const LONGEST_NAME = 18;
/** Height of a bar, one with another, and the limits of the whole. */
const ROOM = 46;
const [LOWEST, HIGHEST] = [200, 450];
const KINDS = ['zone', 'used', 'spill', 'lost'];

export function sankeyOf(flows: ZoneFlows): Sankey {
  const links = flows.links.map((link) => ({
    amount: link.amount,
    from: { key: String(link.from), name: flows.nameOf(link.from), kind: 'zone' },
    to: endOf(flows, link),
  }));
  const stations = new Set(links.flatMap(({ from, to }) => [`< ${from.key}`, `> ${to.key}`]));
  const height = Math.min(HIGHEST, Math.max(LOWEST, (stations.size / 2) * ROOM));
  return sankeyLayout(links, KINDS, { top: TOP, height, gap: GAP, labelStep: LABEL_STEP, gathered });
}

export function sankeyChart(flows: ZoneFlows): Markup {
  const sankey = sankeyOf(flows);
  const { left, right, bands, total } = sankey;
  const unit = totalUnit(flows.story.unit);
  const inkOf = (node: SankeyNode) =>
    hexOf(node.members > 1 ? OTHER_COLOUR : flows.colourOf(node.key === 'null' ? null : Number(node.key)));
  const words = ({ from, to, amount }: SankeyBand) =>
    `${left[from].name} → ${right[to].name}: ${formatAmount(amount, unit)} (${formatShare(amount / total)})`;
  const lowest = Math.max(
    ...[...left, ...right].map(({ top, height, labelAt }) => Math.max(top + height, labelAt + 7)),
  );
  return html`<svg class="chart flowchart" viewBox="0 0 ${WIDTH} ${fix(lowest + 3)}" role="img" aria-label="${described(sankey, flows)}">
<text x="0" y="13" class="soft">from</text><text x="${WIDTH}" y="13" text-anchor="end" class="soft">to</text>
${bands.map((band) => html`<path d="${shapeOf(band)}" fill="${inkOf(left[band.from])}" class="band"><title>${words(band)}</title></path>\n`)}
${left.map((node) => barOf(node, 0, inkOf(node)))}
${right.map((node) => barOf(node, WIDTH - BAR, endInk(node, left, inkOf)))}
${left.map((node) => labelOf(node, total, BAR + 6, 'start'))}
${right.map((node) => labelOf(node, total, WIDTH - BAR - 6, 'end'))}</svg>`;
}

function endOf(flows: ZoneFlows, link: ZoneLink): Station {
  const key = link.as === 'lost' ? 'lost' : `${link.as} ${link.to}`;
  // Shorter than in words: it stands in the picture.
  const name = link.as === 'spill' && link.to !== null ? `out: ${flows.nameOf(link.to)}` : endName(flows, link);
  return { key, name, kind: link.as };
}

function gathered(kind: string, count: number): string {
  return kind === 'spill' ? `out: ${count} other zones` : `${count} other zones`;
}

/** A zone on the right has the colour that it has on the left, where it has one there. */
function endInk(node: SankeyNode, left: readonly SankeyNode[], inkOf: (node: SankeyNode) => string): string {
  if (node.kind === 'spill') return hexOf(FLOW_COLOURS.spill);
  if (node.kind === 'lost') return hexOf(FLOW_COLOURS.lost);
  const same = left.find(({ key }) => node.key === `used ${key}`);
  return same ? inkOf(same) : hexOf(OTHER_COLOUR);
}

function barOf({ name, top, height }: SankeyNode, x: number, ink: string): Markup {
  return html`<rect x="${x}" y="${fix(top)}" width="${BAR}" height="${fix(Math.max(0.6, height))}" fill="${ink}"><title>${name}</title></rect>`;
}

function labelOf({ name, amount, labelAt }: SankeyNode, total: number, x: number, anchor: 'start' | 'end'): Markup {
  return html`<text x="${x}" y="${fix(labelAt + 4.5)}" text-anchor="${anchor}" class="name">${cutName(name, LONGEST_NAME)} <tspan class="part-of">${formatShare(amount / total)}</tspan></text>`;
}

function shapeOf({ leftTop, rightTop, thickness }: SankeyBand): string {
  const [start, end, middle] = [BAR, WIDTH - BAR, WIDTH / 2];
  const [a, b] = [leftTop, rightTop].map(precise);
  const [c, d] = [leftTop + thickness, rightTop + thickness].map(precise);
  return `M${start} ${a}C${middle} ${a} ${middle} ${b} ${end} ${b}V${d}C${middle} ${d} ${middle} ${c} ${start} ${c}Z`;
}

/** Thin bands need more than one decimal. */
function precise(value: number): number {
  return Number(value.toFixed(2));
}

const SPOKEN = 6;

function described({ left, right, bands, total }: Sankey, { story }: ZoneFlows): string {
  const largest = [...bands].sort((a, b) => b.amount - a.amount).slice(0, SPOKEN);
  const words = largest.map(
    ({ from, to, amount }) => `${left[from].name} to ${right[to].name} ${formatShare(amount / total)}`,
  );
  return `Flows of ${story.serviceName} between zones, ${story.year}, as shares of all that was sent: ${words.join('; ')}`;
}
