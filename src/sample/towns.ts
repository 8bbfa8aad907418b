/** Where towns lie and how many people live in them: sizes by rank (Zipf), sites on level ground by rivers, lakes and coasts. */
import { bump, clamp, fractal, randomStream } from './noise.ts';
import type { Preset } from './presets.ts';
import type { Waters } from './waters.ts';
import { CELL_KM, N } from './working-grid.ts';

export interface Town {
  /** Working coordinates (cells). */
  readonly x: number;
  readonly y: number;
  /** Millions of people in 2003. */
  readonly people: number;
  /** How many times as many in 2023. */
  readonly growth: number;
}

/** Towns by falling size, all inside the study area. */
export function placeTowns(
  preset: Preset,
  waters: Waters,
  slope: Float32Array,
  inside: Uint8Array,
  seed: number,
): Town[] {
  const random = randomStream(seed + 110);
  const candidates: { x: number; y: number; score: number }[] = [];
  for (let attempt = 0; attempt < 4000; attempt++) {
    const x = 2 + Math.floor((N - 4) * random());
    const y = 2 + Math.floor((N - 4) * random());
    const i = y * N + x;
    if (!inside[i] || waters.lakeMargin[i] > 0 || slope[i] > 10) continue;
    const score = siteScore(waters, slope, x, y) * (0.4 + random());
    if (score > 0) candidates.push({ x, y, score });
  }
  const towns: Town[] = [];
  while (towns.length < preset.people.towns) {
    const rank = towns.length;
    // Kilometres between a town and the larger ones; small towns lie closer.
    const apart = (10 + 40 / (1 + 0.35 * rank)) / CELL_KM;
    let best = { x: 0, y: 0, score: 0 };
    for (const site of candidates) {
      // Great cities lie within the region, market towns fill the gaps between them.
      const central = rank < 4 ? bump((site.x / N - 0.5) / 0.62, (site.y / N - 0.5) / 0.62) : 1;
      const gap = towns.reduce((least, town) => Math.min(least, distance(site, town)), 120);
      const score = central < 0.25 ? 0 : rank < 8 ? site.score : (0.15 + site.score) * gap * gap;
      if (gap >= apart && score > best.score) best = { x: site.x, y: site.y, score };
    }
    if (best.score === 0) break;
    towns.push({
      x: best.x + 0.5,
      y: best.y + 0.5,
      people: preset.people.largestTown / (1 + 0.6 * rank),
      growth: rank === 0 ? 2.6 : 1.4 + 0.9 * random() + (rank < 5 ? 0.3 : 0),
    });
  }
  return towns;
}

function siteScore(waters: Waters, slope: Float32Array, x: number, y: number): number {
  const i = y * N + x;
  let water = 0;
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      const cx = clamp(x + dx, 0, N - 1);
      const cy = clamp(y + dy, 0, N - 1);
      const area = waters.drainage.receiver[cy * N + cx] < 0 ? 3000 : waters.area[cy * N + cx];
      water = Math.max(water, Math.min(1, Math.sqrt(area / 8000)));
    }
  }
  const level = clamp(1 - slope[i] / 6, 0, 1);
  const low = clamp(1.2 - waters.surface[i] / 500, 0.15, 1);
  return level * low * (0.35 + water + 0.4 * fractal(x / 90, y / 90, 2, 977));
}

/** Millions of people of a town in a year; straight through 2003 and 2023. */
export function peopleOf(town: Town, year: number): number {
  return town.people * Math.max(0.3, 1 + (town.growth - 1) * progressOf(year));
}

/** 0 in 2003, 1 in 2023; kept within what the region was made for. */
export function progressOf(year: number): number {
  return clamp((year - 2003) / 20, -1, 3);
}

export function distance(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): number {
  return Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}
