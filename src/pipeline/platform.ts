/** What an analysis needs of the place it runs in: files, a pool of workers, adapters, scratch. Implemented in src/node/platform.ts. */
import { EcofluxError, isEcofluxError } from '../core/errors.ts';
import type { Scratch } from '../core/scratch.ts';
import type { TaskPool } from '../core/tasks.ts';
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
  /** Of a folder that was begun as `journaled`, where the place has journals. */
  readonly journal?: JournalFile;
  /** Removes what an earlier run left, but for the files named, the journal and what it speaks of. */
  tidy?(keep: readonly string[]): Promise<void>;
  /** Leaves everything for a run that resumes; resolves to where, or to undefined where there is nothing to resume. */
  leave?(): Promise<string | undefined>;
}

/** Lines that outlive the process. */
export interface JournalFile {
  /** What an earlier run wrote; none where nothing is resumed. */
  readonly lines: readonly string[];
  /** Whether anything is in it. */
  readonly begun: boolean;
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface BeginOptions {
  readonly overwrite: boolean;
  /** Files that the run reads, so that no folder which holds one is replaced. */
  readonly inputs?: readonly string[];
  /** Keep a journal, so that the run can be resumed. */
  readonly journaled?: boolean;
  /** Go on with what an interrupted run left, if it left anything. */
  readonly resume?: boolean;
  readonly log?: (line: string) => void;
}

/**
 * Work that fills a folder: when it fails, nothing of the folder stays, unless the run was interrupted or the disk is full and it can be
 * resumed: then the error says where it was left.
 */
export async function filling<T>(folder: OutputFolder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const goesOn = isEcofluxError(error) && canGoOn(error);
    // What an earlier run left is not lost because it could not be continued this time.
    const left = goesOn || folder.journal?.lines.length ? await folder.leave?.() : undefined;
    if (left === undefined) await folder.abort();
    if (left === undefined || !goesOn) throw error;
    const { code, what, details } = error;
    if (code === 'Interrupted')
      throw new EcofluxError(code, 'the run was interrupted', { file: left, fix: RESUME, cause: details.cause });
    throw new EcofluxError(code, what, { ...details, fix: [details.fix, RESUME].filter(Boolean).join('; ') });
  }
}

const RESUME = 'what was done is kept: continue with --resume';

/** No room, a failing disk or server, a folder that is in the way or held open by another program. */
const PASSING = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EIO', 'EEXIST', 'EBUSY', 'EPERM', 'EACCES', 'ETIMEDOUT']);

/** Nothing is wrong with the run itself. */
function canGoOn({ code, details }: EcofluxError): boolean {
  return (
    code === 'Interrupted' ||
    code === 'DeviceLost' ||
    PASSING.has((details.cause as { code?: unknown } | undefined)?.code)
  );
}

export interface FreeSpace {
  readonly path: string;
  readonly bytes: number;
  /** The same for two paths on one disk. */
  readonly disk: string;
}

/** What tells the content of a file: its checksum, or for a file on the web, which is not read whole, what its server says of it. */
export type Fingerprint =
  | { readonly sha256: string; readonly identity?: undefined }
  | { readonly identity: string; readonly sha256?: undefined };

export interface Platform {
  readonly pool: TaskPool;
  /** Bytes of memory to use when the user does not say. */
  readonly defaultMemory: number;
  /** Name and version of what the run depends on, for the provenance. */
  readonly versions: Readonly<Record<string, string>>;
  provider(): Promise<GpuProvider | undefined>;
  readText(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  openSource(path: string): Promise<ByteSource>;
  /** Of a file of this machine. */
  sha256(path: string): Promise<string>;
  /** Of any input, for the provenance. @throws EcofluxError InvalidInput where a file on the web is no longer the one that was opened */
  fingerprint(path: string): Promise<Fingerprint>;
  /** A path that the file `base` mentions. */
  relativeTo(base: string, path: string): string;
  openScratch(): Promise<Scratch>;
  /** Room on the disk where a path lies (or will lie), or, without one, where scratch files go; undefined where nobody knows. */
  freeSpace?(path?: string): Promise<FreeSpace | undefined>;
  /** What changes when a file does, without reading it; undefined where nobody knows. */
  identify?(path: string): Promise<string | undefined>;
  /**
   * @throws EcofluxError InvalidConfiguration when the folder exists and may not be replaced, when another run fills it, or when there is a
   * complete one where a run should be resumed; InvalidInput when it cannot be written
   */
  beginFolder(path: string, options: BeginOptions): Promise<OutputFolder>;
}
