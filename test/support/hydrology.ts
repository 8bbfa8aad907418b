/** The hydrology fixtures of the shared reference folder, where it is present. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { REFERENCE } from './invest.ts';

const FOLDER = join(REFERENCE, 'hydrology');

export function describeWithHydrology(title: string, body: (names: readonly string[]) => void): void {
  if (existsSync(FOLDER)) describe(title, () => body(manifest().cases.map(({ name }) => name)));
  else describe.skip(`${title} (skipped: no fixtures beside the checkout)`, () => body(['']));
}

type Case = { readonly name: string } & Readonly<Record<string, { file: string; dtype: string; shape: number[] }>>;

function manifest(): { readonly cases: readonly Case[] } {
  return JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8'));
}

/** `plane`: the manifest's name for it. Nodata −9999 of float planes becomes NODATA. */
export function hydrologyPlane(name: string, plane: string): { plane: Float32Array; width: number; height: number } {
  const { file, dtype, shape } = manifest().cases.find((fixture) => fixture.name === name)![plane];
  const { buffer, byteOffset, byteLength } = Uint8Array.from(gunzipSync(readFileSync(join(FOLDER, file))));
  const typed = { float32: Float32Array, uint8: Uint8Array, int32: Int32Array }[dtype]!;
  const values = new typed(buffer, byteOffset, byteLength / typed.BYTES_PER_ELEMENT);
  const missing = dtype === 'float32' ? -9999 : Number.NaN;
  return {
    plane: Float32Array.from(values, (value) => (value === missing ? NODATA : value)),
    width: shape[1],
    height: shape[0],
  };
}
