/** The parts of the preflight by themselves: units that would explain values, summaries, placement against GDAL, room on disks. */
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { parseCrs } from '../../src/io/crs/index.ts';
import { mergeSummaries, summarise } from '../../src/io/plane-summary.ts';
import { rasterize } from '../../src/io/vector/rasterize.ts';
import { spanCells } from '../../src/io/vector/rasterize-spans.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { causesOf, type Expected, isPlausible } from '../../src/pipeline/preflight/causes.ts';
import { layerLine } from '../../src/pipeline/preflight/project-lines.ts';
import { suspects, valuesOf } from '../../src/pipeline/preflight/quantiles.ts';
import { resourcesOf } from '../../src/pipeline/preflight/resources.ts';
import { placeRaster } from '../../src/pipeline/preflight/study-area.ts';
import { percent } from '../../src/pipeline/preflight/value-findings.ts';
import { describeWithGdal } from '../io/gdal.ts';
import { platform } from '../support/project.ts';
import { gridOf } from '../support/rasters.ts';

afterAll(() => platform.pool.close());

const { precipitation, et0, soil_depth, pawc } = annual_water_yield.inputs;
const { population } = per_capita.inputs;

/** Values spread evenly from the second percentile to the 98th. */
function spread(min: number, max: number) {
  const at = (share: number) => min + (max - min) * share;
  return { min, max, mean: at(0.5), median: at(0.5), q02: at(0.02), q98: at(0.98) };
}

describe('which unit explains the values', () => {
  const CELL = 0.0009; // km² of a cell of 30 m
  test.each<[string, Expected, number, number, string[]]>([
    ['precipitation in metres', precipitation, 0.6, 1.9, ['m/yr', 'mm/day']],
    ['precipitation in tenths of a millimetre', precipitation, 4000, 19000, ['0.1']],
    ['evapotranspiration of a month', et0, 60, 140, ['mm/month', 'cm/yr']],
    ['soil depth in metres', soil_depth, 0.2, 2.5, ['m', 'ft']],
    ['soil depth in centimetres', soil_depth, 20, 200, ['cm', 'dm']],
    ['available water in percent', pawc, 5, 25, ['%']],
    ['people in each cell of 30 m', population, 0, 9, ['people/ha', 'people']],
    ['elevation in centimetres', slope.inputs.dem, 12000, 140000, ['cm', 'mm']],
    ['elevation in feet', slope.inputs.dem, 50, 14000, ['ft', 'cm']],
    ['temperature in kelvin', { unit: 'degC', plausible: [-90, 60] }, 260, 310, ['kelvin']],
    ['slope in percent', { unit: 'deg', plausible: [0, 90] }, 0, 180, ['percent']],
  ])('%s', (_, expected, min, max, causes) => {
    const values = spread(min, max);
    expect(isPlausible(values, expected)).toBe(false);
    const found = causesOf(values, expected, 1, CELL);
    expect(found.map(({ unit, scale, words }) => unit ?? (scale === undefined ? words : String(scale)))).toEqual(
      causes,
    );
  });

  test.each<[string, Expected, number, number]>([
    ['a wet region', precipitation, 600, 2800],
    ['a desert', precipitation, 2, 90],
    ['deep soil', soil_depth, 0, 4000],
    ['a city', population, 0, 60000],
  ])('%s needs no explanation', (_, expected, min, max) => {
    expect(isPlausible(spread(min, max), expected)).toBe(true);
  });

  test('the unit that was given is what is wrong', () => {
    // Metres, said to be centimetres: 0.6 to 1.9 in the file become 6 to 19 mm.
    expect(causesOf(spread(0.6, 1.9), precipitation, 10, CELL).map(({ unit }) => unit)).toEqual(['m/yr', 'mm/day']);
    expect(causesOf(spread(60, 190), precipitation, 10, CELL)).toEqual([]);
  });

  test('a few outliers explain nothing', () => {
    const values = { ...spread(600, 2800), max: 13000 };
    expect(isPlausible(values, precipitation)).toBe(false);
    expect(causesOf(values, precipitation, 1, CELL)).toEqual([]);
  });
});

