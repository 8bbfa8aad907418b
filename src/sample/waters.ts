/** Lakes, reservoirs and rivers of the working grid, and the ground as the water leaves it. */
import { type Drainage, drain, STEP_X, STEP_Y } from './drainage.ts';
import { clamp, fractal, noise, randomStream } from './noise.ts';
import type { Preset } from './presets.ts';
import { type River, traceRivers } from './rivers.ts';
import { type Relief, upstreamArea } from './terrain.ts';
import { CELL_KM, N } from './working-grid.ts';

export interface Waters {
  /** Height of the ground or the water surface, m; no depressions left. */
  readonly surface: Float32Array;
  /** Slope of the surface in per cent, over 1 km. */
  readonly slope: Float32Array;
  /** Lake level minus ground, m, within a few cells of lakes, so that the shore is where it crosses 0; −9 elsewhere. */
  readonly lakeMargin: Float32Array;
  /** Level of the nearest lake where lakeMargin is known. */
  readonly lakeLevel: Float32Array;
  /** Height above the nearest river, m: low in valleys and on plains, high on ridges. */
  readonly aboveRiver: Float32Array;
  /** km² upstream. */
  readonly area: Float64Array;
  readonly drainage: Drainage;
  readonly rivers: readonly River[];
}

/** Rivers are drawn and cut into the ground from this upstream area on, km². */
const RIVER_AREA = 14;
/** Shores reach so many cells beyond the lake on the working grid. */
const SHORE = 4;
const NO_LAKE = -9;
/** Smallest lake, working cells. */
const LEAST_LAKE = 8;

export function makeWaters(preset: Preset, relief: Relief, seed: number): Waters {
  const { height, outlets } = relief;
  const before = upstreamArea(preset, drain(height, N, outlets, seed + 50), N, CELL_KM);
  const dug = digLakes(preset, height, outlets, before, seed);
  buildDams(height, before, dug, seed);
  const drainage = drain(height, N, outlets, seed + 50);
  const area = upstreamArea(preset, drainage, N, CELL_KM);
  const lake = keepLakes(height, drainage.filled, dug);
  const { lakeMargin, lakeLevel } = shores(height, drainage.filled, lake);
  const surface = Float32Array.from(drainage.filled);
  const slope = slopeOf(surface);
  return {
    surface,
    slope,
    lakeMargin,
    lakeLevel,
    aboveRiver: heightAboveRiver(drainage, area, lake),
    area,
    drainage,
    rivers: traceRivers(drainage, area, slope, RIVER_AREA),
  };
}

/** Lowers blobs of the plain below their surroundings; returns a mark on every cell that may become a lake. */
function digLakes(
  preset: Preset,
  height: Float64Array,
  outlets: Uint8Array,
  area: Float64Array,
  seed: number,
): Uint8Array {
  const mark = new Uint8Array(N * N);
  const random = randomStream(seed + 70);
  const placed: { x: number; y: number; radius: number }[] = [];
  for (let attempt = 0; attempt < 3000 && placed.length < preset.lakes.count; attempt++) {
    const radius = preset.lakes.largestKm / CELL_KM / (1 + 0.7 * placed.length) + 2;
    const x = Math.floor(N * (0.1 + 0.8 * random()));
    const y = Math.floor(N * (0.1 + 0.8 * random()));
    const far = placed.every((other) => distance(x, y, other.x, other.y) > 1.5 * (radius + other.radius) + 8);
    if (!far || !isPlain(height, outlets, x, y, radius)) continue;
    // Few on the great rivers themselves: their whole flood plain would drown.
    if (random() < 0.9 && onGreatRiver(area, x, y, radius)) continue;
    placed.push({ x, y, radius });
    const cells: number[] = [];
    const depth: number[] = [];
    let low = Number.POSITIVE_INFINITY;
    const reach = Math.ceil(1.7 * radius);
    for (let cy = Math.max(1, y - reach); cy < Math.min(N - 1, y + reach); cy++) {
      for (let cx = Math.max(1, x - reach); cx < Math.min(N - 1, x + reach); cx++) {
        const warp = 0.5 * radius * noise(cx / radius, cy / radius, seed + 71 + placed.length);
        const bent = 1 + 0.7 * fractal((cx + warp) / (0.7 * radius), (cy - warp) / (0.7 * radius), 4, seed + 81);
        const inside = 1 - (distance(cx + warp, cy + 0.6 * warp, x, y) / radius) * bent;
        if (inside <= 0) continue;
        cells.push(cy * N + cx);
        depth.push(6 * Math.min(1, 2 * inside));
        low = Math.min(low, height[cy * N + cx]);
      }
    }
    cells.forEach((cell, k) => {
      height[cell] = Math.max(0.4, Math.min(height[cell], low - depth[k]));
      mark[cell] = 1;
    });
  }
  return mark;
}

function onGreatRiver(area: Float64Array, x: number, y: number, radius: number): boolean {
  for (let cy = Math.max(0, Math.floor(y - radius)); cy < Math.min(N, y + radius); cy++) {
    for (let cx = Math.max(0, Math.floor(x - radius)); cx < Math.min(N, x + radius); cx++) {
      if (area[cy * N + cx] > 30000) return true;
    }
  }
  return false;
}

function isPlain(height: Float64Array, outlets: Uint8Array, x: number, y: number, radius: number): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < 9; k++) {
    const cx = clamp(Math.round(x + ((k % 3) - 1) * 1.1 * radius), 0, N - 1);
    const cy = clamp(Math.round(y + (Math.floor(k / 3) - 1) * 1.1 * radius), 0, N - 1);
    if (outlets[cy * N + cx]) return false;
    low = Math.min(low, height[cy * N + cx]);
    high = Math.max(high, height[cy * N + cx]);
  }
  return low > 0.5 && high - low < 7 + 0.5 * Math.min(radius, 12) && high < 90;
}

