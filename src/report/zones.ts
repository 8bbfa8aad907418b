/** Zones by their number, and how many of them a page lists. */
import { formatNumber } from './format.ts';
import { html, type Markup } from './markup.ts';
import type { ReportZone } from './stories.ts';

/** A table of more rows is left to the files. */
export const MOST_ZONES = 30;

export type ZoneNames = (zone: number | null) => string;

export function zoneNames(zones: readonly ReportZone[] = []): ZoneNames {
  const names = new Map(zones.map(({ number, name, id }) => [number, name || id]));
  return (zone) => (zone === null ? 'outside of zones' : (names.get(zone) ?? `zone ${zone}`));
}

/** Says what a list leaves out; nothing where it is whole. */
export function leftOut(count: number, which: string): Markup | undefined {
  if (count <= MOST_ZONES) return undefined;
  return html`<p class="small">${MOST_ZONES} of ${formatNumber(count)} zones, ${which}; all of them are among the tables.</p>`;
}
