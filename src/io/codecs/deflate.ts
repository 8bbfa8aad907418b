/** Deflate in the zlib envelope: unpacked by the stream that every browser has, packed by our own encoder. Node puts its zlib in place (src/node/codecs.ts). */
import { deflateBytes } from './deflate-encoder.ts';
import type { Codec } from './index.ts';

async function pass(bytes: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array> {
  const parts = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array>);
  return new Uint8Array(await new Response(parts as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

export const deflate: Codec = {
  decode: (bytes) => pass(bytes, new DecompressionStream('deflate')),
  encode: deflateBytes,
};
