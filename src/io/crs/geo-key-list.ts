/** GeoTIFF keys as a list of entries, laid out as the directory, doubles and text that a file holds. */
import type { GeoKeys } from '../../core/grid.ts';

export type KeyEntry = readonly [key: number, value: string | readonly number[] | { readonly code: number }];

const DOUBLES = 34736;
const TEXT = 34737;

export function layOutKeys(entries: readonly KeyEntry[]): GeoKeys {
  const directory = [1, 1, 0, entries.length];
  const doubles: number[] = [];
  let ascii = '';
  for (const [key, value] of [...entries].sort(([a], [b]) => a - b)) {
    if (typeof value === 'string') {
      directory.push(key, TEXT, value.length + 1, ascii.length);
      ascii += `${value}|`;
    } else if ('code' in value) directory.push(key, 0, 1, value.code);
    else {
      directory.push(key, DOUBLES, value.length, doubles.length);
      doubles.push(...value);
    }
  }
  return { directory, doubles, ascii };
}

/** All values of a key that holds several doubles. */
export function doublesOf({ directory, doubles }: GeoKeys, key: number): readonly number[] {
  for (let at = 4; at + 3 < directory.length; at += 4) {
    const [id, place, count, first] = directory.slice(at, at + 4);
    if (id === key && place === DOUBLES) return doubles.slice(first, first + count);
  }
  return [];
}
