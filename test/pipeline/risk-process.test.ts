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
