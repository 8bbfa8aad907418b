/** Cells to images: a palette PNG of a map, and the same palette as a key, from which the page reads values under the pointer. */
import { type ClassEntry, isClass } from './classes.ts';
import { hexOf, rampColours } from './colours.ts';
import type { ReportMap, Rgba } from './data.ts';
import { formatNumber, prettyUnit } from './format.ts';
import { type Deflate, encodePng, pngAddress } from './png.ts';
import { isValid, positionOf, type Scale, valueAt } from './scale.ts';

/** Colour steps of a quantity. More look no different and pack worse. */
export const LEVELS = 100;
const MAX_CLASSES = 253;

const OUTSIDE: Rgba = [255, 255, 255, 0];
const OUTLINE: Rgba = [96, 110, 122, 150];
const FIRST = 2;
const OTHER_CLASS: Rgba = [128, 128, 128, 255];

/** What each colour of a panel's images stands for. */
export interface PictureKey {
  readonly colours: readonly string[];
  readonly labels: readonly string[];
}

export function quantityKey(scale: Scale, unit: string): PictureKey {
  const suffix = prettyUnit(unit) && ` ${prettyUnit(unit)}`;
  return {
    colours: rampColours(scale.ramp, LEVELS).map(hexOf),
    labels: Array.from({ length: LEVELS }, (_, level) => {
      if (level === 0 && scale.openLow) return `≤ ${formatNumber(scale.min, 3)}${suffix}`;
      if (level === LEVELS - 1 && scale.openHigh) return `≥ ${formatNumber(scale.max, 3)}${suffix}`;
      return `≈ ${roughly(valueAt(scale, (level + 0.5) / LEVELS))}${suffix}`;
    }),
  };
}

/** A level stands for a range of values: two digits are all it knows. */
function roughly(value: number): string {
  return formatNumber(Number(value.toPrecision(2)), 2);
}

export function classKey(classes: readonly ClassEntry[]): PictureKey {
  return { colours: classes.map(({ colour }) => hexOf(colour)), labels: classes.map(({ name }) => name) };
}

/** Address (data:) of the image of a quantity; without a scale every cell is outside. */
export function quantityPicture(map: ReportMap, scale: Scale | undefined, deflate: Deflate): Promise<string> {
  const indices = new Uint8Array(map.width * map.height);
  if (scale) {
    for (let i = 0; i < indices.length; i++) {
      const value = map.cells[i];
      if (isValid(value)) indices[i] = FIRST + Math.min(LEVELS - 1, Math.floor(positionOf(scale, value) * LEVELS));
    }
  }
  const colours = scale ? rampColours(scale.ramp, LEVELS).map(([r, g, b]): Rgba => [r, g, b, 255]) : [];
  return imageOf(map, indices, colours, deflate);
}

/** Address (data:) of the image of a class map. */
export function classPicture(map: ReportMap, classes: readonly ClassEntry[], deflate: Deflate): Promise<string> {
  const shown = classes.slice(0, MAX_CLASSES);
  const indexOf = new Map(shown.map(({ code }, order) => [code, FIRST + order]));
  const indices = new Uint8Array(map.width * map.height);
  for (let i = 0; i < indices.length; i++) {
    const code = map.cells[i];
    if (isClass(code)) indices[i] = indexOf.get(code) ?? FIRST + shown.length;
  }
  return imageOf(map, indices, [...shown.map(({ colour }) => colour), OTHER_CLASS], deflate);
}

async function imageOf(
  { width, height }: ReportMap,
  indices: Uint8Array,
  colours: readonly Rgba[],
  deflate: Deflate,
): Promise<string> {
  outline(indices, width, height);
  return pngAddress(await encodePng(width, height, indices, [OUTSIDE, OUTLINE, ...colours], deflate));
}

/** Cells outside that touch a cell inside draw the border of the study area; no cell with a value is painted over. */
function outline(indices: Uint8Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (indices[i] !== 0) continue;
      const touches =
        (x > 0 && indices[i - 1] >= FIRST) ||
        (x + 1 < width && indices[i + 1] >= FIRST) ||
        (y > 0 && indices[i - width] >= FIRST) ||
        (y + 1 < height && indices[i + width] >= FIRST);
      if (touches) indices[i] = 1;
    }
  }
}
