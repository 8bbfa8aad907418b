/** The process `flow` on files: known answers as rasters, tables, and what it says of its inputs. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { bandOf, openRaster } from '../../src/io/raster.ts';
import { modelOf } from '../../src/models/registry.ts';
import { fileSource } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { flowReport } from '../../src/pipeline/service-flow/report-data.ts';
import { loadPlane } from '../support/invest.ts';
import { freshFolders, writeCells } from '../support/invest-files.ts';
import { hasKnownAnswers, knownAnswer } from '../support/service-flow.ts';

const platform = nodePlatform({ workers: 1 });
let dir: string;
let log: string[];
freshFolders(platform, (folder) => {
  dir = folder;
});
const data = (name: string) => join(dir, 'data', name);
beforeEach(() => {
  mkdirSync(data(''));
  log = [];
});

async function run(inputs: Record<string, string>, params: Record<string, string> = {}) {
  const request = { model: modelOf('flow').model, inputs, tables: {}, params, out: join(dir, 'out'), overwrite: true };
  const found = await runProcess(request, platform, { device: 'cpu', memory: 1e9, log: (line) => log.push(line) });
  return Object.keys(found.outputs);
}

const raster = async (name: string) => (await loadPlane(join(dir, 'out', `${name}.tif`), 'f32')).plane;
const table = (name: string) =>
  readFileSync(join(dir, 'out', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));

describe.runIf(hasKnownAnswers)('known answers as files', () => {
  test.each([
    { name: 'capped-64x64', params: { max_distance: '10.4 m', mass_tolerance: '0' }, inputs: ['permeability'] },
    { name: 'directional-80x96', params: { mode: 'directional' }, inputs: ['dem'] },
  ])('$name', async ({ name, params, inputs }) => {
    const { width, height, manifest, planes } = knownAnswer(name);
    const files: Record<string, string> = {};
    for (const each of ['supply', 'demand', ...inputs]) {
      files[each] = data(`${each}.tif`);
      const none = each === 'dem' ? manifest.dem_nodata : manifest.nodata;
      const value = (x: number, y: number) =>
        planes[each][y * width + x] === none ? NODATA : planes[each][y * width + x];
      await writeCells(platform, files[each], value, { grid: { width, height, cellWidth: 1, cellHeight: 1 } });
    }
    await run(files, params);
    for (const output of Object.keys(manifest.files).filter((each) => !(each in files) && each !== 'direction')) {
      const made = Float64Array.from(await raster(output), (value) => (value === NODATA ? manifest.nodata : value));
      expect(made, output).toEqual(planes[output].map(Math.fround));
    }
  });
});

describe('small rasters', () => {
  const row = (name: string, values: readonly number[], kind?: 'classes') =>
    writeCells(platform, data(`${name}.tif`), (x) => values[x], {
      grid: { width: values.length, height: 1, cellWidth: 30, cellHeight: 30 },
      ...(kind && { kind }),
    });

  test('totals, epochs and flows between zones are tables', async () => {
    await row('supply', [9, 0, 0, 4]);
    await row('demand', [1, 0, 6, 0]);
    await row('zones', [1, 1, 2, 2], 'classes');
    const inputs = { supply: data('supply.tif'), demand: data('demand.tif'), zones: data('zones.tif') };
    await run(inputs, { mass_tolerance: '0' });
    expect([...(await raster('inflow'))]).toEqual([0, 0, 6, 0]);
    const totals = table('flow_totals.csv');
    expect(totals[0]).toEqual(['zone', 'quantity', 'amount', 'share']);
    const amount = (zone: string, quantity: string) =>
      totals.find((each) => each[0] === zone && each[1] === quantity)![2];
    expect(['supply', 'local', 'delivered', 'residual', 'unmet'].map((each) => amount('all', each))).toEqual([
      '13',
      '1',
      '6',
      '6',
      '0',
    ]);
    expect(amount('2', 'inflow')).toBe('6');
    const flows = table('zone_flows.csv').slice(1);
    expect(flows.reduce((sum, each) => sum + Number(each[3]), 0)).toBe(6);
    expect(flows.every(([, to, as]) => to === '2' && as === 'used')).toBe(true);
    expect(table('flow_epochs.csv').at(-1)![2]).toBe('6');
  });

  test('in situ, and with what it cannot do', async () => {
    await row('supply', [9, 0, NODATA]);
    await row('demand', [1, 6, 2]);
    const inputs = { supply: data('supply.tif'), demand: data('demand.tif') };
    await run(inputs, { mode: 'in_situ' });
    expect([...(await raster('net'))]).toEqual([8, -6, NODATA]);
    expect(log.join('\n')).toContain('1 cell with demand but no supply take');
    const failing = (params: Record<string, string>) => run(inputs, params).catch(({ message }: Error) => message);
    expect(await failing({ mode: 'directional' })).toContain('Give dem');
    expect(await failing({ max_distance: '0' })).toContain('max_distance is out of range');
    expect(await failing({ max_distance: 'far' })).toContain("--max_distance: 'far' is not a number");
    await row('demand', [1, -6, 2]);
    expect(await failing({})).toContain('demand is negative');
  });
});

describe('inputs that are not as they should be', () => {
  const [supply, demand] = ['supply.tif', 'demand.tif'];
  const grid = { width: 3, height: 2, cellWidth: 1000, cellHeight: 1000 };
  const write = (name: string, values: readonly number[], more: { unit?: string } = {}) =>
    writeCells(platform, data(name), (x, y) => values[3 * y + x], { grid, ...more });
  const inputs = () => ({ supply: data(supply), demand: data(demand) });
  const failing = (more: Record<string, string> = {}, params: Record<string, string> = {}) =>
    run({ ...inputs(), ...more }, params).then(
      () => '',
      ({ message }: Error) => message,
    );
  const FLAT = [1, 1, 1, 1, 1, 1];

  test.each([
    ['omnidirectional', {}],
    ['in_situ', {}],
    ['directional', { dem: 'dem.tif' }],
  ])('negative amounts, %s: both files, first cells, values and counts', async (mode, more) => {
    await write(supply, [1, 2, 3, 4, -5, -6]);
    await write(demand, [1, -2.5, 3, 4, 5, 6]);
    await write('dem.tif', [6, 5, 4, 3, 2, 1]);
    const files = Object.fromEntries(Object.entries(more).map(([name, file]) => [name, data(file)]));
    const lines = (await failing(files, { mode })).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^\S*supply\.tif, row 2, column 2: supply is negative \(found -5 there, the first of 2 cells/,
    );
    expect(lines[1]).toMatch(
      /^\S*demand\.tif, row 1, column 2: demand is negative \(found -2\.5 there, the first of 1 cell,/,
    );
  });

  test('units: demand is converted to the unit of supply, which the outputs are in', async () => {
    await write(supply, [0.5, 0, 0, 0, 0, 0], { unit: 't' });
    await write(demand, [0, 0, 250, 0, 0, 0], { unit: 'kg' });
    await run(inputs(), { mass_tolerance: '0' });
    expect([...(await raster('net'))]).toEqual([0.5, 0, 0, 0, 0, 0]);
    expect([...(await raster('outflow'))]).toEqual([0.25, 0, 0, 0, 0, 0]);
    expect(await unitOf('net')).toBe('t');
    expect(await unitOf('role')).toBeUndefined();
  });

  test('units that cannot be converted are refused, one that is not said is told', async () => {
    await write(supply, FLAT, { unit: 't' });
    await write(demand, FLAT, { unit: 'm3' });
    expect(await failing()).toMatch(/demand\.tif: demand is in another unit than supply \(found m3, expected t, as in/);
    await write(demand, FLAT, { unit: 'heaps' });
    expect(await failing()).toMatch(/another unit than supply \(found heaps, expected t/);
    await write(demand, FLAT);
    expect(await failing()).toBe('');
    expect(log).toContain('warning: demand says no unit: taken to be in t, as supply is');
    await write(supply, FLAT, { unit: 'heaps' });
    await write(demand, FLAT, { unit: 'heaps' });
    expect(await failing()).toBe('');
    expect(await unitOf('net')).toBe('heaps');
  });

  test('a distance below a cell, and what has no effect, are told', async () => {
    await write(supply, [9, 0, 0, 0, 0, 0]);
    await write(demand, [0, 1, 2, 0, 0, 0]);
    await run(inputs(), { max_distance: '400', retention: '0.1', mass_tolerance: '0' });
    expect([...(await raster('inflow'))]).toEqual([0, 1, 0, 0, 0, 0]);
    expect(log).toContain('warning: max_distance 400 m is less than a cell (1000 m): it becomes one cell');
    expect(log).toContain('warning: retention has no effect in mode omnidirectional');
    log = [];
    await write('dem.tif', [6, 5, 4, 3, 2, 1]);
    await run({ ...inputs(), dem: data('dem.tif') }, { mode: 'directional', max_distance: '400' });
    expect(log.filter((line) => line.startsWith('warning'))).toEqual([
      'warning: max_distance has no effect in mode directional',
    ]);
  });

  test.each([
    {
      name: 'no demand',
      s: [3, 4, 0, 1, 1, 1],
      d: [0, 0, 0, 0, 0, 0],
      words: 'demand is 0 everywhere: nothing is used',
    },
    {
      name: 'no supply',
      s: [0, 0, 0, 0, 0, 0],
      d: [3, 4, 0, 1, 1, 1],
      words: 'supply is 0 everywhere: no demand is met',
    },
    {
      name: 'barriers',
      s: [3, 0, 0, 1, 1, 1],
      d: [1, 4, 0, 1, 1, 0],
      words: 'every cell is a barrier: nothing can flow',
    },
  ])('everywhere $name: said, and the rasters are right', async ({ name, s, d, words }) => {
    await write(supply, s);
    await write(demand, d);
    await write(
      'permeability.tif',
      FLAT.map(() => (name === 'barriers' ? 0 : 1)),
    );
    await run({ ...inputs(), permeability: data('permeability.tif') });
    expect(log).toContain(`warning: ${words}`);
    expect([...(await raster('net'))]).toEqual(s.map((each, i) => each - d[i]));
    expect([...(await raster('residual'))]).toEqual(s.map((each, i) => Math.max(0, each - d[i])));
    expect([...(await raster('deficit'))]).toEqual(s.map((each, i) => Math.max(0, d[i] - each)));
    for (const none of ['inflow', 'outflow', 'transit', 'spill'])
      expect(new Set(await raster(none)), none).toEqual(new Set([0]));
  });
});

const unitOf = async (name: string) => {
  const file = await openRaster(await fileSource(join(dir, 'out', `${name}.tif`)));
  await file.close();
  return bandOf(file.info, 1).unit;
};

test('what is no flow has no report', () => {
  expect(flowReport({ visits: 3 })).toBeUndefined();
});
