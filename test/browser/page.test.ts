/**
 * The page in headless Chromium: it runs on WebGPU (SwiftShader) and agrees with the float64 reference and with this library in Node;
 * without WebGPU it runs the reference; a run can be cancelled.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  cellArea,
  classRows,
  MODELS,
  type Model,
  makeRegion,
  memorySource,
  NODATA,
  openDevice,
  openRaster,
  type Plane,
  parseCsv,
  readPlane,
  runModel,
} from '../../src/index.ts';
import { findChromium, launch, listenForProblems, type ServedPage, servePage } from './browser.ts';

const SIZE = 256;
const SEED = 7;
/** A software adapter on a busy machine with two cores compiles and runs for ten seconds; a broken page would wait for ever. */
const PATIENCE = 120_000;
const executablePath = findChromium();
const required = process.env.REQUIRE_GPU === '1';
const reason = executablePath || required ? '' : ' (skipped: no Chromium on this machine)';

interface Totals {
  readonly cells: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

let served: ServedPage;
let expected: ReadonlyMap<string, Totals>;
const browsers = new Map<boolean, Promise<Browser>>();

function browser(webgpu: boolean): Promise<Browser> {
  if (!executablePath) throw new Error('there is no Chromium: install it, or name it in CHROME');
  const opened = browsers.get(webgpu) ?? launch(executablePath, { webgpu });
  browsers.set(webgpu, opened);
  return opened;
}

describe.skipIf(reason !== '')(`the browser page${reason}`, () => {
  beforeAll(async () => {
    [served, expected] = await Promise.all([servePage(), totalsInNode()]);
  }, PATIENCE);
  afterAll(async () => {
    for (const opened of browsers.values()) await (await opened).close();
    await served?.close();
  });

  describe('with WebGPU', () => {
    let page: Page;
    let problems: string[];

    beforeAll(async () => {
      page = await (await browser(true)).newPage({ viewport: { width: 1400, height: 900 } });
      problems = listenForProblems(page, served.url);
      await page.goto(served.url);
      await run(page, SIZE, SEED);
    }, PATIENCE);
    afterEach(() => expect(problems).toEqual([]));
    afterAll(() => page?.close());

    test('says what it ran on', async () => {
      expect(await page.locator('#status').textContent()).toMatch(/^Done.*swiftshader/i);
      expect(await page.locator('#adapter').textContent()).toMatch(/google, swiftshader.*Largest buffer\d.*7 of 7/s);
      expect(await page.locator('#device').textContent()).toMatch(
        /running the models\d.*comparing with the reference\d/s,
      );
    });

    test('every output agrees with the reference in every cell', async () => {
      const rows = await page.locator('#comparison tbody tr').evaluateAll((found) =>
        found.map((row) => ({
          passed: row.querySelector<HTMLElement>('[data-passed]')?.dataset.passed,
          cells: Number(row.querySelector<HTMLElement>('[data-cells]')?.dataset.cells),
          words: [...row.children].map((cell) => cell.textContent?.trim()).join(' | '),
        })),
      );
      console.log(rows.map(({ words }) => words).join('\n'));
      expect(rows).toHaveLength(10);
      for (const { passed, cells, words } of rows) {
        expect(passed, words).toBe('true');
        expect(cells, words).toBeGreaterThan(3 * 20000); // of 3 · 65536: the study area, all years
      }
      // float32 against float64: results that are equal throughout would mean that one was compared with itself.
      expect(rows.filter(({ words }) => !words.includes('every cell is equal')).length).toBeGreaterThan(2);
    });

    test('the totals are those of this library in Node', async () => {
      expectSameTotals(await savedTotals(page));
    });

    test('the maps show something', async () => {
      await expectLivelyMaps(page);
    });

    test('reads the same cell in all years with the arrow keys', async () => {
      const panel = page.locator('#lulc');
      await panel.getByRole('img').first().focus();
      await page.keyboard.press('ArrowRight');
      const words = await panel.locator('.readout').allTextContents();
      expect(words).toHaveLength(3);
      for (const word of words) expect(word).toMatch(/^(cropland|forest|grassland|water|built-up|unused)$/);
    });

    test('saves a map as a GeoTIFF with the cells that are shown', async () => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download supply 2013' }).first().click(),
      ]);
      expect(download.suggestedFilename()).toBe('2013_WY_supply.tif');
      const raster = await openRaster(memorySource('download', readFileSync(await download.path())));
      const { grid, unit, nodata } = raster.info;
      expect([grid.width, grid.crs.epsg, unit, nodata]).toEqual([SIZE, 32650, 'm3/cell/yr', -9999]);
      const { cells, sum } = totalsOf(
        await readPlane(raster, { x: 0, y: 0, width: SIZE, height: SIZE }, { type: 'f32' }),
      );
      const known = expected.get('2013/WY/supply')!;
      expect(cells).toBe(known.cells);
      expect(Math.abs(sum / known.sum - 1)).toBeLessThan(1e-6);
    });

    test('saves the report', async () => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save the report' }).click(),
      ]);
      const report = readFileSync(await download.path(), 'utf8');
      expect(report).toContain(`<h1>Sample region\u00a0${SEED}, 2003–2023</h1>`);
      expect(report).toContain('All 30 outputs agree');
    });

    test('can be cancelled and run again', { timeout: PATIENCE }, async () => {
      await start(page, 1024, SEED);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.waitForFunction(() => document.documentElement.dataset.state === 'cancelled', undefined, {
        timeout: 5000,
      });
      expect(await page.locator('#status').textContent()).toBe('Cancelled.');
      await run(page, SIZE, SEED);
      expectSameTotals(await savedTotals(page));
    });
  });

  const WITHOUT = { 'there is no adapter': false, 'the browser has no navigator.gpu': true };
  for (const [why, deleted] of Object.entries(WITHOUT)) {
    test(`runs the float64 reference where ${why}`, { timeout: PATIENCE }, async () => {
      const page = await (await browser(false)).newPage();
      const problems = listenForProblems(page, served.url);
      if (deleted) await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
      await page.goto(served.url);
      if (deleted) expect(await page.locator('#status').textContent()).toContain('no WebGPU');
      await run(page, SIZE, SEED);
      expect(await page.locator('#status').textContent()).toContain('Runs on the CPU');
      expect(await page.locator('#comparison').textContent()).toContain('Nothing to compare');
      expectSameTotals(await savedTotals(page));
      await expectLivelyMaps(page);
      expect(problems.filter((problem) => !problem.includes('No available adapters'))).toEqual([]);
      await page.close();
    });
  }
});

