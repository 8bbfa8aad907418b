/** What the bytes of a run depend on, in short: so that one that was interrupted is continued only with the same. */
import { withoutSecrets } from '../core/errors.ts';
import type { RunFacts } from './journal.ts';
import type { Platform } from './platform.ts';
import { sha256 } from './sha256.ts';

/** Sixteen digits that tell one text from another. */
export async function digest(text: string): Promise<string> {
  return (await sha256(new TextEncoder().encode(text))).slice(0, 16);
}

/** Each file by its path, with what changes when it does. */
export async function factsOfFiles(platform: Platform, paths: readonly string[]): Promise<RunFacts> {
  const unique = [...new Set(paths)];
  return Object.fromEntries(
    await Promise.all(
      unique.map(async (path) => [withoutSecrets(path), (await platform.identify?.(path)) ?? 'unknown'] as const),
    ),
  );
}
