/** What `validate` finds in rasters that are not what they should be, and that the cures it gives are cures. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { NODATA } from '../../src/core/cells.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { bindLayer, describeFile } from '../../src/pipeline/layers.ts';
import { type CheckInputsOptions, checkInputs } from '../../src/pipeline/preflight/check-inputs.ts';
import { type Preflight, preflight, preflightJson } from '../../src/pipeline/preflight/preflight.ts';
import type { Finding, LayerCheck } from '../../src/pipeline/preflight/types.ts';
import { edit, freshProjects, GRID, openProject, platform, replaceRaster, SIZE } from '../support/project.ts';

let dir: string;

freshProjects((project) => {
  dir = project;
});

function check(options: { wholeCells?: number; memory?: number } = {}): Promise<Preflight> {
  return preflight(openProject(dir), platform, { device: 'cpu', memory: 1e9, ...options });
}

/** Without the boundary every cell counts, and numbers can be had by hand. */
function withoutArea(): void {
  edit(dir, 'project.yaml', 'area: data/boundary.geojson', '#');
}

function layer({ layers }: Preflight, name: string): LayerCheck {
  return layers.find((each) => each.layer === name)!;
}

function about({ findings }: Preflight, name: string): Finding[] {
  return findings.filter((finding) => finding.about === name);
}

/** Puts a line "layers: { name: { … } }" of a cure into the project file. */
function paste(line: string): void {
  const { layers } = parse(line) as { layers: Record<string, unknown> };
  const file = openProject(dir);
  writeFileSync(
    join(dir, 'project.yaml'),
    stringify({ ...file.project, layers: { ...file.project.layers, ...layers } }),
  );
}

/** A raster without any nodata, of values that increase to the east. */
const slope = (low: number, high: number) => (x: number) => low + ((high - low) * x) / (SIZE - 1);

describe('the layers of a project', () => {
  test('nothing is found in the sample region', async () => {
    const result = await check();
    expect(result.findings).toEqual([]);
    expect(result.valid).toBe(true);
    expect(result.layers).toHaveLength(12); // 3 of lulc, precipitation and population, one of et0, soil depth and pawc
    for (const { areaOverlap, gridOverlap } of result.layers) expect([areaOverlap, gridOverlap]).toEqual([100, 100]);
    expect(layer(result, 'lulc')).toMatchObject({ kind: 'classes', sampleType: 'u8', crs: 'WGS 84 / UTM zone 50N' });
  });

  test('values, overlap and nodata are those of the study area', async () => {
    withoutArea();
    const quarter = (x: number, y: number) => (x < SIZE / 2 && y < SIZE / 2 ? NODATA : x < SIZE / 2 ? 0.1 : 0.3);
    await replaceRaster(dir, 'data/pawc.tif', quarter);
    const pawc = layer(await check(), 'pawc');
    expect(pawc.nodataShare).toBe(25);
    expect(pawc.values).toMatchObject({ min: 0.1, max: 0.3, median: 0.3, q02: 0.1, q98: 0.3 });
    expect(pawc.values!.mean).toBeCloseTo((0.1 + 2 * 0.3) / 3, 6);
    expect(pawc.reading).toEqual({ cells: SIZE ** 2, blocks: 1, sampled: false, words: 'all 4 096 cells' });
  });

  test('what lies outside the area concerns nobody', async () => {
    // The shape of an L.
    const [columns, rows] = [
      [0, 32, 32, 16, 16, 0],
      [0, 0, 16, 16, 32, 32],
    ];
    const corners = columns.map((x, i) => [GRID.west + x * GRID.cellWidth, GRID.north - rows[i] * GRID.cellHeight]);
    const inside = (x: number, y: number) => x < 32 && y < 32 && (x < 16 || y < 16);
    const geometry = { type: 'Polygon', coordinates: [[...corners, corners[0]]] };
    const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32650' } };
    writeFileSync(
      join(dir, 'data/boundary.geojson'),
      JSON.stringify({ type: 'Feature', crs, geometry, properties: {} }),
    );
    await replaceRaster(dir, 'data/pawc.tif', (x, y) => (inside(x, y) ? 0.1 + x / 1000 : 55));
    const result = await check();
    expect(about(result, 'pawc')).toEqual([]);
    expect(layer(result, 'pawc')).toMatchObject({ nodataShare: 0, values: { min: 0.1, max: 0.131 } });
    expect(layer(result, 'pawc').reading.cells).toBe(32 * 32 - 16 * 16);
  });

  test('a large raster is read by a stated sample, the same one every time', async () => {
    withoutArea();
    const first = await check({ wholeCells: 1000 });
    const { reading } = layer(first, 'pawc');
    expect(reading).toEqual({ cells: 1024, blocks: 64, sampled: true, words: 'sample of 1 024 cells in 64 blocks' });
    const { layers, findings } = preflightJson(await check({ wholeCells: 1000 }));
    expect({ layers, findings }).toEqual({ layers: first.layers, findings: first.findings });
    const whole = layer(await check(), 'pawc').values!;
    expect(Math.abs(layer(first, 'pawc').values!.mean - whole.mean)).toBeLessThan(0.02 * whole.mean);
  });
});

