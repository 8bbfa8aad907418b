/** What the bytes of a run depend on, in short: so that one that was interrupted is continued only with the same. */
import { withoutSecrets } from '../core/errors.ts';
import { withParts } from './fingerprints.ts';
import type { RunFacts } from './journal.ts';
import type { Platform } from './platform.ts';
import { sha256 } from './sha256.ts';

/** Sixteen digits that tell one text from another. */
export async function digest(text: string): Promise<string> {
  return (await sha256(new TextEncoder().encode(text))).slice(0, 16);
}

/** Each file by its path, with what changes when it does. */
export async function factsOfFiles(platform: Platform, paths: readonly string[]): Promise<RunFacts> {
  const own = new Set(paths);
  const facts = await Promise.all(
    [...new Set(withParts(paths))].map(async (path) => {
      const identity = await platform.identify?.(path);
      // A part of a shapefile that is not there is no input.
      return identity !== undefined || own.has(path) ? [[withoutSecrets(path), identity ?? 'unknown']] : [];
    }),
  );
  return Object.fromEntries(facts.flat());
}
