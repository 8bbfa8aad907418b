/** Arrows over a map: which flows are drawn, how wide, along which curve; and where the names of the places stand. */

export type Point = readonly [x: number, y: number];

export interface ArrowShape {
  /** Path of the line, up to the head. */
  readonly line: string;
  /** Corners of the head. */
  readonly head: string;
  readonly width: number;
}

/** Radius of the dot of a place. */
export const DOT = 4;
/** Limits of the widest line, and how wide it may be for the length of an arrow; the narrowest that is still seen. */
const [WIDEST_SHORT, WIDEST_LONG] = [4, 13];
const WIDTH_OF_LENGTH = 0.16;
const NARROWEST = 0.9;
/** How far a curve bends from the straight line, as a share of its length: to the left, so that ways there and back lie apart. */
const BEND = 0.2;

/** Width of the widest of arrows of these lengths: where they are short, wide lines would be blots. */
export function widestOf(lengths: readonly number[]): number {
  const middle = [...lengths].sort((a, b) => a - b)[lengths.length >> 1] ?? 0;
  return Math.min(WIDEST_LONG, Math.max(WIDEST_SHORT, WIDTH_OF_LENGTH * middle));
}

/** In proportion to the amount. */
export function widthOf(amount: number, largest: number, widest: number): number {
  return Math.max(NARROWEST, (widest * amount) / largest);
}

/** An arrow from the dot at `from` to the dot at `to`, bent to the left of its way; undefined where the dots touch. */
export function arrowShape(from: Point, to: Point, width: number): ArrowShape | undefined {
  const length = distance(from, to);
  if (length < 3 * DOT) return undefined;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const control: Point = [(from[0] + to[0]) / 2 + BEND * dy, (from[1] + to[1]) / 2 - BEND * dx];
  const curve = (t: number): Point => {
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return [a * from[0] + b * control[0] + c * to[0], a * from[1] + b * control[1] + c * to[1]];
  };
  const start = along((t) => distance(curve(t), from) >= DOT + 1);
  const tip = along((t) => distance(curve(t), to) <= DOT + 2);
  const headLength = Math.min(Math.max(7, 1.3 * width), 0.6 * distance(curve(start), curve(tip)));
  const end = along((t) => distance(curve(t), curve(tip)) <= headLength || t >= tip);
  const [a, b] = [curve(start), curve(end)];
  const middle = controlBetween(from, control, to, start, end);
  return { width, line: `M${at(a)}Q${at(middle)} ${at(b)}`, head: headAt(b, curve(tip), Math.max(3.4, 0.95 * width)) };
}

export interface PlaceLabel {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Room of a letter, and height of a line of text. */
const LETTER = 7.3;
const LINE = 15;

/** Where names stand beside their dots: the first of six places that no other name or dot takes, inside of the drawing. */
export function placeLabels(
  places: readonly { readonly at: Point; readonly name: string }[],
  width: number,
  height: number,
): PlaceLabel[] {
  const taken: Box[] = places.map(({ at: [x, y] }) => [x - DOT, y - DOT, x + DOT, y + DOT]);
  return places.map(({ at: [x, y], name }, own) => {
    const choices: PlaceLabel[] = [
      { x: x + DOT + 4, y: y + 5, anchor: 'start' },
      { x: x - DOT - 4, y: y + 5, anchor: 'end' },
      { x, y: y - DOT - 5, anchor: 'middle' },
      { x, y: y + DOT + LINE, anchor: 'middle' },
      { x: x + DOT + 2, y: y - DOT - 3, anchor: 'start' },
      { x: x - DOT - 2, y: y + DOT + LINE - 2, anchor: 'end' },
    ];
    const cost = choices.map((choice) => {
      const box = boxOf(choice, name);
      const hidden = taken.reduce((sum, other, i) => sum + (i === own ? 0 : shared(box, other)), 0);
      return hidden + 4 * (area(box) - shared(box, [0, 0, width, height]));
    });
    const best = choices[cost.indexOf(Math.min(...cost))];
    taken.push(boxOf(best, name));
    return best;
  });
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

function boxOf({ x, y, anchor }: PlaceLabel, name: string): Box {
  const wide = name.length * LETTER;
  const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2;
  return [left, y - LINE + 3, left + wide, y + 3];
}

function area([left, top, right, bottom]: Box): number {
  return (right - left) * (bottom - top);
}

function shared(a: Box, b: Box): number {
  const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const tall = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return wide > 0 && tall > 0 ? wide * tall : 0;
}

/** The first place on a way from 0 to 1 from which a condition holds. */
function along(holds: (t: number) => boolean): number {
  let [before, after] = [0, 1];
  for (let step = 0; step < 24; step++) {
    const middle = (before + after) / 2;
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}

/** Control point of the part of a curve between two places. */
function controlBetween(from: Point, control: Point, to: Point, start: number, end: number): Point {
  const weight = [(1 - start) * (1 - end), start * (1 - end) + end * (1 - start), start * end];
  const mix = (axis: 0 | 1) => weight[0] * from[axis] + weight[1] * control[axis] + weight[2] * to[axis];
  return [mix(0), mix(1)];
}

function headAt(base: Point, tip: Point, half: number): string {
  const length = Math.max(1e-9, distance(base, tip));
  const [ux, uy] = [(tip[0] - base[0]) / length, (tip[1] - base[1]) / length];
  return [tip, [base[0] - half * uy, base[1] + half * ux], [base[0] + half * uy, base[1] - half * ux]]
    .map((corner) => at(corner as unknown as Point))
    .join(' ');
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function at([x, y]: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
