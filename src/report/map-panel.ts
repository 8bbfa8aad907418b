/** A panel of maps: heading, what it shows, the maps of the years side by side with scale bars, the legend they share. */
import { sharesOf } from './classes.ts';
import type { ReportMap } from './data.ts';
import { formatLength, formatNumber, formatShare, prettyUnit } from './format.ts';
import { colourBar, describe, swatches } from './legend.ts';
import { type Content, html, type Markup, relativeLink } from './markup.ts';
import type { Panel } from './panels.ts';
import { isValid } from './scale.ts';
import { roundLength } from './ticks.ts';

/** Longest scale bar as a share of the map's width. */
const SCALE_BAR_SHARE = 0.3;

const ABOUT: Readonly<Record<string, string>> = {
  supply: 'What nature provides in each cell.',
  demand: 'What people need in each cell.',
  balance_static: 'Blue where supply exceeds demand, orange where demand exceeds supply.',
  ratio: 'Supply minus demand, relative to the largest supply and demand of all years.',
};

const BALANCE_ENDS = ['demand exceeds supply', 'supply exceeds demand'] as const;
/** Of ratios around 1: composite supply and demand are indices, which rank cells but do not cover one another. */
const RATIO_ENDS = ['demand ranks higher', 'supply ranks higher'] as const;

export interface PanelWords {
  readonly about?: string;
  /** The heading is said elsewhere. */
  readonly plain?: boolean;
  /** Text beside the year of each map, as its total. */
  readonly note?: (map: ReportMap) => Content;
  /** Words for the low and the high end of a legend around zero. */
  readonly ends?: readonly [string, string];
  /** In place of the legend of the panel; false for none. */
  readonly legend?: Markup | false;
}

export function mapPanel(
  panel: Panel,
  { about, note, plain, ends, legend = legendOf(panel, ends) }: PanelWords = {},
): Markup {
  const { id } = panel;
  const formula = panel.maps.find((map) => map.formula)?.formula;
  const words = about ?? ABOUT[panel.quantity];
  return html`<section class="panel${panel.maps.length > 1 && ' many'}" id="${id}" aria-label="${panel.title}"${panel.key && html` data-key="${id}"`}>
${!plain && html`<header><h4>${panel.title}</h4>${(words || formula) && html`<p>${words} ${formula && html`<code>${formula}</code>`}</p>`}</header>`}
<div class="maps">${panel.maps.map((map, i) => figure(panel, map, panel.pictures[i], note))}</div>
${legend}</section>`;
}

function figure(panel: Panel, map: ReportMap, address: string, note: PanelWords['note']): Markup {
  const link = map.file ? relativeLink(map.file) : undefined;
  const empty = panel.classes ? panel.classes.length === 0 : panel.scale === undefined;
  return html`<figure class="map"><div class="frame"><img src="${address}" width="${map.width}" height="${map.height}" alt="${altText(panel, map)}">${empty && html`<p class="nothing">no valid cells</p>`}</div>
<figcaption><p><span class="year">${map.year ?? (panel.maps.length > 1 && map.title)}</span>${scaleBar(map)}</p>
<p>${note?.(map)}${link && html`<a href="${link}">GeoTIFF</a>`}</p></figcaption></figure>`;
}

/** A bar of a round number of kilometres (or metres), as wide as that is on the map; nothing where cells have no length. */
export function scaleBar(map: ReportMap): Markup | undefined {
  const across = map.width * map.cellMetres;
  const length = roundLength(across * SCALE_BAR_SHARE);
  if (length === 0) return undefined;
  return html`<span class="scalebar" style="width:${((100 * length) / across).toFixed(2)}%" title="north is up"><span>${formatLength(length)}</span></span>`;
}

/** What a map shows, for those who do not see it. */
export function altText(panel: Panel, map: ReportMap): string {
  const service = map.serviceName === panel.title ? undefined : map.serviceName;
  const name = [service, panel.title.toLowerCase(), map.year].filter(Boolean).join(', ');
  if (panel.classes) {
    const shares = [...sharesOf(map)].sort((a, b) => b[1] - a[1]).slice(0, 4);
    const named = (code: number) => panel.classes?.find((entry) => entry.code === code)?.name ?? code;
    return `Map: ${name}. ${shares.map(([code, share]) => `${named(code)} ${formatShare(share)}`).join(', ') || 'No valid cells'}.`;
  }
  let valid = 0;
  let sum = 0;
  for (let i = 0; i < map.cells.length; i++) {
    if (!isValid(map.cells[i])) continue;
    valid++;
    sum += map.cells[i];
  }
  if (valid === 0 || !panel.scale) return `Map: ${name}. No valid cells.`;
  return (
    `Map: ${name}. ${describe(panel.scale, panel.unit)}. Mean ${formatNumber(sum / valid, 3)} ${prettyUnit(panel.unit)}`.trim() +
    '.'
  );
}

function legendOf(panel: Panel, ends: PanelWords['ends']): Markup | undefined {
  if (panel.classes) return html`<div class="legend">${swatches(panel.classes)}</div>`;
  return panel.scale && colourBar(panel.scale, panel.unit, `ramp-${panel.id}`, endsOf(panel, ends));
}

function endsOf({ quantity, scale }: Panel, ends: PanelWords['ends']): readonly [string, string] | undefined {
  if (scale?.centre !== undefined && ends) return ends;
  if (scale?.centre === undefined || !['balance_static', 'ratio'].includes(quantity)) return undefined;
  return scale.centre === 0 ? BALANCE_ENDS : RATIO_ENDS;
}
