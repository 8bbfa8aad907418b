/** The platform of a page: files that the user gave it (or addresses), results in memory, workers that the page brings along. */
import { EcofluxError } from '../core/errors.ts';
import type { TaskPool } from '../core/tasks.ts';
import { browserProvider, type GpuProvider } from '../gpu/provider.ts';
import { type ByteSource, blobSource, memorySource } from '../io/byte-source.ts';
import { downloadBytes, httpSource, isWebName, relativeAddress } from '../io/http-source.ts';
import { memoryTarget } from '../io/output.ts';
import type { OutputFolder, Platform } from './platform.ts';
import { sha256 } from './sha256.ts';

export interface MemoryPlatformOptions {
  /** Files by the names that requests and project files call them: "lulc.tif", "data/lulc.tif". */
  readonly files: ReadonlyMap<string, Blob>;
  /** Runs TASKS; the `openSource` of its workers has to know the same files, and `identify` to tell files of one name apart. */
  readonly pool: TaskPool;
  readonly versions?: Readonly<Record<string, string>>;
  /** The page's own WebGPU when absent. */
  readonly provider?: GpuProvider;
  /** Bytes of memory for fields, beside inputs and results; 1 GiB when absent: what a page may have everywhere. */
  readonly memory?: number;
}

export interface MemoryPlatform extends Platform {
  /** What runs have written, by folder and name: "out/wyield.tif". */
  readonly written: ReadonlyMap<string, Uint8Array>;
}

/** Larger files are not read once more for their checksum, for which a browser wants all of a file in memory. */
const MOST_HASHED = 256 * 2 ** 20;

export function memoryPlatform({
  files,
  pool,
  versions = {},
  provider = browserProvider(),
  memory = 2 ** 30,
}: MemoryPlatformOptions): MemoryPlatform {
  const written = new Map<string, Uint8Array>();

  async function openSource(name: string): Promise<ByteSource> {
    const made = written.get(name);
    if (made) return memorySource(name, made);
    const file = files.get(name);
    if (file) return blobSource(name, file);
    if (isWebName(name)) return httpSource(name);
    throw new EcofluxError('InvalidInput', 'there is no such file', {
      file: name,
      expected: `one of ${[...files.keys()].join(', ') || 'those that were given, and none was'}`,
      fix: 'give the file too, or correct its name',
    });
  }

  async function readBytes(name: string): Promise<Uint8Array> {
    if (isWebName(name)) return downloadBytes(name);
    const source = await openSource(name);
    return source.fetch(0, source.size);
  }

  return {
    written,
    pool,
    versions,
    defaultMemory: memory,
    provider: async () => provider,
    openSource,
    readBytes,
    readText: async (name) => new TextDecoder().decode(await readBytes(name)),
    sha256: async (name) => sha256(await readBytes(name)),
    async fingerprint(name) {
      if (isWebName(name)) return { identity: (await httpSource(name)).identity };
      const { size } = await openSource(name);
      if (size > MOST_HASHED || !globalThis.crypto?.subtle) return { identity: `${size} bytes` };
      return { sha256: await sha256(await readBytes(name)) };
    },
    relativeTo: (base, path) => {
      if (isWebName(base)) return relativeAddress(base, path);
      return isWebName(path) ? path : besides(base, path);
    },
    openScratch: () => memoryTarget('scratch').openSpool(),
    async beginFolder(path, { overwrite }) {
      const inside = () => [...written.keys()].filter((name) => name.startsWith(`${path}/`));
      if (!overwrite && inside().length > 0)
        throw new EcofluxError('InvalidConfiguration', 'the output folder is there already', {
          file: path,
          fix: 'give another one, or say that it may be replaced',
        });
      return memoryFolder(path, written, inside);
    },
  };
}

/** Under its name with ".partial" until it is complete. */
function memoryFolder(path: string, written: Map<string, Uint8Array>, inside: () => readonly string[]): OutputFolder {
  const partial = `${path}.partial`;
  const drop = () => {
    for (const name of [...written.keys()]) if (name.startsWith(`${partial}/`)) written.delete(name);
  };
  drop();
  return {
    path: partial,
    async target(file) {
      const target = memoryTarget(file);
      const create: typeof target.create = async () => {
        const sink = await target.create();
        return {
          ...sink,
          async commit() {
            await sink.commit();
            written.set(`${partial}/${file}`, target.bytes());
          },
        };
      };
      return { name: file, openSpool: target.openSpool, create };
    },
    async writeText(file, text) {
      written.set(`${partial}/${file}`, new TextEncoder().encode(text));
    },
    async commit() {
      for (const name of inside()) written.delete(name);
      for (const [name, bytes] of [...written])
        if (name.startsWith(`${partial}/`)) written.set(`${path}${name.slice(partial.length)}`, bytes);
      drop();
    },
    abort: async () => drop(),
  };
}

/** A name that the file `base` mentions, without "." and "..". */
function besides(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of [...(path.startsWith('/') ? [] : base.split('/').slice(0, -1)), ...path.split('/')]) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
