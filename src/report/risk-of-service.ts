/** The risk of one service: a sentence, the map beside the table of its classes, the five indicators, changes between periods, zones. */

import { hexOf } from './colours.ts';
import type { ReportData } from './data.ts';
import { decimalsFor, formatFixed, formatNumber, formatShare } from './format.ts';
import { narrowBar } from './legend-narrow.ts';
import { mapPanel } from './map-panel.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { Panel } from './panels.ts';
import { LEVEL_WORDS, levelOf, levelSentence, RISK_CLASSES } from './risk-classes.ts';
import { LEVELS, type RiskStory, type RiskTransitions } from './stories.ts';
import { table } from './table.ts';
import { groupTransitions, movement, sumOf, transitionTable } from './transitions.ts';
import { leftOut, MOST_ZONES, zoneNames } from './zones.ts';

export interface ServiceRisk {
  /** Of the element, unique in the document. */
  readonly id: string;
  readonly title: string;
  readonly code: string;
  readonly story?: RiskStory;
  readonly panels: readonly Panel[];
}

export function serviceRisk(data: ReportData, { id, title, code, story, panels }: ServiceRisk): Markup {
  const maps = panels.filter(({ quantity }) => quantity === 'risk');
  const indicators = panels.filter(({ quantity }) => quantity !== 'risk');
  const changes = (data.riskTransitions ?? []).filter(({ service }) => service === code);
  return html`<section class="service" id="${id}"><h3>${title}<span class="code">${code}</span></h3>
${story && html`<p>${riskSentence(story)}</p>`}
<div class="beside">${maps.map((panel) => mapPanel(panel, { plain: true, legend: story ? false : undefined }))}${story && classTable(story, maps[0])}</div>
${indicators.length > 0 && html`<div class="panels small-maps">${indicators.map((panel) => indicator(panel, story))}</div>`}
${changes.length > 0 && html`<div class="charts">${changes.map(periodTable)}</div>`}
${story && zoneTable(data, story)}</section>`;
}

/** "43 % of the area is at high risk, mostly deficit deepening; …" */
export function riskSentence(story: RiskStory): string {
  const present = LEVELS.map((level) => ({ level, share: story.levels[level].share }))
    .filter(({ share }) => share >= 0.0005)
    .sort((a, b) => b.share - a.share);
  if (present.length === 0) return 'No cell has a class of risk.';
  const words = present.map(
    ({ level, share }, i) =>
      `${formatShare(share)} ${i === 0 ? 'of the area is ' : ''}at ${levelSentence(story, level)}`,
  );
  return `${words.join('; ')}. The mean class is ${formatFixed(story.meanClass, 1)}.`;
}

/** All 18 classes, level by level: the legend of the map and its shares in one. */
function classTable(story: RiskStory, panel: Panel | undefined): Markup {
  const byArea = story.classes.every(({ area }) => area !== undefined);
  const decimals = decimalsFor(sumOf(story.classes.map(({ area = 0 }) => area)), 5);
  const size = ({ area = Number.NaN, cells }: { readonly area?: number; readonly cells: number }) =>
    byArea ? formatFixed(area, decimals) : formatNumber(cells, 12);
  const largest = Math.max(...story.classes.map(({ share }) => share), Number.MIN_VALUE);
  const rows = LEVELS.flatMap((level): Content[][] => {
    const { name, state, colour } = LEVEL_WORDS[level];
    const total = story.levels[level];
    const heading = [html`<b>${name}: ${state}</b>`, size(total), html`<b>${formatShare(total.share, 1)}</b>`, ''];
    const classes = RISK_CLASSES.filter((entry) => entry.level === level).map(({ code, short }): Content[] => {
      const entry = story.classes.find((candidate) => candidate.code === code);
      const known = panel?.classes?.find((candidate) => candidate.code === code)?.colour;
      const ink = hexOf(known ?? panel?.maps[0].palette?.[code] ?? colour);
      const label = html`<span class="swatch" style="background:${ink}"></span>${short}`;
      if (!entry || entry.cells === 0) return [html`<span class="soft">${label}</span>`, '–', '–', ''];
      const bar = html`<i class="mini" style="width:${((100 * entry.share) / largest).toFixed(1)}%;background:${ink}"></i>`;
      return [label, size(entry), formatShare(entry.share, 1), bar];
    });
    return [heading, ...classes];
  });
  return html`<div class="class-table">${table({
    caption: `Classes of risk, ${story.from}–${story.to}`,
    columns: [
      { head: 'Class' },
      { head: byArea ? 'km²' : 'Cells', numeric: true },
      { head: 'Share', numeric: true },
      { head: html`<span class="hidden">Share, drawn</span>`, wide: true },
    ],
    rows,
    blocks: new Set([7, 14]),
  })}</div>`;
}

