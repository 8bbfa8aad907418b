/** Paints the layers of the region one by one and, at the end, the texts that go with them. */
import { NODATA, NODATA_CODE } from '../core/cells.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import { type Climate, erosivity, makeClimate, yearOfRain } from './climate.ts';
import type { Country } from './country.ts';
import { FOREST, paintCover } from './cover.ts';
import { distanceToMarked } from './distance.ts';
import { countySeats, labelCounties } from './districts.ts';
import { greenness } from './greenness.ts';
import type { Ground } from './ground.ts';
import { outputAt, peopleAt } from './people.ts';
import type { SampleLayer } from './region.ts';
import { markRoads } from './road-map.ts';
import { isGap, makeGaps, soilAt } from './soils.ts';
import { CLASS_NAMES, CLASS_PALETTE } from './tables.ts';
import { type CountySums, makeTexts } from './texts.ts';

export interface Canvas {
  readonly country: Country;
  readonly ground: Ground;
  readonly grid: Grid;
  readonly years: readonly number[];
  readonly signal?: AbortSignal;
  readonly progress: (part: string, share: number) => void;
}

/** What a file of a quantity declares. */
const QUANTITY = { kind: 'quantity', sampleType: 'f32', nodata: -9999 } as const;

export function* paintLayers(canvas: Canvas): Generator<SampleLayer, Readonly<Record<string, string>>> {
  const { country, ground, years } = canvas;
  const climate = makeClimate(country);
  const parts = 10 + 4 * years.length;
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
    yield {
      ...QUANTITY,
      name: 'population',
      year,
      unit: 'people/km2',
      about: `Population density ${year}`,
      cells: people,
    };
    begin(`gdp ${year}`);
    const output = paint(canvas, (x, y, i) => outputAt(country, k, year, x, y, people[i]));
    sums.push(sumByCounty(counties, seats.length, people, output));
    yield {
      ...QUANTITY,
      name: 'gdp',
      year,
      unit: '10^4 CNY/km2',
      about: `Gross domestic product ${year} per area`,
      cells: output,
    };
  }

  yield* paintGround(canvas, climate, covers[covers.length - 1], begin);
  begin('vectors');
  return makeTexts(canvas, counties, seats, sums);
}

/** The layers that hold for all years. */
function* paintGround(
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
  begin('temperature');
  yield {
    ...QUANTITY,
    name: 'temperature',
    unit: 'degC',
    about: 'Mean annual air temperature',
    cells: paint(canvas, (x, y, i) => climate.warmth(x, y, ground.height[i])),
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
}

/** Calls `value` with the working coordinates of every cell of the study area; NODATA outside. */
function paint({ ground, signal }: Canvas, value: (x: number, y: number, i: number) => number): Float32Array {
  const { size, step, inside } = ground;
  const cells = new Float32Array(size * size);
  for (let row = 0, i = 0; row < size; row++) {
    if ((row & 63) === 0) throwIfAborted(signal);
    const y = (row + 0.5) * step;
    for (let column = 0; column < size; column++, i++) {
      cells[i] = inside[i] ? value((column + 0.5) * step, y, i) : NODATA;
    }
  }
  return cells;
}

function codesOf(cover: Uint8Array): Uint32Array {
  const codes = new Uint32Array(cover.length);
  for (let i = 0; i < cover.length; i++) codes[i] = cover[i] === 0 ? NODATA_CODE : cover[i];
  return codes;
}

function sumByCounty(labels: Uint8Array, count: number, people: Float32Array, output: Float32Array): CountySums {
  const sums = { people: new Float64Array(count), output: new Float64Array(count) };
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue;
    sums.people[labels[i] - 1] += people[i];
    sums.output[labels[i] - 1] += output[i];
  }
  return sums;
}
