/** Terrain for benches of routing: hills on hills, each half as wide as the ones before, from a seed; a window of it costs as much as its cells. */
import type { Window } from '#ecoflux/core/grid.js';
import { chance } from '#ecoflux/sample/noise.js';

/** Cells between the knots of the widest and of the narrowest hills. */
const WIDEST = 1024;
const NARROWEST = 2;
/** Height of hills by their width: the narrow ones are steeper, as in real terrain, so that every few cells there is a pit. */
const ROUGHNESS = 0.8;

/** Elevations in metres, row by row; whole multiples of `step` where one is given. */
export function fractalGround({ x, y, width, height }: Window, step?: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(width * height);
  const sums = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    for (let spacing = WIDEST; spacing >= NARROWEST; spacing /= 2) addOctave(sums, x, y + row, spacing);
    for (let column = 0; column < width; column++) {
      const value = sums[column];
      out[row * width + column] = step === undefined ? value : Math.round(value / step) * step;
    }
  }
  return out;
}

/** Heights at the knots, straight in between. */
function addOctave(sums: Float64Array, x: number, y: number, spacing: number): void {
  const above = Math.floor(y / spacing);
  const v = y / spacing - above;
  const high = spacing ** ROUGHNESS;
  const knot = (column: number) =>
    high * ((1 - v) * chance(column, above, spacing) + v * chance(column, above + 1, spacing));
  let column = Math.floor(x / spacing);
  let [west, east] = [knot(column), knot(column + 1)];
  for (let at = 0; at < sums.length; at++) {
    if (x + at >= (column + 1) * spacing) {
      column++;
      west = east;
      east = knot(column + 1);
    }
    sums[at] += west + ((x + at) / spacing - column) * (east - west);
  }
}
