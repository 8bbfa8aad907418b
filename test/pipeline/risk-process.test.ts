/** The process `risk` on files: signed classes with names, and a tolerance that is found where none is given. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRaster } from '../../src/io/raster.ts';
import { RISK_NAMES } from '../../src/models/risk/classes.ts';
import { risk } from '../../src/models/risk/spec.ts';
import { fileSource } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { loadPlane } from '../support/invest.ts';
import { freshFolders, writeCells } from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 1 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});

test('writes signed bytes, negative classes too', async () => {
  const layers: Record<string, (column: number) => number> = {
    supply_1: () => 2 ** 20,
    supply_2: () => 2 ** 20,
    demand_1: () => 5,
    demand_2: () => 5,
    net_1: () => 0,
    // Below a millionth of the largest supply, above it, and a surplus.
    net_2: (column) => [-1, -2, 3][column % 3],
  };
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(layers)) {
    inputs[name] = join(dir, `${name}.tif`);
    await writeCells(platform, inputs[name], value);
  }
  const out = join(dir, 'out');
  await runProcess({ model: risk, inputs, tables: {}, params: {}, out, overwrite: true }, platform, { device: 'cpu' });
  const raster = await openRaster(await fileSource(join(out, 'risk.tif')));
  await raster.close();
  expect([raster.info.sampleType, raster.info.nodata]).toEqual(['i8', -128]);
  expect(raster.info.classNames).toEqual(RISK_NAMES);
  const { plane } = await loadPlane(join(out, 'risk.tif'), 'f32');
  expect([...plane.slice(0, 3)]).toEqual([5, -5, 11]);
});

test('layers in one unit: converted to that of the first, or refused', async () => {
  const inputs: Record<string, string> = {};
  const write = async (name: string, value: number, unit: string) => {
    inputs[name] = join(dir, `${name}.tif`);
    await writeCells(platform, inputs[name], () => value, { unit });
  };
  for (const name of ['supply_1', 'demand_1', 'net_1', 'net_2']) await write(name, 2, 't');
  await write('supply_2', 2500, 'kg');
  await write('demand_2', 1500, 'kg');
  const out = join(dir, 'units');
  const request = { model: risk, inputs, tables: {}, params: {}, out, overwrite: true };
  await runProcess(request, platform, { device: 'cpu' });
  const first = async (name: string) => (await loadPlane(join(out, `${name}.tif`), 'f32')).plane[0];
  expect([await first('sti'), await first('dti')]).toEqual([0.5, -0.5]);
  await write('demand_2', 1500, 'm3');
  await expect(runProcess(request, platform, { device: 'cpu' })).rejects.toThrow(
    /demand_2\.tif: demand_2 is in another unit than supply_1 \(found m3, expected t/,
  );
});
