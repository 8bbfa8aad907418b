/** Cells of tables with a colour behind their number: the larger the value, the stronger the colour. */
import { hexOf, inkOn } from './colours.ts';
import { type Content, html, type Markup } from './markup.ts';

type Colour = readonly number[];

const PAPER: Colour = [255, 255, 255];

/** @param strength 0 (paper) to 1 (the colour itself); not finite: the text alone. */
export function heat(text: Content, colour: Colour, strength: number): Markup {
  if (!Number.isFinite(strength)) return html`${text}`;
  const shade = mix(PAPER, colour, Math.min(1, Math.max(0, strength)));
  return html`<span class="heat" style="background:${hexOf(shade)};color:${inkOn(shade)}">${text}</span>`;
}

/** Between two colours, `t` = 1 being the second. */
export function mix(a: Colour, b: Colour, t: number): [number, number, number] {
  const part = (i: number) => Math.round(a[i] + t * (b[i] - a[i]));
  return [part(0), part(1), part(2)];
}
