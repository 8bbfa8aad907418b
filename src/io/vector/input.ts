/** A vector file in memory, with the files that lie beside it and share its name: what every reader of a format starts from. */
import { EcofluxError, isEcofluxError, throwIfAborted, withoutSecrets } from '../../core/errors.ts';
import type { ByteSource, SourceOpener } from '../byte-source.ts';

export interface VectorInput {
  /** As the user named it, but for secrets of an address: for messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The layer wanted of a file that holds several. */
  readonly layer?: string;
  readonly signal?: AbortSignal;
  /** Told what was changed or left out, in whole sentences that name the file. */
  readonly warn: (text: string) => void;
  /** The file of the same name with another extension ("dbf"), in whichever case it is written; undefined when there is none. */
  readonly beside: (extension: string) => Promise<Uint8Array | undefined>;
}

/** Whole files are held, and decoded to objects several times their size: beyond this a page or a default heap of Node gives up. */
export const MOST_BYTES = 512 * 2 ** 20;

export async function loadInput(
  path: string,
  options: {
    readonly openSource: SourceOpener;
    readonly signal?: AbortSignal;
    readonly layer?: string;
    readonly warn?: (text: string) => void;
  },
): Promise<VectorInput> {
  const { openSource, signal, layer, warn = () => {} } = options;
  const load = async (name: string) => readAll(await openSource(name), signal);
  return {
    file: withoutSecrets(path),
    bytes: await load(path),
    layer,
    signal,
    warn,
    async beside(extension) {
      for (const name of spellings(path, extension)) {
        const source = await openSource(name).catch((error) => {
          // No such file, in the words of whatever opens it; an interruption is passed on.
          if (isEcofluxError(error, 'InvalidInput')) return undefined;
          throw error;
        });
        if (source) return readAll(source, signal);
      }
      return undefined;
    },
  };
}

async function readAll(source: ByteSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    throwIfAborted(signal);
    checkSize(source.name, source.size);
    return await source.fetch(0, source.size, { signal });
  } finally {
    await source.close?.();
  }
}

export function checkSize(file: string, size: number): void {
  if (size <= MOST_BYTES) return;
  throw new EcofluxError('OutOfCapacity', 'the vector file is too large to be read into memory', {
    file,
    found: `${Math.ceil(size / 2 ** 20)} MiB`,
    expected: `at most ${MOST_BYTES / 2 ** 20} MiB`,
    fix: 'keep only the layer, features and columns that are needed, for example with ogr2ogr -select and -spat',
  });
}

/** a.shp with "dbf": a.dbf, a.DBF; the case of the extension given comes first. A query of an address stays where it is. */
export function spellings(path: string, extension: string): string[] {
  const [, stem, given, query] = /^(.*?)(\.[^./\\?#]*)?((?:[?#].*)?)$/.exec(path) ?? [];
  const isAddress = /^[a-z]+:\/\//i.test(path);
  const base = isAddress ? stem : path.replace(/\.[^./\\]*$/, '');
  const shouted = given !== undefined && /[A-Z]/.test(given) && !/[a-z]/.test(given);
  const [lower, upper] = [extension.toLowerCase(), extension.toUpperCase()];
  return (shouted ? [upper, lower] : [lower, upper]).map((each) => `${base}.${each}${isAddress ? query : ''}`);
}

/** The name without folders and extension. */
export function stemOf(path: string): string {
  return path
    .replace(/[?#].*$/, '')
    .replace(/^.*[/\\]/, '')
    .replace(/\.[^.]*$/, '');
}

/** The layer asked for among those of a file; the only one when none is asked for. */
export function chooseLayer<T>(input: VectorInput, layers: ReadonlyMap<string, T>): T {
  const { file, layer } = input;
  const names = [...layers.keys()];
  if (layer !== undefined) {
    const found = layers.get(layer);
    if (found !== undefined) return found;
    throw new EcofluxError('InvalidInput', `there is no layer '${layer}' in it`, {
      file,
      found: names.join(', '),
      fix: 'name one of these',
    });
  }
  if (names.length === 1) return layers.get(names[0])!;
  throw new EcofluxError('InvalidInput', 'the file holds several layers', {
    file,
    found: names.join(', '),
    fix: `name the one that is meant, or put it into a file of its own: ogr2ogr out.gpkg ${file} ${names[0]}`,
  });
}

export function unknownCrs(file: string, what: string): EcofluxError {
  return new EcofluxError('InvalidInput', `the CRS of the layer is unknown: ${what}`, {
    file,
    fix: `say which it is: ogr2ogr -a_srs EPSG:<code> out.gpkg ${file}`,
  });
}
