/** The processes `hotspots` and `moran`: what their files hold, and rasters and radii of which nothing can be said. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { openRaster } from '../../src/io/raster.ts';
import { hotspots } from '../../src/models/hotspots/spec.ts';
import { moran } from '../../src/models/moran/spec.ts';
import { fileSource } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { definitionOf, ground } from '../support/hot-spots.ts';
import { loadPlane } from '../support/invest.ts';
import { type CellValue, failureOf, freshFolders, writeCells } from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 1 });
let dir: string;
let log: string[];
freshFolders(platform, (folder) => {
  dir = folder;
});
beforeEach(() => {
  log = [];
});

const [WIDTH, HEIGHT] = [70, 60];
const GROUND = ground(WIDTH, HEIGHT);
const HILLS: CellValue = (x, y) => GROUND[y * WIDTH + x];
const values = (
  value: CellValue = HILLS,
  grid: object = { width: WIDTH, height: HEIGHT, cellWidth: 100, cellHeight: 50 },
) => writeCells(platform, join(dir, 'values.tif'), value, { grid });
const run = (
  params: Record<string, string>,
  model: typeof hotspots | typeof moran = hotspots,
  inputs: Record<string, string> = {},
) =>
  runProcess(
    {
      model,
      inputs: { values: join(dir, 'values.tif'), ...inputs },
      tables: {},
      params,
      out: join(dir, 'out'),
      overwrite: true,
    },
    platform,
    { device: 'cpu', memory: 1e9, log: (line) => log.push(line) },
  );
const described = async (name: string) => {
  const raster = await openRaster(await fileSource(join(dir, 'out', name)));
  await raster.close();
  return raster.info;
};
const cells = async (name: string) => [...(await loadPlane(join(dir, 'out', name), 'f32')).plane];

describe('hotspots', () => {
  test('in a radius of metres, on cells that are not square', async () => {
    await values();
    await run({ radius: '0.4 km' });
    const given = { width: WIDTH, height: HEIGHT, shape: 'disc', radius: 400, cellWidth: 100, cellHeight: 50 } as const;
    const expected = definitionOf({ ...given, values: GROUND });
    expect(await cells('z.tif')).toEqual([...expected.z]);
    expect(await cells('bin.tif')).toEqual([...expected.bin]);
    expect(await cells('bin_fdr.tif')).toEqual([...expected.bin_fdr]);
    expect(new Set(expected.bin).size).toBeGreaterThan(6);
    const { sampleType, nodata, classNames } = await described('bin_fdr.tif');
    expect([sampleType, nodata, classNames?.[-3], classNames?.[3]]).toEqual([
      'i8',
      -128,
      'cold spot, 99 %',
      'hot spot, 99 %',
    ]);
    expect(readFileSync(join(dir, 'out/bin_fdr.qml'), 'utf8')).toMatch(/value="-3" color="#2558a0".*\n.*value="-2"/);
    expect(JSON.parse(readFileSync(join(dir, 'out/run.json'), 'utf8')).parameters).toMatchObject({
      shape: 'disc',
      radius: 400,
      correction: 'fdr',
    });
  });

  test('without a correction there is no bin_fdr, and asking for it says so', async () => {
    await values();
    const { outputs } = await run({ radius: '400', correction: 'none' });
    expect(Object.keys(outputs).sort()).toEqual(['bin', 'p', 'z']);
    expect(existsSync(join(dir, 'out/bin_fdr.tif'))).toBe(false);
  });

  test('cells that touch need neither radius nor metres', async () => {
    await values(HILLS, {
      width: WIDTH,
      height: HEIGHT,
      crs: { name: 'WGS 84', kind: 'geographic', epsg: 4326 },
      cellWidth: 0.01,
      cellHeight: 0.01,
    });
    await run({ shape: 'queen' });
    const given = { width: WIDTH, height: HEIGHT, shape: 'queen', radius: 0 } as const;
    expect(await cells('z.tif')).toEqual([...definitionOf({ ...given, values: GROUND }).z]);
    await expect(run({ shape: 'disc', radius: '400' })).rejects.toThrow(/needs a projected CRS/);
  });

  test('a radius beyond the raster: no cell has a Z, and the log says why', async () => {
    await values();
    await run({ radius: '100 km' });
    expect(new Set(await cells('z.tif'))).toEqual(new Set([NODATA]));
    expect(new Set(await cells('bin.tif'))).toEqual(new Set([NODATA, 0]));
    expect(log.join('\n')).toContain('z.tif: no cell has a Z, for every window sees all valid cells');
  });

  test.each([
    [
      'a radius below a cell',
      HILLS,
      { radius: '49' },
      /reaches no cell beside the centre.*found 49, expected at least 50/,
    ],
    ['no radius', HILLS, {}, /Give radius/],
    [
      'the same value everywhere',
      () => 3,
      { radius: '400' },
      /values\.tif: where values gather cannot be told \(found 3 in all 4200 valid cells/,
    ],
    ['no valid cell', () => NODATA, { radius: '400' }, /found no valid cell/],
    [
      'one valid cell',
      (x: number, y: number) => (x + y === 0 ? 1 : NODATA),
      { radius: '400' },
      /found 1 in all 1 valid cells/,
    ],
  ] as const)('refuses %s', async (_, value, params, message) => {
    await values(value);
    expect(await failureOf(run(params), dir)).toMatch(message);
  });

  test('a radius that the shape has no use for is told', async () => {
    await values();
    await run({ shape: 'rook', radius: '400' });
    expect(log).toContain('warning: radius has no effect with shape rook');
    log.length = 0;
    await run({ shape: 'square', radius: '400' });
    expect(log.filter((line) => line.includes('no effect'))).toEqual([]);
  });

  test('refuses a raster of one cell', async () => {
    await values(() => 3, { width: 1, height: 1 });
    expect(await failureOf(run({ radius: '400' }), dir)).toContain('found 3 in all 1 valid cells');
  });
});

describe('moran', () => {
  test('leaves the global numbers in a table of one row, and in the log', async () => {
    await values();
    const { summaries } = await run({}, moran);
    const [head, row] = readFileSync(join(dir, 'out/moran.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('n,islands,s0,i,expected,variance,z,p');
    const numbers = Object.fromEntries(head.split(',').map((name, i) => [name, Number(row.split(',')[i])]));
    expect(numbers).toEqual(summaries.moran);
    expect(numbers.n).toBe(GROUND.filter((value) => value !== NODATA).length);
    expect(numbers.i).toBeGreaterThan(0.3);
    expect(numbers.p).toBeLessThan(1e-10);
    expect(log.join('\n')).toContain("global Moran's I: n ");
    expect(JSON.parse(readFileSync(join(dir, 'out/run.json'), 'utf8')).summaries.moran).toEqual(numbers);
    expect((await described('quadrant.tif')).classNames?.[1]).toBe('high among high');
  });

  test('of two rasters: I alone; a raster with its opposite is the opposite', async () => {
    await values();
    const other = join(dir, 'other.tif');
    await writeCells(platform, other, (x, y) => (HILLS(x, y) === NODATA ? NODATA : -HILLS(x, y)), {
      grid: { width: WIDTH, height: HEIGHT, cellWidth: 100, cellHeight: 50 },
    });
    const both = await run({ weights: 'binary', shape: 'rook' }, moran, { other });
    expect(Object.keys(both.summaries.moran)).toEqual(['n', 'islands', 's0', 'i']);
    const alone = await run({ weights: 'binary', shape: 'rook' }, moran);
    const { n, s0, i } = alone.summaries.moran;
    expect(both.summaries.moran.i).toBeCloseTo((-i * s0) / n, 9);
  });

  test('refuses a raster that is the same everywhere', async () => {
    await values(() => 3);
    expect(await failureOf(run({}, moran), dir)).toContain("Moran's I is not defined");
  });
});
