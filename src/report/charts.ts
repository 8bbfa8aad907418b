/** SVG charts of supply against demand by year: bars with their values and changes written on them, lines where years are many. */
import { fix, gridLine, label, type Plot, type Position } from './chart-parts.ts';
import { colourOf, hexOf } from './colours.ts';
import { formatChange, formatSignificant, type Magnitude, magnitudeOf, relativeChange } from './format.ts';
import { tickLabels } from './legend.ts';
import { html, type Markup } from './markup.ts';
import { axisTicks } from './ticks.ts';
import type { YearTotals } from './totals.ts';

export const SUPPLY_COLOUR = hexOf(colourOf('supply', 0.62));
export const DEMAND_COLOUR = hexOf(colourOf('demand', 0.48));

const WIDTH = 500;
const HEIGHT = 270;
const PLOT: Plot = { left: 46, right: 494, top: 38, bottom: 242 };
/** Base line of the years. */
const YEAR_LINE = HEIGHT - 8;
const MOST_BARS = 5;

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | undefined)[];
}

/** Chart of the totals of one service. @param label what it shows, in words. */
export function totalsChart(years: readonly YearTotals[], label: string): Markup {
  const magnitude = chartMagnitude(years);
  const scaled = (value: number | undefined) => (value === undefined ? undefined : value / magnitude.factor);
  const series: Series[] = [
    { name: 'Supply', colour: SUPPLY_COLOUR, values: years.map(({ supply }) => scaled(supply)) },
    { name: 'Demand', colour: DEMAND_COLOUR, values: years.map(({ demand }) => scaled(demand)) },
  ];
  const known = series.flatMap(({ values }) => values.filter((value) => value !== undefined));
  if (known.length === 0) return html`<p class="empty">No totals: no valid cell has both supply and demand.</p>`;
  const ticks = axisTicks(Math.min(...known), Math.max(...known));
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const y = (value: number) => PLOT.bottom - ((value - low) / (high - low)) * (PLOT.bottom - PLOT.top);
  const texts = tickLabels(ticks);
  const marks = years.length <= MOST_BARS ? bars(years, series, y) : lines(years, series, y);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${ticks.map((tick, i) => gridLine(PLOT, y(tick), texts[i], tick === 0))}
${marks}</svg>`;
}

/** The magnitude that a chart's numbers are given in; its word stands in the chart's heading. */
export function chartMagnitude(years: readonly YearTotals[]): Magnitude {
  return magnitudeOf(years.flatMap(({ supply, demand }) => [supply ?? 0, demand ?? 0]));
}

function bars(years: readonly YearTotals[], series: readonly Series[], y: Position): Markup[] {
  const slot = (PLOT.right - PLOT.left) / years.length;
  const width = Math.min(64, slot * 0.38);
  return years.map(({ year }, index) => {
    const centre = PLOT.left + slot * (index + 0.5);
    const pair = series.map(({ values, colour }, side) => {
      const left = centre + (side === 0 ? -width - 1.5 : 1.5);
      const before = index > 0 ? values[0] : undefined;
      return bar({ left, width, colour, value: values[index], before }, y);
    });
    return html`${label(centre, YEAR_LINE, 'year', year)}${pair}`;
  });
}

interface Bar {
  readonly left: number;
  readonly width: number;
  readonly colour: string;
  readonly value: number | undefined;
  /** What the change is counted from. */
  readonly before: number | undefined;
}

function bar({ left, width, colour, value, before }: Bar, y: Position): Markup {
  const middle = left + width / 2;
  if (value === undefined) return label(middle, y(0) - 6, 'soft', 'no data');
  const top = value < 0 ? y(0) : Math.min(y(value), y(0) - 1);
  const height = Math.max(1, Math.abs(y(value) - y(0)));
  const rect = html`<rect x="${fix(left)}" y="${fix(top)}" width="${fix(width)}" height="${fix(height)}" fill="${colour}"/>`;
  return html`${rect}${valueLabel(middle, top - 5, value, before)}`;
}

function lines(years: readonly YearTotals[], series: readonly Series[], y: Position): Markup[] {
  const [first, last] = [years[0].year, years[years.length - 1].year];
  const x = (year: number) => PLOT.left + 26 + ((year - first) / (last - first)) * (PLOT.right - PLOT.left - 52);
  const stride = Math.ceil(years.length / 8);
  const named = years.filter((_, i) => i % stride === 0);
  return [
    html`${named.map(({ year }) => label(x(year), YEAR_LINE, 'year', year))}`,
    ...series.map(({ values, colour }) => line(years, values, colour, x, y)),
  ];
}

function line(
  years: readonly YearTotals[],
  values: Series['values'],
  colour: string,
  x: Position,
  y: Position,
): Markup {
  const points = years.flatMap(({ year }, i) => {
    const value = values[i];
    return value === undefined ? [] : [{ value, at: [fix(x(year)), fix(y(value))] }];
  });
  const path = points.map(({ at }, i) => `${i === 0 ? 'M' : 'L'}${at.join(' ')}`).join('');
  const ends = points.filter((_, i) => i === 0 || i === points.length - 1);
  return html`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5"/>
${points.map(({ at: [px, py] }) => html`<circle cx="${px}" cy="${py}" r="3.5" fill="${colour}"/>`)}
${ends.map(({ value, at: [px, py] }, i) => valueLabel(px, py - 9, value, i > 0 ? points[0].value : undefined))}`;
}

/** A value, and below it how much it has changed since `before`. */
function valueLabel(x: number, y: number, value: number, before: number | undefined): Markup {
  const change = relativeChange(before, value);
  const shown = formatSignificant(value);
  if (!Number.isFinite(change)) return label(x, y, 'value', shown);
  return html`${label(x, y - 13, 'value', shown)}${label(x, y, 'change', formatChange(change))}`;
}
