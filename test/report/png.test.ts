/** PNG files decoded by hand with zlib, pixel by pixel. */
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Rgba } from '../../src/report/data.ts';
import { crc32, deflateNatively, encodePng, pngAddress } from '../../src/report/png.ts';
import { decodePng } from './decode-png.ts';

const deflate = async (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes));
const PALETTE: Rgba[] = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (7 * i) & 255, i === 0 ? 0 : 255]);

describe('encodePng', () => {
  it('knows the check value of CRC-32', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it.each([
    [1, 1],
    [5, 3],
    [257, 31],
  ])('keeps every pixel and colour of a %i × %i image', async (width, height) => {
    const indices = Uint8Array.from({ length: width * height }, (_, i) => (i * i * 31) & 255);
    const image = decodePng(await encodePng(width, height, indices, PALETTE, deflate));
    expect([image.width, image.height]).toEqual([width, height]);
    expect(image.indices).toEqual(indices);
    expect(image.palette).toEqual(PALETTE);
  });

  it('takes the filter that packs better', async () => {
    const ramp = Uint8Array.from({ length: 256 * 64 }, (_, i) => (3 * (i % 256)) & 255);
    const stripes = Uint8Array.from({ length: 256 * 64 }, (_, i) => Math.imul((i % 256) ** 2, 2654435761) >>> 24);
    const rows = decodePng(await encodePng(256, 64, ramp, PALETTE, deflate));
    expect(rows.filter).toBe(1);
    expect(rows.indices).toEqual(ramp);
    expect(decodePng(await encodePng(256, 64, stripes, PALETTE, deflate)).filter).toBe(0);
  });

  it('packs with what the platform has built in', async () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 7);
    expect(new Uint8Array(inflateSync(await deflateNatively(bytes)))).toEqual(bytes);
  });

  it('refuses sizes that do not fit', async () => {
    await expect(encodePng(2, 2, new Uint8Array(3), PALETTE, deflate)).rejects.toThrow('2 × 2');
  });

  it('writes long files as base64', () => {
    const bytes = Uint8Array.from({ length: 70001 }, (_, i) => i % 251);
    const text = pngAddress(bytes).replace('data:image/png;base64,', '');
    expect(Uint8Array.from(Buffer.from(text, 'base64'))).toEqual(bytes);
  });
});
