/**
 * The live parts of the page: flow and hot spots follow their sliders, the numbers are those of this library in Node on the same planes, the last
 * value wins, and what cannot be computed is said in place.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  cellArea,
  classRows,
  flowReport,
  type Grid,
  inlinePool,
  MODELS,
  type Model,
  makeRegion,
  memorySource,
  memoryTarget,
  NODATA,
  openDevice,
  openRaster,
  type Plane,
  parseCsv,
  readPlane,
  runModel,
  TASKS,
  writeRaster,
} from '../../src/index.ts';
import { findChromium, launch, listenForProblems, type ServedPage, servePage } from './browser.ts';

const SIZE = 256;
const SEED = 7;
const YEAR = 2023;
const PATIENCE = 120_000;
const executablePath = findChromium();
const required = process.env.REQUIRE_GPU === '1';
const reason = executablePath || required ? '' : ' (skipped: no Chromium on this machine)';

type Part = 'flow' | 'hot-spots';

let served: ServedPage;
let browser: Browser;
let problems: string[];

/** A page that counts the workers that were stopped. */
async function openPage(width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  problems = listenForProblems(page, served.url);
  await page.addInitScript(() => {
    const counted = globalThis as unknown as { stopped: number };
    counted.stopped = 0;
    const { terminate } = Worker.prototype;
    Worker.prototype.terminate = function stop() {
      counted.stopped++;
      terminate.call(this);
    };
  });
  await page.goto(served.url);
  return page;
}

async function settled(page: Page, part: Part): Promise<string> {
  await page.waitForFunction((id) => /done|failed|stopped/.test(document.getElementById(id)!.dataset.state!), part, {
    timeout: PATIENCE - 10_000,
  });
  return (await page.locator(`#${part}`).getAttribute('data-state'))!;
}

const statusOf = async (page: Page, part: Part) => (await page.locator(`#${part} [data-live=status]`).textContent())!;

/** Moves a slider with the keys until it says what is wanted. */
async function slideTo(page: Page, slider: string, words: string): Promise<void> {
  const range = page.locator(slider);
  await range.focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 60 && (await range.getAttribute('aria-valuetext')) !== words; step++)
    await page.keyboard.press('ArrowRight');
  expect(await range.getAttribute('aria-valuetext')).toBe(words);
  expect(await page.locator(`output[for=${slider.slice(1)}]`).textContent()).toBe(words);
}

async function figures(page: Page): Promise<Record<string, number>> {
  const found = await page
    .locator('#flow [data-quantity]')
    .evaluateAll((all) =>
      (all as HTMLElement[]).map(({ dataset }) => [dataset.quantity!, Number(dataset.amount)] as const),
    );
  return Object.fromEntries(found);
}

async function binCounts(page: Page): Promise<Record<string, number>> {
  const found = await page
    .locator('#hot-spots [data-bin]')
    .evaluateAll((all) => (all as HTMLElement[]).map(({ dataset }) => [dataset.bin!, Number(dataset.cells)] as const));
  return Object.fromEntries(found);
}

/** Without sideways scrolling. */
async function expectToFit(page: Page): Promise<void> {
  const [shown, needed] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  expect(needed).toBeLessThanOrEqual(shown);
}

