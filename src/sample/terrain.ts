/**
 * Heights of the working grid: an uplifted form that rivers cut into (stream power: a bed erodes with its slope and the root of the
 * area it drains, solved implicitly from the outlets upstream, so that the steps can be long), refined with noise where it is steep.
 */
import { accumulate, type Drainage, drain } from './drainage.ts';
import { chance, fractal, noise, ridged } from './noise.ts';
import type { Preset } from './presets.ts';
import { bicubic, CELL_KM, N } from './working-grid.ts';

/** Points across and steps while rivers cut; the last has half the points of the working grid. */
const STAGES = [
  { n: 128, steps: 14 },
  { n: 256, steps: 8 },
] as const;
/** Metres of uplift per step at full rate. */
const RISE = 60;
/** Least fall of a river, m per km. */
const LEAST_FALL = 0.02;

export interface Relief {
  /** Height in m at the N × N points; the sea is below 0. */
  readonly height: Float64Array;
  /** 1 where water leaves: sea and open rim. */
  readonly outlets: Uint8Array;
}

/** The finished relief before lakes are dug. */
export function makeRelief(preset: Preset, seed: number): Relief {
  const coarse = erode(preset, seed);
  const smooth = new Float64Array(N * N);
  for (let y = 0, i = 0; y < N; y++) {
    for (let x = 0; x < N; x++, i++) smooth[i] = bicubic(coarse, N / 2, (x + 0.5) / 2, (y + 0.5) / 2);
  }
  const height = new Float64Array(N * N);
  const outlets = new Uint8Array(N * N);
  for (let y = 0, i = 0; y < N; y++) {
    for (let x = 0; x < N; x++, i++) {
      const land = smooth[i] > 0;
      const east = smooth[x < N - 1 ? i + 1 : i] - smooth[i];
      const south = smooth[y < N - 1 ? i + N : i] - smooth[i];
      // Spurs and gullies in the hills; on the plain a metre or two of old levees and terraces.
      const rough = 0.4 * Math.sqrt(east * east + south * south) + (land ? 1.5 : 0.5);
      const drawn = smooth[i] + rough * fractal(x / 7, y / 7, 3, seed + 40);
      height[i] = (land ? Math.max(0.3, drawn) : Math.min(-0.3, drawn)) - preset.drowning;
      const rim = x === 0 || y === 0 || x === N - 1 || y === N - 1;
      if (height[i] <= 0 || (rim && preset.outlet((x + 0.5) / N, (y + 0.5) / N))) outlets[i] = 1;
    }
  }
  return { height, outlets };
}

/** Upstream area in km² of every working cell, the rivers from outside included. */
export function upstreamArea(preset: Preset, drainage: Drainage, n: number, cellKm: number): Float64Array {
  const area = new Float64Array(n * n).fill(cellKm * cellKm);
  for (const { u, v, area: outside } of preset.inflows) {
    area[Math.min(n - 1, Math.floor(v * n)) * n + Math.min(n - 1, Math.floor(u * n))] += outside;
  }
  return accumulate(area, drainage);
}

/** Rivers cut on a coarse grid first, where the water has fewer cells to cross, then on a finer one. */
function erode(preset: Preset, seed: number): Float64Array {
  let height: Float64Array | undefined;
  for (const { n, steps } of STAGES) {
    const stage = formOf(preset, seed, n);
    if (height) refine(height, stage.height, n);
    height = stage.height;
    for (let step = 0; step < steps; step++) cut(stage, n, preset, seed);
  }
  return height ?? new Float64Array(0);
}

interface Stage {
  readonly height: Float64Array;
  readonly uplift: Float64Array;
  readonly outlets: Uint8Array;
}

function formOf(preset: Preset, seed: number, n: number): Stage {
  const height = new Float64Array(n * n);
  const uplift = new Float64Array(n * n);
  const outlets = new Uint8Array(n * n);
  for (let y = 0, i = 0; y < n; y++) {
    for (let x = 0; x < n; x++, i++) {
      const u = (x + 0.5) / n;
      const v = (y + 0.5) / n;
      // Warped coordinates: ranges and coasts bend.
      const form = preset.form(u + 0.1 * fractal(u * 3, v * 3, 4, seed), v + 0.1 * fractal(u * 3, v * 3, 4, seed + 10));
      const crest = ridged(u * 7 + 0.4 * noise(u * 5, v * 5, seed + 19), v * 7, 4, seed + 20);
      uplift[i] = form.uplift * (0.35 + 1.1 * crest);
      height[i] =
        form.start > 0
          ? Math.max(0.5, form.start + (3 + 90 * form.uplift) * fractal(u * 24, v * 24, 3, seed + 30))
          : form.start;
      const rim = x === 0 || y === 0 || x === n - 1 || y === n - 1;
      if (form.start <= 0) outlets[i] = 1;
      else if (rim && preset.outlet(u, v)) {
        outlets[i] = 1;
        height[i] = 4;
      }
    }
  }
  return { height, uplift, outlets };
}

/** Takes the land of the grid with half as many points over into the finer one; its sea stays. */
function refine(coarse: Float64Array, fine: Float64Array, n: number): void {
  for (let i = 0; i < n * n; i++) {
    if (fine[i] <= 0) continue;
    fine[i] = Math.max(0.5, bicubic(coarse, n / 2, ((i % n) + 0.5) / 2, (Math.floor(i / n) + 0.5) / 2));
  }
}

/** One step: drain, then solve h = h0 + rise − k·√A·(h − h_receiver) from the outlets upstream. */
function cut({ height, uplift, outlets }: Stage, n: number, preset: Preset, seed: number): void {
  const cellKm = (N * CELL_KM) / n;
  const drainage = drain(height, n, outlets, seed + 50);
  const area = upstreamArea(preset, drainage, n, cellKm);
  const { order, receiver } = drainage;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    const below = receiver[i];
    if (below < 0) continue;
    // At rest a slope is uplift · steepness / √A; harder and softer rock vary it.
    const soft = 0.6 + 0.8 * chance((i % n) >> 3, Math.floor(i / n) >> 3, seed + 60);
    const rate = ((RISE / preset.steepness) * soft * Math.sqrt(area[i])) / cellKm;
    // The sea is no lower than its surface, however deep.
    const base = Math.max(0, height[below]);
    const solved = (height[i] + RISE * uplift[i] + rate * base) / (1 + rate);
    height[i] = Math.max(solved, base + LEAST_FALL * cellKm);
  }
}
