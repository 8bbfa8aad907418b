/** Land cover of each year: water, towns and villages first, then forest, grassland and cropland by the lie of the land. */
import { throwIfAborted } from '../core/errors.ts';
import type { Country } from './country.ts';
import type { Ground } from './ground.ts';
import { chance, clamp, fractal, noise, ramp } from './noise.ts';
import { progressOf } from './towns.ts';
import { bilinear, CELL_KM, N } from './working-grid.ts';

export const CROPLAND = 1;
export const FOREST = 2;
export const GRASSLAND = 3;
export const WATER = 4;
export const BUILT_UP = 5;
export const UNUSED = 6;

/** Codes of every year, 0 outside the study area. What was built stays built; fields on slopes turn to forest with the years. */
export function paintCover(
  country: Country,
  ground: Ground,
  years: readonly number[],
  signal?: AbortSignal,
): Uint8Array[] {
  const { size, step } = ground;
  const covers = years.map(() => new Uint8Array(size * size));
  const times = years.map(progressOf);
  for (let row = 0; row < size; row++) {
    if ((row & 63) === 0) throwIfAborted(signal);
    const y = (row + 0.5) * step;
    for (let column = 0, i = row * size; column < size; column++, i++) {
      if (!ground.inside[i]) continue;
      if (ground.water[i]) {
        for (const cover of covers) cover[i] = WATER;
        continue;
      }
      const x = (column + 0.5) * step;
      const slope = bilinear(country.waters.slope, x, y);
      const wild = wildness(country, x, y, slope, ground.height[i]);
      const fine = noise(x / 2.3, y / 2.3, country.seed + 160) + 0.6 * noise(x / 0.9, y / 0.9, country.seed + 161);
      const village = villageAt(country, x, y, wild);
      const edge =
        1.7 * fractal(x / 21, y / 21, 2, country.seed + 162) + 1.8 * fractal(x / 7, y / 7, 3, country.seed + 166);
      const bare = isBare(country, x, y, ground.height[i], fine);
      for (let k = 0; k < covers.length; k++) {
        const reach = bilinear(country.settlements[k].reach, x, y);
        const built = slope < 16 && reach + edge > 0.35 * slope * 0.3 + 0.35;
        covers[k][i] = built || village <= times[k] ? BUILT_UP : bare ? UNUSED : growing(wild, fine, times[k]);
      }
    }
  }
  return covers;
}

/** About 0 on the plain, 1 where forest begins, more on high and steep ground. */
function wildness(country: Country, x: number, y: number, slope: number, height: number): number {
  const above = bilinear(country.waters.aboveRiver, x, y);
  return (
    0.62 * ramp(0.4, 11, slope) +
    0.62 * ramp(5, 150, above) +
    0.5 * ramp(30, 420, height) +
    0.72 * fractal(x / 26, y / 26, 4, country.seed + 163)
  );
}

function growing(wild: number, fine: number, time: number): number {
  // Fields on slopes are given back to forest, in patches: a rising `time` moves the edges outwards.
  const value = wild + 0.17 * fine + 0.035 * time;
  if (value > 0.77) return FOREST;
  // Grass on the edge of the woods and, in patches, well into the fields.
  return value > 0.52 || fine + 1.5 * wild > 1.25 ? GRASSLAND : CROPLAND;
}

/** The time (0 in 2003, 1 in 2023) from which a village or market town stands here; Infinity where none ever does. */
function villageAt(country: Country, x: number, y: number, wild: number): number {
  const seed = country.seed + 170;
  const wanted = 0.62 - 0.8 * wild;
  return Math.min(
    placeIn(x + 2.1 * noise(x / 9, y / 9, seed), y, 4, 0.32, 0.62, wanted, seed),
    placeIn(x, y + 2.1 * noise(x / 9, y / 9, seed), 7, 0.5, 0.7, wanted, seed + 10),
    placeIn(x, y, 17, 0.9, 1.5, wanted, seed + 20),
  );
}

/** One place at most in each square of `side` working cells, its radius from `least` up by `more`. */
function placeIn(
  x: number,
  y: number,
  side: number,
  least: number,
  more: number,
  wanted: number,
  seed: number,
): number {
  const column = Math.floor(x / side);
  const row = Math.floor(y / side);
  const rank = chance(column, row, seed);
  if (rank > wanted) return Number.POSITIVE_INFINITY;
  const growth = chance(column, row, seed + 3);
  const radius = least + more * growth * chance(column, row, seed + 4);
  // The place keeps within its square, so that no neighbour need be asked.
  const free = 1 - (2.4 * radius) / side;
  const dx = x - side * (column + 0.5 + free * (chance(column, row, seed + 1) - 0.5));
  const dy = y - side * (row + 0.5 + free * (chance(column, row, seed + 2) - 0.5));
  const square = dx * dx + dy * dy;
  if (square > 4 * radius * radius) return Number.POSITIVE_INFINITY;
  const away = Math.sqrt(square) * (1 + 0.7 * noise(x / 0.9, y / 0.9, seed + 5));
  // Old places widen by a third in twenty years; a few are founded on the way.
  const founded = rank > 0.88 * wanted ? growth : -2;
  return Math.max(founded, (away / radius - 1) * 3);
}

/** Sand by great rivers, rock on the highest ground, quarries in the hills. */
function isBare(country: Country, x: number, y: number, height: number, fine: number): boolean {
  const { area } = country.waters;
  const i = Math.min(N - 1, Math.floor(y)) * N + Math.min(N - 1, Math.floor(x));
  const patch = noise(x / 14, y / 14, country.seed + 180);
  if (height > 780 && patch + 0.5 * fine > 0.8 - clamp((height - 780) / 900, 0, 0.5)) return true;
  if (Math.max(area[i], area[Math.max(0, i - 1)], area[Math.min(N * N - 1, i + N)]) > 2500 && patch + 0.5 * fine > 0.42)
    return true;
  return noise(x / (3 / CELL_KM), y / (3 / CELL_KM), country.seed + 181) + 0.12 * fine > 0.66;
}
