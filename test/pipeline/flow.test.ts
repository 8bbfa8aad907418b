/** The process `flow` on files: known answers as rasters, tables, and what it says of its inputs. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { modelOf } from '../../src/models/registry.ts';
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
    await row('demand', [1, -6, 2]);
    expect(await failing({})).toContain('demand is negative');
  });
});

test('what is no flow has no report', () => {
  expect(flowReport({ visits: 3 })).toBeUndefined();
});
