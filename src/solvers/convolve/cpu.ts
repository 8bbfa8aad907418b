/** Convolution in worker threads, out of core: block by block, each read with the kernel's reach around it. */
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import type { BlockInput, BlockOutput } from './block.ts';
import { type BlockPlan, blocksOf, CPU_LIMITS, planBlocks, reachAround } from './block-plan.ts';
import { kernelOf } from './kernels.ts';
import { CONVOLVE_BLOCK } from './tasks.ts';
import { TilePieces } from './tile-pieces.ts';

/** @throws EcofluxError InvalidConfiguration for a radius of 0, OutOfCapacity for a kernel that no transform holds */
export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { shape, inputs, params, pool, signal, progress } = request;
  const kernel = kernelOf(params, shape);
  const plan = planBlocks(shape, kernel, CPU_LIMITS);
  const blocks = [...blocksOf(plan, shape)];
  const wanted = Object.keys(request.outputs) as (keyof BlockOutput)[];
  const pieces = new TilePieces({ ...request, memory: request.memory / 2 });
  const lanes = lanesOf(request, plan, wanted.length);
  let cellsRead = 0;
  let done = 0;
  try {
    await eachTile(blocks.keys(), { signal, pool: { ...pool, size: lanes - 1 } }, async (index) => {
      const block = blocks[index];
      const { width, height } = block;
      const values = (await inputs.values.read(reachAround(block, kernel))) as Float32Array;
      cellsRead += values.length;
      const input: BlockInput = { values, width, height, kernel, plan, wanted };
      const transfer = [values.buffer as ArrayBuffer];
      const planes = await pool.run<BlockInput, BlockOutput>(CONVOLVE_BLOCK, input, { signal, transfer });
      await pieces.add(block, planes as Readonly<Record<string, Float32Array>>);
      progress?.(++done, blocks.length);
    });
  } finally {
    await pieces.close();
  }
  return { blocks: blocks.length, transform_x: plan.lengthX, transform_y: plan.lengthY, cells_read: cellsRead };
}

/** Real and imaginary part of a point, and the spectrum, in float64. */
const TRANSFORM_BYTES = 24;
/** Blocks are as large as the kernel wants them, whatever the memory: cells must get the same bits. So there are fewer at once where it is little. */
function lanesOf(
  { pool, memory }: SolveRequest,
  { lengthX, lengthY, blockWidth, blockHeight }: BlockPlan,
  outputs: number,
) {
  const points = Math.max(lengthX * lengthY, blockWidth * blockHeight);
  const planes = 2 * 4 * (1 + outputs); // values and results, here and in the task
  const bytes = lengthX * lengthY * TRANSFORM_BYTES + points * planes;
  return Math.max(1, Math.min(pool.size + 1, Math.floor(memory / 2 / bytes)));
}
