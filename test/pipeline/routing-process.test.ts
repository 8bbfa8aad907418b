/** The process `routing` from a DEM: what its files hold with either algorithm, and terrains that are hard to route. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { openRaster } from '../../src/io/raster.ts';
import { routing } from '../../src/models/routing/spec.ts';
import { fileSource } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import type { ProcessRun } from '../../src/pipeline/process-request.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { loadPlane } from '../support/invest.ts';
import { freshFolders, VALLEY, writeCells } from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 1 });
let dir: string;
let log: string[];
freshFolders(platform, (folder) => {
  dir = folder;
});
beforeEach(() => {
  log = [];
});

const dem = (...given: [Parameters<typeof writeCells>[2], Parameters<typeof writeCells>[3]?]) =>
  writeCells(platform, join(dir, 'dem.tif'), ...given);
const run = (params: Record<string, string> = {}): Promise<ProcessRun> =>
  runProcess(
    {
      model: routing,
      inputs: { dem: join(dir, 'dem.tif') },
      tables: {},
      params: { threshold: '8', ...params },
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
const cells = async (name: string, type: 'f32' | 'u32') => (await loadPlane(join(dir, 'out', name), type)).plane;

describe('direction.tif', () => {
  test('of D8: bytes with the names and colours of eight directions', async () => {
    await dem(VALLEY);
    await run();
    const { sampleType, nodata, classNames, palette } = await described('direction.tif');
    expect([sampleType, nodata]).toEqual(['u8', 255]);
    expect(classNames).toEqual({
      0: 'east',
      1: 'north-east',
      2: 'north',
      3: 'north-west',
      4: 'west',
      5: 'south-west',
      6: 'south',
      7: 'south-east',
    });
    expect(new Set(Array.from({ length: 8 }, (_, code) => String(palette?.[code]))).size).toBe(8);
    const style = readFileSync(join(dir, 'out/direction.qml'), 'utf8');
    expect(style).toContain('south-west');
    // West of the valley all water goes east or down the valley.
    const codes = await cells('direction.tif', 'u32');
    expect([...codes.slice(0, 4)].every((code) => code === 0 || code === 7)).toBe(true);
  });

  test('of MFD: eight shares of four bits, which have no names', async () => {
    await dem(VALLEY);
    await run({ algorithm: 'mfd' });
    const { sampleType, nodata, classNames } = await described('direction.tif');
    expect([sampleType, nodata, classNames]).toEqual(['u32', 0xffffffff, undefined]);
    expect((await described('direction.tif')).palette).toBeUndefined();
  });
});

describe('terrains', () => {
  test.each(['d8', 'mfd'])('%s: flat, one cell, whole numbers, holes, nothing but nodata', async (algorithm) => {
    await dem(() => 7);
    await run({ algorithm });
    expect([...(await cells('filled.tif', 'f32'))].every((height) => height === 7)).toBe(true);
    await dem(() => 7, { grid: { width: 1, height: 1 } });
    await run({ algorithm });
    expect([...(await cells('accumulation.tif', 'f32'))]).toEqual([1]);
    expect(log.join('\n')).toContain('no cell is a stream');
    await dem((x, y) => Math.floor(VALLEY(x, y)), { sampleType: 'i16', nodata: -1 });
    await run({ algorithm });
    expect((await cells('stream.tif', 'u32')).includes(1)).toBe(true);
    await dem((x, y) => (x === 4 && y === 3 ? -9999 : VALLEY(x, y)));
    await run({ algorithm });
    expect((await cells('stream.tif', 'u32'))[3 * 12 + 4]).toBe(NODATA_CODE);
    expect((await cells('accumulation.tif', 'f32'))[3 * 12 + 4]).toBe(NODATA);
    await dem(() => -9999);
    log = [];
    await run({ algorithm });
    expect(log.join('\n')).toContain('every output is nodata everywhere');
  });

  test('thresholds of 0, above all cells, and none', async () => {
    await dem(VALLEY);
    await run({ threshold: '0' });
    expect(log.join('\n')).toContain('stream.tif: every cell is a stream');
    await run({ threshold: '1e9' });
    expect(log.join('\n')).toContain('stream.tif: no cell is a stream');
    await expect(run({ threshold: '-1' })).rejects.toThrow(
      '--threshold is out of range (found -1, expected 0 to Infinity)',
    );
    await expect(run({ algorithm: 'dinf' })).rejects.toThrow(
      '--algorithm is none of its choices (found dinf, expected d8 or mfd)',
    );
  });

  test('degrees and oblong cells', async () => {
    await dem(VALLEY, { grid: { cellHeight: 50 } });
    await expect(run()).rejects.toThrow(/dem\.tif: routing needs square cells.*100 × 50/);
    const crs = { kind: 'geographic', name: 'WGS 84', epsg: 4326 } as const;
    await dem(VALLEY, { grid: { crs, west: 116, north: 31, cellWidth: 1e-3, cellHeight: 1e-3 } });
    await expect(run()).rejects.toThrow(/dem\.tif: routing needs a projected CRS.*gdalwarp/);
    expect(existsSync(join(dir, 'out'))).toBe(false);
  });
});
