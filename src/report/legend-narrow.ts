/** The legend of a small map: a colour bar with its ends and centre, of elements rather than drawn, so that letters keep their size. */
import { colourOf, hexOf } from './colours.ts';
import { formatNumber, magnitudeOf, prettyUnit, unitInWords } from './format.ts';
import { describe } from './legend.ts';
import { html, type Markup } from './markup.ts';
import { positionOf, type Scale } from './scale.ts';

const STOPS = 12;

/** Of a scale around a centre that no value is above, only the lower half is shown. @param ends words for the low and the high end of a scale around zero. */
export function narrowBar(scale: Scale, unit: string, ends?: readonly [string, string]): Markup {
  const { min, max, centre, openLow, openHigh, ramp } = scale;
  if (min === max) return html`<p class="legend narrow">${formatNumber(min, 4)} ${prettyUnit(unit)} everywhere</p>`;
  const { factor, word } = magnitudeOf([min, max]);
  const number = (value: number) => formatNumber(value / factor, 2);
  const even = centre !== undefined && Math.abs(positionOf(scale, centre) - 0.5) < 0.02;
  const half = even && scale.highest <= centre;
  const colours = Array.from({ length: STOPS + 1 }, (_, i) => hexOf(colourOf(ramp, (i / STOPS) * (half ? 0.5 : 1))));
  const right = half ? number(centre) : html`${openHigh && '≥ '}${number(max)}`;
  const caption = [word, unitInWords(unit)].filter(Boolean).join(' ') || 'index';
  const bent = scale.shape !== 'linear' && html`<br><span class="soft">logarithmic scale</span>`;
  return html`<div class="legend narrow" role="img" aria-label="${describe(scale, unit)}"><span class="ramp" style="background:linear-gradient(90deg, ${colours.join(', ')})"></span>
<span class="row"><span>${openLow && '≤ '}${number(min)}</span>${even && !half && html`<span>${number(centre)}</span>`}<span>${right}</span></span>
${even && !half && ends && html`<span class="row"><span>${ends[0]}</span><span>${ends[1]}</span></span>`}<p class="unit">${caption}${bent}</p></div>`;
}
