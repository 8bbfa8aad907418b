/** Lines over a counted axis: what was left after each round. */
import { fix, gridLine, type Plot, type Position } from './chart-parts.ts';
import { magnitudeOf } from './format.ts';
import { tickLabels } from './legend.ts';
import { html, type Markup } from './markup.ts';
import { axisTicks, linearTicks, logTicks } from './ticks.ts';

const WIDTH = 480;
const HEIGHT = 250;
const PLOT: Plot = { left: 50, right: 470, top: 16, bottom: 206 };
/** From this ratio of the largest to the smallest value the axis is logarithmic. */
const MOST_LINEAR = 30;
/** Lines of so many points have a dot at each. */
const MOST_DOTS = 32;

export interface Line {
  readonly name: string;
  readonly colour: string;
  /** In the order of x; those whose y is not a number are left out. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly lines: readonly Line[];
  /** What is counted along the horizontal axis. */
  readonly across: string;
  /** Chosen from the values where left out. */
  readonly logarithmic?: boolean;
}

/** The chart; its numbers are divided by `lineMagnitude(lines).factor`. */
export function lineChart({ label, lines, across, logarithmic }: LineChart): Markup {
  const points = lines.flatMap(pointsOf);
  if (points.length === 0) return html`<p class="empty">Nothing to draw.</p>`;
  const { factor } = lineMagnitude(lines);
  const axis = valueAxis(
    points.map(([, value]) => value / factor),
    logarithmic,
  );
  const places = points.map(([place]) => place);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const x: Position = (place) =>
    last > first
      ? PLOT.left + 8 + ((place - first) / (last - first)) * (PLOT.right - PLOT.left - 16)
      : (PLOT.left + PLOT.right) / 2;
  const texts = tickLabels(axis.ticks);
  const counted = linearTicks(first, last, 8).filter(Number.isInteger);
  return html`<svg class="chart lines" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${axis.ticks.map((tick, i) => gridLine(PLOT, axis.y(tick), texts[i], tick === 0))}
${counted.map((place) => html`<text x="${fix(x(place))}" y="${PLOT.bottom + 20}" text-anchor="middle" class="soft">${place}</text>`)}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle" class="soft">${across}</text>
${lines.map((line) => drawn(line, x, (value) => axis.y(value / factor)))}</svg>`;
}

/** What the numbers of a chart are counted in; its word stands in the heading of the chart. */
export function lineMagnitude(lines: readonly Line[]): { readonly factor: number; readonly word: string } {
  return magnitudeOf(lines.flatMap(pointsOf).map(([, value]) => value));
}

interface Axis {
  readonly ticks: readonly number[];
  readonly y: Position;
}

function valueAxis(values: readonly number[], logarithmic: boolean | undefined): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const tall = PLOT.bottom - PLOT.top;
  if (low > 0 && high > low && (logarithmic ?? high > MOST_LINEAR * low)) {
    const [from, to] = [Math.log(low), Math.log(high)];
    return {
      ticks: logTicks(low, high, 5),
      y: (value) => PLOT.bottom - 6 - ((Math.log(value) - from) / (to - from)) * (tall - 12),
    };
  }
  const ticks = low > 0.5 * high && high > low ? roundAround(low, high) : axisTicks(low, high);
  const [bottom, top] = [ticks[0], ticks[ticks.length - 1]];
  return { ticks, y: (value) => PLOT.bottom - ((value - bottom) / (top - bottom)) * tall };
}

/** Round values from below the lowest to above the highest: lines, unlike bars, need no zero. */
function roundAround(low: number, high: number): number[] {
  const ticks = axisTicks(0, high - low);
  const step = ticks[1] - ticks[0];
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function drawn({ name, colour, points }: Line, x: Position, y: Position): Markup | undefined {
  const places = pointsOf({ points }).map(([place, value]) => [fix(x(place)), fix(y(value))]);
  if (places.length === 0) return undefined;
  const dots = places.length <= MOST_DOTS ? places : [places[0], places[places.length - 1]];
  return html`<g><title>${name}</title><path d="${places.map((at, i) => `${i === 0 ? 'M' : 'L'}${at.join(' ')}`).join('')}" fill="none" stroke="${colour}" stroke-width="2.2" stroke-linejoin="round"/>
${dots.map(([px, py]) => html`<circle cx="${px}" cy="${py}" r="2.8" fill="${colour}"/>`)}</g>`;
}

function pointsOf({ points }: Pick<Line, 'points'>): Line['points'] {
  return points.filter(([, value]) => Number.isFinite(value));
}
