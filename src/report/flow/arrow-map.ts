/** The largest flows between zones as arrows over a pale map. */
import { fix } from '../chart-parts.ts';
import { hexOf } from '../colours.ts';
import { formatAmount, formatShare, totalUnit } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportZone, ZoneLink } from '../stories.ts';
import { arrowShape, DOT, distance, type Point, placeLabels, widestOf, widthOf } from './arrows.ts';
import { cutName, type ZoneFlows } from './zone-flows.ts';

const WIDTH = 440;
const TALLEST = 520;
/** Room below the map for the line that tells what widths mean. */
const FOOT = 30;
export const MOST_ARROWS = 20;
const LONGEST_NAME = 20;
const SPOKEN = 6;

/** What lies behind the arrows: the image of a map of the whole grid. */
export interface Backdrop {
  readonly address: string;
  readonly width: number;
  readonly height: number;
}

/** Between different zones, both with a place on the map: the largest first, at most MOST_ARROWS. */
export function arrowLinks({ links, zones }: ZoneFlows): ZoneLink[] {
  const drawn = (zone: number | null) => zone !== null && zones.has(zone);
  return links
    .filter(({ as, from, to }) => as === 'used' && from !== to && drawn(from) && drawn(to))
    .slice(0, MOST_ARROWS);
}

/** Undefined where no amount went from one zone to another. */
export function arrowMap(flows: ZoneFlows, backdrop: Backdrop): Markup | undefined {
  const links = arrowLinks(flows);
  if (links.length === 0) return undefined;
  const { width, height } = sizeOf(backdrop);
  const offset = (WIDTH - width) / 2;
  const place = ({ at: [x, y] }: ReportZone): Point => [offset + x * width, y * height];
  const zoneAt = (zone: number | null) => flows.zones.get(zone!)!;
  const largest = links[0].amount;
  const ways = links.map((link) => ({ link, from: place(zoneAt(link.from)), to: place(zoneAt(link.to)) }));
  const widest = widestOf(ways.map(({ from, to }) => distance(from, to)));
  const arrows = ways.map(({ link, from, to }) => ({
    link,
    shape: arrowShape(from, to, widthOf(link.amount, largest, widest)),
  }));
  const shown = [...new Set(links.flatMap(({ from, to }) => [from, to]))].map((zone) => ({
    zone,
    at: place(zoneAt(zone)),
    name: cutName(flows.nameOf(zone), LONGEST_NAME),
  }));
  const labels = placeLabels(shown, WIDTH, height);
  const ink = (zone: number | null) => hexOf(flows.colourOf(zone));
  return html`<svg class="chart flowchart" viewBox="0 0 ${WIDTH} ${fix(height + FOOT)}" role="img" aria-label="${described(flows, links)}">
<image href="${backdrop.address}" x="${fix(offset)}" y="0" width="${fix(width)}" height="${fix(height)}" preserveAspectRatio="none" class="backdrop"/>
${arrows.map(({ link, shape }) => {
  if (!shape) return undefined;
  const colour = ink(link.from);
  return html`<g class="arrow"><title>${spoken(flows, link)}</title><path d="${shape.line}" stroke-width="${fix(shape.width + 2)}" class="casing"/><path d="${shape.line}" stroke="${colour}" stroke-width="${fix(shape.width)}" fill="none"/><polygon points="${shape.head}" fill="${colour}"/></g>\n`;
})}
${shown.map(({ zone, at: [x, y] }) => html`<circle cx="${fix(x)}" cy="${fix(y)}" r="${DOT}" fill="${ink(zone)}" class="dot"/>`)}
${shown.map(({ name }, i) => html`<text x="${fix(labels[i].x)}" y="${fix(labels[i].y)}" text-anchor="${labels[i].anchor}" class="name">${name}</text>`)}
${widthKey(height + FOOT - 12, widest, largest, totalUnit(flows.story.unit))}</svg>`;
}

/** A line as wide as the widest arrow, and what that is. */
function widthKey(y: number, widest: number, largest: number, unit: string): Markup {
  return html`<path d="M2 ${fix(y)}h36" class="width-key" stroke-width="${fix(widest)}"/><text x="46" y="${fix(y + 4.5)}" class="soft">${formatAmount(largest, unit)}; widths are in proportion</text>`;
}

function sizeOf({ width, height }: Backdrop): { readonly width: number; readonly height: number } {
  const tall = (WIDTH * height) / width;
  return tall <= TALLEST ? { width: WIDTH, height: tall } : { width: (TALLEST * width) / height, height: TALLEST };
}

function spoken({ nameOf, story, total }: ZoneFlows, { from, to, amount }: ZoneLink): string {
  return `${nameOf(from)} → ${nameOf(to)}: ${formatAmount(amount, totalUnit(story.unit))} (${formatShare(amount / total)})`;
}

function described(flows: ZoneFlows, links: readonly ZoneLink[]): string {
  const { story, nameOf } = flows;
  const amounts = links
    .slice(0, SPOKEN)
    .map(({ from, to, amount }) => `${nameOf(from)} to ${nameOf(to)} ${formatAmount(amount, totalUnit(story.unit))}`);
  return `Map with arrows: the largest flows of ${story.serviceName} between zones, ${story.year}. ${amounts.join('; ')}`;
}
