/** Soil of a cell: deep and heavy on the plain, thin and stony on slopes. */
import type { Country } from './country.ts';
import { clamp, fractal, noise, ramp, randomStream } from './noise.ts';
import { bilinear, N } from './working-grid.ts';

export interface Soil {
  /** Depth to a root-restricting layer, mm. */
  readonly depth: number;
  /** Plant-available water as a share of the soil's volume. */
  readonly water: number;
  /** t ha h/(ha MJ mm). */
  readonly erodibility: number;
}

/** x, y in working cells, height in m. Writes into `soil` and returns it, so that a raster needs no allocation per cell. */
export function soilAt(
  country: Country,
  x: number,
  y: number,
  height: number,
  soil: { -readonly [K in keyof Soil]: Soil[K] },
): Soil {
  const { seed } = country;
  const slope = bilinear(country.waters.slope, x, y);
  const above = bilinear(country.waters.aboveRiver, x, y);
  // Old alluvium to stony hillside, 0..1, and soil units as patches with edges, as soil maps have them.
  const stony = clamp(0.6 * ramp(0.3, 9, slope) + 0.3 * ramp(20, 260, above) + 0.1 * ramp(100, 900, height), 0, 1);
  const bend = 16 * noise(x / 30, y / 30, seed + 202);
  const unit = Math.round(3.5 * fractal((x + bend) / 55, (y - bend) / 47, 4, seed + 200)) / 3.5;
  const fine = noise(x / 2.5, y / 2.5, seed + 201);
  soil.depth = clamp(Math.round(1750 - 1250 * stony + 170 * unit + 60 * fine), 180, 2200);
  soil.water = clamp(0.185 - 0.07 * stony + 0.022 * unit + 0.006 * fine, 0.06, 0.26);
  soil.erodibility = clamp(0.037 - 0.013 * stony - 0.006 * unit + 0.0018 * fine, 0.008, 0.062);
  return soil;
}

/** A small hole of a map, in working cells. */
export interface Gap {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The few small gaps that soil and rain maps have, inside the study area; `which` chooses the set. */
export function makeGaps({ inside, seed }: Country, which: number): Gap[] {
  const random = randomStream(seed + 210 + which);
  const gaps: Gap[] = [];
  for (let attempt = 0; attempt < 400 && gaps.length < 5; attempt++) {
    const x = N * random();
    const y = N * random();
    const radius = 0.9 + 1.8 * random();
    if (inside[Math.floor(y) * N + Math.floor(x)]) gaps.push({ x, y, radius });
  }
  return gaps;
}

export function isGap(gaps: readonly Gap[], x: number, y: number): boolean {
  for (const gap of gaps) {
    const dx = x - gap.x;
    const dy = y - gap.y;
    const square = dx * dx + dy * dy;
    if (square < 9 && square * (1 + 0.6 * noise(x / 1.5, y / 1.5, 220)) < gap.radius * gap.radius) return true;
  }
  return false;
}
