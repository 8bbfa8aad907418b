/** Population and economic output per km² of a cell, from the reach of towns, the land cover and a slow drift of wealth. */
import type { Country } from './country.ts';
import { BUILT_UP, CROPLAND, FOREST, GRASSLAND, WATER } from './cover.ts';
import { clamp, fractal, noise, ramp } from './noise.ts';
import { progressOf } from './towns.ts';
import { bilinear } from './working-grid.ts';

/** Where country people live: share of the density of good cropland, by class code. */
const RURAL_SHARE: Readonly<Record<number, number>> = {
  [CROPLAND]: 1,
  [GRASSLAND]: 0.3,
  [FOREST]: 0.1,
  [BUILT_UP]: 4.5,
  [WATER]: 0.01,
};
/** How town people spread over the classes near a centre. */
const URBAN_SHARE: Readonly<Record<number, number>> = {
  [CROPLAND]: 0.22,
  [GRASSLAND]: 0.1,
  [FOREST]: 0.03,
  [BUILT_UP]: 1.4,
  [WATER]: 0.01,
};

/** People per km². `k` is the index of the year in the country's settlements. */
export function peopleAt(country: Country, k: number, year: number, x: number, y: number, code: number): number {
  const time = progressOf(year);
  const slope = bilinear(country.waters.slope, x, y);
  const fertile = (1 - 0.75 * ramp(1, 9, slope)) * (1 + 0.35 * fractal(x / 60, y / 60, 3, country.seed + 230));
  const rural = country.preset.people.rural * (1 - 0.14 * clamp(time, 0, 2)) * fertile * (RURAL_SHARE[code] ?? 0.05);
  const urban = bilinear(country.settlements[k].density, x, y) * (URBAN_SHARE[code] ?? 0.1);
  return (rural + urban) * (1 + 0.25 * noise(x / 1.6, y / 1.6, country.seed + 231));
}

/** GDP in 10⁴ CNY per km²: people times what one of them makes, which is more in towns, by roads of trade and in rich districts. */
export function outputAt(country: Country, k: number, year: number, x: number, y: number, people: number): number {
  const urban = ramp(150, 6000, bilinear(country.settlements[k].density, x, y));
  const district = 1 + 0.45 * fractal(x / 130, y / 130, 2, country.seed + 240);
  return (
    people *
    wealthOf(country, year) *
    (0.55 + 0.95 * urban) *
    Math.max(0.3, district) *
    (1 + 0.12 * noise(x / 2.2, y / 2.2, country.seed + 241))
  );
}

/** 10⁴ CNY per person: straight between 2003, 2013 and 2023, and on from there. */
function wealthOf({ preset }: Country, year: number): number {
  const [start, middle, end] = preset.people.wealth;
  const time = 2 * progressOf(year);
  return Math.max(0.3 * start, time < 1 ? start + (middle - start) * time : middle + (end - middle) * (time - 1));
}