/** Dams across valleys of middling rivers in the hills; the water behind them stands in the side valleys. */
function buildDams(height: Float64Array, area: Float64Array, mark: Uint8Array, seed: number): void {
  const random = randomStream(seed + 90);
  const built: number[] = [];
  for (let attempt = 0; attempt < 4000 && built.length < 9; attempt++) {
    const x = 4 + Math.floor((N - 8) * random());
    const y = 4 + Math.floor((N - 8) * random());
    const i = y * N + x;
    if (area[i] < 40 || area[i] > 900 || height[i] < 30) continue;
    // Only where the valley is narrow: the ground on both sides well above the dam.
    const wall = 18 + 22 * random();
    const sides = [4 * N, -4 * N, 4, -4, 3 * N + 3, -3 * N - 3, 3 * N - 3, -3 * N + 3];
    if (sides.filter((step) => height[i + step] > height[i] + wall).length < 5) continue;
    if (built.some((other) => distance(x, y, other % N, Math.floor(other / N)) < 24)) continue;
    built.push(i);
    for (let k = 0; k < 25; k++) {
      const cell = i + (Math.floor(k / 5) - 2) * N + (k % 5) - 2;
      // The flat valley floor beside the channel is closed too.
      if (Math.abs((k % 5) - 2) + Math.abs(Math.floor(k / 5) - 2) <= 2)
        height[cell] = Math.max(height[cell], height[i] + wall);
    }
    for (let cy = Math.max(0, y - 30); cy < Math.min(N, y + 30); cy++) {
      for (let cx = Math.max(0, x - 30); cx < Math.min(N, x + 30); cx++) mark[cy * N + cx] = 1;
    }
  }
}

/** Which cells are lake: flooded, marked, and connected to enough others. */
function keepLakes(height: Float64Array, filled: Float64Array, mark: Uint8Array): Uint8Array {
  const lake = new Uint8Array(N * N);
  const seen = new Uint8Array(N * N);
  const queue = new Int32Array(N * N);
  for (let start = 0; start < N * N; start++) {
    if (seen[start] || !mark[start] || filled[start] - height[start] < 0.3) continue;
    let to = 0;
    queue[to++] = start;
    seen[start] = 1;
    for (let from = 0; from < to; from++) {
      for (let k = 0; k < 8; k++) {
        const x = (queue[from] % N) + STEP_X[k];
        const y = Math.floor(queue[from] / N) + STEP_Y[k];
        if (x < 0 || y < 0 || x >= N || y >= N) continue;
        const next = y * N + x;
        if (seen[next] || filled[next] - height[next] < 0.3 || filled[next] !== filled[start]) continue;
        seen[next] = 1;
        queue[to++] = next;
      }
    }
    if (to < LEAST_LAKE) continue;
    for (let from = 0; from < to; from++) lake[queue[from]] = 1;
  }
  return lake;
}

function shores(height: Float64Array, filled: Float64Array, lake: Uint8Array) {
  const lakeMargin = new Float32Array(N * N).fill(NO_LAKE);
  const lakeLevel = new Float32Array(N * N);
  const known = Uint8Array.from(lake);
  let front: number[] = [];
  for (let i = 0; i < N * N; i++) {
    if (!lake[i]) continue;
    lakeLevel[i] = filled[i];
    lakeMargin[i] = clamp(filled[i] - height[i], 0.3, 6);
    front.push(i);
  }
  for (let ring = 0; ring < SHORE; ring++) {
    const next: number[] = [];
    for (const i of front) {
      for (let k = 0; k < 8; k += 2) {
        const x = (i % N) + STEP_X[k];
        const y = Math.floor(i / N) + STEP_Y[k];
        if (x < 0 || y < 0 || x >= N || y >= N || known[y * N + x]) continue;
        const j = y * N + x;
        known[j] = 1;
        lakeLevel[j] = lakeLevel[i];
        // At least half a metre of bank even where the ground is as low as the water.
        lakeMargin[j] = clamp(lakeLevel[i] - filled[j], -8, -0.6 * (ring + 1));
        next.push(j);
      }
    }
    front = next;
  }
  return { lakeMargin, lakeLevel };
}

function slopeOf(surface: Float32Array): Float32Array {
  const slope = new Float32Array(N * N);
  for (let y = 0, i = 0; y < N; y++) {
    for (let x = 0; x < N; x++, i++) {
      const west = x > 0 ? i - 1 : i;
      const east = x < N - 1 ? i + 1 : i;
      const north = y > 0 ? i - N : i;
      const south = y < N - 1 ? i + N : i;
      const dx = surface[east] - surface[west];
      const dy = surface[south] - surface[north];
      slope[i] = (0.1 * Math.sqrt(dx * dx + dy * dy)) / (2 * CELL_KM);
    }
  }
  return slope;
}

function heightAboveRiver({ order, receiver, filled }: Drainage, area: Float64Array, lake: Uint8Array): Float32Array {
  const base = new Float64Array(N * N);
  const above = new Float32Array(N * N);
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    const atRiver = receiver[i] < 0 || lake[i] || area[i] >= 25;
    base[i] = atRiver ? filled[i] : base[receiver[i]];
    above[i] = filled[i] - base[i];
  }
  return above;
}

function distance(x: number, y: number, otherX: number, otherY: number): number {
  return Math.sqrt((x - otherX) * (x - otherX) + (y - otherY) * (y - otherY));
}