async function start(page: Page, size: number, seed: number): Promise<void> {
  await page.getByLabel(String(size), { exact: true }).check({ force: true });
  await page.getByLabel('Seed', { exact: true }).fill(String(seed));
  await page.getByRole('button', { name: 'Run the analysis' }).click();
}

async function run(page: Page, size: number, seed: number): Promise<void> {
  await start(page, size, seed);
  await page.waitForFunction(() => /done|failed|cancelled/.test(document.documentElement.dataset.state!), undefined, {
    timeout: PATIENCE - 10_000,
  });
  expect(
    await page.evaluate(() => document.documentElement.dataset.state),
    (await page.locator('#status').textContent())!,
  ).toBe('done');
}

/** The rows of totals.csv by "year/service/quantity". */
async function savedTotals(page: Page): Promise<ReadonlyMap<string, Totals>> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save totals.csv' }).click(),
  ]);
  const { columns, rows } = parseCsv('totals.csv', readFileSync(await download.path(), 'utf8'));
  const cell = (cells: readonly string[], column: string) => cells[columns.indexOf(column)];
  return new Map(
    rows.map(({ cells }) => [
      `${cell(cells, 'year')}/${cell(cells, 'service')}/${cell(cells, 'quantity')}`,
      {
        cells: Number(cell(cells, 'cells')),
        sum: Number(cell(cells, 'sum')),
        min: Number(cell(cells, 'min')),
        max: Number(cell(cells, 'max')),
      },
    ]),
  );
}

