/** The platform of Node: files, worker threads, Dawn, scratch files in a folder of the user's choice. */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Platform } from '../pipeline/platform.ts';
import { useNodeCodecs } from './codecs.ts';
import { dawnProvider } from './dawn.ts';
import { readingFailed } from './file-errors.ts';
import { fileSource, fileTarget } from './files.ts';
import { beginFolder } from './output-folder.ts';
import { threadPool } from './worker-pool.ts';

export interface NodePlatformOptions {
  /** Folder for what memory cannot hold; the system's temporary folder when absent. */
  readonly scratch?: string;
  readonly workers?: number;
}

const LARGEST_DEFAULT = 4 * 2 ** 30;
const SMALLEST_DEFAULT = 512 * 2 ** 20; // below this tiles get so small that starting them costs more than computing them

export function nodePlatform({
  scratch = tmpdir(),
  workers = availableParallelism(),
}: NodePlatformOptions = {}): Platform {
  useNodeCodecs();
  return {
    pool: threadPool({ size: workers }),
    defaultMemory: defaultMemory(),
    versions: { ecoflux: version(), node: process.version, platform: `${process.platform} ${process.arch}` },
    provider: dawnProvider,
    readText: (path) =>
      readFile(path, 'utf8').catch((cause: unknown) => {
        throw readingFailed(path, cause);
      }),
    openSource: (path) => fileSource(path),
    async sha256(path) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash); // 64 kB at a time costs more in calls than in hashing
      return hash.digest('hex');
    },
    relativeTo: (base, path) => (isAbsolute(path) ? path : join(dirname(base), path)),
    openScratch: () => fileTarget(join(scratch, 'ecoflux-fields'), { spoolDir: scratch }).openSpool(),
    beginFolder: (path, options) => beginFolder(path, { ...options, scratch }),
  };
}

/** Half of what could be had without swapping, where the system says so; files in its cache count as free. */
function defaultMemory(): number {
  const available = (process as { availableMemory?(): number }).availableMemory?.() ?? freemem();
  return Math.min(LARGEST_DEFAULT, Math.max(SMALLEST_DEFAULT, Math.floor(available / 2)));
}

/** The version of this package. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}
