/** Roads: cheap paths between neighbouring towns and out of the region, which keep to level ground, avoid water and share their way. */
import { STEP_LENGTH, STEP_X, STEP_Y } from './drainage.ts';
import { makeHeap, pop, push } from './heap.ts';
import { noise } from './noise.ts';
import { distance, type Town } from './towns.ts';
import type { Waters } from './waters.ts';
import { N } from './working-grid.ts';

export interface Road {
  /** Working coordinates (cells). */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Paths are sought on every second point: a road needs no more, and the search is a quarter of the work. */
const M = N / 2;
/** Cost of a step on an existing road, level ground being 1: also the bound that the search may rely on. */
const ON_ROAD = 0.55;

interface Place {
  readonly x: number;
  readonly y: number;
}

export function buildRoads(towns: readonly Town[], waters: Waters, slope: Float32Array, seed: number): Road[] {
  const cost = stepCosts(waters, slope, seed);
  const road = new Uint8Array(M * M);
  const seek = makeSearch(cost, road);
  const roads: Road[] = [];
  for (const [from, to] of links(towns)) {
    const path = seek(cellOf(from), cellOf(to));
    if (path.length < 2) continue;
    for (const cell of path) road[cell] = 1;
    roads.push(smoothRoad(path, from, to));
  }
  return roads;
}

/** Pairs of neighbours with no third town between them, links among the large towns, and exits over the rim; shortest first. */
function links(towns: readonly Town[]): [Place, Place][] {
  const pairs: { from: Place; to: Place; length: number }[] = [];
  const between = (a: Town, b: Town, among: readonly Town[]) =>
    among.some((c) => c !== a && c !== b && Math.max(distance(a, c), distance(b, c)) < 0.97 * distance(a, b));
  const large = towns.slice(0, 9);
  for (const [i, a] of towns.entries()) {
    for (const b of towns.slice(i + 1)) {
      const main = large.includes(a) && large.includes(b) && !between(a, b, large);
      if (main || !between(a, b, towns)) pairs.push({ from: a, to: b, length: distance(a, b) * (main ? 0.2 : 1) });
    }
  }
  for (let k = 0; k < 8; k++) {
    const along = ((k >> 2) + 0.5) * (N / 2);
    const rim = {
      x: k % 4 === 0 ? 0.5 : k % 4 === 1 ? N - 0.5 : along,
      y: k % 4 === 2 ? 0.5 : k % 4 === 3 ? N - 0.5 : along,
    };
    const nearest = towns
      .slice(0, 20)
      .reduce((best, town) => (distance(town, rim) < distance(best, rim) ? town : best), towns[0]);
    if (nearest) pairs.push({ from: nearest, to: rim, length: distance(nearest, rim) });
  }
  return pairs.sort((a, b) => a.length - b.length).map(({ from, to }) => [from, to]);
}

function stepCosts(waters: Waters, slope: Float32Array, seed: number): Float32Array {
  const cost = new Float32Array(M * M);
  for (let y = 0, i = 0; y < M; y++) {
    for (let x = 0; x < M; x++, i++) {
      const k = 2 * y * N + 2 * x;
      const wet = waters.lakeMargin[k] > 0 ? 14 : waters.area[k] > 20000 ? 6 : 0;
      const sea = waters.drainage.receiver[k] < 0 ? 60 : 0;
      cost[i] = 1 + 0.35 * slope[k] + wet + sea + 0.7 * (1 + noise(x / 6, y / 6, seed + 120));
    }
  }
  return cost;
}

function cellOf({ x, y }: Place): number {
  return Math.min(M - 1, Math.floor(y / 2)) * M + Math.min(M - 1, Math.floor(x / 2));
}

/** A cheapest-path search (A*) that keeps its arrays from call to call. */
function makeSearch(cost: Float32Array, road: Uint8Array): (from: number, to: number) => number[] {
  const best = new Float64Array(M * M);
  const round = new Int32Array(M * M);
  const back = new Int32Array(M * M);
  const heap = makeHeap(4096);
  let current = 0;
  return (from, to) => {
    current++;
    heap.length = 0;
    const toX = to % M;
    const toY = (to - toX) / M;
    best[from] = 0;
    round[from] = current;
    back[from] = -1;
    push(heap, 0, from);
    while (heap.length > 0) {
      const cell = pop(heap);
      if (cell === to) break;
      const x = cell % M;
      const y = (cell - x) / M;
      for (let k = 0; k < 8; k++) {
        const nx = x + STEP_X[k];
        const ny = y + STEP_Y[k];
        if (nx < 0 || ny < 0 || nx >= M || ny >= M) continue;
        const next = ny * M + nx;
        const total = best[cell] + STEP_LENGTH[k] * (road[next] ? ON_ROAD : cost[next]);
        if (round[next] === current && best[next] <= total) continue;
        round[next] = current;
        best[next] = total;
        back[next] = cell;
        push(heap, total + ON_ROAD * Math.sqrt((nx - toX) * (nx - toX) + (ny - toY) * (ny - toY)), next);
      }
    }
    const path: number[] = [];
    for (let cell = to; cell >= 0 && round[cell] === current; cell = back[cell]) path.push(cell);
    return path.reverse();
  };
}

function smoothRoad(path: readonly number[], from: Place, to: Place): Road {
  const x = Float64Array.from(path, (cell) => 2 * (cell % M) + 1);
  const y = Float64Array.from(path, (cell) => 2 * Math.floor(cell / M) + 1);
  const last = path.length - 1;
  [x[0], y[0], x[last], y[last]] = [from.x, from.y, to.x, to.y];
  for (let round = 0; round < 2; round++) {
    for (let k = 1; k < last; k++) {
      x[k] = 0.25 * x[k - 1] + 0.5 * x[k] + 0.25 * x[k + 1];
      y[k] = 0.25 * y[k - 1] + 0.5 * y[k] + 0.25 * y[k + 1];
    }
  }
  return { x, y };
}
