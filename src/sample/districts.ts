/** Counties around the larger towns and the basins of the rivers, as labels of the painted cells (0 outside the study area). */
import type { Country } from './country.ts';
import type { Ground } from './ground.ts';
import { fractal } from './noise.ts';
import { distance, type Town } from './towns.ts';
import { CELL_KM, N } from './working-grid.ts';

/** Counties at most, so that labels fit a byte and people can tell their colours. */
const COUNTIES = 19;

/** The town that each county has grown around, in order of size. */
export function countySeats({ towns, inside }: Country): Town[] {
  let cells = 0;
  for (let i = 0; i < N * N; i++) cells += inside[i];
  // Far enough apart that counties are of one order of size.
  const apart = 0.72 * Math.sqrt(cells / COUNTIES);
  const seats: Town[] = [];
  for (const town of towns) {
    if (seats.length < COUNTIES && seats.every((seat) => distance(seat, town) > apart)) seats.push(town);
  }
  return seats;
}

/** Label k + 1 for the county of seat k: the nearest seat over bent ground, which makes borders wind. */
export function labelCounties(country: Country, ground: Ground, seats: readonly Town[]): Uint8Array {
  const { size, step, inside } = ground;
  const labels = new Uint8Array(size * size);
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++, i++) {
      if (!inside[i]) continue;
      const x = (column + 0.5) * step;
      const y = (row + 0.5) * step;
      const bentX = x + 13 * fractal(x / 42, y / 42, 4, country.seed + 250);
      const bentY = y + 13 * fractal(x / 42, y / 42, 4, country.seed + 260);
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < seats.length; k++) {
        const dx = bentX - seats[k].x;
        const dy = bentY - seats[k].y;
        const square = dx * dx + dy * dy;
        if (square < least) {
          least = square;
          best = k;
        }
      }
      labels[i] = best + 1;
    }
  }
  return labels;
}

/** Basins of the study area, label 1 and up from the largest outlet area down; slivers at the edge have none. */
export function labelWatersheds(country: Country, ground: Ground): { labels: Uint8Array; count: number } {
  const { drainage } = country.waters;
  let studyArea = 0;
  for (let i = 0; i < N * N; i++) studyArea += country.inside[i] * CELL_KM * CELL_KM;
  const { basin, count } = cutBasins(drainage.order, drainage.receiver, country.inside, studyArea / 14);
  return { labels: spread(basin, ground), count };
}

/** Walks downstream and closes a basin as soon as it has `enough` km²; what is left at an outlet counts from a quarter of that on. */
function cutBasins(
  order: Int32Array,
  receiver: Int32Array,
  inside: Uint8Array,
  enough: number,
): { basin: Uint8Array; count: number } {
  const open = Float64Array.from(inside, (cell) => cell * CELL_KM * CELL_KM);
  const outlet = new Uint8Array(N * N);
  let count = 0;
  for (let k = order.length - 1; k >= 0; k--) {
    const i = order[k];
    const below = receiver[i];
    const leaves = below < 0 || !inside[below];
    if (!inside[i] || count === 254) continue;
    if (open[i] >= enough || (leaves && open[i] >= enough / 4)) outlet[i] = ++count;
    else if (!leaves) open[below] += open[i];
  }
  const basin = new Uint8Array(N * N);
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    if (!inside[i]) continue;
    const below = receiver[i];
    basin[i] = outlet[i] || (below >= 0 && inside[below] ? basin[below] : 0);
  }
  return { basin, count };
}

/** The label with the largest bilinear weight, which cuts the corners of the working cells. */
function spread(basin: Uint8Array, { size, step, inside }: Ground): Uint8Array {
  const labels = new Uint8Array(size * size);
  for (let row = 0, i = 0; row < size; row++) {
    const gy = Math.min(N - 1, Math.max(0, (row + 0.5) * step - 0.5));
    const y0 = Math.min(N - 2, Math.floor(gy));
    for (let column = 0; column < size; column++, i++) {
      if (!inside[i]) continue;
      const gx = Math.min(N - 1, Math.max(0, (column + 0.5) * step - 0.5));
      const x0 = Math.min(N - 2, Math.floor(gx));
      const a = basin[y0 * N + x0];
      const b = basin[y0 * N + x0 + 1];
      const c = basin[(y0 + 1) * N + x0];
      const d = basin[(y0 + 1) * N + x0 + 1];
      if (a === b && a === c && a === d) {
        labels[i] = a;
        continue;
      }
      const fx = gx - x0;
      const fy = gy - y0;
      const weights = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
      const corners = [a, b, c, d];
      let best = 0;
      let heaviest = -1;
      for (const label of corners) {
        const weight = corners.reduce((sum, other, k) => sum + (other === label ? weights[k] : 0), 0);
        if (weight > heaviest) {
          heaviest = weight;
          best = label;
        }
      }
      labels[i] = best;
    }
  }
  return labels;
}