describe('summaries', () => {
  const cells = Float32Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? NODATA : Math.fround((i * 37) % 101)));

  test('of the parts is that of the whole', () => {
    const whole = summarise(cells, undefined, 1);
    const parts = [cells.subarray(0, 333), cells.subarray(333, 340), cells.subarray(340)];
    expect(mergeSummaries(parts.map((part) => summarise(part, undefined, 1)))).toEqual(whole);
    const valid = [...cells].filter((cell) => cell !== NODATA);
    expect(whole).toMatchObject({ cells: 1000, valid: 900, sum: valid.reduce((a, b) => a + b) });
    expect(whole.low).toEqual({ value: 0, count: valid.filter((v) => v === 0).length, next: 1 });
    expect(whole.high).toEqual({ value: 100, count: valid.filter((v) => v === 100).length, next: 99 });
    const sorted = valid.toSorted((a, b) => a - b);
    expect(valuesOf(whole, 2)).toMatchObject({ min: 0, max: 200, median: 2 * sorted[450], q02: 2 * sorted[18] });
  });

  test('leave out what lies outside', () => {
    const inside = new Uint8Array(1000).fill(1, 0, 50);
    const part = summarise(cells, inside, 1);
    expect(part).toEqual(summarise(cells.subarray(0, 50), undefined, 1));
    const codes = Uint32Array.of(3, 3, NODATA_CODE, 5, 3);
    expect(summarise(codes, undefined, 1)).toMatchObject({
      cells: 5,
      valid: 4,
      codes: [
        [3, 3],
        [5, 1],
      ],
    });
    expect(summarise(codes, Uint8Array.of(1, 0, 1, 1, 0), 1)).toMatchObject({
      cells: 3,
      valid: 2,
      codes: [
        [3, 1],
        [5, 1],
      ],
    });
  });

  test('undeclared nodata is told from an extreme', () => {
    const of = (...values: number[]) => summarise(Float32Array.from(values), undefined, 1);
    const rain = [700, 800, 801, 950, 1200];
    expect(suspects(of(...rain), [1, 12000])).toEqual([]);
    expect(suspects(of(...rain, -9999, -9999), [1, 12000])).toEqual([{ value: -9999, count: 2 }]);
    expect(suspects(of(...rain, 65535, -32768), [1, 12000]).map(({ value }) => value)).toEqual([-32768, 65535]);
    expect(suspects(of(...rain, 3.4028234663852886e38), [1, 12000])).toEqual([
      { value: 3.4028234663852886e38, count: 1 },
    ]);
    // Not a usual one, but the same far away in many cells; and 0 where it never rains so little.
    expect(suspects(of(...rain, -777, -777, -777), [1, 12000])).toEqual([{ value: -777, count: 3 }]);
    expect(suspects(of(...rain, 0, 0, 0), [1, 12000])).toEqual([{ value: 0, count: 3 }]);
    // Depressions of the ground, people in one cell, the coldest place.
    expect(suspects(of(-154, -150, -20, 0, 300), [-500, 9000])).toEqual([]);
    expect(suspects(of(0, 0, 0, 0, 255), [0, 200000])).toEqual([{ value: 255, count: 1 }]);
    expect(suspects(of(0, 0, 200, 230, 255), [0, 200000])).toEqual([]);
  });
});

/** Counts by GDAL which cell centres of the grid lie in the raster. */
function overlapByGdal(raster: Grid, grid: Grid): number {
  const points: string[] = [];
  for (let y = 0; y < grid.height; y++)
    for (let x = 0; x < grid.width; x++)
      points.push(`${grid.west + (x + 0.5) * grid.cellWidth} ${grid.north - (y + 0.5) * grid.cellHeight}`);
  const args = ['-s_srs', `EPSG:${grid.crs.epsg}`, '-t_srs', `EPSG:${raster.crs.epsg}`];
  const run = spawnSync('gdaltransform', args, { input: points.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28 });
  const inside = run.stdout
    .trim()
    .split('\n')
    .filter((line) => {
      const [x, y] = line.split(' ').map(Number);
      const [column, row] = [(x - raster.west) / raster.cellWidth, (raster.north - y) / raster.cellHeight];
      return column >= 0 && column < raster.width && row >= 0 && row < raster.height;
    });
  return (100 * inside.length) / points.length;
}

describeWithGdal('a raster in another CRS', () => {
  test('covers what GDAL says it covers, in cells of that many metres', async () => {
    const grid = gridOf(80, 60, 1000);
    const crs = await parseCrs('EPSG:4326');
    const raster: Grid = { crs, west: 117.2, north: 31.5, width: 90, height: 120, cellWidth: 0.01, cellHeight: 0.005 };
    const place = await placeRaster(raster, { grid });
    expect(place.gridOverlap).toBeCloseTo(overlapByGdal(raster, grid), 9);
    expect(place.gridOverlap).toBeGreaterThan(20);
    expect(place.gridOverlap).toBeLessThan(80); // it ends in the west and in the north, and reaches beyond the rest
    // A degree of latitude is 110.86 km at 31° north, one of longitude 95.5 km.
    expect(place.cellMetres![0]).toBeCloseTo(955, -1);
    expect(place.cellMetres![1]).toBeCloseTo(554, -1);
    // Every cell of the raster lies in the grid but for those beyond its borders.
    const counted = spanCells(place.mask!);
    const back = overlapByGdal({ ...grid }, { ...raster });
    expect((100 * counted) / (raster.width * raster.height)).toBeCloseTo(back, 0);
  });

  test('with an area, and one that lies elsewhere', async () => {
    const grid = gridOf(80, 60, 1000);
    const crs = await parseCrs('EPSG:4326');
    const raster: Grid = { crs, west: 117.2, north: 31.5, width: 90, height: 120, cellWidth: 0.01, cellHeight: 0.005 };
    const far: Grid = { ...raster, west: 10 };
    expect(await placeRaster(far, { grid })).toMatchObject({
      window: undefined,
      gridOverlap: 0,
      areaOverlap: 0,
    });
    const { west, north } = grid;
    const corner = [
      [west, north - 50000],
      [west + 10000, north - 50000],
      [west + 10000, north - 60000],
      [west, north - 60000],
    ] as const;
    const area = { polygons: [[corner]] };
    const place = await placeRaster(raster, { grid, area, mask: rasterize(area.polygons, grid) });
    expect(place.areaOverlap).toBe(0);
    expect(place.gridOverlap).toBeGreaterThan(20);
  });
});

