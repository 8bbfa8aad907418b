/** Codecs by name, each in its own file and loaded when first needed. A platform with a faster one puts it in place (`replaceCodec`). */
import { EcofluxError } from '../../core/errors.ts';

export interface Codec {
  /** The decompressed bytes: about `size` of them, not more than needed; fewer where the data ends early. */
  decode(bytes: Uint8Array, size: number): Uint8Array | Promise<Uint8Array>;
  /** `predictor`: what was done to the bytes before, which a codec may use to choose how it looks for matches. */
  encode?(bytes: Uint8Array, level?: number, predictor?: 1 | 2 | 3): Uint8Array | Promise<Uint8Array>;
}

const loaders: Record<string, () => Codec | Promise<Codec>> = {
  none: () => ({ decode: (bytes) => bytes, encode: (bytes) => bytes }),
  deflate: async () => (await import('./deflate.ts')).deflate,
  lzw: async () => (await import('./lzw.ts')).lzw,
  packbits: async () => (await import('./packbits.ts')).packbits,
  zstd: async () => (await import('./zstd.ts')).loadZstd(),
  lerc: async () => (await import('./lerc.ts')).loadLerc('none'),
  'lerc+deflate': async () => (await import('./lerc.ts')).loadLerc('deflate'),
  'lerc+zstd': async () => (await import('./lerc.ts')).loadLerc('zstd'),
};
const loaded = new Map<string, Promise<Codec>>();

/** Puts a codec of the platform in place of the portable one (src/node: zlib). */
export function replaceCodec(name: string, codec: Codec): void {
  loaders[name] = () => codec;
  loaded.delete(name);
}

export function codecNamed(name: string): Promise<Codec> {
  const known = loaded.get(name);
  if (known) return known;
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (!load) {
    throw new EcofluxError('Unsupported', `${name} compression is not supported`, {
      expected: Object.keys(loaders).join(', '),
      fix: 'convert the file with gdal_translate -co COMPRESS=DEFLATE',
    });
  }
  const codec = Promise.resolve(load());
  loaded.set(name, codec);
  return codec;
}

export function canDecode(name: string): boolean {
  return Object.hasOwn(loaders, name);
}

/** Names of the codecs that this platform can write. */
export async function writableCodecs(): Promise<string[]> {
  const names = [];
  for (const name of ['none', 'deflate', 'zstd']) if ((await codecNamed(name)).encode) names.push(name);
  return names;
}
