/** What charts are drawn from: the frame of a plot, lines of its grid, labels, keys of their colours. */
import { html, type Markup } from './markup.ts';

/** Where the axes of a chart stand in its drawing. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** From a value to a coordinate of the drawing. */
export type Position = (value: number) => number;

/** A level of the vertical axis with its number. */
export function gridLine(plot: Plot, y: number, text: string, zero: boolean): Markup {
  return html`<path d="M${plot.left} ${fix(y)}H${plot.right}" class="${zero ? 'axis' : 'grid'}"/>
<text x="${plot.left - 6}" y="${fix(y + 4)}" text-anchor="end" class="soft">${text}</text>`;
}

/** A word or number in the middle of `x`. */
export function label(x: number, y: number, kind: 'year' | 'value' | 'change' | 'soft', text: string | number): Markup {
  return html`<text x="${fix(x)}" y="${fix(y)}" text-anchor="middle" class="${kind}">${text}</text>`;
}

/** What each colour stands for, beside or above a chart. */
export function colourKey(entries: readonly { readonly name: string; readonly colour: string }[]): Markup {
  return html`<ul class="swatches">${entries.map(({ name, colour }) => html`<li><span class="swatch" style="background:${colour}"></span>${name}</li>`)}</ul>`;
}

/** A coordinate with one decimal. */
export function fix(value: number): number {
  return Number(value.toFixed(1));
}
