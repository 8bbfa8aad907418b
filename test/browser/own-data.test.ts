/**
 * The page with files of the user: they are chosen or dropped, sorted by name, run on WebGPU (SwiftShader), and the file that is saved
 * agrees with the float64 reference in Node on the same files. What does not fit is told in the library's words.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  comparePlanes,
  type Grid,
  inlinePool,
  type MemoryPlatform,
  MODELS,
  memoryPlatform,
  memorySource,
  memoryTarget,
  NODATA,
  NODATA_CODE,
  openRaster,
  type Plane,
  readPlane,
  runHabitat,
  runProcess,
  TASKS,
  toleranceOf,
  writeRaster,
} from '../../src/index.ts';
import { findChromium, launch, listenForProblems, type ServedPage, servePage } from './browser.ts';

const PATIENCE = 120_000;
const executablePath = findChromium();
const required = process.env.REQUIRE_GPU === '1';
const reason = executablePath || required ? '' : ' (skipped: no Chromium on this machine)';

const GRID: Grid = {
  width: 301,
  height: 217,
  west: 500_000,
  north: 3_500_000,
  cellWidth: 100,
  cellHeight: 100,
  crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
};
/** Half as fine, and wider than the land cover. */
const COARSE: Grid = {
  ...GRID,
  width: 170,
  height: 130,
  west: 498_000,
  north: 3_502_000,
  cellWidth: 200,
  cellHeight: 200,
};

/** The same place in degrees. */
const DEGREES: Grid = {
  width: 380,
  height: 260,
  west: 116.98,
  north: 31.66,
  cellWidth: 0.001,
  cellHeight: 0.001,
  crs: { epsg: 4326, name: 'WGS 84', kind: 'geographic' },
};

const POOLS = 'LUCODE;Name;C_above;C_below;C_soil;C_dead\n1;field;1,5;2;30;0,25\n2;wood;80;20;60;5\n3;lake;0;0;0;0\n';
const BIOPHYSICAL = 'lucode,kc,root_depth,lulc_veg\n1,0.65,700,1\n2,1,2500,1\n3,1,1,0\n';

interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

async function raster(
  name: string,
  grid: Grid,
  unit: string | undefined,
  value: (x: number, y: number) => number,
): Promise<GivenFile> {
  const classes = unit === undefined;
  const cells: Plane = classes ? new Uint32Array(grid.width * grid.height) : new Float32Array(grid.width * grid.height);
  for (let i = 0; i < cells.length; i++) cells[i] = value(i % grid.width, Math.floor(i / grid.width));
  const target = memoryTarget(name);
  const type = classes
    ? ({ kind: 'classes', sampleType: 'u8', nodata: 255 } as const)
    : ({ kind: 'quantity', sampleType: 'f32', nodata: -9999, unit } as const);
  await writeRaster(target, { grid, ...type }, cells, { pool: inlinePool(TASKS) });
  return { name, mimeType: 'image/tiff', buffer: Buffer.from(target.bytes()) };
}

const text = (name: string, content: string): GivenFile => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(content),
});

/** Blocks of three classes, and a corner without data. */
const cover = (x: number, y: number) =>
  x + y < 60 ? NODATA_CODE : 1 + ((Math.floor(x / 7) * 5 + Math.floor(y / 5) * 3) % 3);

async function carbonFiles(): Promise<GivenFile[]> {
  return [await raster('LandUse_2020.tif', GRID, undefined, cover), text('pools.csv', POOLS)];
}

async function waterFiles(): Promise<GivenFile[]> {
  const quantity = (name: string, unit: string, grid: Grid, low: number, span: number) =>
    raster(name, grid, unit, (x, y) => low + (span * (1 + Math.sin(x / 17) * Math.cos(y / 13))) / 2);
  return [
    await raster('lulc.tif', GRID, undefined, cover),
    await quantity('precip_annual.tif', 'm/yr', GRID, 0.4, 1.5), // converted to mm/yr
    await quantity('reference_ET.tif', 'mm/yr', COARSE, 700, 600), // brought to the grid
    await quantity('depth_to_root_restricting_layer.tif', 'mm', DEGREES, 300, 2500), // reprojected
    await quantity('plant_available_water.tif', '1', GRID, 0.05, 0.3),
    text('bio.csv', BIOPHYSICAL),
  ];
}

/** Hills with pits and a plateau, cut by cells without data. */
const hills = (x: number, y: number) =>
  (x * 31 + y * 17) % 401 === 0
    ? NODATA
    : Math.max(40, Math.round(400 - x - y / 2 + 60 * Math.sin(x / 19) * Math.cos(y / 23)));

