/** Files by name, on this machine or on the web: what the platform and the workers open. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { EcofluxError } from '../core/errors.ts';
import type { ByteSource, FileIdentity, SourceOpener } from '../io/byte-source.ts';
import { downloadBytes, type HttpOptions, type HttpSource, httpSource, isWebName } from '../io/http-source.ts';
import type { Fingerprint } from '../pipeline/platform.ts';
import { readingFailed } from './file-errors.ts';
import { fileIdentity, fileSource } from './files.ts';

export interface NamedFiles {
  openSource(name: string): Promise<ByteSource>;
  readBytes(name: string): Promise<Uint8Array>;
  /** Of a file of this machine. */
  sha256(path: string): Promise<string>;
  /** What the file was that was opened last under this name. */
  fingerprint(name: string): Promise<Fingerprint>;
}

export function namedFiles(http: HttpOptions = {}): NamedFiles {
  const opened = new Map<string, string>();
  return {
    async openSource(name) {
      if (!isWebName(name)) return fileSource(name);
      const source = await httpSource(name, http);
      opened.set(name, source.identity);
      return source;
    },
    readBytes: (name) =>
      isWebName(name)
        ? downloadBytes(name, http)
        : readFile(name).catch((cause: unknown) => {
            throw readingFailed(name, cause);
          }),
    sha256,
    async fingerprint(name) {
      if (!isWebName(name)) return { sha256: await sha256(name) };
      const source = await httpSource(name, http);
      checkSame(source, opened.get(name));
      return { identity: source.identity };
    },
  };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash); // 64 kB at a time costs more in calls than in hashing
  return hash.digest('hex');
}

/** Each worker notices a change while it reads; this one would fall between them. */
function checkSame({ name, identity }: HttpSource, before: string | undefined): void {
  if (before === undefined || before === identity) return;
  throw new EcofluxError('InvalidInput', 'the file changed during the run', {
    file: name,
    found: identity,
    expected: before,
    fix: 'run again; if it is written to all the time, work on a copy of it',
  });
}

/** For worker threads: files are read without leaving the thread, and one on the web is opened anew after a read of it has failed. */
export function workerFiles(http: HttpOptions = {}): {
  readonly openSource: SourceOpener;
  readonly identify: FileIdentity;
} {
  const failures = new Map<string, number>();
  return {
    async openSource(name) {
      if (!isWebName(name)) return fileSource(name, { blocking: true });
      const source = await httpSource(name, http);
      return {
        ...source,
        fetch: (...range) =>
          source.fetch(...range).catch((error: unknown) => {
            failures.set(name, (failures.get(name) ?? 0) + 1);
            throw error;
          }),
      };
    },
    identify: (name) => (isWebName(name) ? String(failures.get(name) ?? 0) : fileIdentity(name)),
  };
}
