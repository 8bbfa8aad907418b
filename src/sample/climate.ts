/** Rain, warmth, evaporation and erosivity. Gradients from north to south, height, and years that are wetter or drier than others. */
import type { Country } from './country.ts';
import { chance, fractal, noise, ramp } from './noise.ts';
import { bilinear, boxMean, N } from './working-grid.ts';

/** Quantities at a painted cell; x, y in working cells, height in m. */
export interface Climate {
  /** mm/yr in a year. */
  rain(x: number, y: number, year: YearOfRain): number;
  /** Mean °C of the hottest month of a year, without the warmth of towns. */
  warmth(x: number, y: number, height: number, year: number): number;
  /** Reference evapotranspiration, mm/yr. */
  et0(x: number, y: number, height: number): number;
}

export interface YearOfRain {
  /** Region-wide factor on the mean. */
  readonly factor: number;
  readonly seed: number;
}

/** Known years have the sequence of a wet, a dry and a middling one; the others are drawn. */
const RAIN_FACTORS: Readonly<Record<number, number>> = { 2003: 1.08, 2013: 0.87, 2023: 1.02 };

export function yearOfRain(year: number, seed: number): YearOfRain {
  return { factor: RAIN_FACTORS[year] ?? 0.86 + 0.26 * chance(year, 3, seed + 190), seed: seed + 1000 + 7 * year };
}

/** °C by which the hottest month of a year was warmer than usual. */
const SUMMERS: Readonly<Record<number, number>> = { 2003: 0.2, 2013: 1.3, 2023: 0.8 };

/** °C that a town adds at night and day, by its people per km² and whether the cell is built up itself. */
export function heatIsland(density: number, built: boolean): number {
  return 1.9 * ramp(100, 9000, density) + (built ? 0.6 : 0);
}

export function makeClimate(country: Country): Climate {
  const { climate } = country.preset;
  const { seed } = country;
  const land = country.waters.surface.map((height) => Math.max(0, height));
  // Rain answers to ranges, not to single hills; it comes from the south-east, so that north-western slopes lie in their shadow.
  const broad = boxMean(boxMean(land, 8), 8);
  const shift = 14;
  const rain = new Float32Array(N * N);
  for (let y = 0, i = 0; y < N; y++) {
    for (let x = 0; x < N; x++, i++) {
      const upwind = broad[Math.min(N - 1, y + shift) * N + Math.min(N - 1, x + shift)];
      const lift = broad[i] + 0.5 * (broad[i] - upwind);
      const south = ramp(-0.15, 1.15, y / N + 0.05 * noise(x / 170, y / 170, seed + 191));
      rain[i] =
        climate.rainNorth +
        (climate.rainSouth - climate.rainNorth) * south +
        climate.rainPerKm * 0.001 * Math.max(0, lift) +
        45 * fractal(x / 110, y / 110, 2, seed + 192);
    }
  }
  return {
    rain: (x, y, year) =>
      (bilinear(rain, x, y) + 3 * noise(x / 3, y / 3, year.seed + 3)) *
      (year.factor + 0.07 * noise(x / 150, y / 150, year.seed) + 0.02 * noise(x / 40, y / 40, year.seed + 1)),
    warmth: (x, y, height, year) =>
      climate.warmNorth +
      (climate.warmSouth - climate.warmNorth) * (y / N) +
      climate.summer +
      (SUMMERS[year] ?? 1.2 * chance(year, 4, seed + 195)) -
      0.0055 * height +
      0.25 * fractal(x / 60, y / 60, 2, seed + 193),
    et0: (x, y, height) =>
      (climate.et0North + (climate.et0South - climate.et0North) * (y / N)) * (1 - 0.00016 * Math.min(height, 1800)) +
      22 * fractal(x / 80, y / 80, 2, seed + 194),
  };
}

/** MJ mm/(ha h yr) from mm/yr: a power law of rain, exponent 3/2, as regional formulas for the humid east of China have it. */
export function erosivity(rain: number): number {
  return 0.156 * rain * Math.sqrt(rain);
}
