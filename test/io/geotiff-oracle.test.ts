/** geotiff.js reads what we write, and reads files of GDAL as we do: an oracle that shares no code with ours. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromArrayBuffer, fromFile } from 'geotiff';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { openRaster } from '../../src/io/raster.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { ioTasks } from '../../src/io/tasks.ts';
import { useNodeCodecs } from '../../src/node/codecs.ts';
import { fileSource } from '../../src/node/files.ts';

useNodeCodecs();
const GRID: Grid = {
  width: 150,
  height: 70,
  west: 400000,
  north: 3700000,
  cellWidth: 500,
  cellHeight: 500,
  crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
};

describe('our files', () => {
  test.each([1, 2, 3] as const)('predictor %i', async (predictor) => {
    const cells = Float32Array.from({ length: 150 * 70 }, (_, i) =>
      i % 97 === 0 ? NODATA : Math.sin(i / 50) * 1000 + i,
    );
    const sampleType = predictor === 2 ? 'i32' : 'f32';
    const expected =
      predictor === 2
        ? cells.map((x) => (x === NODATA ? -9999 : Math.round(x)))
        : cells.map((x) => (x === NODATA ? -9999 : x));
    const target = memoryTarget('memory.tif');
    const rounded = predictor === 2 ? cells.map((x) => (x === NODATA ? x : Math.round(x))) : cells.slice();
    await writeRaster(
      target,
      { grid: GRID, sampleType, nodata: -9999, kind: 'quantity', predictor, blockSize: 64 },
      rounded,
      { pool: inlinePool(ioTasks) },
    );
    const bytes = target.bytes();
    const tiff = await fromArrayBuffer(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    );
    const image = await tiff.getImage();
    expect([image.getWidth(), image.getHeight(), image.getGDALNoData()]).toEqual([150, 70, -9999]);
    expect(image.getOrigin().slice(0, 2)).toEqual([400000, 3700000]);
    expect(image.getGeoKeys()?.ProjectedCSTypeGeoKey).toBe(32650);
    const [band] = (await image.readRasters()) as unknown as [ArrayLike<number>];
    expect(Array.from(band)).toEqual(Array.from(expected));
  });
});

const gdal = spawnSync('gdal_translate', ['--version']).status === 0;
describe.skipIf(!gdal && process.env.REQUIRE_GPU !== '1')(
  `files of GDAL${gdal ? '' : ' (skipped: gdal_translate is not installed)'}`,
  () => {
    let dir: string;
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'ecoflux-oracle-'));
      execFileSync('/usr/bin/python3', ['-c', MAKE, join(dir, 'base.tif')]);
    });
    afterAll(() => rmSync(dir, { recursive: true, force: true }));

    test.each([
      ['strips, LZW, big endian', ['-co', 'COMPRESS=LZW', '-co', 'ENDIANNESS=BIG']],
      [
        'tiles, deflate, predictor 3',
        [
          '-co',
          'TILED=YES',
          '-co',
          'BLOCKXSIZE=64',
          '-co',
          'BLOCKYSIZE=32',
          '-co',
          'COMPRESS=DEFLATE',
          '-co',
          'PREDICTOR=3',
        ],
      ],
      ['BigTIFF, PackBits', ['-co', 'BIGTIFF=YES', '-co', 'COMPRESS=PACKBITS']],
    ])('%s', async (name, options) => {
      const path = join(dir, `${name.replaceAll(/\W+/g, '-')}.tif`);
      execFileSync('gdal_translate', ['-q', ...options, join(dir, 'base.tif'), path]);
      const [theirs] = (await (await (await fromFile(path)).getImage()).readRasters()) as unknown as [
        ArrayLike<number>,
      ];
      const raster = await openRaster(await fileSource(path));
      const { width, height } = raster.info.grid;
      const { samples } = await raster.readSamples({ x: 0, y: 0, width, height });
      await raster.close();
      expect(width * height).toBe(131 * 77);
      expect(Array.from(samples as Float32Array)).toEqual(Array.from(theirs));
    });
  },
);

const MAKE = `
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
a = (np.sin(np.arange(77 * 131) / 30.0) * 500).astype(np.float32).reshape(77, 131)
o = gdal.GetDriverByName('GTiff').Create(sys.argv[1], 131, 77, 1, gdal.GDT_Float32)
o.SetGeoTransform((400000, 100, 0, 3700000, 0, -100)); o.GetRasterBand(1).WriteArray(a); o = None
`;
