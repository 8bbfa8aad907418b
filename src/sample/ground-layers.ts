/** Paints the layers that hold for all years: climate, soil, roads, sights. */
import { NODATA } from '../core/cells.ts';
import { type Climate, erosivity } from './climate.ts';
import { FOREST } from './cover.ts';
import { distanceToMarked } from './distance.ts';
import { type Canvas, paint, QUANTITY } from './paint.ts';
import { sightsOn } from './places.ts';
import type { SampleLayer } from './region.ts';
import { markRoads } from './road-map.ts';
import { isGap, makeGaps, soilAt } from './soils.ts';

export function* paintGround(
  canvas: Canvas,
  climate: Climate,
  cover: Uint8Array,
  begin: (part: string) => void,
): Generator<SampleLayer, void> {
  const { country, ground } = canvas;
  const mean = { factor: 1, seed: country.seed + 999 };
  begin('et0');
  yield {
    ...QUANTITY,
    name: 'et0',
    unit: 'mm/yr',
    about: 'Reference evapotranspiration',
    cells: paint(canvas, (x, y, i) => climate.et0(x, y, ground.height[i])),
  };
  const depthGaps = makeGaps(country, 1);
  const waterGaps = makeGaps(country, 2);
  const soil = { depth: 0, water: 0, erodibility: 0 };
  begin('soil_depth');
  yield {
    ...QUANTITY,
    name: 'soil_depth',
    unit: 'mm',
    about: 'Depth to a root-restricting layer',
    sampleType: 'i16',
    cells: paint(canvas, (x, y, i) =>
      isGap(depthGaps, x, y) ? NODATA : soilAt(country, x, y, ground.height[i], soil).depth,
    ),
  };
  begin('pawc');
  yield {
    ...QUANTITY,
    name: 'pawc',
    unit: '1',
    about: 'Plant-available water capacity, share of soil volume',
    // Humus under forest holds a little more.
    cells: paint(canvas, (x, y, i) =>
      isGap(waterGaps, x, y)
        ? NODATA
        : soilAt(country, x, y, ground.height[i], soil).water + (cover[i] === FOREST ? 0.012 : 0),
    ),
  };
  begin('erosivity');
  yield {
    ...QUANTITY,
    name: 'erosivity',
    unit: 'MJ mm/(ha h yr)',
    about: 'Rainfall erosivity of a mean year',
    cells: paint(canvas, (x, y) => erosivity(climate.rain(x, y, mean))),
  };
  begin('erodibility');
  yield {
    ...QUANTITY,
    name: 'erodibility',
    unit: 't ha h/(ha MJ mm)',
    about: 'Soil erodibility',
    cells: paint(canvas, (x, y, i) => soilAt(country, x, y, ground.height[i], soil).erodibility),
  };
  begin('access');
  const metres = canvas.grid.cellWidth;
  const away = distanceToMarked(markRoads(country, ground), ground.size);
  yield {
    ...QUANTITY,
    name: 'access',
    unit: 'm',
    about: 'Distance to the nearest road',
    cells: paint(canvas, (_x, _y, i) => away[i] * metres),
  };
  begin('attractions');
  const attractions = paint(canvas, () => 0);
  for (const { weight, column, row } of sightsOn(country, ground)) attractions[row * ground.size + column] += weight;
  yield {
    ...QUANTITY,
    name: 'attractions',
    unit: '1',
    about: 'Attractions in each cell, by how many visitors they draw',
    cells: attractions,
  };
}