describe.skipIf(reason !== '')(`the live parts of the page${reason}`, () => {
  beforeAll(async () => {
    if (!executablePath) throw new Error('there is no Chromium: install it, or name it in CHROME');
    [served, browser] = await Promise.all([servePage(), launch(executablePath, { webgpu: false })]);
  }, PATIENCE);
  afterEach(() => expect(problems.filter((problem) => !problem.includes('No available adapters'))).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  describe('on the sample region', () => {
    let page: Page;
    let region: Region;

    beforeAll(async () => {
      page = await openPage(1400);
      await page.getByLabel(String(SIZE), { exact: true }).check({ force: true });
      await page.getByLabel('Seed', { exact: true }).fill(String(SEED));
      await page.getByLabel('CPU reference').first().check({ force: true });
      await page.getByRole('button', { name: 'Run the analysis' }).click();
      const done = page.waitForFunction(() => document.documentElement.dataset.state === 'done', undefined, {
        timeout: PATIENCE - 10_000,
      });
      [region] = await Promise.all([regionInNode(), done]);
    }, PATIENCE);
    afterAll(() => page?.close());

    test('nothing is computed before it is seen', async () => {
      expect(await page.locator('#flow').getAttribute('data-state')).toBe('idle');
      await page.locator('#flow').scrollIntoViewIfNeeded();
      expect(await settled(page, 'flow'), await statusOf(page, 'flow')).toBe('done');
      expect(await page.locator('#flow h3').first().textContent()).toContain(
        'Water yield 2023: all around, at most 20 km',
      );
    });

    test('flow: the amounts are those of the reference in Node', { timeout: PATIENCE }, async () => {
      await slideTo(page, '#flow-distance', 'at most 5 km');
      expect(await settled(page, 'flow'), await statusOf(page, 'flow')).toBe('done');
      const near = await figures(page);
      await expectAmounts(near, region, { max_distance: 5000 });
      await slideTo(page, '#flow-distance', 'any distance');
      await settled(page, 'flow');
      const far = await figures(page);
      expect(far.delivered).toBeGreaterThan(1.2 * near.delivered);
      expect(far.mean_distance).toBeGreaterThan(1.2 * near.mean_distance);
      expect(far.unmet + far.delivered).toBeCloseTo(near.unmet + near.delivered, -3);
    });

    test('flow: down the slope, and around what nothing passes', { timeout: PATIENCE }, async () => {
      await page.locator('#flow [value=directional]').check({ force: true });
      await settled(page, 'flow');
      await slideTo(page, '#flow-retention', '1 % of what passes');
      expect(await settled(page, 'flow'), await statusOf(page, 'flow')).toBe('done');
      const found = await figures(page);
      expect(found.lost).toBeGreaterThan(0);
      await expectAmounts(found, region, { mode: 2, retention: 0.01 });
      await page.locator('#flow [value=omnidirectional]').check({ force: true });
      await page.locator('#flow-barrier').selectOption({ label: 'water' });
      await slideTo(page, '#flow-distance', 'at most 2 km');
      expect(await settled(page, 'flow'), await statusOf(page, 'flow')).toBe('done');
      await expectAmounts(await figures(page), region, { max_distance: 2000 }, 'water');
      await page.locator('#flow-barrier').selectOption({ label: 'nothing' });
      await settled(page, 'flow');
    });

    test('flow: the last value wins, whatever was under way', { timeout: PATIENCE }, async () => {
      const stops = () => page.evaluate(() => (globalThis as unknown as { stopped: number }).stopped);
      const before = await stops();
      const shown = await page.evaluate(async () => {
        const section = document.getElementById('flow')!;
        const results = section.querySelector<HTMLElement>('[data-live=results]')!;
        const slider = document.getElementById('flow-distance') as HTMLInputElement;
        const titles: string[] = [];
        new MutationObserver(() => titles.push(results.querySelector('h3')?.textContent ?? '')).observe(results, {
          childList: true,
        });
        const words: (string | null)[] = [];
        for (const value of [14, 15, 12, 16, 9]) {
          slider.valueAsNumber = value;
          slider.dispatchEvent(new Event('input', { bubbles: true }));
          words.push(slider.getAttribute('aria-valuetext'));
          await new Promise((later) => setTimeout(later, 260)); // longer than the pause: each is begun
        }
        while (section.dataset.state === 'running') await new Promise((later) => setTimeout(later, 50));
        await new Promise((later) => setTimeout(later, 1500)); // late results would come now
        return { titles, words };
      });
      expect(new Set(shown.words).size).toBe(5);
      expect(shown.titles).toEqual([expect.stringContaining(shown.words[4]!)]);
      expect(await stops()).toBeGreaterThan(before);
      expect(await settled(page, 'flow')).toBe('done');
      const [, length, unit] = /at most ([\d.]+).(k?m)/.exec(shown.words[4]!)!;
      await expectAmounts(await figures(page), region, { max_distance: Number(length) * (unit === 'km' ? 1000 : 1) });
    });

    test('flow: can be stopped; the map beside the roles is chosen without computing', async () => {
      await page.locator('#flow-distance').focus();
      await page.keyboard.press('End');
      await page.locator('#flow').getByRole('button', { name: 'Stop' }).click();
      expect(await page.locator('#flow').getAttribute('data-state')).toBe('stopped');
      expect(await page.locator('#flow canvas').count()).toBe(0);
      await slideTo(page, '#flow-distance', 'at most 2 km');
      await settled(page, 'flow');
      await page.locator('#flow-map').selectOption({ label: 'Received' });
      expect(await page.locator('#flow').getAttribute('data-state')).toBe('done');
      expect(await page.locator('#flow-amount h3').textContent()).toBe('Received');
      for (const { colours } of await pictures(page, 'flow')) expect(colours).toBeGreaterThan(3);
    });

    test('hot spots: the bins are those of the reference in Node, and are saved as they are shown', {
      timeout: PATIENCE,
    }, async () => {
      await page.locator('#hot-spots').scrollIntoViewIfNeeded();
      await settled(page, 'hot-spots');
      for (const [words, radius] of [
        ['3 km', 3000],
        ['30 km', 30_000],
      ] as const) {
        await slideTo(page, '#hot-spots-radius', words);
        expect(await settled(page, 'hot-spots'), await statusOf(page, 'hot-spots')).toBe('done');
        const expected = await binsInNode(region, { radius });
        expect(expected['3'], 'hot spots').toBeGreaterThan(1000);
        expect(await binCounts(page)).toEqual(expected);
      }
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download hot and cold spots' }).click(),
      ]);
      const raster = await openRaster(memorySource('bins', readFileSync(await download.path())));
      expect([raster.info.sampleType, raster.info.nodata]).toEqual(['i8', -128]);
      const saved = await readPlane(raster, { x: 0, y: 0, width: SIZE, height: SIZE }, { type: 'f32' });
      expect(countsOf(saved)).toEqual(await binsInNode(region, { radius: 30_000 }));

      await page.getByLabel('Rook').check({ force: true });
      await page.locator('#hot-spots [name=correction][value=none]').check({ force: true });
      await settled(page, 'hot-spots');
      expect(await page.locator('#hot-spots-radius').isVisible()).toBe(false);
      expect(await binCounts(page)).toEqual(await binsInNode(region, { shape: 4, correction: 0 }));
    });

    test('at 390 pixels', { timeout: PATIENCE }, async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await expectToFit(page);
      await page.setViewportSize({ width: 1400, height: 900 });
      await expectToFit(page);
    });
  });

  describe('on rasters of the user', () => {
    let page: Page;
    beforeAll(async () => {
      page = await openPage(1000);
    });
    afterAll(() => page?.close());

    const give = async (...files: Awaited<ReturnType<typeof raster>>[]) => {
      const before = await page.locator('#own-list li').count();
      await page.locator('#own-files').setInputFiles(files);
      await expect.poll(() => page.locator('#own-list li').count()).toBe(before + files.length);
    };

    test('a flow as in Node, and each mistake in words where it was made', { timeout: PATIENCE }, async () => {
      expect(await page.locator('#flow [data-live=empty]').isVisible()).toBe(true);
      const supply = (x: number, y: number) => (x + y < 20 ? NODATA : (x * 7 + y * 13) % 29);
      const demand = (x: number, y: number) => (x * 5 + y * 11) % 23;
      await give(await raster('supply.tif', OWN, supply), await raster('demand.tif', OWN, demand));
      await page.locator('#flow').scrollIntoViewIfNeeded();
      expect(await settled(page, 'flow'), await statusOf(page, 'flow')).toBe('done');
      await slideTo(page, '#flow-distance', 'at most 200 m');
      await settled(page, 'flow');
      const planes = { supply: planeOf(OWN, supply), demand: planeOf(OWN, demand) };
      const expected = await flowInNode(OWN, planes, { max_distance: 200 });
      const found = await figures(page);
      expect(found).toMatchObject(expected); // whole numbers: no rounding
      expect(found.delivered).toBeGreaterThan(100);

      await give(
        await raster('negative.tif', OWN, (x, y) => (x === 3 && y === 4 ? -2 : 1)),
        await raster('elsewhere.tif', { ...OWN, west: OWN.west + 40 }, demand),
        await raster('constant.tif', OWN, () => 5),
        await raster('litres.tif', OWN, demand, 'l'),
        await raster('cubic.tif', OWN, supply, 'm3'),
        await raster('degrees.tif', DEGREES, demand),
      );
      const refused = async (part: Part, field: string, file: string) => {
        await page.locator(field).selectOption(file);
        expect(await settled(page, part)).toBe('failed');
        expect(await page.locator(`#${part} canvas`).count()).toBe(0);
        return statusOf(page, part);
      };
      expect(await refused('flow', '#flow-demand', 'negative.tif')).toMatch(/row 5, column 4: demand is negative.*-2/);
      expect(await refused('flow', '#flow-demand', 'elsewhere.tif')).toMatch(/elsewhere\.tif: it lies on another grid/);
      await page.locator('#flow-supply').selectOption('cubic.tif');
      expect(await refused('flow', '#flow-demand', 'litres.tif')).toMatch(/different units.*found l, expected m3/);
      await page.locator('#flow [value=directional]').check({ force: true });
      await page.locator('#flow-demand').selectOption('demand.tif');
      expect(await settled(page, 'flow')).toBe('failed');
      expect(await statusOf(page, 'flow')).toContain('needs a raster of elevation');

      await page.locator('#hot-spots').scrollIntoViewIfNeeded();
      await expect.poll(() => statusOf(page, 'hot-spots')).toBe('Choose what is to be looked at.');
      expect(await refused('hot-spots', '#hot-spots-of', 'own/constant.tif')).toMatch(
        /constant\.tif.*5 in all 2000 valid/,
      );
      expect(await refused('hot-spots', '#hot-spots-of', 'own/degrees.tif')).toMatch(
        /needs cells with a length in metres/,
      );
      await page.locator('#hot-spots-of').selectOption('own/demand.tif');
      expect(await settled(page, 'hot-spots'), await statusOf(page, 'hot-spots')).toBe('done');
      await page.getByLabel('Square').check({ force: true });
      await page.locator('#hot-spots-radius').focus();
      await page.keyboard.press('End');
      expect(await settled(page, 'hot-spots')).toBe('failed');
      expect(await statusOf(page, 'hot-spots')).toContain('a smaller radius');
    });
  });
});

