/** Elevations for tests and benchmarks of routing, from seeds. */
import { NODATA } from '../../src/core/cells.ts';
import { randomNumbers } from './rasters.ts';

export function cells(rows: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from(rows.flat());
}

/** To compare what `toEqual` of numbers may take for equal. */
export function bitsOf(plane: Float32Array): Uint32Array {
  return new Uint32Array(plane.buffer, plane.byteOffset, plane.length);
}

/** White noise from −500 to 500: a pit in every tenth cell. */
export function random(width: number, height: number, seed: number): Float32Array {
  const next = randomNumbers(seed);
  return Float32Array.from({ length: width * height }, () => 1000 * (next() - 0.5));
}

/** Hills on hills, each half as high and half as wide as the one before, on a ramp to the south: pits and valleys of all sizes. */
export function fractal(width: number, height: number, seed: number, octaves = 7): Float32Array {
  const heights = new Float64Array(width * height);
  for (let octave = 0; octave < octaves; octave++) {
    const spacing = 2 ** (octaves - octave);
    const columns = Math.ceil(width / spacing) + 2;
    const next = randomNumbers(seed + 1000 * octave);
    const knots = Float64Array.from({ length: columns * (Math.ceil(height / spacing) + 2) }, () => spacing * next());
    for (let y = 0, i = 0; y < height; y++) {
      const row = Math.floor(y / spacing);
      const v = y / spacing - row;
      for (let x = 0; x < width; x++, i++) {
        const column = Math.floor(x / spacing);
        const u = x / spacing - column;
        const k = row * columns + column;
        const north = knots[k] + u * (knots[k + 1] - knots[k]);
        const south = knots[k + columns] + u * (knots[k + columns + 1] - knots[k + columns]);
        heights[i] += north + v * (south - north);
      }
    }
  }
  return Float32Array.from(heights, (value, i) => value - 0.2 * Math.floor(i / width));
}

/** With patches of nodata, some at the edge. */
export function holed(dem: Float32Array, seed: number): Float32Array {
  const next = randomNumbers(seed);
  const width = Math.round(Math.sqrt(dem.length));
  const out = dem.slice();
  for (let hole = 0; hole < 12; hole++) {
    const at = Math.floor(next() * dem.length);
    const size = 1 + Math.floor(next() * 6);
    for (let row = 0; row < size; row++) out.fill(NODATA, at + row * width, at + row * width + size);
  }
  return out;
}
