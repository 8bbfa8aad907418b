/** Zstandard by the zstddec package (WebAssembly, decoding only); Node puts its own in place where it has one. */
import { ZSTDDecoder } from 'zstddec';
import type { Codec } from './index.ts';

export async function loadZstd(): Promise<Codec> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return { decode: (bytes, size) => decoder.decode(bytes, size) };
}