describe('values that do not fit the unit', () => {
  test('precipitation in metres', async () => {
    for (const year of [2003, 2013, 2023]) await replaceRaster(dir, `data/precipitation_${year}.tif`, slope(0.8, 1.6));
    const found = about(await check(), 'precipitation');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ level: 'warning', file: 'data/precipitation_{year}.tif' });
    expect(found[0].what).toMatch(/implausible for precipitation P of a year in mm\/yr: probably in m\/yr/);
    expect(found[0].fix).toContain('layers: { precipitation: { file: "data/precipitation_{year}.tif", unit: m/yr } }');
    paste(found[0].fix!.split(' (or ')[0]);
    const cured = await check();
    expect(about(cured, 'precipitation')).toEqual([]);
    expect(layer(cured, 'precipitation').values!.max).toBeGreaterThan(1000);
  });

  test('precipitation in metres in one year alone: its file is converted, not the unit of all', async () => {
    await replaceRaster(dir, 'data/precipitation_2013.tif', slope(0.8, 1.6));
    const [finding] = about(await check(), 'precipitation');
    expect(finding.file).toBe('data/precipitation_2013.tif');
    expect(finding.fix).toBe(
      'convert the values from m/yr: gdal_calc.py -A data/precipitation_2013.tif --type=Float32 --calc="A*1000" --outfile=out.tif',
    );
    expect(finding).not.toHaveProperty('fixOfOne');
  });

  test('plant-available water in percent', async () => {
    await replaceRaster(dir, 'data/pawc.tif', slope(8, 22));
    const [found, ...more] = about(await check(), 'pawc');
    expect(more).toEqual([]);
    expect(found.what).toContain('probably in %');
    expect(found.found).toMatch(/100 % of the cells outside/);
    paste(found.fix!.split(' (or ')[0]);
    const cured = await check();
    expect(about(cured, 'pawc')).toEqual([]);
    expect(layer(cured, 'pawc').givenUnit).toBe('%');
  });

  test('a nodata value that is not declared', async () => {
    withoutArea();
    await replaceRaster(dir, 'data/pawc.tif', (x, y) => (y < 16 ? -9999 : slope(0.1, 0.2)(x)));
    const [found, ...more] = about(await check(), 'pawc');
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      level: 'warning',
      what: '-9999 looks like nodata that the file does not declare',
      found: 'in 25 % of the cells, far from all others',
      fix: 'layers: { pawc: { file: data/pawc.tif, nodata: -9999 } }',
    });
    paste(found.fix!);
    const cured = await check();
    expect(about(cured, 'pawc')).toEqual([]);
    expect(layer(cured, 'pawc').nodataShare).toBe(25);
  });

  test('undeclared nodata and another unit at once', async () => {
    await replaceRaster(dir, 'data/soil_depth.tif', (x, y) => (y % 4 === 0 ? -32768 : slope(0.4, 2)(x)));
    const found = about(await check(), 'soil_depth');
    expect(found.map(({ what }) => what)).toEqual([
      '-32768 looks like nodata that the file does not declare',
      'the values are implausible for depth to the layer that stops roots in mm: probably in m or in ft',
    ]);
  });

  test('one value everywhere', async () => {
    await replaceRaster(dir, 'data/pawc.tif', () => 0.25);
    expect(about(await check(), 'pawc')).toMatchObject([
      { level: 'warning', what: 'every cell has the same value', found: '0.25' },
    ]);
  });

  test('no value at all', async () => {
    await replaceRaster(dir, 'data/pawc.tif', () => NODATA);
    const result = await check();
    expect(about(result, 'pawc')).toMatchObject([{ level: 'error', what: 'there is no value in the study area' }]);
    expect(result.valid).toBe(false);
  });
});

