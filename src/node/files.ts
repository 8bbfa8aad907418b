/** Files as byte sources, sinks and spools. A sink writes beside its name and moves into place when it is complete. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { constants, type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EcofluxError, throwIfAborted } from '../core/errors.ts';
import { type ByteSource, checkRange } from '../io/byte-source.ts';
import type { ByteSink, OutputTarget, Spool } from '../io/output.ts';
import { useNodeCodecs } from './codecs.ts';
import { readingFailed, scratchFailed, writingFailed } from './file-errors.ts';

/** `blocking`: read without leaving the thread; for worker threads, whose event loop has nothing else to do. */
export async function fileSource(
  path: string,
  { blocking = false }: { readonly blocking?: boolean } = {},
): Promise<ByteSource> {
  useNodeCodecs();
  return blocking ? blockingSource(path) : asyncSource(path);
}

async function asyncSource(path: string): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  let size: number;
  try {
    handle = await open(path, 'r');
    const about = await handle.stat();
    if (about.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    size = about.size;
  } catch (cause) {
    await handle?.close();
    throw readingFailed(path, cause);
  }
  const file = handle;
  return {
    name: path,
    size,
    async fetch(offset, length, { signal } = {}) {
      throwIfAborted(signal);
      checkRange(path, size, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await file.read(bytes, done, length - done, offset + done).catch((cause) => {
          throw readingFailed(path, cause);
        });
        if (bytesRead === 0) checkRange(path, offset + done, offset, length);
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}

function blockingSource(path: string): ByteSource {
  let file: number | undefined;
  let size: number;
  try {
    file = openSync(path, 'r');
    const about = fstatSync(file);
    if (about.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    size = about.size;
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    throw readingFailed(path, cause);
  }
  const descriptor = file;
  return {
    name: path,
    size,
    async fetch(offset, length, { signal } = {}) {
      throwIfAborted(signal);
      checkRange(path, size, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = readBlocking(path, descriptor, bytes, done, offset + done);
        if (count === 0) checkRange(path, offset + done, offset, length);
        done += count;
      }
      return bytes;
    },
    async close() {
      closeSync(descriptor);
    },
  };
}

function readBlocking(path: string, descriptor: number, bytes: Uint8Array, at: number, offset: number): number {
  try {
    return readSync(descriptor, bytes, at, bytes.length - at, offset);
  } catch (cause) {
    throw readingFailed(path, cause);
  }
}

/** Changes when the file is replaced or written to; empty where there is none. */
export function fileIdentity(path: string): string {
  const about = statSync(path, { throwIfNoEntry: false });
  return about ? `${about.ino} ${about.size} ${about.mtimeMs}` : '';
}

let made = 0;

/**
 * A file to be written; the spool lies in `spoolDir` (the directory of the file when absent). `keptSpool`: the path of one that outlives
 * the process.
 */
export function fileTarget(
  path: string,
  { spoolDir, keptSpool }: { readonly spoolDir?: string; readonly keptSpool?: string } = {},
): OutputTarget {
  useNodeCodecs();
  return {
    name: path,
    openSpool: () => openSpool(path, spoolDir),
    openKeptSpool: keptSpool === undefined ? undefined : () => openKeptSpool(path, keptSpool),
    create: () => openSink(path),
    createBeside: (suffix) => openSink(path + suffix),
  };
}

/** A name in the same directory, so that moving into place is one step of the file system. */
function temporaryName(directory: string, path: string): string {
  return join(directory, `.${basename(path)}.${process.pid}-${++made}.tmp`);
}

/** Small writes are gathered: a call of the system costs more than copying this much. */
const GATHERED_BYTES = 4 * 2 ** 20;

async function openSink(path: string): Promise<ByteSink> {
  const temporary = temporaryName(dirname(path), path);
  const failed = (cause: unknown): never => {
    throw writingFailed(path, cause);
  };
  const handle = await open(temporary, 'wx').catch(failed);
  const buffer = new Uint8Array(GATHERED_BYTES);
  let held = 0;
  let closed = false;
  const flush = async () => {
    await writeAll(handle, buffer.subarray(0, held)).catch(failed);
    held = 0;
  };
  const close = async () => {
    if (!closed) await handle.close();
    closed = true;
  };
  return {
    async write(bytes) {
      if (held + bytes.length > buffer.length) await flush();
      if (bytes.length > buffer.length) return writeAll(handle, bytes).catch(failed);
      buffer.set(bytes, held);
      held += bytes.length;
    },
    async commit() {
      await flush();
      await close();
      // What GDAL noted about an older file of this name (statistics, class names) would be taken for this one's.
      await unlink(`${path}.aux.xml`).catch(ignoreMissing);
      await rename(temporary, path).catch(failed);
    },
    async abort() {
      await close();
      await unlink(temporary).catch(ignoreMissing);
    },
  };
}

async function openSpool(path: string, directory: string | undefined): Promise<Spool> {
  const temporary = temporaryName(directory ?? dirname(path), path);
  const failed = (cause: unknown): never => {
    throw directory === undefined ? writingFailed(path, cause) : scratchFailed(directory, cause);
  };
  const handle = await open(temporary, 'wx+').catch(failed);
  // Where the system allows it the name goes at once, so that not even a killed process leaves the spool behind.
  let named = true;
  await unlink(temporary).then(
    () => (named = false),
    () => undefined,
  );
  return spoolIn(handle, path, 0, failed, async () => {
    if (named) await unlink(temporary).catch(ignoreMissing);
  });
}

/** What an earlier run left in it stays, and is appended to. */
async function openKeptSpool(path: string, spool: string): Promise<Spool> {
  const failed = (cause: unknown): never => {
    throw writingFailed(path, cause);
  };
  await mkdir(dirname(spool), { recursive: true }).catch(failed);
  const handle = await open(spool, constants.O_RDWR | constants.O_CREAT).catch(failed);
  const { size } = await handle.stat();
  return spoolIn(handle, path, size, failed, () => unlink(spool).catch(ignoreMissing));
}

function spoolIn(
  handle: FileHandle,
  path: string,
  from: number,
  failed: (cause: unknown) => never,
  remove: () => Promise<void>,
): Spool {
  let size = from;
  return {
    async append(bytes) {
      const offset = size;
      size += bytes.length;
      await writeAll(handle, bytes, offset).catch(failed);
      return offset;
    },
    write: (offset, bytes) => writeAll(handle, bytes, offset).catch(failed),
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      if (bytesRead < length)
        throw new EcofluxError('Bug', 'the spool is shorter than what was written to it', { file: path });
      return bytes;
    },
    close: () => handle.close(),
    async dispose() {
      await handle.close();
      await remove();
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, offset?: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const at = offset === undefined ? null : offset + done;
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at);
    done += bytesWritten;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