/** What an indicator says, and the words at the ends of its scale. */
const INDICATORS: Readonly<Record<string, { about: (story?: RiskStory) => string; ends?: readonly [string, string] }>> =
  {
    sti: { about: (story) => `Supply${since(story)}.`, ends: ['fell', 'grew'] },
    dti: { about: (story) => `Demand${since(story)}.`, ends: ['fell', 'grew'] },
    sdi: { about: () => 'What is consumed minus demand: 0 where demand is met.' },
    sdti: { about: (story) => `Supply against demand${since(story)}.`, ends: ['worse', 'better'] },
    outflow: { about: () => 'What the cell sends to others.' },
  };

function since(story: RiskStory | undefined): string {
  return story ? `, change from ${story.from} to ${story.to}` : ', change';
}

function indicator(panel: Panel, story: RiskStory | undefined): Markup {
  const words = INDICATORS[panel.quantity];
  return mapPanel(panel, {
    about: words?.about(story) ?? '',
    legend: panel.scale && narrowBar(panel.scale, panel.unit, words?.ends),
  });
}

/** Levels of one period against those of the next. */
function periodTable({ before, after, transitions, serviceName }: RiskTransitions): Markup {
  const counts = groupTransitions(transitions, LEVELS.length, (code) => {
    const level = levelOf(code);
    return level && LEVELS.indexOf(level);
  });
  const { earlier, later, same } = movement(counts);
  const names = LEVELS.map((level) => LEVEL_WORDS[level].name);
  const label = `Levels of risk of ${serviceName}, ${years(before)} against ${years(after)}`;
  if (sumOf(counts.flat()) === 0) return html`<p class="empty">${label}: no cell has a class in both periods.</p>`;
  return html`<figure class="card" aria-label="${label}">${transitionTable(counts, {
    caption: `From ${years(before)} to ${years(after)}, shares of the area`,
    corner: `${years(before)} ↓ ${years(after)} →`,
    names,
    colours: [LEVEL_WORDS.high.colour, [150, 162, 172], LEVEL_WORDS.low.colour],
  })}<p class="small">${formatShare(same)} of the area kept its level, ${formatShare(later)} went to a lower risk and ${formatShare(earlier)} to a higher one. All 18 classes against each other are among the tables.</p></figure>`;
}

function years(period: string): string {
  return period.replace('-', '–');
}

/** Zones by their mean class, the worst first. */
function zoneTable(data: ReportData, { zones }: RiskStory): Markup | undefined {
  if (zones.length < 2) return undefined;
  const nameOf = zoneNames(data.zones);
  const sorted = [...zones].sort((a, b) => a.meanClass - b.meanClass);
  return html`<details><summary>By zone</summary>${table({
    caption: 'Levels of risk by zone',
    columns: [
      { head: 'Zone' },
      { head: 'Cells', numeric: true },
      ...LEVELS.map((level) => ({ head: LEVEL_WORDS[level].name, numeric: true })),
      { head: 'Mean class', numeric: true },
    ],
    rows: sorted
      .slice(0, MOST_ZONES)
      .map(({ zone, cells, shares, meanClass }) => [
        nameOf(zone),
        formatNumber(cells, 12),
        ...LEVELS.map((level) => formatShare(shares[level], 1)),
        formatFixed(meanClass, 2),
      ]),
  })}${leftOut(zones.length, 'those with the lowest mean class')}</details>`;
}
