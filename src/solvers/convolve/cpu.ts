/** Convolution in worker threads, out of core: block by block, each read with what the kernel reaches around it. */
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import type { BlockInput, BlockOutput } from './block.ts';
import { type BlockPlan, blocksOf, CPU_LIMITS, marginAround, planBlocks } from './block-plan.ts';
import { type Kernel, kernelOf } from './kernels.ts';
import { CONVOLVE_BLOCK } from './tasks.ts';
import { TilePieces } from './tile-pieces.ts';

/** @throws EcofluxError InvalidConfiguration for a radius of 0, OutOfCapacity for a kernel that no transform holds in this memory */
export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { shape, inputs, params, pool, signal, progress } = request;
  const kernel = kernelOf(params, shape);
  const plan = planWithin(request, kernel);
  const blocks = [...blocksOf(plan, shape)];
  const wanted = Object.keys(request.outputs) as (keyof BlockOutput)[];
  const pieces = new TilePieces({ ...request, memory: request.memory / 2 });
  const lanes = lanesOf(request, plan);
  let cellsRead = 0;
  let done = 0;
  try {
    await eachTile(blocks.keys(), { signal, pool: { ...pool, size: lanes - 1 } }, async (index) => {
      const block = blocks[index];
      const { width, height } = block;
      const values = (await inputs.values.read(marginAround(block, plan))) as Float32Array;
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
/** Blocks of so many bytes there may always be. */
const SMALL = 2 ** 26;

/** Of a point of a block: its transform, values and results, which go to the task and come back. */
function bytesPerPoint(outputs: number): number {
  return TRANSFORM_BYTES + 4 * (1 + outputs);
}

/** The blocks are those of the kernel and the raster alone, unless one of them is larger than half of the memory: then they are smaller. */
function planWithin({ shape, memory, outputs }: SolveRequest, kernel: Kernel): BlockPlan {
  const most = Math.max(SMALL, memory / 2) / bytesPerPoint(Object.keys(outputs).length);
  return planBlocks(shape, kernel, { ...CPU_LIMITS, largest: Math.min(CPU_LIMITS.largest, most) });
}

/** Blocks at once: fewer where memory is little, one at least. */
function lanesOf({ pool, memory, outputs }: SolveRequest, { lengthX, lengthY, blockWidth, blockHeight }: BlockPlan) {
  const points = Math.max(lengthX * lengthY, blockWidth * blockHeight);
  const bytes = points * bytesPerPoint(Object.keys(outputs).length);
  return Math.max(1, Math.min(pool.size + 1, Math.floor(memory / 2 / bytes)));
}
