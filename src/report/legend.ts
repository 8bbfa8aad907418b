/** Legends: a colour bar with round ticks and pointed ends where values lie beyond, or swatches with names. */
import type { ClassEntry } from './classes.ts';
import { colourOf, hexOf } from './colours.ts';
import { formatFixed, formatNumber, listOf, magnitudeOf, prettyUnit, unitInWords } from './format.ts';
import { html, type Markup } from './markup.ts';
import { positionOf, type Scale, ticksOf } from './scale.ts';

const WIDTH = 340;
const BAR = { width: 296, top: 4, height: 12 };
/** Left end of the bar: the point of an open end, or else the bar, stands flush with the maps. */
const LEFT_OPEN = 22;
const LEFT_CLOSED = 10;
const STOPS = 24;
/** Room of a label: below this many pixels between ticks every second one stays without. */
const CHARACTER = 6.4;

/** @param id unique in the document; @param ends words for the low and the high end, as "deficit" and "surplus". */
export function colourBar(scale: Scale, unit: string, id: string, ends?: readonly [string, string]): Markup {
  const unitless = scale.centre === undefined || scale.centre === 0 ? 'index' : 'ratio';
  if (scale.min === scale.max) return constantLegend(scale, unit);
  const { factor, word } = magnitudeOf([scale.min, scale.max].map((value) => (Math.abs(value) >= 1e6 ? value : 0)));
  const left = scale.openLow ? LEFT_OPEN : LEFT_CLOSED;
  const { width, top, height } = BAR;
  const ticks = ticksOf(scale).map((value) => ({ value, x: left + width * positionOf(scale, value) }));
  const texts = tickLabels(ticks.map(({ value }) => value / factor));
  const labelled = ticks.map((tick, i) => ({ ...tick, text: texts[i] }));
  const right = left + width;
  const middle = top + height / 2;
  const colour = (t: number) => hexOf(colourOf(scale.ramp, t));
  const caption = [word, unitInWords(unit)].filter(Boolean).join(' ');
  return html`<div class="legend"><svg viewBox="0 0 ${WIDTH} ${ends ? 50 : 36}" role="img" aria-label="${describe(scale, unit)}">
<defs><linearGradient id="${id}">${Array.from({ length: STOPS + 1 }, (_, i) => html`<stop offset="${round(i / STOPS)}" stop-color="${colour(i / STOPS)}"/>`)}</linearGradient></defs>
<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="url(#${id})"/>
${scale.openLow && html`<path d="M${left - 1.5} ${top}V${top + height}L${left - 12} ${middle}Z" fill="${colour(0)}" class="end"/>`}
${scale.openHigh && html`<path d="M${right + 1.5} ${top}V${top + height}L${right + 12} ${middle}Z" fill="${colour(1)}" class="end"/>`}
<rect x="${left}" y="${top}" width="${width}" height="${height}" class="edge"/>
${spaced(labelled).map(({ x, text }) => html`<path d="M${round(x)} ${top + height}v4" class="tick"/>${text && html`<text x="${round(x)}" y="${top + height + 16}" text-anchor="middle">${text}</text>`}`)}
${ends && html`<text x="${left}" y="47" class="soft">◂ ${ends[0]}</text><text x="${right}" y="47" text-anchor="end" class="soft">${ends[1]} ▸</text>`}
</svg><p class="unit">${caption || unitless}${scale.shape !== 'linear' && html`<br><span class="soft">${scale.shape === 'log' ? 'logarithmic scale' : 'logarithmic scale to both sides of zero'}</span>`}</p></div>`;
}

export function swatches(classes: readonly ClassEntry[]): Markup {
  return html`<ul class="swatches">${classes.map(({ name, colour }) => html`<li><span class="swatch" style="background:${hexOf(colour)}"></span>${name}</li>`)}</ul>`;
}

/** The scale in words, for those who do not see it. */
export function describe(scale: Scale, unit: string): string {
  const suffix = prettyUnit(unit) && ` ${prettyUnit(unit)}`;
  const beyond = [
    scale.openLow && `some values are lower, down to ${formatNumber(scale.lowest, 3)}`,
    scale.openHigh && `some values are higher, up to ${formatNumber(scale.highest, 3)}`,
  ].filter((part) => part !== false);
  const kind = scale.shape === 'linear' ? 'Colour scale' : 'Logarithmic colour scale';
  return `${kind} from ${formatNumber(scale.min, 3)} to ${formatNumber(scale.max, 3)}${suffix}${beyond.length > 0 ? `; ${listOf(beyond)}` : ''}`;
}

/** Labels with as many decimals as tell the ticks apart. */
export function tickLabels(values: readonly number[]): string[] {
  const gaps = values.slice(1).map((value, i) => Math.abs(value - values[i]));
  const even = gaps.every((gap) => Math.abs(gap - gaps[0]) < 1e-6 * gap);
  if (!even || values.length < 2) return values.map((value) => formatNumber(value, 3));
  const largest = Math.max(...values.map(Math.abs));
  if (largest < 1e-3) return values.map((value) => formatNumber(value, 3));
  const decimals = [0, 1, 2, 3, 4, 5, 6].find(
    (count) => Math.abs(Number(gaps[0].toFixed(count)) - gaps[0]) < 1e-4 * gaps[0],
  );
  return values.map((value) => (value === 0 ? '0' : formatFixed(value, decimals ?? 6)));
}

function constantLegend(scale: Scale, unit: string): Markup {
  return html`<div class="legend"><ul class="swatches"><li><span class="swatch" style="background:${hexOf(colourOf(scale.ramp, 0.5))}"></span>${formatNumber(scale.min, 4)} ${prettyUnit(unit)} everywhere</li></ul></div>`;
}

interface Tick {
  readonly x: number;
  readonly text: string;
}

/** Ticks whose label would touch the one before lose their label. */
function spaced(ticks: readonly Tick[]): Tick[] {
  let free = Number.NEGATIVE_INFINITY;
  return ticks.map((tick) => {
    const half = (tick.text.length * CHARACTER) / 2;
    if (tick.x - half < free) return { ...tick, text: '' };
    free = tick.x + half + 4;
    return tick;
  });
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
