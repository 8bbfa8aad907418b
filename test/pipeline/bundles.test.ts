/** The process `bundles` on files: three clouds found again, maps, two stages, tables that agree, and what is said where something is wrong. */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { bundlePlan } from '../../src/pipeline/bundles/plan.ts';
import { bundleColour } from '../../src/pipeline/bundles/rasters.ts';
import { type BundlesRequest, runBundles } from '../../src/pipeline/bundles/run-bundles.ts';
import { threeClouds } from '../support/som.ts';
import { gridOf, platform, readCells, readRows, workFolder, writePlane } from '../support/statistics-files.ts';

const [WIDTH, HEIGHT] = [45, 40];
const GRID = gridOf(WIDTH, HEIGHT, 100);
const at = workFolder('bundles');
const FEATURES = ['WY', 'CS', 'BC', 'SR'];
const files = () => FEATURES.map((name) => at(`${name}.tif`));
let log: string[];

function run(request: Partial<BundlesRequest>, out = 'out', tile?: number) {
  log = [];
  const options = { device: 'cpu', log: (line: string) => log.push(line), tile } as const;
  return runBundles({ features: files(), out: at(out), overwrite: true, ...request }, platform, options);
}

beforeAll(async () => {
  const planes = threeClouds(WIDTH, HEIGHT, 4, 6);
  for (const [f, plane] of planes.entries()) {
    if (f === 1) plane.fill(NODATA, 0, 90); // the first two lines
    await writePlane(at(`${FEATURES[f]}.tif`), plane, GRID);
  }
  const even = new Float32Array(WIDTH * HEIGHT).fill(2);
  await writePlane(at('even.tif'), even, GRID);
  await writePlane(at('none.tif'), new Float32Array(WIDTH * HEIGHT).fill(NODATA), GRID);
  await writePlane(at('other.tif'), new Float32Array(100), gridOf(10, 10, 100));
});

describe('bundles', () => {
  test('three clouds are three bundles, by raster and tables', async () => {
    const found = await run({ nodes: '2..6' }, 'out', 16);
    expect(found.bundles.turns).toEqual({ firstTurn: 3, maximum: 3 });
    const { cells, info } = await readCells(at('out/bundle.tif'), 'u32');
    expect(info.classNames).toEqual({ 1: 'bundle 1', 2: 'bundle 2', 3: 'bundle 3' });
    expect(info.palette?.[2]).toBeDefined();
    expect([...cells.subarray(0, 90)].every((code) => code === NODATA_CODE)).toBe(true);
    const codes = [0, 1, 2].map((cloud) => new Set([...cells].filter((_, i) => i >= 90 && i % 3 === cloud)));
    expect(codes.map(({ size }) => size)).toEqual([1, 1, 1]);
    expect(new Set(codes.flatMap((set) => [...set]))).toEqual(new Set([1, 2, 3]));

    const profile = readRows(at('out/profile.csv'));
    expect(profile.map(({ bundle, cells: count }) => [bundle, count])).toEqual([
      ['1', '570'],
      ['2', '570'],
      ['3', '570'],
      ['all', '1710'],
    ]);
    expect(Number(profile[0].area_km2)).toBeCloseTo(5.7, 10);
    expect(Number(profile[1].share)).toBeCloseTo(1 / 3, 12);
    const planes = await Promise.all(files().map(async (file) => (await readCells(file, 'f32')).cells));
    for (const { bundle, ...row } of profile.slice(0, 3)) {
      const own = [...cells.keys()].filter((i) => cells[i] === Number(bundle));
      const means = planes.map((plane) => own.reduce((sum, i) => sum + plane[i], 0) / own.length);
      for (const [f, name] of FEATURES.entries()) expect(Number(row[name])).toBeCloseTo(means[f], 6);
      const first = readRows(at('out/priorities.csv')).find((each) => each.bundle === bundle && each.rank === '1');
      expect(first?.feature).toBe(FEATURES[means.indexOf(Math.max(...means))]);
    }
    const quality = readRows(at('out/quality.csv'));
    expect(quality.map((row) => [row.bundles, row.first_turn, row.maximum, row.chosen].join())).toEqual([
      '2,0,0,0',
      '3,1,1,1',
      '4,0,0,0',
      '5,0,0,0',
      '6,0,0,0',
    ]);
    const distance = (await readCells(at('out/distance.tif'), 'f32')).cells;
    const mean = distance.filter((x) => x !== NODATA).reduce((sum, x) => sum + x, 0) / 1710;
    expect(mean).toBeCloseTo(Number(quality[1].quantisation_error), 5);
    expect(readRows(at('out/codebook.csv')).length).toBe(3);
    expect(existsSync(at('out/bundle.qml'))).toBe(true);
    expect(log.join('\n')).toMatch(/first turns at 3 and is largest at 3; 3 chosen: 3 bundles/);
  });

  test('the same bytes for any tiles', async () => {
    await run({ nodes: '4' }, 'a', 7);
    await run({ nodes: '4' }, 'b');
    const [a, b] = await Promise.all(['a', 'b'].map((out) => platform.readBytes(at(`${out}/bundle.tif`))));
    expect(Buffer.compare(a, b)).toBe(0);
    expect(await platform.readText(at('a/quality.csv'))).toBe(await platform.readText(at('b/quality.csv')));
    expect(await platform.readText(at('a/codebook.csv'))).toBe(await platform.readText(at('b/codebook.csv')));
  });

  test('a map, with all its nodes or with classes of them', async () => {
    const map = { rows: '4', columns: '4', topology: 'hexagonal', epochs: '8' };
    const nodes = await run(map, 'map');
    expect(nodes.bundles.codes).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    expect(nodes.bundles.turns).toBeUndefined();
    const two = await run({ ...map, two_stage: '2..5', choose: 'maximum' }, 'two');
    expect(two.bundles.turns?.maximum).toBe(3);
    // A node between two clouds has a few cells of either.
    for (const { cells } of two.bundles.bundles) expect(Math.abs(cells - 570)).toBeLessThan(6);
    const again = await run({ ...map, two_stage: true, nodes: '2..5', choose: 'maximum' }, 'two');
    expect(again.bundles.curve).toEqual(two.bundles.curve);
    const rows = readRows(at('two/codebook.csv'));
    expect(rows.length).toBe(16);
    expect(new Set(rows.map(({ bundle }) => bundle))).toEqual(new Set(['1', '2', '3']));
    expect(Object.keys(readRows(at('two/quality.csv'))[0])).toContain('inertia');
  });

  test('files of one name in different folders are told apart; names can be given', async () => {
    const found = await run({ nodes: '3', names: 'a, b, c, d' }, 'named');
    expect(Object.keys(readRows(at('named/profile.csv'))[0]).slice(4, 8)).toEqual(['a', 'b', 'c', 'd']);
    expect(found.files).toContain('profile.csv');
    await expect(run({ nodes: '3', names: 'a,b' })).rejects.toThrow(/--names does not name each feature.*4 different/);
  });
});

