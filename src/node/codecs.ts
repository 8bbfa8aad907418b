/** Node's own zlib (and zstd, from Node 22.15) in place of the portable codecs: without streams, and several times faster. */
import * as zlib from 'node:zlib';
import { deflateRuns } from '../io/codecs/deflate-runs.ts';
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
const outputOf = (size: number) => Math.max(Buffer.poolSize, size + 1);

/** A last strip may hold more rows than the image; damaged data that unpacks to more than that is not followed to its end. */
const MOST_EXCESS = 2 ** 26;

function deflate(bytes: Uint8Array, level: number, strategy: number): Uint8Array {
  return zlib.deflateSync(bytes, { level, strategy, memLevel: 9, chunkSize: outputOf(bytes.length) });
}

/** Of a block, a quarter of the way in: enough to see what it is like. */
const SAMPLE_BYTES = 32768;
/** A search that takes off less than a tenth is not worth its time, which is two to four times as much. */
const WORTH = 0.9;

/**
 * Whether it pays to look for matches further back than one byte. Distances, and values that come from a table of classes, repeat; measured
 * quantities hardly do.
 */
function repeats(bytes: Uint8Array): boolean {
  const start = Math.min(bytes.length >> 2, Math.max(0, bytes.length - SAMPLE_BYTES));
  const sample = bytes.subarray(start, start + SAMPLE_BYTES);
  const [all, runs] = [zlib.constants.Z_DEFAULT_STRATEGY, zlib.constants.Z_RLE].map(
    (strategy) => deflate(sample, 1, strategy).length,
  );
  return all < WORTH * runs;
}

let done = false;

/** Once for each thread; whatever opens a file or a pool in Node calls it. */
export function useNodeCodecs(): void {
  if (done) return;
  done = true;
  replaceCodec('deflate', {
    decode: (bytes, size) =>
      zlib.inflateSync(bytes, { chunkSize: outputOf(size), maxOutputLength: size + MOST_EXCESS }),
    encode: (bytes, level, predictor) => {
      if (level === undefined && predictor === 3 && !repeats(bytes)) return deflateRuns(bytes);
      return deflate(bytes, level ?? 1, zlib.constants.Z_DEFAULT_STRATEGY);
    },
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
