/** Roads as marked cells of the painted grid. */
import type { Country } from './country.ts';
import type { Ground } from './ground.ts';

export function markRoads({ roads }: Country, { size, step }: Ground): Uint8Array {
  const marked = new Uint8Array(size * size);
  for (const { x, y } of roads) {
    for (let k = 0; k + 1 < x.length; k++) {
      const dx = x[k + 1] - x[k];
      const dy = y[k + 1] - y[k];
      const pieces = Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / (0.5 * step)) + 1;
      for (let piece = 0; piece <= pieces; piece++) {
        const column = Math.min(size - 1, Math.floor((x[k] + (dx * piece) / pieces) / step));
        const row = Math.min(size - 1, Math.floor((y[k] + (dy * piece) / pieces) / step));
        marked[row * size + column] = 1;
      }
    }
  }
  return marked;
}
