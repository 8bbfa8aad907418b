/** Files that cannot be read: each says what is wrong, where, and what to do. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryTarget } from '../../src/io/output.ts';
import { openRaster } from '../../src/io/raster.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { longTag, offsetTag, shortTag } from '../../src/io/tiff/directory-writer.ts';
import { TAG } from '../../src/io/tiff/tags.ts';
import { fileSource } from '../../src/node/files.ts';
import { temporaryFolder } from './gdal.ts';
import { gridOf, hills, inline, openBytes } from './rasters.ts';
import { tiffBytes } from './tiff-bytes.ts';

const folder = temporaryFolder();
const small = { width: 4, height: 3, type: 'u8', samples: new Uint8Array(12) } as const;

describe('files', () => {
  it('missing, a directory', async () => {
    await expect(fileSource(join(folder, 'none.tif'))).rejects.toThrow(
      /none\.tif: there is no such file\. Check the path/,
    );
    await expect(fileSource(join(folder, 'none.tif'), { blocking: true })).rejects.toThrow(/there is no such file/);
    mkdirSync(join(folder, 'dir.tif'));
    await expect(fileSource(join(folder, 'dir.tif'))).rejects.toThrow(/dir\.tif: this is a directory/);
  });
  it('not a TIFF, empty', async () => {
    writeFileSync(join(folder, 'text.tif'), 'lucode,name\n1,forest\n');
    const text = await fileSource(join(folder, 'text.tif'));
    await expect(openRaster(text)).rejects.toThrow(
      /text\.tif: this is not a GeoTIFF file \(found first bytes 6c 75 63 6f.*\)\. Convert it/,
    );
    await text.close?.();
    await expect(openBytes(new Uint8Array(0), 'empty.tif')).rejects.toThrow(
      /empty\.tif: this is not a GeoTIFF file \(found a file of 0 bytes/,
    );
  });
});

describe('truncated and damaged', () => {
  const whole = (async () => {
    const target = memoryTarget();
    await writeRaster(
      target,
      { grid: gridOf(200, 200), sampleType: 'f32', nodata: -1, kind: 'quantity', blockSize: 64 },
      hills(200, 200),
      { pool: inline },
    );
    return target.bytes();
  })();
  const readAll = async (bytes: Uint8Array) => {
    const raster = await openBytes(bytes, 'cut.tif');
    return raster.readSamples({ x: 0, y: 0, width: 200, height: 200 });
  };

  it('cut short anywhere: in the header, the directories, the blocks', async () => {
    const bytes = await whole;
    await expect(readAll(bytes)).resolves.toBeDefined();
    for (const length of [3, 9, 200, 300, 800, 2000, bytes.length / 2, bytes.length - 100, bytes.length - 5]) {
      await expect(readAll(bytes.slice(0, length)), `${length} bytes`).rejects.toThrow(
        /^cut\.tif.*(cut short|ends before|not a GeoTIFF)/,
      );
    }
  });
  it('a damaged block names its place', async () => {
    const bytes = (await whole).slice();
    bytes.fill(0x55, bytes.length - 4000, bytes.length - 3000);
    await expect(readAll(bytes)).rejects.toThrow(
      /cut\.tif, block \d+ \(from column \d+, row 192\): a block of the file is damaged/,
    );
  });
  it('random bytes changed in the head: an error of ours or a raster, never a crash or a hang', async () => {
    const bytes = await whole;
    for (let i = 0; i < 200; i++) {
      const damaged = bytes.slice();
      for (let j = 0; j < 3; j++) damaged[(i * 7919 + j * 104729) % 1500] = (i * 31 + j * 17) & 255;
      await readAll(damaged).catch((error) =>
        expect(error.name, error.stack).toMatch(/InvalidInput|Unsupported|OutOfCapacity|Bug/),
      );
    }
  });
  it('absurd tags', async () => {
    const open = (...tags: Parameters<typeof tiffBytes>[0]['tags'] & object) =>
      openBytes(tiffBytes({ ...small, tags }), 'odd.tif');
    await expect(open(longTag(TAG.imageWidth, 0))).rejects.toThrow(
      /odd\.tif, directory at byte \d+: the TIFF structure is damaged.*an image of 0 × 3 cells/,
    );
    await expect(open(shortTag(TAG.bitsPerSample, 24))).rejects.toThrow(
      /the sample type of this file is not supported \(found 24-bit samples/,
    );
    await expect(open(longTag(TAG.tileWidth, 0), longTag(TAG.tileLength, 16))).rejects.toThrow(
      /blocks of 0 × 16 cells/,
    );
    const far = await open(offsetTag(TAG.stripOffsets, false, [4e9]));
    await expect(far.readSamples({ x: 0, y: 0, width: 4, height: 3 })).rejects.toThrow(
      /odd\.tif, block 0 .*data up to byte 4000000012/,
    );
  });
  it('compressions that are not supported are named', async () => {
    const open = (compression: number) =>
      openBytes(tiffBytes({ ...small, tags: [shortTag(TAG.compression, compression)] }), 'photo.tif');
    await expect(open(7)).rejects.toThrow(
      /photo\.tif: JPEG compression is not supported\. Convert the file with gdal_translate/,
    );
    await expect(open(34925)).rejects.toThrow(/LZMA/);
    await expect(open(60123)).rejects.toThrow(/number 60123/);
  });
  it('nodata that is no number, a band that is not there', async () => {
    await expect(openBytes(tiffBytes({ ...small, nodata: 'none' }), 'n.tif')).rejects.toThrow(
      /n\.tif: the declared nodata value is not a number \(found 'none'\)/,
    );
    const raster = await openBytes(tiffBytes(small), 'b.tif');
    await expect(raster.readSamples({ x: 0, y: 0, width: 1, height: 1 }, { band: 3 })).rejects.toThrow(
      /b\.tif: there is no band 3 \(found 1 band\)/,
    );
  });
});
