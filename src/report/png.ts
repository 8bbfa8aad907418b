/** PNG images with a palette of at most 256 colours, one byte a pixel: small, and a pixel's index says its value. */
import type { Rgba } from './data.ts';

/** Packs bytes in the zlib format (RFC 1950). */
export type Deflate = (bytes: Uint8Array) => Promise<Uint8Array>;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A PNG file of `width` × `height` palette indices (row-major). The row filter, none or sub, is the one that packs better. */
export async function encodePng(
  width: number,
  height: number,
  indices: Uint8Array,
  palette: readonly Rgba[],
  deflate: Deflate = deflateNatively,
): Promise<Uint8Array> {
  if (indices.length !== width * height || palette.length < 1 || palette.length > 256) {
    throw new RangeError(
      `a palette image of ${width} × ${height} has ${indices.length} pixels, ${palette.length} colours`,
    );
  }
  const [plain, differences] = await Promise.all([
    deflate(scanlines(indices, width, height, 0)),
    deflate(scanlines(indices, width, height, 1)),
  ]);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8);
  return join([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(palette.flatMap((colour) => colour.slice(0, 3)))),
    chunk('tRNS', Uint8Array.from(palette.map((colour) => colour[3]))),
    chunk('IDAT', plain.length <= differences.length ? plain : differences),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** The packer that browsers and Node have built in. */
export async function deflateNatively(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export function pngAddress(png: Uint8Array): string {
  let text = '';
  for (let i = 0; i < png.length; i += 0x8000) text += String.fromCharCode(...png.subarray(i, i + 0x8000));
  return `data:image/png;base64,${btoa(text)}`;
}

function scanlines(indices: Uint8Array, width: number, height: number, filter: 0 | 1): Uint8Array {
  const lines = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    const line = y * (width + 1);
    const row = y * width;
    lines[line] = filter;
    for (let x = 0; x < width; x++) {
      lines[line + 1 + x] = indices[row + x] - (filter === 1 && x > 0 ? indices[row + x - 1] : 0);
    }
  }
  return lines;
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 of ISO 3309, as PNG wants it. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return ~c >>> 0;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
