/** Hot and cold spots: where composite supply, demand and their ratio gather, how much of the area that is, what changed between years. */
import type { ReportData } from './data.ts';
import { formatShare, listOf } from './format.ts';
import { binsOf, COLD, HOT, NEITHER, SIDE_COLOURS, SIDES, sideOf } from './hotspot-bins.ts';
import { swatches } from './legend.ts';
import { mapPanel } from './map-panel.ts';
import { html, type Markup } from './markup.ts';
import type { Panel, PanelGroups } from './panels.ts';
import type { Section } from './section.ts';
import { stackedBars } from './stacked-bars.ts';
import type { HotspotStory } from './stories.ts';
import { groupTransitions, sumOf, transitionTable } from './transitions.ts';

const COMPOSITES = ['supply', 'demand', 'ratio'] as const;
const TITLES = {
  supply: 'Composite supply',
  demand: 'Composite demand',
  ratio: 'Ratio of composite supply to demand',
} as const;

export function hotspotsSection(data: ReportData, groups: PanelGroups): Section | undefined {
  const stories = data.hotspots ?? [];
  const present = COMPOSITES.filter(
    (of) => groups.hotspots.some(({ quantity }) => quantity === of) || stories.some((story) => story.of === of),
  );
  if (present.length === 0) return undefined;
  const parts = present.map((of) => {
    const panel = groups.hotspots.find(({ quantity }) => quantity === of);
    const own = stories.filter((story) => story.of === of).sort((a, b) => a.year - b.year);
    const id = `hotspots-of-${of}`;
    const body = html`<section class="service" id="${id}"><h3>${TITLES[of]}</h3>${own.length > 0 && html`<p>${hotspotSentence(own)}</p>`}
${panel && mapPanel(panel, { plain: true, legend: own.length > 0 ? false : undefined })}${own.length > 0 && binShares(own, panel)}${changes(own)}</section>`;
    return { id, title: TITLES[of], body };
  });
  return {
    id: 'hotspots',
    title: 'Hot and cold spots',
    body: html`${introduction(stories)}${parts.map(({ body }) => body)}`,
    parts,
  };
}

/** What was looked at around each cell, and what the bins allow for. */
function introduction(stories: readonly HotspotStory[]): Markup {
  const windows = listOf([...new Set(stories.map(({ window }) => window))]);
  const corrected = stories.some(({ correction }) => correction === 'fdr');
  return html`<p>A hot spot is a place where high values gather more than chance would have it, a cold spot one where low values do (Getis-Ord Gi*)${windows && `; each cell is seen with those around it: ${windows}`}. The bins are levels of confidence, 90, 95 and 99 %.${
    stories.length > 0 &&
    (corrected
      ? ' They limit the share of false discoveries (Benjamini and Hochberg), for a test at every cell would call many spots by chance alone.'
      : ' Each cell is judged on its own: of very many cells, one in ten would be called at 90 % by chance alone.')
  }</p>`;
}

/** "In 2023 12 % of the area are hot spots and 20 % cold spots; hot spots have grown from 8 % in 2003." */
export function hotspotSentence(stories: readonly HotspotStory[]): string {
  const [first, last] = [stories[0], stories[stories.length - 1]];
  const [hot, cold] = [HOT, COLD].map((side) => shareOf(last, side));
  const now = `In ${last.year}, ${part(hot)} of the area is hot spot and ${part(cold)} cold spot`;
  if (first === last) return `${now}.`;
  const [hotBefore, coldBefore] = [HOT, COLD].map((side) => shareOf(first, side));
  return `${now}; in ${first.year} it was ${part(hotBefore)} and ${part(coldBefore)}.`;
}

function part(share: number): string {
  return share === 0 ? 'none' : formatShare(share);
}

function shareOf({ bins }: HotspotStory, side: number): number {
  return sumOf(bins.filter(({ code }) => sideOf(code) === side).map(({ share }) => share));
}

function binShares(stories: readonly HotspotStory[], panel: Panel | undefined): Markup {
  const bins = binsOf(panel);
  const bars = stories.map((story) => ({
    name: String(story.year),
    pieces: bins.map(({ code, name, colour }) => ({
      name,
      colour,
      share: story.bins.find((bin) => bin.code === code)?.share ?? 0,
    })),
  }));
  return html`<figure class="card below"><figcaption><b>Shares of the area</b>${swatches(bins)}</figcaption>${stackedBars(bars, `Shares of hot and cold spots of ${TITLES[stories[0].of].toLowerCase()} by year`)}</figure>`;
}

/** What hot and cold spots became from a year to the next. */
function changes(stories: readonly HotspotStory[]): Markup | undefined {
  const tables = stories.flatMap(({ since, year }) => {
    if (!since) return [];
    const counts = groupTransitions(since.transitions, SIDES.length, sideOf);
    if (sumOf(counts.flat()) === 0) return [];
    const [cold, same, hot] = SIDE_COLOURS;
    return html`<figure class="card">${transitionTable(counts, {
      caption: `From ${since.year} to ${year}, shares of the area`,
      corner: `${since.year} ↓ ${year} →`,
      names: SIDES,
      colours: [cold, same, hot],
    })}<p class="small">${changeSentence(counts)}</p></figure>`;
  });
  return tables.length > 0 ? html`<div class="charts">${tables}</div>` : undefined;
}

/** "71 % of what was hot stayed so; of the area 3 % is newly hot and 2 % newly cold." */
export function changeSentence(counts: readonly (readonly number[])[]): string {
  const total = sumOf(counts.flat());
  const stayed = [HOT, COLD].flatMap((side) => {
    const before = sumOf(counts[side]);
    const name = side === HOT ? 'hot' : 'cold';
    return before > 0 ? [`${formatShare(counts[side][side] / before)} of what was ${name} stayed so`] : [];
  });
  const newly = [HOT, COLD].map((side) => (counts[NEITHER][side] + counts[HOT + COLD - side][side]) / total);
  const news = `${part(newly[0])} of the area is newly hot and ${part(newly[1])} newly cold.`;
  return stayed.length > 0 ? `${listOf(stayed)}; ${news}` : news;
}
