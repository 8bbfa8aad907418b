/** Rivers as smooth lines from the cells they run through: main stems first, tributaries ending on them. */
import type { Drainage } from './drainage.ts';
import { noise, ramp } from './noise.ts';
import { N } from './working-grid.ts';

/** A line from the source down; all arrays have one entry per point. */
export interface River {
  /** Working coordinates (cells). */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Height of the water in m; never rises along the line. */
  readonly height: Float64Array;
  /** Width in m. */
  readonly width: Float64Array;
}

/** All rivers that drain at least `least` km². */
export function traceRivers(
  { order, receiver, filled }: Drainage,
  area: Float64Array,
  slope: Float32Array,
  least: number,
): River[] {
  const mainDonor = new Int32Array(N * N).fill(-1);
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    const below = receiver[i];
    if (below < 0 || area[i] < least) continue;
    if (mainDonor[below] < 0 || area[i] > area[mainDonor[below]]) mainDonor[below] = i;
  }
  const px = new Float64Array(N * N);
  const py = new Float64Array(N * N);
  for (let i = 0; i < N * N; i++) {
    px[i] = (i % N) + 0.5;
    py[i] = Math.floor(i / N) + 0.5;
  }
  const bend = (i: number, seed: number) =>
    meander(slope[i], area[i]) *
    (1.4 * noise(px[i] / 19, py[i] / 19, seed) +
      noise(px[i] / 7, py[i] / 7, seed + 1) +
      0.5 * noise(px[i] / 3, py[i] / 3, seed + 2));
  const rivers: River[] = [];
  for (let k = 0; k < order.length; k++) {
    const mouth = order[k];
    const below = receiver[mouth];
    if (area[mouth] < least || (below >= 0 && mainDonor[below] === mouth)) continue;
    const cells: number[] = below >= 0 ? [below] : [];
    for (let i = mouth; i >= 0; i = mainDonor[i]) cells.push(i);
    if (cells.length < 3) continue;
    cells.reverse();
    smooth(cells, px, py);
    rivers.push({
      x: Float64Array.from(cells, (i) => px[i] + bend(i, 301)),
      y: Float64Array.from(cells, (i) => py[i] + bend(i, 311)),
      height: Float64Array.from(cells, (i) => Math.max(0.1, filled[i])),
      width: Float64Array.from(cells, (i) => riverWidth(Math.min(area[i], area[mouth]))),
    });
  }
  return rivers;
}

/** Cells by which a river swings to and fro: on level ground, the larger the more; in the hills it keeps to its valley. */
function meander(slope: number, area: number): number {
  return 2.6 * (1 - ramp(0.6, 3, slope)) * ramp(-60, 400, area);
}

/** 5 m per √km², as rivers of a humid plain have; the great ones no wider than 1.9 km. */
function riverWidth(area: number): number {
  return Math.min(1900, 5 * Math.sqrt(area));
}

/** Takes the corners off; the ends stay, so that tributaries still meet their river. */
function smooth(cells: readonly number[], px: Float64Array, py: Float64Array): void {
  for (let round = 0; round < 3; round++) {
    let lastX = px[cells[0]];
    let lastY = py[cells[0]];
    for (let k = 1; k < cells.length - 1; k++) {
      const i = cells[k];
      const next = cells[k + 1];
      const x = 0.25 * (lastX + px[next]) + 0.5 * px[i];
      const y = 0.25 * (lastY + py[next]) + 0.5 * py[i];
      lastX = px[i];
      lastY = py[i];
      px[i] = x;
      py[i] = y;
    }
  }
}
