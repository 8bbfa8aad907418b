/** Flow of services in tests: the known answers beside the checkout, random cases, and tiles against the definition. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Values } from '../../src/core/values.ts';
import type { SolveFacts, Solver } from '../../src/solvers/solver.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { randomNumbers } from './rasters.ts';
import { shuffledPool, solveWith } from './solve.ts';
import { bitsOf } from './terrain.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/reference/flow');
export const hasKnownAnswers = existsSync(FOLDER);

interface Manifest {
  readonly nodata: number;
  readonly dem_nodata?: number;
  readonly max_distance_cells?: number | null;
  readonly mass_tolerance?: number;
  readonly delivered_per_epoch?: readonly number[];
  readonly mean_flow_distance_cells?: number;
  readonly files: Readonly<Record<string, { readonly file: string; readonly dtype: string; readonly shape: number[] }>>;
}

export interface KnownAnswer {
  readonly width: number;
  readonly height: number;
  readonly manifest: Manifest;
  readonly planes: Readonly<Record<string, Float64Array>>;
}

const TYPES = { int32: Int32Array, uint8: Uint8Array, float32: Float32Array, int64: BigInt64Array } as const;

export function knownAnswer(name: string): KnownAnswer {
  const manifest = JSON.parse(readFileSync(join(FOLDER, name, 'manifest.json'), 'utf8')) as Manifest;
  const planes = Object.fromEntries(
    Object.entries(manifest.files).map(([key, { file, dtype }]) => {
      const { buffer, byteOffset, byteLength } = gunzipSync(readFileSync(join(FOLDER, name, file)));
      const values = new TYPES[dtype as keyof typeof TYPES](
        buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
      );
      return [key, Float64Array.from(values as Int32Array, Number)];
    }),
  );
  const [height, width] = manifest.files.supply.shape;
  return { width, height, manifest, planes };
}

/** Amounts as a plane of the engine. */
export function amounts(plane: ArrayLike<number>, nodata: number): Float32Array {
  return Float32Array.from(plane, (value) => (value === nodata ? NODATA : value));
}

/** Room for the states of small tiles, and none for tiles that are put together. */
const MEMORY = 4e5;

export interface FlowCase {
  readonly width: number;
  readonly height: number;
  readonly inputs: Readonly<Record<string, Plane>>;
  readonly params: Values;
}

/** Patches of supply and demand of a few cells, whole or with parts, nodata in some places, barriers, and zones in stripes. */
export function randomCase(
  seed: number,
  { width = 43, height = 37, largest = 5000, parts = 1, barriers = 0.2, holes = 0.05 } = {},
): Omit<FlowCase, 'params'> {
  const next = randomNumbers(seed);
  const knots = Array.from({ length: 200 }, () => next());
  const patch = (x: number, y: number, salt: number) =>
    knots[(Math.floor(x / 6) * 7 + Math.floor(y / 5) * 13 + salt) % 200];
  const plane = (make: (x: number, y: number) => number) =>
    Float32Array.from({ length: width * height }, (_, i) => make(i % width, Math.floor(i / width)));
  const amount = (salt: number) =>
    plane((x, y) => {
      if (next() < holes / 2) return NODATA;
      const high = patch(x, y, salt) ** 3 * largest * next();
      return next() < 0.1 ? 0 : Math.floor(high * parts) / parts;
    });
  return {
    width,
    height,
    inputs: {
      supply: amount(0),
      demand: amount(91),
      permeability: plane(() => (next() < barriers ? 0 : next() < 0.02 ? NODATA : 1)),
      zones: Uint32Array.from({ length: width * height }, (_, i) =>
        i % 97 === 5 ? NODATA_CODE : 3 + 4 * Math.floor((i % width) / 15) + Math.floor(i / width / 20),
      ),
    },
  };
}

/** Tiles of several sizes, in order and not, put together where memory is given, in scratch where not: the definition's planes, rounded once, and the same facts. */
export async function expectDefinition(
  solver: Solver,
  { width, height, inputs, params }: FlowCase,
  tiles: readonly number[] = [16, 21, 64],
): Promise<SolveFacts> {
  const meant = solver.reference(inputs, params, { width, height, cellWidth: 1, cellHeight: 1 });
  let first: SolveFacts | undefined;
  for (const [k, tile] of tiles.entries()) {
    const pool = k === 0 ? shuffledPool(solverTasks, 5 + tile) : inlinePool(solverTasks);
    const memory = k === 1 ? 0 : k === 0 ? MEMORY : 1e9;
    const { planes, facts } = await solveWith(solver, { width, height, inputs, params, tile, pool, memory });
    for (const [name, plane] of Object.entries(planes))
      expect(bits(plane), `${name}, tiles of ${tile}`).toEqual(bits(meantAs(plane, meant[name])));
    const { tiles: _, visits, spilled_bytes, ...counted } = facts;
    if (memory === 0 && tile < width && 'visits' in facts) expect(spilled_bytes, 'bytes in scratch').toBeGreaterThan(0);
    first ??= counted;
    expect(counted, `facts, tiles of ${tile}`).toEqual(first);
  }
  return first!;
}

/** Rows of single characters as numbers; `.` is nodata. */
export function drawn(rows: readonly string[]): Float32Array {
  return Float32Array.from(rows.join(''), (character) => (character === '.' ? NODATA : Number.parseInt(character, 36)));
}

export function bits(plane: Plane): Uint32Array {
  return plane instanceof Float32Array ? bitsOf(plane) : plane;
}

/** The definition's plane as the engine holds it. */
export function meantAs(plane: Plane, values: Float64Array): Plane {
  return plane instanceof Float32Array ? Float32Array.from(values) : Uint32Array.from(values);
}