/** What the page's canvases show. */
async function pictures(page: Page, part: Part): Promise<{ colours: number }[]> {
  return page.locator(`#${part} canvas`).evaluateAll((all) =>
    (all as HTMLCanvasElement[]).map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return { colours: new Set(new Uint32Array(data.buffer)).size };
    }),
  );
}

const OWN: Grid = {
  width: 50,
  height: 40,
  west: 500_000,
  north: 3_500_000,
  cellWidth: 100,
  cellHeight: 100,
  crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
};

/** Cells without a length in metres. */
const DEGREES: Grid = {
  ...OWN,
  west: 117,
  north: 31,
  cellWidth: 0.001,
  cellHeight: 0.001,
  crs: { epsg: 4326, name: 'WGS 84', kind: 'geographic' },
};

function planeOf(grid: Grid, value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: grid.width * grid.height }, (_, i) =>
    value(i % grid.width, Math.floor(i / grid.width)),
  );
}

async function raster(name: string, grid: Grid, value: (x: number, y: number) => number, unit?: string) {
  const target = memoryTarget(name);
  const description = { grid, kind: 'quantity', sampleType: 'f32', nodata: -9999, unit } as const;
  await writeRaster(target, description, planeOf(grid, value), { pool: inlinePool(TASKS) });
  return { name, mimeType: 'image/tiff', buffer: Buffer.from(target.bytes()) };
}

