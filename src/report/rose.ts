/** Rose chart: a petal for each of a few values, as long as the value lies from that of the centre towards that of the rim. */
import { hexOf } from './colours.ts';
import { html, type Markup } from './markup.ts';

const WIDTH = 300;
const HEIGHT = 264;
const RADIUS = 92;
/** Of the angle that each petal has to itself. */
const FULLNESS = 0.88;
/** From the rim to the labels. */
const LABEL_GAP = 9;

export interface Petal {
  readonly short: string;
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly colour: readonly number[];
}

export interface RoseScale {
  /** Value of a petal without length, and of one that reaches the rim; the rim's may be the smaller. */
  readonly centre: number;
  readonly rim: number;
  /** Values that have a circle. */
  readonly rings: readonly number[];
}

/** Length of a petal as a share of the radius, 0..1; 0 for what is not a number. */
export function petalLength(value: number, { centre, rim }: RoseScale): number {
  if (!Number.isFinite(value) || rim === centre) return 0;
  return Math.min(1, Math.max(0, (value - centre) / (rim - centre)));
}

/** @param label what the rose shows; the values are added to it in words. */
export function roseChart(petals: readonly Petal[], scale: RoseScale, label: string): Markup {
  const words = petals.map(({ name, text }) => `${name} ${text}`).join(', ');
  const slot = (2 * Math.PI) / petals.length;
  const rings = scale.rings.map((value) => petalLength(value, scale)).filter((length) => length > 0 && length < 1);
  return html`<svg class="chart rose" viewBox="${-WIDTH / 2} ${-HEIGHT / 2} ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}: ${words}">
<circle r="${RADIUS}" class="disc"/>
${petals.map(({ name, text, value, colour }, i) => {
  const length = petalLength(value, scale);
  if (length === 0) return undefined;
  return html`<path d="${petalPath(RADIUS * length, i * slot, FULLNESS * slot)}" fill="${hexOf(colour)}" class="petal"><title>${name}: ${text}</title></path>`;
})}
${rings.map((length) => html`<circle r="${fix(RADIUS * length)}" class="ring"/>`)}
<circle r="${RADIUS}" class="rim"/>
${petals.map(({ short, text }, i) => petalLabel(short, text, i * slot))}</svg>`;
}

/** A sector of a disc around (0, 0). @param middle angle clockwise from the north; @param width its angle, radians. */
export function petalPath(radius: number, middle: number, width: number): string {
  const point = (angle: number) => `${fix(radius * Math.sin(angle))} ${fix(-radius * Math.cos(angle))}`;
  const large = width > Math.PI ? 1 : 0;
  return `M0 0L${point(middle - width / 2)}A${fix(radius)} ${fix(radius)} 0 ${large} 1 ${point(middle + width / 2)}Z`;
}

/** Name and value beyond the rim, set to whichever side of it they stand on. */
function petalLabel(short: string, text: string, angle: number): Markup {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const anchor = Math.abs(sine) < 0.2 ? 'middle' : sine > 0 ? 'start' : 'end';
  const x = fix((RADIUS + LABEL_GAP) * sine);
  // The two lines stand above the rim in the north, below it in the south, centred on it at the sides.
  const y = -(RADIUS + LABEL_GAP) * cosine - 8 * cosine;
  return html`<text text-anchor="${anchor}" class="year"><tspan x="${x}" y="${fix(y)}">${short}</tspan><tspan x="${x}" y="${fix(y + 13)}" class="soft">${text}</tspan></text>`;
}

function fix(value: number): number {
  return Number(value.toFixed(2));
}
