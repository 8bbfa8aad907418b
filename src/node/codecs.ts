/** Node's own zlib (and zstd, from Node 22.15) in place of the portable codecs: without streams, and several times faster. */
import * as zlib from 'node:zlib';
import { replaceCodec } from '../io/codecs/index.ts';

/** Zstandard as newer versions of Node have it; absent in Node 20. */
interface ZstdFunctions {
  zstdDecompressSync?(bytes: Uint8Array, options: object): Uint8Array;
  zstdCompressSync?(bytes: Uint8Array, options: object): Uint8Array;
}

/**
 * One byte more than expected, so that zlib sees the end without asking for a second buffer; and never so small that Node takes it from its
 * shared pool, which cannot be transferred between threads.
 */
const outputOf = (size: number) => Math.max(16384, size + 1);

/** A last strip may hold more rows than the image; damaged data that unpacks to more than that is not followed to its end. */
const MOST_EXCESS = 2 ** 26;

let done = false;

/** Once for each thread; whatever opens a file or a pool in Node calls it. */
export function useNodeCodecs(): void {
  if (done) return;
  done = true;
  replaceCodec('deflate', {
    decode: (bytes, size) =>
      zlib.inflateSync(bytes, { chunkSize: outputOf(size), maxOutputLength: size + MOST_EXCESS }),
    encode: (bytes, level = 1) => zlib.deflateSync(bytes, { level, memLevel: 9, chunkSize: outputOf(bytes.length) }),
  });
  const { zstdDecompressSync, zstdCompressSync } = zlib as ZstdFunctions;
  if (!zstdDecompressSync || !zstdCompressSync) return;
  const levelParameter = (zlib.constants as Record<string, number>).ZSTD_c_compressionLevel;
  replaceCodec('zstd', {
    decode: (bytes, size) => zstdDecompressSync(bytes, { chunkSize: outputOf(size) }),
    encode: (bytes, level = 3) =>
      zstdCompressSync(bytes, { chunkSize: outputOf(bytes.length), params: { [levelParameter]: level } }),
  });
}