interface Region {
  readonly grid: Grid;
  readonly planes: Readonly<Record<'supply' | 'demand' | 'dem', Plane>>;
  /** 0 in cells of a class, 1 elsewhere. */
  readonly without: (className: string) => Plane;
}

const model = (id: string): Model => MODELS.get(id)!.model;

/** Supply and demand of water as the page has them, without its code. */
async function regionInNode(): Promise<Region> {
  const { grid, layers, texts } = makeRegion({ size: SIZE, seed: SEED });
  const { executor } = await openDevice({ choice: 'cpu' });
  const layer = (name: string) => layers.find((one) => one.name === name && (one.year ?? YEAR) === YEAR)!;
  const water = model('annual_water_yield');
  const table = parseCsv('biophysical.csv', texts['biophysical.csv']);
  const result = async (id: string, inputs: Record<string, Plane>, output: string, more = {}) =>
    (await runModel(model(id), { grid, inputs, outputs: [output], ...more }, { executor })).planes[output];
  const inputs = ['lulc', 'precipitation', 'et0', 'soil_depth', 'pawc'].map((name) => [name, layer(name).cells]);
  const wyield = await result('annual_water_yield', Object.fromEntries(inputs), 'wyield', {
    tables: { biophysical: classRows(table, water.tables!.biophysical.columns) },
  });
  const population = layer('population').cells;
  const cover = layer('lulc');
  expect(cellArea(grid)).toBe(1e6);
  return {
    grid,
    planes: {
      supply: await result('per_cell', { density: wyield }, 'amount', { params: { factor: 1e-3 } }),
      demand: await result('per_capita', { population }, 'demand', { params: { amount: 350 } }),
      dem: layer('dem').cells,
    },
    without(className) {
      const [code] = Object.entries(cover.classNames!).find(([, name]) => name === className)!;
      return Float32Array.from(cover.cells, (each) => (each === Number(code) ? 0 : 1));
    },
  };
}

