/** Paints the layers of the region one by one and, at the end, the texts that go with them. */
import { NODATA } from '../core/cells.ts';
import { throwIfAborted } from '../core/errors.ts';
import { heatIsland, makeClimate, yearOfRain } from './climate.ts';
import { BUILT_UP, paintCover } from './cover.ts';
import { countySeats, labelCounties } from './districts.ts';
import { harvestByCounty } from './food.ts';
import { greenness } from './greenness.ts';
import { paintGround } from './ground-layers.ts';
import { type Canvas, codesOf, paint, QUANTITY } from './paint.ts';
import { outputAt, peopleAt } from './people.ts';
import { countyNames } from './places.ts';
import type { SampleLayer } from './region.ts';
import { isGap, makeGaps } from './soils.ts';
import { CLASS_NAMES, CLASS_PALETTE } from './tables.ts';
import { type CountySums, makeTexts } from './texts.ts';
import { bilinear } from './working-grid.ts';

export function* paintLayers(canvas: Canvas): Generator<SampleLayer, Readonly<Record<string, string>>> {
  const { country, ground, years } = canvas;
  const climate = makeClimate(country);
  const parts = 11 + 5 * years.length;
  let done = 0;
  const begin = (part: string) => {
    throwIfAborted(canvas.signal);
    canvas.progress(part, done++ / parts);
  };

  begin('land cover');
  const covers = paintCover(country, ground, years, canvas.signal);
  for (const [k, year] of years.entries()) {
    yield {
      name: 'lulc',
      year,
      unit: 'class',
      about: `Land cover ${year}`,
      sampleType: 'u8',
      nodata: 255,
      kind: 'classes',
      cells: codesOf(covers[k]),
      palette: CLASS_PALETTE,
      classNames: CLASS_NAMES,
    };
  }

  begin('dem');
  yield {
    ...QUANTITY,
    name: 'dem',
    unit: 'm',
    about: 'Height above sea level',
    cells: paint(canvas, (_x, _y, i) => ground.height[i]),
  };

  for (const [k, year] of years.entries()) {
    begin(`temperature ${year}`);
    const { density } = country.settlements[k];
    const cells = paint(
      canvas,
      (x, y, i) =>
        climate.warmth(x, y, ground.height[i], year) + heatIsland(bilinear(density, x, y), covers[k][i] === BUILT_UP),
    );
    const about = `Mean air temperature of the hottest month ${year}`;
    yield { ...QUANTITY, name: 'temperature', year, unit: 'degC', about, cells };
  }

  const gaps = makeGaps(country, 0);
  for (const year of years) {
    begin(`precipitation ${year}`);
    const rain = yearOfRain(year, country.seed);
    const cells = paint(canvas, (x, y) => (isGap(gaps, x, y) ? NODATA : climate.rain(x, y, rain)));
    yield { ...QUANTITY, name: 'precipitation', year, unit: 'mm/yr', about: `Precipitation ${year}`, cells };
  }

  for (const [k, year] of years.entries()) {
    begin(`ndvi ${year}`);
    const cells = paint(canvas, (x, y, i) => greenness(country, x, y, covers[k][i], year));
    yield {
      ...QUANTITY,
      name: 'ndvi',
      year,
      unit: '1',
      about: `Vegetation index (NDVI), growing season ${year}`,
      cells,
    };
  }

  const seats = countySeats(country);
  const counties = labelCounties(country, ground, seats);
  const sums: CountySums[] = [];
  for (const [k, year] of years.entries()) {
    begin(`population ${year}`);
    const people = paint(canvas, (x, y, i) => peopleAt(country, k, year, x, y, covers[k][i]));
    begin(`gdp ${year}`);
    const output = paint(canvas, (x, y, i) => outputAt(country, k, year, x, y, people[i]));
    const harvest = harvestByCounty(canvas, counties, seats.length, covers[k], year);
    // Before the first of them goes: whoever takes a layer takes its cells.
    sums.push({ ...sumByCounty(counties, seats.length, people, output), harvest });
    yield {
      ...QUANTITY,
      name: 'population',
      year,
      unit: 'people/km2',
      about: `Population density ${year}`,
      cells: people,
    };
    yield {
      ...QUANTITY,
      name: 'gdp',
      year,
      unit: '10^4 CNY/km2',
      about: `Gross domestic product ${year} per area`,
      cells: output,
    };
  }

  begin('regions');
  yield {
    name: 'regions',
    unit: 'class',
    about: 'Counties, as the regions of statistics',
    sampleType: 'u8',
    nodata: 255,
    kind: 'classes',
    cells: codesOf(counties),
    classNames: Object.fromEntries(countyNames(country, seats.length).map((name, k) => [k + 1, name])),
  };

  yield* paintGround(canvas, climate, covers[covers.length - 1], begin);
  begin('vectors');
  return makeTexts(canvas, counties, seats, sums);
}

function sumByCounty(
  labels: Uint8Array,
  count: number,
  people: Float32Array,
  output: Float32Array,
): Omit<CountySums, 'harvest'> {
  const sums = { people: new Float64Array(count), output: new Float64Array(count) };
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue;
    sums.people[labels[i] - 1] += people[i];
    sums.output[labels[i] - 1] += output[i];
  }
  return sums;
}
