/** SVG charts of supply against demand by year: bars with their values and changes written on them, lines where years are many. */
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
const PLOT = { left: 46, right: 494, top: 38, bottom: 242 };
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
${ticks.map((tick, i) => html`<path d="M${PLOT.left} ${fix(y(tick))}H${PLOT.right}" class="${tick === 0 ? 'axis' : 'grid'}"/><text x="${PLOT.left - 6}" y="${fix(y(tick) + 4)}" text-anchor="end" class="soft">${texts[i]}</text>`)}
${marks}</svg>`;
}

/** The magnitude that a chart's numbers are given in; its word stands in the chart's heading. */
export function chartMagnitude(years: readonly YearTotals[]): Magnitude {
  return magnitudeOf(years.flatMap(({ supply, demand }) => [supply ?? 0, demand ?? 0]));
}

function bars(years: readonly YearTotals[], series: readonly Series[], y: (value: number) => number): Markup[] {
  const slot = (PLOT.right - PLOT.left) / years.length;
  const width = Math.min(64, slot * 0.38);
  return years.map(({ year }, index) => {
    const centre = PLOT.left + slot * (index + 0.5);
    return html`<text x="${fix(centre)}" y="${HEIGHT - 8}" text-anchor="middle" class="year">${year}</text>${series.map(
      ({ values, colour }, side) => {
        const value = values[index];
        const left = centre + (side === 0 ? -width - 1.5 : 1.5);
        const middle = fix(left + width / 2);
        if (value === undefined)
          return html`<text x="${middle}" y="${fix(y(0) - 6)}" text-anchor="middle" class="soft">no data</text>`;
        const top = Math.min(y(value), y(0) - 1);
        const height = Math.max(1, Math.abs(y(value) - y(0)));
        const change = index > 0 ? relativeChange(values[0], value) : Number.NaN;
        const changed = Number.isFinite(change);
        return html`<rect x="${fix(left)}" y="${fix(value < 0 ? y(0) : top)}" width="${fix(width)}" height="${fix(height)}" fill="${colour}"/><text x="${middle}" y="${fix(top - (changed ? 18 : 5))}" text-anchor="middle" class="value">${formatSignificant(value)}</text>${changed && html`<text x="${middle}" y="${fix(top - 5)}" text-anchor="middle" class="change">${formatChange(change)}</text>`}`;
      },
    )}`;
  });
}

function lines(years: readonly YearTotals[], series: readonly Series[], y: (value: number) => number): Markup[] {
  const [first, last] = [years[0].year, years[years.length - 1].year];
  const x = (year: number) => PLOT.left + 26 + ((year - first) / (last - first)) * (PLOT.right - PLOT.left - 52);
  const stride = Math.ceil(years.length / 8);
  const labels = years.map(({ year }, i) =>
    i % stride === 0 || i === years.length - 1
      ? html`<text x="${fix(x(year))}" y="${HEIGHT - 8}" text-anchor="middle" class="year">${year}</text>`
      : undefined,
  );
  return [
    html`${labels}`,
    ...series.map(({ values, colour }) => {
      const points = years.flatMap(({ year }, i) => {
        const value = values[i];
        return value === undefined ? [] : [{ year, value }];
      });
      const path = points
        .map(({ year, value }, i) => `${i === 0 ? 'M' : 'L'}${fix(x(year))} ${fix(y(value))}`)
        .join('');
      const labelled = points.filter((_, i) => i === 0 || i === points.length - 1);
      return html`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5"/>${points.map(({ year, value }) => html`<circle cx="${fix(x(year))}" cy="${fix(y(value))}" r="3.5" fill="${colour}"/>`)}${labelled.map(({ year, value }, i) => html`<text x="${fix(x(year))}" y="${fix(y(value) - 9)}" text-anchor="middle" class="value">${formatSignificant(value)}</text>${i === 1 && html`<text x="${fix(x(year))}" y="${fix(y(value) - 22)}" text-anchor="middle" class="change">${formatChange(relativeChange(points[0].value, value))}</text>`}`)}`;
    }),
  ];
}

function fix(value: number): number {
  return Number(value.toFixed(1));
}
