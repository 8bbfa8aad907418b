/** Room on the disk of a path, or of the nearest folder above it that exists already. */
import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { FreeSpace } from '../pipeline/platform.ts';

/** Undefined where the system does not say. */
export async function freeSpace(path: string): Promise<FreeSpace | undefined> {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return { path, bytes: bavail * bsize, disk: String((await stat(at)).dev) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(at) === at) return undefined;
    }
  }
}
