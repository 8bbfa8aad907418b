/** Deflate in the zlib envelope by the streams that every browser has; Node puts its own zlib in place (src/node/codecs.ts). */
import type { Codec } from './index.ts';

async function pass(bytes: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array> {
  const parts = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array>);
  return new Uint8Array(await new Response(parts as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

export const deflate: Codec = {
  decode: (bytes) => pass(bytes, new DecompressionStream('deflate')),
  encode: (bytes) => pass(bytes, new CompressionStream('deflate')),
};
