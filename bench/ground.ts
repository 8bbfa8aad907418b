/** A seeded surface for benches: hills of many sizes with some noise, a disc of data in a frame of nodata, as compressible as real terrain. */
import { NODATA } from '#ecoflux/core/cells.js';

/** `size × size` cells between 0 and some 2000; whole numbers where asked. */
export function rollingGround(size: number, whole = false): Float32Array {
  const cells = new Float32Array(size * size);
  let state = 12345;
  const waves = Array.from({ length: 12 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const angle = (state / 2 ** 32) * Math.PI;
    const length = 2 ** (11 - i * 0.7);
    return { x: Math.cos(angle) / length, y: Math.sin(angle) / length, height: length ** 0.85 };
  });
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const far = Math.hypot(column - size / 2, row - size / 2) > 0.62 * size;
      let value = 1000;
      for (const { x, y, height } of waves) value += 0.25 * height * Math.sin(6.283 * (x * column + y * row));
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      value += (state / 2 ** 32) * 0.5;
      cells[row * size + column] = far ? NODATA : whole ? Math.round(value) : value;
    }
  }
  return cells;
}
