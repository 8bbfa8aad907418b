/** Recursions on the flow graph in tests: worker tasks on tiles of several sizes against the definition, bit for bit; and InVEST's rasters. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Values } from '../../src/core/values.ts';
import { openRaster } from '../../src/io/raster.ts';
import { fileSource } from '../../src/node/files.ts';
import { d8Code } from '../../src/solvers/routing/directions.ts';
import type { Solver } from '../../src/solvers/solver.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { type Algorithm, directionsOf, windingRiver } from './flow.ts';
import { randomNumbers } from './rasters.ts';
import { shuffledPool, solveWith } from './solve.ts';
import { bitsOf, fractal, holed } from './terrain.ts';

export interface FlowRaster {
  readonly name: string;
  readonly algorithm: Algorithm;
  readonly width: number;
  readonly height: number;
  readonly direction: Uint32Array;
}

export const ALGORITHM = { d8: 0, mfd: 1 } as const;

/** Down from the middle to all sides, with shares beyond the grid and inside of it; D8 takes the diagonal. */
function dome(width: number, height: number, algorithm: Algorithm): Uint32Array {
  return Uint32Array.from({ length: width * height }, (_, cell) => {
    const across = cell % width < width / 2 ? 4 : 0;
    const along = Math.floor(cell / width) < height / 2 ? 2 : 6;
    const between = across === 0 && along === 6 ? 7 : (across + along) / 2;
    if (algorithm === 'd8') return d8Code(between);
    return ((5 << (4 * across)) | (3 << (4 * between)) | (7 << (4 * along))) >>> 0;
  });
}

/** Odd sizes on purpose; holes; a river that passes every cell, through all tiles and back; and water that leaves on all sides. */
export function flowRasters(algorithm: Algorithm): FlowRaster[] {
  const dem = holed(fractal(67, 53, 4), 9);
  return [
    { name: `hills, ${algorithm}`, algorithm, width: 67, height: 53, direction: directionsOf(dem, 67, algorithm) },
    { name: `a river, ${algorithm}`, algorithm, width: 160, height: 32, direction: windingRiver(160, 32, algorithm) },
    { name: `a dome, ${algorithm}`, algorithm, width: 41, height: 30, direction: dome(41, 30, algorithm) },
  ];
}

/** From a seed, `nodata` in some cells and where there is no direction. */
export function randomPlane(
  { direction }: FlowRaster,
  seed: number,
  low: number,
  high: number,
  holes = 0.02,
): Float32Array {
  const next = randomNumbers(seed);
  return Float32Array.from(direction, (code) => {
    const value = low + (high - low) * next();
    return next() < holes || code === NODATA_CODE ? NODATA : value;
  });
}

/** 1 in some cells. */
export function randomMarks({ direction }: FlowRaster, seed: number, share: number): Uint32Array {
  const next = randomNumbers(seed);
  return Uint32Array.from(direction, (code) => (code === NODATA_CODE ? NODATA_CODE : next() < share ? 1 : 0));
}

/** As a plane of the engine holds it. */
export function rounded(values: Float64Array, plane: Plane): Plane {
  return plane instanceof Float32Array ? Float32Array.from(values) : Uint32Array.from(values);
}

export interface ParityCase {
  readonly solver: Solver;
  readonly raster: FlowRaster;
  readonly inputs?: Readonly<Record<string, Plane>>;
  readonly params?: Values;
  readonly cell?: number;
}

/** Tiles of 7, 16 and 64 cells, one lane and three in shuffled order, and a budget that sends everything to scratch: the reference's bits. */
export async function expectReferenceBits({
  solver,
  raster,
  inputs = {},
  params = {},
  cell = 30,
}: ParityCase): Promise<void> {
  const { width, height, direction } = raster;
  const all = { direction, ...inputs };
  const meant = solver.reference(all, params, { width, height, cellWidth: cell, cellHeight: cell });
  const outputs = Object.keys(meant);
  for (const [tile, lanes, memory] of [
    [7, 3, 7e4], // some states in memory, some in scratch
    [16, 3, 0],
    [16, 3, 1e9],
    [64, 1, 1e9],
  ]) {
    const pool = lanes === 1 ? inlinePool(solverTasks) : shuffledPool(solverTasks, 5 + tile, lanes);
    const given = { width, height, inputs: all, params, outputs, tile, pool, memory, cell };
    const { planes } = await solveWith(solver, given);
    for (const name of outputs)
      expect(bits(planes[name]), `${name} of ${raster.name}, tiles of ${tile}, ${lanes} lanes`).toEqual(
        bits(rounded(meant[name], planes[name])),
      );
  }
}

function bits(plane: Plane): Uint32Array {
  return plane instanceof Float32Array ? bitsOf(plane) : plane;
}

/** A raster of InVEST in float64, NODATA where it has none. */
export async function investValues(folder: string, run: string, name: string): Promise<Float64Array> {
  const raster = await openRaster(await fileSource(join(folder, 'outputs', run, `${name}.tif`)));
  const { grid, nodata } = raster.info;
  const { samples } = await raster.readSamples({ x: 0, y: 0, width: grid.width, height: grid.height });
  await raster.close();
  const isNodata = (value: number) =>
    nodata !== undefined && Math.abs(value - nodata) <= 1e-8 + 1e-5 * Math.abs(nodata);
  return Float64Array.from(samples as Float64Array, (sample) => (isNodata(Number(sample)) ? NODATA : Number(sample)));
}

export async function investMarks(folder: string, run: string, name: string): Promise<Uint32Array> {
  return Uint32Array.from(await investValues(folder, run, name), (value) => (value === NODATA ? NODATA_CODE : value));
}

/** InVEST's directions as codes of the engine. */
export async function investFlow(folder: string, run: string): Promise<FlowRaster & { readonly cell: number }> {
  const raster = await openRaster(await fileSource(join(folder, 'outputs', run, 'flow_direction.tif')));
  const { width, height, cellWidth } = raster.info.grid;
  await raster.close();
  const algorithm: Algorithm = run.includes('mfd') ? 'mfd' : 'd8';
  const values = await investValues(folder, run, 'flow_direction');
  const direction = Uint32Array.from(values, (value) => {
    if (value === NODATA) return NODATA_CODE;
    return algorithm === 'mfd' ? value >>> 0 : (1 << (4 * value)) >>> 0;
  });
  return { name: run, algorithm, width, height, direction, cell: cellWidth };
}

export interface Difference {
  /** Cells with a value in both. */
  readonly cells: number;
  /** Cells with a value in one only. */
  readonly oneSided: number;
  readonly largest: number;
  readonly largestRelative: number;
}

export function difference(made: ArrayLike<number>, meant: ArrayLike<number>, nodata: number = NODATA): Difference {
  let [cells, oneSided, largest, largestRelative] = [0, 0, 0, 0];
  for (let i = 0; i < meant.length; i++) {
    if ((made[i] === nodata) !== (meant[i] === nodata)) oneSided++;
    else if (made[i] !== nodata) {
      cells++;
      const error = Math.abs(made[i] - meant[i]);
      largest = Math.max(largest, error);
      if (error > 0) largestRelative = Math.max(largestRelative, error / Math.abs(meant[i]));
    }
  }
  return { cells, oneSided, largest, largestRelative };
}
