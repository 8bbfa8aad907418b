/** Risk: how much of the area each service leaves at high, medium and low risk, where, and how that changed. */
import type { ReportData } from './data.ts';
import { formatFixed, formatShare, humanise } from './format.ts';
import { heat } from './heat.ts';
import { swatches } from './legend.ts';
import { html, type Markup } from './markup.ts';
import type { PanelGroups } from './panels.ts';
import { LEVEL_WORDS } from './risk-classes.ts';
import { serviceRisk } from './risk-of-service.ts';
import type { Section } from './section.ts';
import { stackedBars } from './stacked-bars.ts';
import { LEVELS, type RiskStory } from './stories.ts';
import { table } from './table.ts';
import { sumOf } from './transitions.ts';
import { leftOut, MOST_ZONES, zoneNames } from './zones.ts';

export function riskSection(data: ReportData, groups: PanelGroups): Section | undefined {
  const stories = data.risks ?? [];
  const codes = [...new Set([...groups.risk.keys(), ...stories.map(({ service }) => service)])];
  if (codes.length === 0) return undefined;
  const parts = codes.map((code, order) => {
    const story = stories.find(({ service }) => service === code);
    const title = story?.serviceName ?? data.services.find((service) => service.code === code)?.name ?? humanise(code);
    const id = `risk-of-${order}`;
    return { id, title, body: serviceRisk(data, { id, title, code, story, panels: groups.risk.get(code) ?? [] }) };
  });
  return {
    id: 'risk',
    title: 'Supply–demand risk',
    body: html`<p>${introduction(stories)}</p>${stories.length > 0 && overview(stories)}${byZone(data, stories)}${parts.map(({ body }) => body)}`,
    parts,
  };
}

function introduction(stories: readonly RiskStory[]): string {
  const periods = new Set(stories.map(({ from, to }) => `${from}–${to}`));
  const [period] = periods;
  const when = periods.size === 1 ? `, ${period}` : '';
  return `Each cell has one of 18 classes of risk${when}. Its level says how demand is met in the last year: in deficit (high risk), just met (medium), or with something left (low). Within a level it counts whether that has become worse or better since the first year, then whether supply fell or demand grew. The classes run from −6, the worst, to 12, the best; there is no class 0.`;
}

/** One bar a service, the one with most area at high risk first. */
function overview(stories: readonly RiskStory[]): Markup {
  const rank = ({ levels }: RiskStory) => [levels.high.share, levels.medium.share];
  const sorted = [...stories].sort((a, b) => rank(b)[0] - rank(a)[0] || rank(b)[1] - rank(a)[1]);
  const bars = sorted.map(({ serviceName, levels, meanClass }) => ({
    name: serviceName,
    note: html`mean class <b>${formatFixed(meanClass, 1)}</b>`,
    pieces: LEVELS.map((level) => ({ ...LEVEL_WORDS[level], share: levels[level].share })),
  }));
  const key = LEVELS.map((level, code) => {
    const { name, state, colour } = LEVEL_WORDS[level];
    return { code, name: `${name}: ${state}`, colour: [...colour, 255] as const };
  });
  return html`<figure class="card wide-names"><figcaption><b>Shares of the area by level of risk</b>${swatches(key)}</figcaption>${stackedBars(bars, `Shares of the area at high, medium and low risk by service`)}</figure>`;
}

/** Shares at high risk, zones against services: where the risks of several services meet. */
function byZone(data: ReportData, stories: readonly RiskStory[]): Markup | undefined {
  if (stories.length < 2) return undefined;
  const nameOf = zoneNames(data.zones);
  const zones = [...new Set(stories.flatMap((story) => story.zones.map(({ zone }) => zone)))];
  if (zones.length < 2) return undefined;
  const share = (story: RiskStory, zone: number | null) =>
    story.zones.find((entry) => entry.zone === zone)?.shares.high ?? Number.NaN;
  const rows = zones
    .map((zone) => {
      const shares = stories.map((story) => share(story, zone));
      const known = shares.filter(Number.isFinite);
      return { zone, shares, mean: sumOf(known) / known.length };
    })
    .sort((a, b) => b.mean - a.mean);
  const cell = (value: number) =>
    value === 0
      ? html`<span class="soft">0</span>`
      : heat(formatShare(value, 0), LEVEL_WORDS.high.colour, Number.isFinite(value) ? 0.85 * value : Number.NaN);
  const number = (head: Markup | string) => ({ head, numeric: true });
  return html`<div class="heat-table">${table({
    caption: 'Share of each zone at high risk',
    columns: [
      { head: 'Zone' },
      ...stories.map(({ service, serviceName }) => number(html`<abbr title="${serviceName}">${service}</abbr>`)),
      number('Mean'),
    ],
    rows: rows
      .slice(0, MOST_ZONES)
      .map(({ zone, shares, mean }) => [nameOf(zone), ...shares.map(cell), formatShare(mean, 0)]),
  })}${leftOut(rows.length, 'those with the largest shares')}</div>`;
}
