/** What tells the content of an input for the provenance: of a shapefile, of all files that make it up. */
import { isEcofluxError, withoutSecrets } from '../core/errors.ts';
import { spellings } from '../io/vector/input.ts';
import type { Fingerprint, Platform } from './platform.ts';

/** Beside the shapes: index, attributes, CRS, encoding of the text. */
const PARTS = ['shx', 'dbf', 'prj', 'cpg'];

export interface FilePart {
  readonly file: string;
}

export type InputFingerprint = Fingerprint & {
  /** Of the other files of a shapefile that are there. */
  readonly parts?: readonly (FilePart & Fingerprint)[];
};

/** @throws EcofluxError InvalidInput where the file cannot be read; its parts may be missing */
export async function fingerprintInput(path: string, platform: Platform): Promise<InputFingerprint> {
  const own = await platform.fingerprint(path);
  const found = await Promise.all(partsOf(path).map((names) => firstOf(names, platform)));
  const parts = found.flatMap((part) => part ?? []);
  return parts.length === 0 ? own : { ...own, parts };
}

/** The paths, and behind each the other files that are read with it, under the names that they may have. */
export function withParts(paths: readonly string[]): string[] {
  return paths.flatMap((path) => [path, ...partsOf(path).flat()]);
}

/** The names that each part of a shapefile may have; none for other files. */
function partsOf(path: string): string[][] {
  return /\.shp(?:[?#].*)?$/i.test(path) ? PARTS.map((extension) => spellings(path, extension)) : [];
}

async function firstOf(names: readonly string[], platform: Platform): Promise<(FilePart & Fingerprint) | undefined> {
  for (const name of names)
    try {
      if (platform.identify && (await platform.identify(name)) === undefined) continue;
      return { file: withoutSecrets(name), ...(await platform.fingerprint(name)) };
    } catch (error) {
      if (!isEcofluxError(error, 'InvalidInput')) throw error;
    }
  return undefined;
}