async function flowInNode(
  grid: Grid,
  inputs: Readonly<Record<string, Plane>>,
  params: Readonly<Record<string, number>>,
): Promise<Record<string, number>> {
  const { executor } = await openDevice({ choice: 'cpu' });
  const { summary } = await runModel(model('flow'), { grid, inputs, params, outputs: ['net'] }, { executor });
  const report = [...summary.timings.solves.values()].map(({ facts }) => flowReport(facts)).find(Boolean)!;
  const told = ['local', 'delivered', 'residual', 'unmet', ...(params.mode === 2 ? ['spill', 'lost'] : [])];
  const rows = told.map((quantity) => [quantity, report.rows.find((row) => row.quantity === quantity)!.amount]);
  return {
    ...Object.fromEntries(rows),
    ...(params.mode !== 2 && { mean_distance: report.summary.meanDistance * grid.cellWidth }),
  };
}

async function expectAmounts(
  found: Readonly<Record<string, number>>,
  { grid, planes, without }: Region,
  params: Readonly<Record<string, number>>,
  barrier?: string,
): Promise<void> {
  const { dem, ...amounts } = planes;
  const inputs = {
    ...amounts,
    ...(params.mode === 2 && { dem }),
    ...(barrier !== undefined && { permeability: without(barrier) }),
  };
  const expected = await flowInNode(grid, inputs, params);
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  expect(expected.delivered).toBeGreaterThan(1e6);
  for (const [quantity, amount] of Object.entries(expected))
    expect(Math.abs(found[quantity] - amount), `${quantity}: ${found[quantity]} against ${amount}`).toBeLessThanOrEqual(
      1e-6 * Math.abs(amount),
    );
}

async function binsInNode(
  { grid, planes }: Region,
  params: Readonly<Record<string, number>>,
): Promise<Record<string, number>> {
  const { executor } = await openDevice({ choice: 'cpu' });
  const output = params.correction === 0 ? 'bin' : 'bin_fdr';
  const run = { grid, inputs: { values: planes.supply }, params, outputs: [output] };
  return countsOf((await runModel(model('hotspots'), run, { executor })).planes[output]);
}

function countsOf(bins: Plane): Record<string, number> {
  const counts: Record<string, number> = { '-3': 0, '-2': 0, '-1': 0, '0': 0, '1': 0, '2': 0, '3': 0 };
  for (const bin of bins) if (bin !== NODATA) counts[String(bin + 0)]++;
  return counts;
}