async function groundFiles(): Promise<GivenFile[]> {
  const quantity = (name: string, unit: string, low: number, span: number) =>
    raster(name, GRID, unit, (x, y) => low + (span * (1 + Math.sin(x / 37) * Math.cos(y / 29))) / 2);
  return [
    await raster('dem.tif', GRID, 'm', hills),
    await raster('lulc.tif', GRID, undefined, cover),
    await quantity('erosivity.tif', 'MJ mm/(ha h yr)', 2000, 3000),
    await quantity('erodibility.tif', 't ha h/(ha MJ mm)', 0.01, 0.05),
    await quantity('precipitation.tif', 'mm/yr', 600, 900),
    await quantity('et0.tif', 'mm/yr', 700, 500),
    text('biophysical.csv', GROUND),
  ];
}

const GROUND = `lucode,kc,usle_c,usle_p,load_type_n,load_type_p,load_n,eff_n,crit_len_n,proportion_subsurface_n,load_p,eff_p,crit_len_p,shade,albedo,green_area
1,0.65,0.2,0.8,application-rate,application-rate,40,0.3,150,0.2,4,0.3,150,0.1,0.2,0
2,1,0.02,1,measured-runoff,measured-runoff,2,0.7,300,0.1,0.2,0.6,300,0.8,0.15,1
3,1,0.5,1,application-rate,application-rate,10,0.1,100,0.3,1,0.1,100,0,0.3,0
`;

function platformOf(files: readonly GivenFile[]): MemoryPlatform {
  const blobs = new Map(files.map(({ name, buffer }) => [name, new Blob([new Uint8Array(buffer)])]));
  const services = { openSource: (name: string) => platform.openSource(name) };
  const platform: MemoryPlatform = memoryPlatform({ files: blobs, pool: inlinePool(TASKS, services) });
  return platform;
}

/** The same process in Node, on the reference. */
async function inNode(
  files: readonly GivenFile[],
  id: string,
  slots: Readonly<Record<string, string>>,
  params = {},
): Promise<MemoryPlatform> {
  const { model } = MODELS.get(id)!;
  const platform = platformOf(files);
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (slots[name] ? [[name, slots[name]]] : [])));
  const tables = Object.keys(model.tables ?? {});
  const request = {
    model,
    inputs: pick(Object.keys(model.inputs)),
    tables: pick(tables),
    params,
    out: id,
    align: 'auto' as const,
  };
  await runProcess(request, platform, { device: 'cpu' });
  return platform;
}

async function planeOf(bytes: Uint8Array): Promise<Plane> {
  const opened = await openRaster(memorySource('x.tif', bytes));
  const { width, height } = opened.info.grid;
  expect([width, height, opened.info.grid.crs.epsg]).toEqual([GRID.width, GRID.height, 32650]);
  return readPlane(opened, { x: 0, y: 0, width, height }, { type: 'f32' });
}

