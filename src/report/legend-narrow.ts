/** The legend of a small map: a colour bar with its ends and centre, of elements rather than drawn, so that letters keep their size. */
import { colourOf, hexOf } from './colours.ts';
import { formatNumber, magnitudeOf, prettyUnit, unitInWords } from './format.ts';
import { describe } from './legend.ts';
import { html, type Markup } from './markup.ts';
import { positionOf, type Scale } from './scale.ts';

const STOPS = 12;

/** @param ends words for the low and the high end of a scale around zero. */
export function narrowBar(scale: Scale, unit: string, ends?: readonly [string, string]): Markup {
  const { min, max, centre, openLow, openHigh, ramp } = scale;
  if (min === max) return html`<p class="legend narrow">${formatNumber(min, 4)} ${prettyUnit(unit)} everywhere</p>`;
  const { factor, word } = magnitudeOf([min, max]);
  const number = (value: number) => formatNumber(value / factor, 2);
  const colours = Array.from({ length: STOPS + 1 }, (_, i) => hexOf(colourOf(ramp, i / STOPS)));
  const even = centre !== undefined && Math.abs(positionOf(scale, centre) - 0.5) < 0.02;
  const caption = [word, unitInWords(unit)].filter(Boolean).join(' ') || 'index';
  const bent = scale.shape !== 'linear' && html`<br><span class="soft">logarithmic scale</span>`;
  return html`<div class="legend narrow" role="img" aria-label="${describe(scale, unit)}"><span class="ramp" style="background:linear-gradient(90deg, ${colours.join(', ')})"></span>
<span class="row"><span>${openLow && '≤ '}${number(min)}</span>${even && html`<span>${number(centre)}</span>`}<span>${openHigh && '≥ '}${number(max)}</span></span>
${even && ends && html`<span class="row"><span>${ends[0]}</span><span>${ends[1]}</span></span>`}<p class="unit">${caption}${bent}</p></div>`;
}