describe('where layers lie', () => {
  test('a raster that covers a part', async () => {
    withoutArea();
    await replaceRaster(dir, 'data/pawc.tif', slope(0.1, 0.2), { grid: { width: 24 } });
    const result = await check();
    expect(layer(result, 'pawc')).toMatchObject({ gridOverlap: 37.5, areaOverlap: 37.5, nodataShare: 0 });
    expect(about(result, 'pawc')).toMatchObject([
      {
        level: 'warning',
        what: 'the raster covers 37.5 % of the grid',
        found: `${(SIZE - 24) * SIZE} of ${SIZE ** 2} cells will be nodata in every result that needs it`,
      },
    ]);
  });

  test('a raster in degrees, of people in each of its cells', async () => {
    withoutArea();
    edit(dir, 'project.yaml', 'unit: people/km2', 'unit: people');
    const crs = await parseCrs('EPSG:4326');
    const [{ west, north }, side] = [GRID, SIZE * GRID.cellWidth];
    const { inverse } = await transformBetween(crs, GRID.crs);
    const [x0, y0] = inverse(west, north)!;
    const [x1] = inverse(west + side / 2, north)!;
    const degrees = 0.05;
    const grid = { crs, west: x0 - 0.1, north: y0 + 0.1, cellWidth: degrees, cellHeight: degrees };
    // Ends at half the grid's width, and beyond it everywhere else.
    const half = {
      ...grid,
      width: Math.round((x1 - grid.west) / degrees),
      height: Math.ceil(side / 111e3 / degrees) + 6,
    };
    for (const year of [2003, 2013, 2023])
      await replaceRaster(dir, `data/population_${year}.tif`, (x) => 2000 + 100 * x, { grid: half });
    const result = await check();
    const population = layer(result, 'population');
    expect(population).toMatchObject({ crs: crs.name, cellWidth: degrees, givenUnit: 'people', resampling: 'sum' });
    const latitude = ((y0 - side / 2 / 111e3) * Math.PI) / 180;
    const [width, height] = population.cellMetres!;
    expect(width / (degrees * 111320 * Math.cos(latitude))).toBeCloseTo(1, 2);
    expect(height / (degrees * 110870)).toBeCloseTo(1, 2);
    expect(population.gridOverlap).toBeGreaterThan(46);
    expect(population.gridOverlap).toBeLessThan(54);
    expect(population.nodataShare).toBe(0);
    // Persons per km2 of the raster's own cells, not of the grid's.
    const last = half.width - 1;
    expect(population.values!.max).toBeCloseTo(((2000 + 100 * last) / (width * height)) * 1e6, 2);
    const found = about(result, 'population').filter(({ level }) => level === 'warning');
    expect(found).toHaveLength(1);
    expect(found[0].what).toMatch(/^the raster covers [\d.]+ % of the grid$/);
  });

  test('cells far finer or coarser than those of the grid', async () => {
    const fine = { width: 4 * SIZE, height: 4 * SIZE, cellWidth: GRID.cellWidth / 4, cellHeight: GRID.cellHeight / 4 };
    await replaceRaster(dir, 'data/pawc.tif', (x) => 0.1 + x / 5000, { grid: fine });
    const coarse = {
      width: SIZE / 16,
      height: SIZE / 16,
      cellWidth: GRID.cellWidth * 16,
      cellHeight: GRID.cellHeight * 16,
    };
    await replaceRaster(dir, 'data/et0.tif', (x) => 900 + x, { grid: coarse });
    const result = await check();
    expect(about(result, 'pawc')).toMatchObject([
      { level: 'warning', fix: 'layers: { pawc: { file: data/pawc.tif, resampling: average } }' },
    ]);
    expect(about(result, 'pawc')[0].what).toContain('4 times finer');
    expect(about(result, 'et0')).toMatchObject([{ level: 'warning' }]);
    expect(about(result, 'et0')[0].what).toContain('16 times coarser');
  });

  test('years that differ', async () => {
    withoutArea();
    await replaceRaster(dir, 'data/precipitation_2013.tif', slope(800, 1200), { grid: { height: 48 } });
    const found = about(await check(), 'precipitation').find(({ what }) => what.includes('years'))!;
    expect(found.what).toBe('the years lie on different extents or cells');
    expect(found.found).toContain('2013: 64 × 48 cells');
  });
});