describe.skipIf(reason !== '')(`files of the user in the page${reason}`, () => {
  let served: ServedPage;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    if (!executablePath) throw new Error('there is no Chromium: install it, or name it in CHROME');
    [served, browser] = await Promise.all([servePage(), launch(executablePath, { webgpu: true })]);
  }, PATIENCE);
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    problems = listenForProblems(page, served.url);
    await page.goto(served.url);
  });
  afterEach(async () => {
    expect(problems).toEqual([]);
    await page.close();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const status = async () => (await page.locator('#own-status').textContent())!;
  const choose = async (files: readonly GivenFile[]) => {
    await page.locator('#own-files').setInputFiles([...files]);
    await expect.poll(() => page.locator('#own-list li').count()).toBe(files.length);
  };
  const slot = (name: string) => page.locator(`#own-slots [name=${name}]`).inputValue();
  const pickModel = (title: string) => page.getByLabel(title).check({ force: true });
  const run = async (ending: 'done' | 'failed') => {
    await page.getByRole('button', { name: 'Run the model' }).click();
    await page.waitForFunction(
      () => /done|failed|cancelled/.test(document.getElementById('own-data')!.dataset.state!),
      undefined,
      { timeout: PATIENCE - 10_000 },
    );
    expect(await page.locator('#own-data').getAttribute('data-state'), await status()).toBe(ending);
  };
  const save = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Save ${name}` }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(name);
    return new Uint8Array(readFileSync(await download.path()));
  };

  test('carbon: the saved map is that of the reference', { timeout: PATIENCE }, async () => {
    const files = await carbonFiles();
    await choose(files);
    expect(await page.locator('#own-list').textContent()).toContain('301 × 217 cells of 100, WGS 84 / UTM zone 50N');
    expect([await slot('lulc_bas'), await slot('lulc_alt'), await slot('carbon')]).toEqual([
      'LandUse_2020.tif',
      '',
      'pools.csv',
    ]);
    await run('done');
    expect(await status()).toMatch(/Done.*swiftshader/i);
    const slots = { lulc_bas: 'LandUse_2020.tif', carbon: 'pools.csv' };
    const expected = await inNode(files, 'carbon', slots);
    const found = await planeOf(await save('c_storage_bas.tif'));
    const reference = await planeOf(expected.written.get('carbon/c_storage_bas.tif')!);
    const compared = comparePlanes(found, reference, toleranceOf(MODELS.get('carbon')!.model, 'c_storage_bas'));
    expect(compared).toMatchObject({ passed: true, nodataDisagreements: 0 });
    expect(compared.cells).toBe(GRID.width * GRID.height - (60 * 61) / 2);
    expect(found).toContain(33.75); // field: 1,5 + 2 + 30 + 0,25

    const cells = page.locator('#own-numbers [data-cells]');
    expect(await cells.getAttribute('data-cells')).toBe(String(compared.cells));
    const provenance = JSON.parse(new TextDecoder().decode(await save('run.json')));
    expect(provenance.inputs[0]).toMatchObject({
      file: 'LandUse_2020.tif',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const colours = await page.locator('#own-results canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colours).toBeGreaterThanOrEqual(4); // three classes and nothing
  });

  test('annual water yield from files that are dropped, in other units and on other grids', {
    timeout: PATIENCE,
  }, async () => {
    const files = await waterFiles();
    await pickModel('Annual water yield');
    const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
    const transfer = await page.evaluateHandle((all) => {
      const dropped = new DataTransfer();
      for (const { name, mimeType, base64 } of all)
        dropped.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type: mimeType }));
      return dropped;
    }, given);
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await expect.poll(() => page.locator('#own-list li').count()).toBe(files.length);
    const slots: Record<string, string> = {
      lulc: 'lulc.tif',
      precipitation: 'precip_annual.tif',
      et0: 'reference_ET.tif',
      soil_depth: 'depth_to_root_restricting_layer.tif',
      pawc: 'plant_available_water.tif',
      biophysical: 'bio.csv',
    };
    for (const [name, file] of Object.entries(slots)) expect(await slot(name), name).toBe(file);
    expect(await page.getByLabel('seasonality_constant').inputValue()).toBe('15');
    await page.getByLabel('seasonality_constant').fill('7.5');
    await run('done');
    const expected = await inNode(files, 'annual_water_yield', slots, { seasonality_constant: '7.5' });
    const { model } = MODELS.get('annual_water_yield')!;
    for (const output of ['fractp', 'aet', 'wyield']) {
      const found = await planeOf(await save(`${output}.tif`));
      const reference = await planeOf(expected.written.get(`annual_water_yield/${output}.tif`)!);
      const compared = comparePlanes(found, reference, toleranceOf(model, output));
      expect(compared, output).toMatchObject({ passed: true, nodataDisagreements: 0 });
      expect(compared.cells).toBeGreaterThan(60_000);
      expect(compared.maxAbsolute, output).toBeGreaterThan(0); // float32 against float64
    }
    const log = await page.locator('#own-results pre').textContent();
    expect(log).toContain('precip_annual.tif: on the grid already; m/yr converted to mm/yr (× 1000)');
    expect(log).toMatch(/reference_ET\.tif: bilinear/);
    expect(log).toMatch(
      /depth_to_root_restricting_layer\.tif: bilinear.* from 380 × 260 cells.*to WGS 84 \/ UTM zone 50N; positions within/,
    );
  });

  /** Each file that the page made against that of Node: how many cells, how far apart at most, relative to the largest value. */
  const compareAll = async (outputs: readonly string[], expected: MemoryPlatform, id: string) => {
    for (const output of outputs) {
      const found = await planeOf(await save(`${output}.tif`));
      const reference = await planeOf(expected.written.get(`${id}/${output}.tif`)!);
      const largest = reference.reduce((most, value) => (value === NODATA ? most : Math.max(most, Math.abs(value))), 0);
      const compared = comparePlanes(found, reference, { rtol: 1e-4, atol: 2e-6 * largest });
      expect(compared, output).toMatchObject({ passed: true, nodataDisagreements: 0 });
      expect(compared.cells, output).toBeGreaterThan(40_000);
    }
  };

  test.each([
    ['routing', 'Routing of water', { algorithm: 'mfd', threshold: '200' }, ['direction', 'accumulation', 'stream']],
    ['sdr', 'Sediment delivery ratio', { threshold_flow_accumulation: '200' }, ['usle', 'sed_export']],
    ['ndr', 'Nutrient delivery ratio', { threshold_flow_accumulation: '200' }, ['n_total_export']],
    ['urban_cooling', 'Urban cooling', { t_ref: '27', uhi_max: '4', avg_rel_humidity: '60' }, ['hm', 'T_air']],
  ])(
    '%s: what operators over the whole grid make is that of the reference',
    { timeout: PATIENCE },
    async (id, title, params, outputs) => {
      const files = await groundFiles();
      await pickModel(title);
      await choose(files);
      const slots = {
        dem: 'dem.tif',
        lulc: 'lulc.tif',
        erosivity: 'erosivity.tif',
        erodibility: 'erodibility.tif',
        runoff_proxy: 'precipitation.tif',
        et0: 'et0.tif',
        biophysical: 'biophysical.csv',
      };
      for (const [name, value] of Object.entries(params)) {
        const field = page.locator(`#own-params [name=${name}]`);
        if (name === 'algorithm') await field.selectOption(value);
        else await field.fill(value);
      }
      await run('done');
      await compareAll(outputs, await inNode(files, id, slots, params), id);
    },
  );

  test('habitat quality: the table of threats names files that were given', { timeout: PATIENCE }, async () => {
    const files = [
      await raster('lulc.tif', GRID, undefined, cover),
      await raster('fields.tif', GRID, undefined, (x, y) => (cover(x, y) === 1 ? 1 : 0)),
      text('threats.csv', 'threat,max_dist,weight,decay,cur_path\nfields,900,1,linear,fields.tif\n'),
      text('sensitivity.csv', 'lucode,habitat,fields\n1,0.2,0\n2,1,0.8\n3,0.7,0.4\n'),
    ];
    await pickModel('Habitat quality');
    await choose(files);
    expect([await slot('threats'), await slot('sensitivity')]).toEqual(['threats.csv', 'sensitivity.csv']);
    await page.locator('#own-slots [name=lulc]').selectOption('lulc.tif');
    await page.getByLabel('half_saturation').fill('0.1');
    await run('done');
    const platform = platformOf(files);
    const request = {
      lulc: 'lulc.tif',
      threats: 'threats.csv',
      sensitivity: 'sensitivity.csv',
      half_saturation: '0.1',
    };
    await runHabitat({ ...request, out: 'habitat_quality' }, platform, { device: 'cpu' });
    await compareAll(['quality_c', 'deg_sum_c'], platform, 'habitat_quality');
  });

  test('runs on the reference where that is wanted', { timeout: PATIENCE }, async () => {
    await choose(await carbonFiles());
    await page.locator('[name=own-device][value=cpu]').check({ force: true });
    await run('done');
    expect(await status()).toMatch(/^Done\. .*CPU/);
  });

  test('says which classes the table lacks, and in which file', { timeout: PATIENCE }, async () => {
    const [lulc] = await carbonFiles();
    await choose([lulc, text('pools.csv', POOLS.replace(/3;lake.*\n/, ''))]);
    await run('failed');
    expect(await status()).toMatch(
      /LandUse_2020\.tif: classes without a row in pools\.csv: 3 \(\d+(\.\d+)? km²\)\. Add rows for 3/,
    );
    expect(await page.locator('#own-results').textContent()).toBe('');
  });

  test('says which cells of a table are wrong, all at once', { timeout: PATIENCE }, async () => {
    const [lulc] = await carbonFiles();
    await choose([lulc, text('pools.csv', POOLS.replace('80;20', 'many;-20'))]);
    await run('failed');
    expect((await status()).split('\n')).toEqual([
      expect.stringContaining("pools.csv, line 3, column c_above: this is not a number (found 'many')"),
      expect.stringContaining('pools.csv, line 3, column c_below: c_below is out of range (found -20'),
    ]);
  });

  test('says of each file whether it can be read', async () => {
    const [lulc] = await carbonFiles();
    await choose([
      { ...lulc, buffer: lulc.buffer.subarray(0, 300), name: 'short.tif' },
      text('table.xlsx', 'PK\u0003\u0004'),
      text('notes.tif', 'this is no raster'),
    ]);
    const words = await page.locator('#own-list li').allTextContents();
    expect(words[0]).toMatch(/short\.tif.*(ends before|truncated|damaged)/);
    expect(words[1]).toContain('this is a spreadsheet, not a CSV file');
    expect(words[2]).toContain('notes.tif: this is not a GeoTIFF file');
    await page.getByRole('button', { name: 'Remove short.tif' }).click();
    expect(await page.locator('#own-list li').count()).toBe(2);
  });
});
