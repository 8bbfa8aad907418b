/** NDVI of a cell: by class, with fields, seasons and a slow greening of the hills. */
import type { Country } from './country.ts';
import { BUILT_UP, CROPLAND, FOREST, GRASSLAND, UNUSED, WATER } from './cover.ts';
import { clamp, fractal, noise } from './noise.ts';
import { progressOf } from './towns.ts';

/** Mean and spread of each class, by code. */
const MEAN: readonly number[] = byClass(0.62, 0.79, 0.63, 0.02, 0.3, 0.18);
const SPREAD: readonly number[] = byClass(0.09, 0.06, 0.08, 0.05, 0.09, 0.07);
/** Change from 2003 to 2023. */
const TREND: readonly number[] = byClass(0.02, 0.04, 0.03, 0, -0.02, 0);

export function greenness(country: Country, x: number, y: number, code: number, year: number): number {
  const { seed } = country;
  const slow = fractal(x / 40, y / 40, 3, seed + 300);
  const fields = noise(x / 1.9, y / 1.9, seed + 310 + year);
  return clamp(MEAN[code] + SPREAD[code] * (0.8 * slow + 1.1 * fields) + TREND[code] * progressOf(year), -0.15, 0.95);
}

function byClass(crop: number, forest: number, grass: number, water: number, built: number, unused: number): number[] {
  const values: number[] = [];
  values[CROPLAND] = crop;
  values[FOREST] = forest;
  values[GRASSLAND] = grass;
  values[WATER] = water;
  values[BUILT_UP] = built;
  values[UNUSED] = unused;
  return values;
}