describe('classes and tables', () => {
  test('a class without a row, with its area and share', async () => {
    withoutArea();
    await replaceRaster(dir, 'data/lulc_2003.tif', (_, y) => (y < 16 ? 77 : 1), { kind: 'classes' });
    const errors = (await check()).findings.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(2); // the biophysical table and that of carbon
    const km2 = Number(((16 * SIZE * GRID.cellWidth * GRID.cellHeight) / 1e6).toPrecision(4));
    for (const { what, found } of errors) {
      expect(what).toContain(`77 (${km2} km²)`);
      expect(found).toBe("77 in 25 % of the study area's cells");
    }
    const other = errors.find(({ what }) => what.includes('carbon.csv'))!;
    expect(other.fix).toContain('add rows for 77');
  });

  test('rows that no map needs', async () => {
    for (const year of [2003, 2013, 2023])
      await replaceRaster(dir, `data/lulc_${year}.tif`, (x) => 1 + (x % 2), { kind: 'classes' });
    const { findings, valid } = await check();
    expect(valid).toBe(true);
    const notes = findings.filter(({ level }) => level === 'note');
    expect(notes.map(({ about: table, found }) => [table, found])).toEqual([
      ['biophysical', '3, 4, 5, 6'],
      ['carbon', '3, 4, 5, 6'],
    ]);
  });
});

test('layers and tables that nobody reads', async () => {
  const { project } = openProject(dir);
  const layers = { ...project.layers, depth: 'data/pawc.tif' };
  const tables = { ...project.tables, threats: 'data/carbon.csv' };
  writeFileSync(join(dir, 'project.yaml'), stringify({ ...project, layers, tables }));
  const what = 'no service of the project reads it';
  expect((await check()).findings).toEqual([
    { level: 'note', about: 'depth', file: 'data/pawc.tif', what },
    { level: 'note', about: 'threats', file: 'data/carbon.csv', what },
  ]);
});

test('a budget that holds no tile is a finding beside the others', async () => {
  await replaceRaster(dir, 'data/pawc.tif', slope(8, 22));
  const { findings, plan, valid } = await check({ memory: 1e5 });
  expect(valid).toBe(false);
  expect(plan).toBeUndefined();
  expect(findings.map(({ level, code }) => [level, code])).toEqual([
    ['error', 'OutOfCapacity'],
    ['warning', undefined],
  ]);
});

describe('the rasters of one process', () => {
  const look = async (options?: CheckInputsOptions) => {
    const path = join(dir, 'data/pawc.tif');
    const file = { layer: 'pawc', path, shown: path, info: await describeFile(platform, path) };
    const bound = await bindLayer(file, annual_water_yield.inputs.pawc, GRID, {});
    return checkInputs(annual_water_yield, new Map([['pawc', bound]]), platform.pool, options);
  };

  test('a plausible one', async () => {
    expect(await look()).toEqual([]);
  });

  test('one without a value', async () => {
    await replaceRaster(dir, 'data/pawc.tif', () => -9999, { nodata: -9999 });
    const [finding, ...more] = await look();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level: 'warning', file: join(dir, 'data/pawc.tif') });
    expect(finding.what).toBe('there is no value in the study area');
    expect(finding.found).toMatch(/^nodata .* everywhere$/);
  });

  test('one in percent', async () => {
    await replaceRaster(dir, 'data/pawc.tif', slope(8, 22));
    const [finding, ...more] = await look();
    expect(more).toEqual([]);
    expect(finding.fix).toContain(`gdal_edit.py -units "%" ${join(dir, 'data/pawc.tif')}`);
  });

  test('one in percent, where units of files are not looked at', async () => {
    await replaceRaster(dir, 'data/pawc.tif', slope(8, 22));
    const [finding] = await look({ ignoresUnits: true });
    expect(finding.fix).toMatch(/^convert the values from %: gdal_calc\.py -A .*pawc\.tif .*--calc="A\*0\.01"/);
  });

  test('negative values everywhere are no nodata', async () => {
    await replaceRaster(dir, 'data/pawc.tif', slope(-0.2, -0.1));
    const [finding] = await look();
    expect(finding.fix).toBe('check file, band and sign: most values are negative');
  });
});
