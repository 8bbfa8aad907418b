/** Gi* in worker threads, out of core: each block is read with what its windows reach, in bands of it where that is much. */
import { blocksOf, planBlocks, reachedBy } from '../neighbourhood/blocks.ts';
import type { Piece } from '../neighbourhood/pieces.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import type { BlockSums, Scores, ScoresInput, SumsInput } from './block.ts';
import { LONGEST_BLOCK } from './scale.ts';
import { type BlockScorer, type Scoring, solveWith } from './solve.ts';
import { GETIS_SCORES, GETIS_SUMS } from './tasks.ts';

/** Of one block: what a worker's memory for running sums can be. */
const MOST_BYTES = 1e9;

/** @throws EcofluxError InvalidConfiguration for a radius that reaches no other cell */
export function solve(request: SolveRequest): Promise<SolveFacts> {
  return solveWith(request, inThreads);
}

async function inThreads(request: SolveRequest, scoring: Scoring): Promise<BlockScorer> {
  const { tiling, inputs, pool, memory, signal } = request;
  const { neighbourhood, moments, scale, wanted } = scoring;
  const { reachX, cells: most } = neighbourhood;
  const room = memory / 2;
  const plan = planBlocks(neighbourhood, LONGEST_BLOCK, Math.min(room / (pool.size + 1), MOST_BYTES));
  const lanes = Math.max(1, Math.min(pool.size + 1, Math.floor(room / plan.bytes)));
  let cellsRead = 0;
  return {
    blocks: [...blocksOf(tiling, plan.edge)],
    lanes,
    async score(block) {
      let before: BlockSums | undefined;
      const bring = async (piece: Piece) => {
        const values = (await inputs.values.read(reachedBy(block, reachX, piece))) as Float32Array;
        cellsRead += values.length;
        const reached = { width: block.width, height: block.height, reachX, piece };
        const transfer = [values, before?.sums, before?.counts].flatMap((part) => part?.buffer ?? []) as ArrayBuffer[];
        const input: SumsInput = { values, reached, scale, before };
        return { input, options: { transfer, signal } };
      };
      for (const piece of plan.pieces.slice(0, -1)) {
        const { input, options } = await bring(piece);
        before = await pool.run<SumsInput, BlockSums>(GETIS_SUMS, input, options);
      }
      const { input, options } = await bring(plan.pieces.at(-1)!);
      return pool.run<ScoresInput, Scores>(GETIS_SCORES, { ...input, moments, most, wanted }, options);
    },
    facts: () => ({ edge: plan.edge, pieces: plan.pieces.length, cells_read: cellsRead }),
  };
}
