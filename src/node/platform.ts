/** The platform of Node: files, worker threads, Dawn, scratch files in a folder of the user's choice. */
import { constants, readFileSync, statSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { EcofluxError } from '../core/errors.ts';
import { isWebName, relativeAddress } from '../io/http-source.ts';
import type { Platform } from '../pipeline/platform.ts';
import { useNodeCodecs } from './codecs.ts';
import { dawnProvider } from './dawn.ts';
import { scratchFailed } from './file-errors.ts';
import { fileTarget } from './files.ts';
import { freeSpace } from './free-space.ts';
import { beginFolder } from './output-folder.ts';
import { namedFiles } from './web-files.ts';
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
  const files = namedFiles();
  return {
    pool: threadPool({ size: workers }),
    defaultMemory: defaultMemory(),
    versions: { ecoflux: version(), node: process.version, platform: `${process.platform} ${process.arch}` },
    provider: dawnProvider,
    ...files,
    readText: async (path) => new TextDecoder().decode(await files.readBytes(path)),
    relativeTo: (base, path) => {
      if (isWebName(base)) return relativeAddress(base, path);
      return isAbsolute(path) || isWebName(path) ? path : join(dirname(base), path);
    },
    openScratch: () => fileTarget(join(scratch, 'ecoflux-fields'), { spoolDir: scratch }).openSpool(),
    freeSpace: (path = scratch) => freeSpace(path),
    identify: async (path) => (isWebName(path) ? (await files.fingerprint(path)).identity : sizeAndTime(path)),
    async beginFolder(path, options) {
      if (!isWebName(path)) return beginFolder(path, { ...options, scratch });
      throw new EcofluxError('InvalidConfiguration', 'results are written to folders of this machine only', {
        file: path,
        fix: 'choose one with --out',
      });
    },
  };
}

/** Refuses a scratch folder that is none or cannot be written, before it is needed. @throws EcofluxError InvalidConfiguration, InvalidInput */
export async function checkScratch(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw scratchFailed(folder, cause);
  }
}

/** Half of what could be had without swapping, where the system says so; files in its cache count as free. */
function defaultMemory(): number {
  const available = (process as { availableMemory?(): number }).availableMemory?.() ?? freemem();
  return Math.min(LARGEST_DEFAULT, Math.max(SMALLEST_DEFAULT, Math.floor(available / 2)));
}

function sizeAndTime(path: string): string | undefined {
  const about = statSync(path, { throwIfNoEntry: false });
  return about && `${about.size} bytes of ${about.mtime.toISOString()}`;
}

/** The version of this package. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}
