/** Bundles: how many and why, where they are, what each is like, what is to be looked after first in each. */
import { profileOf } from './bundle-profile.ts';
import { prioritiesTable, profileTable, roses } from './bundle-tables.ts';
import type { ReportData } from './data.ts';
import { formatNumber, formatShare, formatSignificant } from './format.ts';
import { mapPanel } from './map-panel.ts';
import { html, type Markup } from './markup.ts';
import type { PanelGroups } from './panels.ts';
import { curveUnit, pseudoFChart } from './pseudo-f.ts';
import type { Section } from './section.ts';
import { stackedBars } from './stacked-bars.ts';
import type { BundleStory } from './stories.ts';
import { table } from './table.ts';
import { leftOut, MOST_ZONES, zoneNames } from './zones.ts';

export function bundlesSection(data: ReportData, groups: PanelGroups): Section | undefined {
  const story = data.bundles;
  if (!story && groups.bundles.length === 0) return undefined;
  const maps = groups.bundles.map((panel) => mapPanel(panel, { plain: groups.bundles.length === 1 }));
  if (!story) return { id: 'bundles', title: 'Bundles', body: html`<div class="panels">${maps}</div>` };
  const profile = profileOf(story);
  return {
    id: 'bundles',
    title: profile.isRisk ? 'Risk bundles' : 'Bundles',
    body: html`<p>${introduction(story, profile.isRisk)}</p>
<div class="beside">${maps}${choice(story)}</div>
${profileTable(story, profile)}${roses(story, profile)}${prioritiesTable(story, profile)}${zoneShares(data, story)}`,
  };
}

function introduction(story: BundleStory, isRisk: boolean): string {
  const what = subjectOf(story);
  const count = story.features.length;
  const services = count === 1 ? 'the one service' : `${count} services`;
  const use = isRisk
    ? 'they face the same risks together and can be looked after together'
    : 'they stand alike in all of them and can be looked after together';
  return `A bundle gathers cells whose ${what} is alike over ${services}: ${use}. The cells were sorted by a self-organising map, which knows nothing of where they lie.`;
}

/** "risk 2003–2023". */
export function subjectOf({ of }: Pick<BundleStory, 'of'>): string {
  return of.replace(/(\d{4})-(\d{4})/g, '$1–$2').replaceAll('_', ' ');
}

/** The curve and the words on the number of bundles. */
function choice(story: BundleStory): Markup {
  const { curve, chosen } = story;
  const chart = pseudoFChart(story);
  const empty = curve.some(({ bundles, nonEmpty }) => nonEmpty < bundles);
  const unit = curveUnit(curve);
  if (!chart) return html`<div><p>${choiceSentence(story)}</p></div>`;
  return html`<div><figure class="card"><figcaption><b>How many bundles</b><span>pseudo-F${unit && `, ${unit}`}</span></figcaption>${chart}
<p class="small">${choiceSentence(story)}${empty && ' A hollow point has bundles that no cell fell into, a cross too few to tell.'}</p></figure>
<details><summary>The curve in numbers</summary>${table({
    caption: 'Maps by number of bundles',
    columns: ['Bundles', 'With cells', 'Pseudo-F', 'Quantisation error', 'Topographic error'].map((head) => ({
      head,
      numeric: true,
    })),
    rows: curve.map(({ bundles, nonEmpty, pseudoF, quantisation, topographic }) => [
      bundles === chosen ? html`<b>${bundles}</b>` : bundles,
      nonEmpty,
      formatNumber(pseudoF, 5),
      formatSignificant(quantisation, 3),
      formatShare(topographic, 1),
    ]),
  })}</details></div>`;
}

/** Why there are as many as there are. */
export function choiceSentence({ curve, firstTurn, maximum, chosen }: BundleStory): string {
  if (curve.length < 2) return `The number of bundles, ${chosen}, was given.`;
  const range = `from ${curve[0].bundles} to ${curve[curve.length - 1].bundles}`;
  const found = [
    firstTurn !== undefined && `it first turns from rising to falling at ${firstTurn}`,
    maximum !== undefined && `${firstTurn === maximum ? 'and ' : ''}is largest at ${maximum}`,
  ].filter((part) => part !== false);
  const taken =
    chosen === firstTurn ? 'The first turn is taken' : chosen === maximum ? 'The maximum is taken' : 'Taken as given';
  return `Pseudo-F sets the differences between bundles against those within them. For ${range} bundles ${found.join(found.length > 1 && firstTurn !== maximum ? ' and ' : ' ')}. ${taken}: ${chosen} bundles.`;
}

/** What each zone is made of; of many the largest. */
function zoneShares(data: ReportData, { zones, bundles }: BundleStory): Markup | undefined {
  if (zones.length < 2) return undefined;
  const nameOf = zoneNames(data.zones);
  const shown =
    zones.length > MOST_ZONES ? [...zones].sort((a, b) => b.cells - a.cells).slice(0, MOST_ZONES) : [...zones];
  const bars = shown.map(({ zone, shares }) => ({
    name: nameOf(zone),
    pieces: bundles.map(({ code, colour }, i) => ({ name: `bundle ${code}`, colour, share: shares[i] ?? 0 })),
  }));
  return html`<figure class="card below"><figcaption><b>Bundles by zone</b><span>shares of the area</span></figcaption>${stackedBars(bars, `Shares of the bundles by zone`)}${leftOut(zones.length, 'the largest')}</figure>`;
}
