/** The pseudo-F statistic against the number of bundles: its curve with the first turn, the maximum and the number that was taken. */
import { fix, gridLine, type Plot, type Position } from './chart-parts.ts';
import { formatNumber, listOf, magnitudeOf } from './format.ts';
import { tickLabels } from './legend.ts';
import { html, type Markup } from './markup.ts';
import type { BundleStory } from './stories.ts';
import { linearTicks } from './ticks.ts';

const WIDTH = 500;
const HEIGHT = 300;
const PLOT: Plot = { left: 46, right: 488, top: 70, bottom: 252 };
const LABEL_LINES = [14, 31, 48];
/** Above this many numbers only every second is written. */
const MOST_NUMBERS = 16;

type Curve = BundleStory['curve'];
/** Undefined where no node map gave a statistic. */
export function pseudoFChart({
  curve,
  firstTurn,
  maximum,
  chosen,
}: Pick<BundleStory, 'curve' | 'firstTurn' | 'maximum' | 'chosen'>): Markup | undefined {
  const known = curve.filter(({ pseudoF }) => Number.isFinite(pseudoF));
  if (known.length < 2) return undefined;
  const { factor } = magnitudeOf(known.map(({ pseudoF }) => pseudoF));
  const scaled = known.map(({ pseudoF }) => pseudoF / factor);
  const [smallest, largest] = [Math.min(...scaled), Math.max(...scaled)];
  const low = smallest > 0 && smallest < largest / 2 ? 0 : smallest - 0.1 * (largest - smallest || Math.abs(largest));
  const y: Position = (value) =>
    PLOT.bottom - ((value / factor - low) / (largest - low || 1)) * (PLOT.bottom - PLOT.top);
  const [first, last] = [curve[0].bundles, curve[curve.length - 1].bundles];
  const x: Position = (bundles) =>
    PLOT.left + 14 + ((bundles - first) / (last - first || 1)) * (PLOT.right - PLOT.left - 28);
  const ticks = linearTicks(low, largest, 4);
  const texts = tickLabels(ticks);
  const marks = marksOf({ firstTurn, maximum, chosen });
  return html`<svg class="chart curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${describe(curve, marks)}">
${ticks.map((tick, i) => gridLine(PLOT, y(tick * factor), texts[i], false))}
<path d="M${PLOT.left} ${PLOT.bottom}H${PLOT.right}" class="axis"/>
${numbersBelow(curve, x)}
${marks.map(({ bundles, words }, line) => markLine(curve, bundles, words, LABEL_LINES[line], x, y))}
<path d="${curvePath(curve, x, y)}" class="line"/>
${curve.map((entry) => point(entry, chosen, x, y))}</svg>`;
}

export function curveUnit(curve: Curve): string {
  return magnitudeOf(curve.map(({ pseudoF }) => pseudoF)).word;
}

/** Straight from point to point, broken where there is no value. */
export function curvePath(curve: Curve, x: Position, y: Position): string {
  let pen = 'M';
  return curve
    .map(({ bundles, pseudoF }) => {
      if (!Number.isFinite(pseudoF)) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${fix(x(bundles))} ${fix(y(pseudoF))}`;
      pen = 'L';
      return step;
    })
    .join('');
}

/** A hollow point has bundles without cells; a cross on the axis has no value. */
function point({ bundles, pseudoF, nonEmpty }: Curve[number], chosen: number, x: Position, y: Position): Markup {
  const at = fix(x(bundles));
  const whole = nonEmpty === bundles;
  const title = html`<title>${bundles} bundles: ${Number.isFinite(pseudoF) ? `pseudo-F ${formatNumber(pseudoF)}` : 'no value'}${!whole && `, ${nonEmpty} of them with cells`}</title>`;
  if (!Number.isFinite(pseudoF))
    return html`<path d="M${at - 4} ${PLOT.bottom - 4}l8 8m0 -8l-8 8" class="void">${title}</path>`;
  const kind = [!whole && 'hollow', bundles === chosen && 'chosen'].filter(Boolean).join(' ');
  return html`<circle cx="${at}" cy="${fix(y(pseudoF))}" r="${bundles === chosen ? 6.5 : 4}" class="point ${kind}">${title}</circle>`;
}

function numbersBelow(curve: Curve, x: Position): Markup {
  const stride = curve.length > MOST_NUMBERS ? 2 : 1;
  const numbers = curve.filter((_, i) => i % stride === 0);
  return html`${numbers.map(({ bundles }) => html`<text x="${fix(x(bundles))}" y="${PLOT.bottom + 18}" text-anchor="middle">${bundles}</text>`)}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle" class="soft">number of bundles</text>`;
}

interface Mark {
  readonly bundles: number;
  readonly words: string;
}

/** One label a number of bundles, whatever is to be said of it. */
function marksOf({ firstTurn, maximum, chosen }: Pick<BundleStory, 'firstTurn' | 'maximum' | 'chosen'>): Mark[] {
  const said = new Map<number, string[]>();
  const say = (bundles: number | undefined, word: string) => {
    if (bundles !== undefined) said.set(bundles, [...(said.get(bundles) ?? []), word]);
  };
  say(firstTurn, 'first turn');
  say(maximum, 'maximum');
  say(chosen, 'taken');
  return [...said].map(([bundles, words]) => ({ bundles, words: `${bundles}: ${listOf(words)}` }));
}

function markLine(curve: Curve, bundles: number, words: string, line: number, x: Position, y: Position): Markup {
  const value = curve.find((entry) => entry.bundles === bundles)?.pseudoF ?? Number.NaN;
  if (!Number.isFinite(value)) return html``;
  const at = x(bundles);
  const anchor = at > (PLOT.left + PLOT.right) / 2 ? 'end' : 'start';
  return html`<path d="M${fix(at)} ${line - 10}V${fix(y(value))}" class="mark"/><text x="${fix(at + (anchor === 'end' ? -6 : 6))}" y="${line}" text-anchor="${anchor}" class="value">${words}</text>`;
}

function describe(curve: Curve, marks: readonly Mark[]): string {
  const values = curve.map(
    ({ bundles, pseudoF }) => `${bundles}: ${Number.isFinite(pseudoF) ? formatNumber(pseudoF, 3) : 'no value'}`,
  );
  return `Pseudo-F by number of bundles. ${marks.map(({ words }) => words).join('; ')}. ${values.join(', ')}.`;
}
