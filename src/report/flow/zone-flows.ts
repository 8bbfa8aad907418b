/** Flows between zones of one year as the drawings and the table take them: names, colours, the largest first. */
import { classColour } from '../colours.ts';
import type { FlowStory, ReportZone, ZoneLink } from '../stories.ts';
import { type ZoneNames, zoneNames } from '../zones.ts';
import { OTHER_COLOUR } from './colours.ts';

/** Zones with a colour of their own. */
const MOST_COLOURS = 10;

export interface ZoneFlows {
  readonly story: FlowStory;
  /** Above 0, the largest first. */
  readonly links: readonly ZoneLink[];
  /** Of all links. */
  readonly total: number;
  readonly zones: ReadonlyMap<number, ReportZone>;
  readonly nameOf: ZoneNames;
  /** Those that send most have colours of their own. */
  readonly colourOf: (zone: number | null) => readonly number[];
}

/** Undefined where nothing went from zone to zone. */
export function zoneFlowsOf(story: FlowStory, zones: readonly ReportZone[] = []): ZoneFlows | undefined {
  const links = (story.links ?? []).filter(({ amount }) => amount > 0).sort((a, b) => b.amount - a.amount);
  if (links.length === 0) return undefined;
  const sent = new Map<number | null, number>();
  for (const { from, amount } of links) sent.set(from, (sent.get(from) ?? 0) + amount);
  const ranked = [...sent].sort((a, b) => b[1] - a[1]).map(([zone]) => zone);
  const colours = new Map(ranked.slice(0, MOST_COLOURS).map((zone, order) => [zone, classColour(order)]));
  return {
    story,
    links,
    total: links.reduce((sum, { amount }) => sum + amount, 0),
    zones: new Map(zones.map((zone) => [zone.number, zone])),
    nameOf: zoneNames(zones),
    colourOf: (zone) => colours.get(zone) ?? OTHER_COLOUR,
  };
}

/** Where a link ends, in words: the zone that uses it, the zone at whose border it leaves, or the way. */
export function endName({ nameOf }: Pick<ZoneFlows, 'nameOf'>, { as, to }: Pick<ZoneLink, 'as' | 'to'>): string {
  if (as === 'lost') return 'lost on the way';
  if (as === 'used') return nameOf(to);
  return to === null ? 'leaves outside of zones' : `leaves at ${nameOf(to)}`;
}

/** A name that is too long for its place, cut. */
export function cutName(name: string, most: number): string {
  const letters = [...name];
  return letters.length <= most
    ? name
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}
