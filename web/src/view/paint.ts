/** Cells to pixels: one pixel a cell, the colours of the report, the outline of the study area around them. */
import { drawing, type Plane } from '../../../src/index.ts';

const { colourOf, isClass, isValid, positionOf } = drawing;
/** Steps of the colour table of a quantity. */
const LEVELS = 512;
const OUTLINE = [96, 110, 122, 150] as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function paintQuantity(cells: Plane, scale: drawing.Scale, size: Size): ImageData {
  const colours = Uint32Array.from({ length: LEVELS + 1 }, (_, level) =>
    packed([...colourOf(scale.ramp, level / LEVELS), 255]),
  );
  return paint(cells, size, (value) => (isValid(value) ? colours[Math.round(positionOf(scale, value) * LEVELS)] : 0));
}

export function paintClasses(cells: Plane, classes: readonly drawing.ClassEntry[], size: Size): ImageData {
  const colours = new Map(classes.map(({ code, colour }) => [code, packed(colour)]));
  return paint(cells, size, (code) => (isClass(code) ? (colours.get(code) ?? 0) : 0));
}

function paint(cells: Plane, { width, height }: Size, colourOfCell: (value: number) => number): ImageData {
  const pixels = new Uint32Array(width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colourOfCell(cells[i]);
  outline(pixels, cells.length, width);
  return new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
}

/** Cells outside that touch one inside; no cell with a value is painted over. */
function outline(pixels: Uint32Array, count: number, width: number): void {
  const line = packed(OUTLINE);
  const inside = (i: number) => pixels[i] !== 0 && pixels[i] !== line;
  for (let i = 0; i < count; i++) {
    if (pixels[i] !== 0) continue;
    const x = i % width;
    const touches =
      (x > 0 && inside(i - 1)) ||
      (x + 1 < width && inside(i + 1)) ||
      (i >= width && inside(i - width)) ||
      (i + width < count && inside(i + width));
    if (touches) pixels[i] = line;
  }
}

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Red, green, blue, alpha as the four bytes of a number, in their order in memory. */
function packed([r, g, b, a]: readonly number[]): number {
  return (LITTLE_ENDIAN ? r | (g << 8) | (b << 16) | (a << 24) : (r << 24) | (g << 16) | (b << 8) | a) >>> 0;
}
