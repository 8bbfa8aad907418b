/**
 * Colour ramps of maps, legends, charts and QGIS styles. Each is a path through a few anchors in OKLab, walked at constant speed, so
 * equal steps of the value look equally large; lightness falls (or falls to both sides of the centre), so the ramps
 * survive grey printing and colour-blind eyes.
 */

export type Rgb = readonly [number, number, number];
export type RampName = 'supply' | 'demand' | 'balance' | 'plain';

type Lab = readonly [number, number, number];

/** Anchors as lightness 0..1, chroma, hue in degrees (OKLCH). */
const ANCHORS: Readonly<Record<RampName, readonly Lab[]>> = {
  supply: [
    [0.965, 0.045, 110],
    [0.86, 0.1, 135],
    [0.7, 0.115, 165],
    [0.52, 0.09, 205],
    [0.35, 0.085, 255],
  ],
  demand: [
    [0.965, 0.045, 95],
    [0.85, 0.12, 78],
    [0.7, 0.16, 45],
    [0.52, 0.17, 15],
    [0.34, 0.125, 345],
  ],
  balance: [
    [0.42, 0.105, 45],
    [0.6, 0.135, 50],
    [0.8, 0.1, 70],
    [0.96, 0.012, 100],
    [0.8, 0.075, 220],
    [0.58, 0.105, 240],
    [0.4, 0.105, 258],
  ],
  plain: [
    [0.965, 0.02, 190],
    [0.76, 0.07, 215],
    [0.54, 0.085, 245],
    [0.34, 0.08, 280],
  ],
};

const STEPS = 512;
const tables = new Map<RampName, readonly Rgb[]>();

export const RAMP_NAMES = Object.keys(ANCHORS) as readonly RampName[];

/** Colour of a ramp at `t` in 0..1 (clamped), as bytes. The centre of `balance` is at 0.5. */
export function colourOf(ramp: RampName, t: number): Rgb {
  let table = tables.get(ramp);
  if (!table) {
    table = walk(ANCHORS[ramp].map(fromPolar), ramp === 'balance');
    tables.set(ramp, table);
  }
  return table[Math.round(Math.min(1, Math.max(0, t)) * STEPS)];
}

/** `count` colours of a ramp, at the middles of as many equal parts. */
export function rampColours(ramp: RampName, count: number): Rgb[] {
  return Array.from({ length: count }, (_, i) => colourOf(ramp, (i + 0.5) / count));
}

export function hexOf(colour: readonly number[]): string {
  return `#${[colour[0], colour[1], colour[2]].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Colours for classes that come without a palette: distinct for colour-blind eyes, by lightness as well as by hue. */
const CLASS_COLOURS: readonly Rgb[] = [
  [240, 208, 112],
  [44, 110, 73],
  [158, 196, 104],
  [69, 137, 196],
  [176, 58, 72],
  [196, 186, 170],
  [122, 84, 142],
  [226, 138, 66],
  [96, 180, 172],
  [92, 92, 100],
];

export function classColour(order: number): Rgb {
  return CLASS_COLOURS[order % CLASS_COLOURS.length];
}

/** Black or white text, whichever reads better on a colour. */
export function inkOn(colour: readonly number[]): string {
  const luminance = luminanceOf(colour);
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.064 ? '#ffffff' : '#16212b';
}

/** Relative luminance 0..1 (WCAG 2). */
export function luminanceOf(colour: readonly number[]): number {
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

/** OKLab coordinates (Ottosson 2020) of an sRGB colour in bytes. */
export function labOf([red, green, blue]: readonly number[]): Lab {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function rgbOf([lightness, a, b]: Lab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byteOf(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    byteOf(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    byteOf(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The path through the anchors at equal steps of its length; with a centre, each half is walked on its own. */
function walk(anchors: readonly Lab[], centred: boolean): Rgb[] {
  if (!centred) return samples(anchors, STEPS);
  const middle = (anchors.length - 1) / 2;
  return [...samples(anchors.slice(0, middle + 1), STEPS / 2), ...samples(anchors.slice(middle), STEPS / 2).slice(1)];
}

function samples(anchors: readonly Lab[], steps: number): Rgb[] {
  const ends = [0];
  for (let i = 1; i < anchors.length; i++) ends.push(ends[i - 1] + distance(anchors[i - 1], anchors[i]));
  const total = ends[ends.length - 1];
  return Array.from({ length: steps + 1 }, (_, step) => {
    const along = (step / steps) * total;
    const i = Math.max(
      1,
      Math.min(
        anchors.length - 1,
        ends.findIndex((end) => end >= along - 1e-12),
      ),
    );
    const t = (along - ends[i - 1]) / (ends[i] - ends[i - 1]);
    const [p, q] = [anchors[i - 1], anchors[i]];
    return rgbOf([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), p[2] + t * (q[2] - p[2])]);
  });
}

function distance(p: Lab, q: Lab): number {
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function fromPolar([lightness, chroma, hue]: Lab): Lab {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function byteOf(value: number): number {
  const clamped = Math.min(1, Math.max(0, value));
  return Math.round(255 * (clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055));
}
