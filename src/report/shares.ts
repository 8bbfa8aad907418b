/** Class shares by year as stacked bars, one bar a year, shares written where they fit. */
import { type ClassEntry, sharesOf } from './classes.ts';
import { hexOf, inkOn } from './colours.ts';
import type { ReportMap } from './data.ts';
import { formatShare } from './format.ts';
import { html, type Markup } from './markup.ts';

const LEFT = 52;
const BAR = 34;
const GAP = 10;
/** Narrowest piece that holds its label. */
const LABEL_WIDTH = 52;

/** @param width of the drawing in its own units; letters are 15 of them high. */
export function sharesChart(maps: readonly ReportMap[], classes: readonly ClassEntry[], width = 1000): Markup {
  const height = maps.length * (BAR + GAP) - GAP;
  const bars = maps.map((map, row) => bar(map, classes, width - LEFT, row * (BAR + GAP)));
  return html`<svg class="chart shares" viewBox="0 0 ${width} ${height}" role="img" aria-label="${describe(maps, classes)}">${bars}</svg>`;
}

function bar(map: ReportMap, classes: readonly ClassEntry[], length: number, top: number): Markup {
  const shares = sharesOf(map);
  const middle = top + BAR / 2 + 5;
  let left = LEFT;
  const pieces = classes.map(({ code, name, colour }) => {
    const share = shares.get(code) ?? 0;
    const width = share * length;
    const x = left;
    left += width;
    if (width === 0) return undefined;
    const text = formatShare(share);
    const label = html`<text x="${fix(x + width / 2)}" y="${middle}" text-anchor="middle" style="fill:${inkOn(colour)}">${text}</text>`;
    return html`<rect x="${fix(x)}" y="${top}" width="${fix(width)}" height="${BAR}" fill="${hexOf(colour)}" class="piece"><title>${name}: ${text}</title></rect>
${width >= LABEL_WIDTH && label}`;
  });
  return html`<text x="0" y="${middle}" class="year">${map.year ?? ''}</text>${pieces}`;
}

function describe(maps: readonly ReportMap[], classes: readonly ClassEntry[]): string {
  const words = maps.map((map) => {
    const shares = sharesOf(map);
    return `${map.year ?? ''}: ${classes.map(({ code, name }) => `${name} ${formatShare(shares.get(code) ?? 0)}`).join(', ')}`;
  });
  return `Shares of the land-cover classes by year. ${words.join('. ')}`;
}

function fix(value: number): number {
  return Number(value.toFixed(1));
}