describe('resources', () => {
  const plan = {
    place: { kind: 'cpu', maxBinding: 0, lanes: 2 },
    tiling: { width: 10000, height: 10000, tileWidth: 1024, tileHeight: 1024, columns: 10, rows: 10, count: 100 },
    passes: [],
    hostBytes: 3e8,
    deviceBytes: 0,
    scratchBytes: 1e9,
    seconds: 77,
  } as unknown as Plan;
  const ask = (
    free: Record<string, number>,
    disk = (path: string) => path,
    compression: 'deflate' | 'none' = 'deflate',
  ) =>
    resourcesOf({
      plan,
      budget: { host: 1e9, device: 0 },
      outputs: 10,
      share: 1,
      compression,
      out: 'out',
      platform: {
        freeSpace: async (path = 'scratch') => ({ path, bytes: free[path], disk: disk(path) }),
      },
    });
  // 10 maps of 10^8 cells of 4 bytes, a third more for overviews, 0.65 of it after compression; and 10 MB of small files.
  const MAPS = 10 * 1e8 * 4 * (4 / 3) * 0.65;
  const PEAK = 2 * MAPS + 10e6; // blocks and the rasters made of them
  const SCRATCH = 1e9;

  test('plenty', async () => {
    const { resources, findings } = await ask({ out: 1e12, scratch: 1e12 });
    expect(findings).toEqual([]);
    expect(resources).toMatchObject({
      memoryNeeded: 3e8,
      memoryBudget: 1e9,
      outputFree: 1e12,
      tiles: 100,
      seconds: 77,
    });
    expect(resources.outputBytes).toBeCloseTo(MAPS + 10e6, -1);
    expect(resources.outputPeakBytes).toBeCloseTo(PEAK, -1);
    expect(resources.scratchBytes).toBe(SCRATCH);
  });

  test('too little, and just enough', async () => {
    const little = (await ask({ out: 0.9 * PEAK, scratch: 1.1 * SCRATCH })).findings;
    expect(little.map(({ level, code, what }) => [level, code, what])).toEqual([
      ['error', 'OutOfCapacity', 'there is no room for the output'],
      ['warning', undefined, 'there is little room for the scratch files'],
    ]);
    expect(little[0].fix).toContain('--out DIR');
    expect(little[1].fix).toContain('--scratch DIR');
    expect(little[0].found).toBe('6.25 GB free');
  });

  test('one disk has to hold both', async () => {
    const free = PEAK + 0.9 * SCRATCH;
    const { findings } = await ask({ out: free, scratch: free }, () => 'sda1');
    expect(findings).toMatchObject([{ level: 'error', what: 'there is no room for the output and scratch files' }]);
    expect((await ask({ out: 1.6 * PEAK, scratch: 1.6 * SCRATCH })).findings).toEqual([]);
  });

  test('without compression it is more, which is a cure', async () => {
    const { findings } = await ask({ out: PEAK, scratch: 1e12 }, undefined, 'none');
    expect(findings[0].fix).toContain('output: { compression: deflate }');
  });

  test('this machine knows its disks', async () => {
    const here = await platform.freeSpace!('not/there/yet');
    expect(here!.bytes).toBeGreaterThan(1e6);
    expect(here!.disk).toBe((await platform.freeSpace!('.'))!.disk);
    expect((await platform.freeSpace!())!.bytes).toBeGreaterThan(1e6);
  });
});

test('percentages never round to none or all', () => {
  expect([0, 0.01, 37.512, 99.99, 100].map(percent)).toEqual([
    '0 %',
    'less than 0.1 %',
    '37.5 %',
    'more than 99.9 %',
    '100 %',
  ]);
});

test('a layer line keeps what stood there', () => {
  expect(layerLine('p', { file: 'p_{year}.tif', band: 2 }, { unit: 'm/yr' })).toBe(
    'layers: { p: { file: "p_{year}.tif", band: 2, unit: m/yr } }',
  );
  expect(layerLine('p', 'https://host/p.tif?token=SECRET', { unit: 'm/yr' })).toBe(
    'layers: { p: { file: "https://host/p.tif", unit: m/yr } }',
  );
  expect(layerLine('p', 'data/p.tif', { nodata: [-9999, 255], unit: '%' })).toBe(
    'layers: { p: { file: data/p.tif, nodata: [-9999, 255], unit: "%" } }',
  );
});