test('thirty bundles have thirty colours', () => {
  expect(new Set(Array.from({ length: 30 }, (_, i) => bundleColour(i + 1).join())).size).toBe(30);
});

describe('what is wrong is said', () => {
  const wrong: [string, () => Partial<BundlesRequest>, RegExp][] = [
    ['no feature', () => ({ features: undefined }), /bundles needs --features/],
    [
      'a feature that is the same everywhere',
      () => ({ features: [...files(), at('even.tif')] }),
      /same in every cell: even \(found even = \S+ in all \d+ cells with a value in every feature/,
    ],
    ['no valid cell', () => ({ features: [...files(), at('none.tif')] }), /no cell has a value in every feature/],
    ['another grid', () => ({ features: [...files(), at('other.tif')] }), /on another grid than the first/],
    ['fewer cells than nodes', () => ({ nodes: '2000' }), /fewer cells than nodes.*1710 cells/],
    ['fewer cells than the largest map', () => ({ nodes: '2..2000' }), /1710 cells.*expected at least 2000/],
    [
      'nodes beside a map',
      () => ({ nodes: '4', rows: '2', columns: '2' }),
      /a map of rows and columns has as many nodes/,
    ],
  ];
  test.each(wrong)('%s', async (_name, request, message) => {
    await expect(run(request(), 'wrong')).rejects.toThrow(message);
    expect(existsSync(at('wrong'))).toBe(false);
  });

  test('all options at once', () => {
    const options = { nodes: '1..4', epochs: '0', sigma: '3,-1', cooling: 'slow', init: 'pcb', scale: 'z', seed: '-1' };
    expect(() => bundlePlan(options)).toThrow(
      /--nodes is no number(.|\n)*--cooling(.|\n)*Write pca(.|\n)*--scale(.|\n)*--epochs(.|\n)*--seed(.|\n)*--sigma/,
    );
    expect(() => bundlePlan({ two_stage: '3' })).toThrow(/two stages need a map/);
    expect(() => bundlePlan({ rows: '2', columns: '2', two_stage: '2..5' })).toThrow(/more classes than nodes/);
  });

  test('what is taken when nothing is said', () => {
    const plan = bundlePlan({});
    expect(plan.numbers).toEqual(Array.from({ length: 29 }, (_, i) => i + 2));
    expect(plan.trainings[6]).toEqual({
      map: { rows: 1, columns: 8, topology: 'rectangular' },
      epochs: 20,
      sigma: [2, 0.25],
      cooling: 'exponential',
      init: 'pca',
      seed: 0,
    });
  });
});
