/** Convolution in worker threads, out of core: block by block, each read with what the kernel reaches around it. */
import type { Window } from '../../core/grid.ts';
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { convolveInBands } from './banded.ts';
import { planBands, taskBytes } from './bands.ts';
import type { BlockInput, BlockOutput } from './block.ts';
import { type BlockPlan, blocksOf, CPU_LIMITS, marginAround, planBlocks } from './block-plan.ts';
import { type Kernel, kernelOf } from './kernels.ts';
import { CONVOLVE_BLOCK } from './tasks.ts';
import { TilePieces } from './tile-pieces.ts';

/** What decides how a transform is made, and changes no bit of it. */
export interface TaskLimits {
  /** Points of a transform that one task may hold: WebAssembly has 4 GiB. */
  readonly points: number;
  /** Bytes that a task may always take. */
  readonly least: number;
  /** Points of a transform that is worth sharing among workers which have no block of their own. */
  readonly shared: number;
  /** Bytes beyond which a task with a part of a transform is not faster. */
  readonly part: number;
}

const TASK_LIMITS: TaskLimits = { points: 12288 * 12288, least: 2 ** 26, shared: 2 ** 22, part: 2 ** 27 };
/** A block in parts costs so many times what it does in one. */
const IN_PARTS = 2;

/** @throws EcofluxError InvalidConfiguration for a radius of 0 */
export function solve(request: SolveRequest): Promise<SolveFacts> {
  return solveWithin(request, TASK_LIMITS);
}

export async function solveWithin(request: SolveRequest, limits: TaskLimits): Promise<SolveFacts> {
  const { shape, params, memory } = request;
  const kernel = kernelOf(params, shape);
  const plan = planBlocks(shape, kernel, CPU_LIMITS)!;
  const blocks = [...blocksOf(plan, shape)];
  const parts = !fitsTask(request, plan, blocks.length, limits);
  const pieces = new TilePieces({ ...request, memory: memory / (parts ? 4 : 2) });
  const work: Work = { request, kernel, plan, blocks, pieces };
  try {
    const facts = parts ? await blocksInBands(work, limits) : await wholeBlocks(work);
    return { blocks: blocks.length, transform_x: plan.lengthX, transform_y: plan.lengthY, ...facts };
  } finally {
    await pieces.close();
  }
}

interface Work {
  readonly request: SolveRequest;
  readonly kernel: Kernel;
  readonly plan: BlockPlan;
  readonly blocks: readonly Window[];
  readonly pieces: TilePieces;
}

/** Whether a task can hold a block, and is not alone with it while others could help. */
function fitsTask(
  request: SolveRequest,
  plan: BlockPlan,
  blocks: number,
  { points, least, shared }: TaskLimits,
): boolean {
  const { memory, pool } = request;
  if (plan.method === 'direct') return true;
  const size = plan.lengthX * plan.lengthY;
  if (size > points || size * bytesPerPoint(request) > Math.max(least, memory / 2)) return false;
  const turns = Math.ceil(blocks / Math.min(lanesOf(request, plan), pool.size));
  return size < shared || (IN_PARTS * blocks) / pool.size >= turns;
}

/** A block is a task. */
async function wholeBlocks({ request, kernel, plan, blocks, pieces }: Work): Promise<SolveFacts> {
  const { inputs, pool, signal, progress } = request;
  const wanted = Object.keys(request.outputs) as (keyof BlockOutput)[];
  const lanes = lanesOf(request, plan);
  let cellsRead = 0;
  let done = 0;
  await eachTile(blocks, { signal, pool: { ...pool, size: lanes - 1 } }, async (block) => {
    const { width, height } = block;
    const values = (await inputs.values.read(marginAround(block, plan))) as Float32Array;
    cellsRead += values.length;
    const input: BlockInput = { values, width, height, kernel, plan, wanted };
    const transfer = [values.buffer as ArrayBuffer];
    const planes = await pool.run<BlockInput, BlockOutput>(CONVOLVE_BLOCK, input, { signal, transfer });
    await pieces.add(block, planes as Readonly<Record<string, Float32Array>>);
    progress?.(++done, blocks.length);
  });
  return { cells_read: cellsRead };
}

/** A block is many tasks: a transform that is too large for one. */
async function blocksInBands(work: Work, { least, part }: TaskLimits): Promise<SolveFacts> {
  const { pool, signal, memory } = work.request;
  const share = memory / 2 / (pool.size + 1);
  const bands = planBands(work.plan, Math.min(Math.max(share, least), part));
  const lanes = Math.max(1, Math.min(pool.size + 1, Math.floor(memory / 2 / taskBytes(bands))));
  const few = { signal, pool: { ...pool, size: lanes - 1 } };
  const spilled = await convolveInBands({ ...work, bands, few, memory: memory / 4 });
  return { bands: bands.bands, groups: bands.groups, spilled };
}

/** Real and imaginary part of a point, and the spectrum, in float64. */
const TRANSFORM_BYTES = 24;

/** Of a point of a block: its transform, values and results, which go to the task and come back. */
function bytesPerPoint({ outputs }: SolveRequest): number {
  return TRANSFORM_BYTES + 4 * (1 + Object.keys(outputs).length);
}

/** Blocks at once: fewer where memory is little, one at least. */
function lanesOf(request: SolveRequest, { lengthX, lengthY, blockWidth, blockHeight }: BlockPlan) {
  const { pool, memory } = request;
  const bytes = Math.max(lengthX * lengthY, blockWidth * blockHeight) * bytesPerPoint(request);
  return Math.max(1, Math.min(pool.size + 1, Math.floor(memory / 2 / bytes)));
}
