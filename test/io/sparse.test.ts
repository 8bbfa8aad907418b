/** Blocks of nothing but nodata are not stored, and everybody reads them as nodata. */
import { join } from 'node:path';
import { fromArrayBuffer, fromFile } from 'geotiff';
import { expect, it } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import { memorySource } from '../../src/io/byte-source.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { readPlane } from '../../src/io/plane.ts';
import { openRaster } from '../../src/io/raster.ts';
import { createRasterWriter, type RasterDescription, writeRaster } from '../../src/io/raster-writer.ts';
import { fileTarget } from '../../src/node/files.ts';
import { describeWithGdal, rawBytes, runGdal, temporaryFolder } from './gdal.ts';
import { cutPlane, gridOf, hills, inline, patches } from './rasters.ts';

const WIDTH = 400;
const HEIGHT = 300;
const BLOCK = 64;

/** Data in the upper left only: columns below 130, rows below 70. */
function corner(quantity: boolean): Plane {
  const cells: Plane = quantity ? hills(WIDTH, HEIGHT, 4) : patches(WIDTH, HEIGHT, 7, 4);
  for (let i = 0; i < cells.length; i++)
    if (i % WIDTH >= 130 || i >= 70 * WIDTH) cells[i] = quantity ? NODATA : NODATA_CODE;
  return cells;
}

const describe = (quantity: boolean): RasterDescription => ({
  grid: gridOf(WIDTH, HEIGHT),
  ...(quantity
    ? { sampleType: 'f32', nodata: NODATA, kind: 'quantity' }
    : { sampleType: 'u8', nodata: 255, kind: 'classes' }),
  blockSize: BLOCK,
});

async function bytesOf(quantity: boolean, cells: Plane): Promise<Uint8Array> {
  const target = memoryTarget();
  await writeRaster(target, describe(quantity), cells.slice(), { pool: inline });
  return target.bytes();
}

it.each([true, false])(
  'only blocks with data are stored, in the image and its overviews (quantity: %s)',
  async (quantity) => {
    const bytes = await bytesOf(quantity, corner(quantity));
    const tiff = await fromArrayBuffer(bytes.slice().buffer as ArrayBuffer);
    const stored: number[] = [];
    for (let level = 0; level < (await tiff.getImageCount()); level++) {
      const { fileDirectory } = await tiff.getImage(level);
      const sizes = (await fileDirectory.loadValue('TileByteCounts')) as ArrayLike<number> | number;
      stored.push((typeof sizes === 'number' ? [sizes] : Array.from(sizes)).filter((size) => size > 0).length);
    }
    // 3 × 2 of 7 × 5, 2 × 1 of 4 × 3, 1 of 2 × 2, 1 of 1
    expect(stored).toEqual([6, 2, 1, 1]);
  },
);

it.each([true, false])('skipping is the same as writing nodata, in any tiles (quantity: %s)', async (quantity) => {
  const cells = corner(quantity);
  const expected = Buffer.from(await bytesOf(quantity, cells));
  for (const [tile, skipping] of [
    [64, true],
    [50, true],
    [50, false],
    [128, true],
  ] as const) {
    const target = memoryTarget();
    const writer = await createRasterWriter(target, describe(quantity), { pool: inline });
    for (let y = 0; y < HEIGHT; y += tile)
      for (let x = 0; x < WIDTH; x += tile) {
        const window = { x, y, width: Math.min(tile, WIDTH - x), height: Math.min(tile, HEIGHT - y) };
        if (skipping && (x >= 130 || y >= 70)) await writer.skip(window);
        else await writer.write(window, cutPlane(cells as Float32Array, WIDTH, window));
      }
    await writer.finish();
    expect(expected.equals(target.bytes()), `tiles of ${tile}`).toBe(true);
  }
});

it('a raster of nothing but nodata has no block at all, and no statistics', async () => {
  const target = memoryTarget();
  const plane = new Float32Array(WIDTH * HEIGHT).fill(NODATA);
  const written = await writeRaster(target, describe(true), plane, { pool: inline });
  expect(written.statistics).toBeUndefined();
  expect(written.bytes).toBeLessThan(3000);
  const raster = await openRaster(memorySource('a.tif', target.bytes()));
  const window = { x: -3, y: 5, width: 200, height: 120 };
  expect((await readPlane(raster, window, { type: 'f32' })).every((cell) => cell === NODATA)).toBe(true);
});

it('reading blocks that are not stored fetches nothing', async () => {
  const bytes = await bytesOf(true, corner(true));
  const source = memorySource('a.tif', bytes);
  let fetched = 0;
  const counting = {
    ...source,
    fetch: (offset: number, length: number) => {
      fetched += length;
      return source.fetch(offset, length);
    },
  };
  const raster = await openRaster(counting);
  await readPlane(raster, { x: 0, y: 0, width: 10, height: 10 }, { type: 'f32' });
  fetched = 0;
  await readPlane(raster, { x: 192, y: 128, width: 150, height: 150 }, { type: 'f32' });
  expect(fetched).toBe(0);
});

const folder = temporaryFolder();

it.each([true, false])('geotiff.js reads them as nodata (quantity: %s)', async (quantity) => {
  const cells = corner(quantity);
  const path = join(folder, `js-${quantity}.tif`);
  await writeRaster(fileTarget(path), describe(quantity), cells.slice(), { pool: inline });
  const tiff = await fromFile(path);
  const [band] = (await (await tiff.getImage()).readRasters()) as unknown as [ArrayLike<number>];
  const expected = quantity ? cells : Array.from(cells, (code) => (code === NODATA_CODE ? 255 : code));
  expect(Array.from(band)).toEqual(Array.from(expected));
  tiff.close();
});

describeWithGdal('as GDAL sees them', () => {
  it('valid COGs with the same cells, a wholly empty one too', async () => {
    const planes: Record<string, readonly [boolean, Plane]> = {
      quantity: [true, corner(true)],
      classes: [false, corner(false)],
      nothing: [true, new Float32Array(WIDTH * HEIGHT).fill(NODATA)],
    };
    for (const [name, [quantity, cells]] of Object.entries(planes))
      await writeRaster(fileTarget(join(folder, `${name}.tif`)), describe(quantity), cells.slice(), { pool: inline });
    for (const seen of runGdal(
      'read',
      Object.keys(planes).map((name) => ({ name })),
      folder,
    )) {
      expect(seen).toMatchObject({ errors: [], warnings: [] });
      expect(seen.levels).toHaveLength(3);
      const [quantity, cells] = planes[seen.name];
      const raw = rawBytes(folder, `${seen.name}.raw`);
      const samples = quantity ? new Float32Array(raw.buffer, raw.byteOffset, cells.length) : raw;
      const expected = quantity ? cells : Array.from(cells, (code) => (code === NODATA_CODE ? 255 : code));
      expect(Array.from(samples)).toEqual(Array.from(expected));
      for (let level = 0; level < 3; level++) {
        const overview = rawBytes(folder, `${seen.name}.ov${level}`);
        const values = quantity
          ? new Float32Array(overview.buffer, overview.byteOffset, overview.length / 4)
          : overview;
        const [across] = seen.levels[level];
        // Beyond the data there is nothing but nodata, at every level.
        expect(values[across - 1]).toBe(quantity ? Math.fround(NODATA) : 255);
        expect(values[values.length - 1]).toBe(quantity ? Math.fround(NODATA) : 255);
      }
    }
  });
});
