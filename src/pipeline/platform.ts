/** What an analysis needs of the place it runs in: files, a pool of workers, adapters, scratch. Implemented in src/node/platform.ts. */
import type { TaskPool } from '../core/tasks.ts';
import type { Scratch } from '../engine/store.ts';
import type { GpuProvider } from '../gpu/provider.ts';
import type { ByteSource } from '../io/byte-source.ts';
import type { OutputTarget } from '../io/output.ts';

/** A folder that appears complete or not at all. */
export interface OutputFolder {
  /** Where to write meanwhile. */
  readonly path: string;
  target(file: string): Promise<OutputTarget>;
  writeText(file: string, text: string): Promise<void>;
  /** Moves everything into place. */
  commit(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** Work that fills a folder: when it fails, nothing of the folder stays. */
export async function filling<T>(folder: OutputFolder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await folder.abort();
    throw error;
  }
}

export interface Platform {
  readonly pool: TaskPool;
  /** Bytes of memory to use when the user does not say. */
  readonly defaultMemory: number;
  /** Name and version of what the run depends on, for the provenance. */
  readonly versions: Readonly<Record<string, string>>;
  provider(): Promise<GpuProvider | undefined>;
  readText(path: string): Promise<string>;
  openSource(path: string): Promise<ByteSource>;
  sha256(path: string): Promise<string>;
  /** A path that the file `base` mentions. */
  relativeTo(base: string, path: string): string;
  openScratch(): Promise<Scratch>;
  /**
   * `inputs`: files that the run reads, so that no folder which holds one is replaced.
   * @throws EcofluxError InvalidConfiguration when the folder exists and may not be replaced, InvalidInput when it cannot be written
   */
  beginFolder(
    path: string,
    options: { readonly overwrite: boolean; readonly inputs?: readonly string[] },
  ): Promise<OutputFolder>;
}