function expectSameTotals(found: ReadonlyMap<string, Totals>): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, { cells, sum, min, max }] of expected) {
    const got = found.get(name)!;
    expect(got.cells, `${name}, cells`).toBe(cells);
    expect(Math.abs(got.sum - sum) / Math.abs(sum), `${name}, sum ${got.sum} against ${sum}`).toBeLessThan(1e-6);
    // Single cells of water yield cancel (its tolerance says how much); sums do not.
    const scale = Math.max(Math.abs(min), Math.abs(max));
    expect(Math.max(Math.abs(got.min - min), Math.abs(got.max - max)) / scale, `${name}, range`).toBeLessThan(1e-4);
  }
}

/** Every map shows more than one colour, and its frame is not empty. */
async function expectLivelyMaps(page: Page): Promise<void> {
  const maps = await page.locator('#results canvas').evaluateAll((canvases) =>
    (canvases as HTMLCanvasElement[]).map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const pixels = new Uint32Array(data.buffer);
      return {
        width: canvas.width,
        shown: canvas.clientWidth,
        colours: new Set(pixels).size,
        drawn: pixels.filter((pixel) => pixel !== 0).length,
      };
    }),
  );
  expect(maps).toHaveLength(3 + 2 * 3 * 3);
  for (const { width, shown, colours, drawn } of maps) {
    expect(width).toBe(SIZE);
    expect(shown).toBeGreaterThan(100);
    expect(colours).toBeGreaterThan(5);
    expect(drawn).toBeGreaterThan(20000);
  }
}

/** The same analysis without the page's code: each model by itself on the CPU, its planes added up in float64. */
async function totalsInNode(): Promise<ReadonlyMap<string, Totals>> {
  const region = makeRegion({ size: SIZE, seed: SEED });
  const { executor } = await openDevice({ choice: 'cpu' });
  const { grid } = region;
  const layer = (name: string, year: number) =>
    region.layers.find((one) => one.name === name && (one.year ?? year) === year)!.cells;
  const model = (id: string): Model => MODELS.get(id)!.model;
  const rows = (id: string, table: string) => ({
    [table]: classRows(parseCsv(table, region.texts[`${table}.csv`]), model(id).tables![table].columns),
  });
  const result = async (id: string, inputs: Record<string, Plane>, output: string, more = {}) =>
    (await runModel(model(id), { grid, inputs, outputs: [output], ...more }, { executor })).planes[output];

  const totals = new Map<string, Totals>();
  for (const year of region.years) {
    const of = (...names: string[]) => Object.fromEntries(names.map((name) => [name, layer(name, year)]));
    const wyield = await result(
      'annual_water_yield',
      of('lulc', 'precipitation', 'et0', 'soil_depth', 'pawc'),
      'wyield',
      {
        tables: rows('annual_water_yield', 'biophysical'),
      },
    );
    const storage = await result('carbon', { lulc_bas: layer('lulc', year) }, 'c_storage_bas', {
      tables: rows('carbon', 'carbon'),
    });
    const amounts = {
      WY: { density: wyield, perCell: 1e-3 * cellArea(grid), perPerson: 350 },
      CS: { density: storage, perCell: 1e-4 * cellArea(grid), perPerson: (7 * 12) / 44 },
    };
    for (const [code, { density, perCell, perPerson }] of Object.entries(amounts)) {
      const supply = density.map((value) => (value === NODATA ? NODATA : value * perCell));
      const demand = await result('per_capita', of('population'), 'demand', { params: { amount: perPerson } });
      const balance = supply.map((value, i) => (value === NODATA || demand[i] === NODATA ? NODATA : value - demand[i]));
      for (const [quantity, plane] of Object.entries({ supply, demand, balance_static: balance }))
        totals.set(`${year}/${code}/${quantity}`, totalsOf(plane));
    }
  }
  return totals;
}

function totalsOf(plane: Plane): Totals {
  let [cells, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of plane) {
    if (value === NODATA) continue;
    cells++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { cells, sum, min, max };
}
