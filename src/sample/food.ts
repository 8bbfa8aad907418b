/** Harvests of the counties, as their statistical yearbooks might have them. */
import { CROPLAND } from './cover.ts';
import { chance } from './noise.ts';
import type { Canvas } from './paint.ts';
import { progressOf } from './towns.ts';
import { bilinear } from './working-grid.ts';

/** Tonnes of food from a hectare of cropland in 2003 and 2023. */
const YIELD = [4.6, 6.1] as const;

/** Tonnes in a year, by county (label − 1): less on slopes, and every county with soils and skills of its own. */
export function harvestByCounty(
  { country, ground, grid }: Canvas,
  labels: Uint8Array,
  count: number,
  cover: Uint8Array,
  year: number,
): Float64Array {
  const { size, step } = ground;
  const harvest = new Float64Array(count);
  const hectares = (grid.cellWidth * grid.cellHeight) / 1e4;
  const good = YIELD[0] + (YIELD[1] - YIELD[0]) * progressOf(year);
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++, i++) {
      if (labels[i] === 0 || cover[i] !== CROPLAND) continue;
      const slope = bilinear(country.waters.slope, (column + 0.5) * step, (row + 0.5) * step);
      harvest[labels[i] - 1] += hectares * good * (1 - Math.min(0.6, 0.05 * slope));
    }
  }
  return harvest.map((tonnes, k) => tonnes * (0.85 + 0.3 * chance(k, 11, country.seed + 330)));
}
