/** How far towns reach in a year, and how densely people live around them, on the working grid. */
import { STEP_LENGTH, STEP_X, STEP_Y } from './drainage.ts';
import { makeHeap, pop, push } from './heap.ts';
import { fade, hash } from './noise.ts';
import type { Road } from './roads.ts';
import { peopleOf, type Town } from './towns.ts';
import type { Waters } from './waters.ts';
import { CELL_KM, N } from './working-grid.ts';

/** Beyond the edge of a town the reach is followed for so many km; farther is this value, negative. */
const BEYOND = -6;

export interface Settlement {
  /** Reach of the towns in km: positive inside, 0 at the edge, falling along the cheapest way outwards. Never falls with the years. */
  readonly reach: Float32Array;
  /** Town people per km², spread around the centres. */
  readonly density: Float32Array;
}

export function settle(
  towns: readonly Town[],
  roads: readonly Road[],
  waters: Waters,
  slope: Float32Array,
  year: number,
): Settlement {
  const radius = towns.map((town) => radiusOf(peopleOf(town, year)));
  return { reach: reachOf(towns, radius, travelCosts(roads, waters, slope)), density: densityOf(towns, year) };
}

/** km from millions of people: large towns are denser. */
function radiusOf(people: number): number {
  return (9 * Math.sqrt(people)) / (1 + 0.12 * people);
}

/** Cost of crossing a cell in km of level open country. */
function travelCosts(roads: readonly Road[], waters: Waters, slope: Float32Array): Float32Array {
  const cost = new Float32Array(N * N);
  for (let i = 0; i < N * N; i++) {
    const wet = waters.lakeMargin[i] > 0 ? 3 : waters.area[i] > 20000 ? 2 : 0;
    const rough = 0.35 * Math.max(0, slope[i] - 1);
    cost[i] = CELL_KM * (1.05 + wet + rough + ((hash((i % N) >> 2, i >> 11, 131) & 255) / 255) * 0.5);
  }
  for (const { x, y } of roads) {
    for (let k = 0; k < x.length; k++)
      cost[Math.min(N - 1, Math.floor(y[k])) * N + Math.min(N - 1, Math.floor(x[k]))] = 0.5 * CELL_KM;
  }
  return cost;
}

/** The largest over the towns of radius minus cost of the way from its centre: one search that starts at all of them. */
function reachOf(towns: readonly Town[], radius: readonly number[], cost: Float32Array): Float32Array {
  const reach = new Float32Array(N * N).fill(BEYOND);
  const heap = makeHeap(4096);
  towns.forEach((town, k) => {
    const cell = Math.floor(town.y) * N + Math.floor(town.x);
    reach[cell] = Math.max(reach[cell], radius[k]);
    push(heap, -reach[cell], cell);
  });
  const done = new Uint8Array(N * N);
  while (heap.length > 0) {
    const cell = pop(heap);
    if (done[cell]) continue;
    done[cell] = 1;
    const x = cell % N;
    const y = (cell - x) / N;
    for (let k = 0; k < 8; k++) {
      const nx = x + STEP_X[k];
      const ny = y + STEP_Y[k];
      if (nx < 0 || ny < 0 || nx >= N || ny >= N) continue;
      const next = ny * N + nx;
      const left = reach[cell] - STEP_LENGTH[k] * cost[next];
      if (left <= reach[next]) continue;
      reach[next] = left;
      push(heap, -left, next);
    }
  }
  return reach;
}

/** Half of a town's people live within 1.7 s of its centre: a density that falls as e^(−d/s), s growing with the root of the size. */
function densityOf(towns: readonly Town[], year: number): Float32Array {
  const density = new Float32Array(N * N);
  for (const town of towns) {
    const people = peopleOf(town, year);
    const spread = 1 + 2.3 * Math.sqrt(people);
    const peak = (people * 1e6) / (2 * Math.PI * spread * spread);
    const cells = Math.ceil((9 * spread) / CELL_KM);
    for (let y = Math.max(0, Math.floor(town.y) - cells); y < Math.min(N, town.y + cells); y++) {
      for (let x = Math.max(0, Math.floor(town.x) - cells); x < Math.min(N, town.x + cells); x++) {
        const dx = (x + 0.5 - town.x) * CELL_KM;
        const dy = (y + 0.5 - town.y) * CELL_KM;
        density[y * N + x] += peak * fade(Math.sqrt(dx * dx + dy * dy) / spread);
      }
    }
  }
  return density;
}
