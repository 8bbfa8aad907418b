/** A reader of palette PNG files for tests, independent of the writer but for the checksum, which has a test of its own. */
import { inflateSync } from 'node:zlib';
import { expect } from 'vitest';
import { crc32 } from '../../src/report/png.ts';

export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  readonly indices: Uint8Array;
  readonly palette: number[][];
  readonly filter: number;
}

/** Reads a palette PNG chunk by chunk, checking lengths and checksums; row filters none and sub. */
export function decodePng(png: Uint8Array): DecodedPng {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = new Map<string, Uint8Array>();
  let offset = 8;
  while (offset < png.length) {
    const length = view.getUint32(offset);
    const name = String.fromCharCode(...png.subarray(offset + 4, offset + 8));
    expect(view.getUint32(offset + 8 + length)).toBe(crc32(png.subarray(offset + 4, offset + 8 + length)));
    chunks.set(name, png.subarray(offset + 8, offset + 8 + length));
    offset += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR')!;
  const size = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [size.getUint32(0), size.getUint32(4)];
  expect([...header.subarray(8)]).toEqual([8, 3, 0, 0, 0]);
  const lines = inflateSync(chunks.get('IDAT')!);
  expect(lines.length).toBe(height * (width + 1));
  const indices = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (width + 1)];
    let left = 0;
    for (let x = 0; x < width; x++) {
      const raw = lines[y * (width + 1) + 1 + x];
      left = filter === 1 ? (raw + left) & 255 : raw;
      indices[y * width + x] = left;
    }
  }
  const [colours, alphas] = [chunks.get('PLTE')!, chunks.get('tRNS')!];
  const palette = [...alphas].map((alpha, i) => [...colours.subarray(3 * i, 3 * i + 3), alpha]);
  return { width, height, indices, palette, filter: lines[0] };
}

/** Bytes of a data: address. */
export function addressBytes(address: string): Uint8Array {
  return Uint8Array.from(Buffer.from(address.replace('data:image/png;base64,', ''), 'base64'));
}
