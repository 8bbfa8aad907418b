/** Gi* with window sums on a device, in whole numbers: the same bits as in worker threads, which make the scores of them. */
import type { Window } from '../../core/grid.ts';
import type { PooledBuffer } from '../../gpu/buffers.ts';
import { blockTile } from '../device/block-tile.ts';
import { blocksOf, reachedBy } from '../neighbourhood/blocks.ts';
import { wholePiece } from '../neighbourhood/pieces.ts';
import type { Neighbourhood } from '../neighbourhood/shape.ts';
import { neighbourhoodOf } from '../neighbourhood/shape.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import type { Scores } from './block.ts';
import { solve as solveOnHost } from './cpu.ts';
import type { DeviceScoresInput, Words, WordsInput } from './device-words.ts';
import { LONGEST_BLOCK } from './scale.ts';
import { type BlockScorer, type Scoring, solveWith } from './solve.ts';
import { GETIS_DEVICE_SCORES, GETIS_WORDS } from './tasks.ts';

/** Blocks at a time: one goes up while one is worked on and one is made scores of. */
const LANES = 3;
/** Of what is reached: three parts and a count, running; and on their way up. Of the block: three words. */
const RUNNING_BYTES = 16;
const WORD_BYTES = 8;
const SUM_BYTES = 12;
const SHORTEST_BLOCK = 128;
/** Parts of 16 bits along a row add up in 32 bits. */
const LONGEST_ROW = 2 ** 16;

/** In worker threads where the device has no room for windows as large. */
export function solve(request: DeviceSolveRequest): Promise<SolveFacts> {
  const edge = edgeFor(request, neighbourhoodOf(request.params, request.shape));
  return edge === undefined
    ? solveOnHost(request)
    : solveWith(request, (_, scoring) => onDevice(request, scoring, edge));
}

/** Cells along a side of a block; undefined where no block fits. */
function edgeFor({ gpu, memory }: DeviceSolveRequest, { reachX, reachY }: Neighbourhood): number | undefined {
  if (2 * reachX + 1 >= LONGEST_ROW) return undefined;
  for (let edge = LONGEST_BLOCK; edge >= SHORTEST_BLOCK; edge /= 2) {
    const reached = (edge + 2 * reachX + 1) * (edge + 2 * reachY);
    const bytes = reached * (RUNNING_BYTES + 2 * WORD_BYTES) + edge * edge * 2 * SUM_BYTES;
    const fits = reached * RUNNING_BYTES <= gpu.limits.maxStorageBufferBindingSize;
    if (fits && LANES * bytes <= gpu.buffers.caps.total / 2 && LANES * bytes <= memory / 2) return edge;
  }
  return undefined;
}

async function onDevice(request: DeviceSolveRequest, scoring: Scoring, edge: number): Promise<BlockScorer> {
  const { gpu, tiling, inputs, pool, signal } = request;
  const { neighbourhood, moments, scale, wanted } = scoring;
  const { reachX, cells: most } = neighbourhood;
  const piece = wholePiece(neighbourhood);
  const before = { ...gpu.traffic };
  let dispatches = 0;
  return {
    blocks: [...blocksOf(tiling, edge)],
    lanes: LANES,
    async score(block) {
      const read = (await inputs.values.read(reachedBy(block, reachX, piece))) as Float32Array;
      const words = await pool.run<WordsInput, Words>(
        GETIS_WORDS,
        { values: read, scale },
        { transfer: [read.buffer as ArrayBuffer], signal },
      );
      const sums = await sumOnDevice(request, block, words, neighbourhood);
      dispatches += 2;
      const { values } = words;
      const reached = { width: block.width, height: block.height, reachX, piece };
      const input: DeviceScoresInput = { values, sums, reached, scale, moments, most, wanted };
      const transfer = [values.buffer, sums.buffer] as ArrayBuffer[];
      return pool.run<DeviceScoresInput, Scores>(GETIS_DEVICE_SCORES, input, { transfer, signal });
    },
    facts: () => ({
      edge,
      dispatches,
      bytes_up: gpu.traffic.bytesUp - before.bytesUp,
      bytes_down: gpu.traffic.bytesDown - before.bytesDown,
    }),
  };
}

/** Count, lower and upper word of the sum, a plane of the block each. */
async function sumOnDevice(
  { gpu, shape }: DeviceSolveRequest,
  block: Window,
  { lower, upper }: Words,
  { reachX, reachY, halfWidths }: Neighbourhood,
): Promise<Uint32Array> {
  const columns = block.width + 2 * reachX;
  const rows = block.height + 2 * reachY;
  const cells = block.width * block.height;
  const loans: PooledBuffer[] = [];
  const lend = (bytes: number, label: string) => {
    const loan = gpu.buffers.acquire(bytes, 'plane', `getis_ord/${label}`);
    loans.push(loan);
    return loan.slice(0, bytes);
  };
  const bring = async (data: Uint32Array | Int32Array, label: string) => {
    const slice = lend(data.byteLength, label);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    await gpu.upload(slice, (view, offset, length) => new Uint8Array(view, offset, length).set(bytes), label);
    return slice;
  };
  try {
    const [brought, above, halves] = [
      await bring(lower, 'lower'),
      await bring(upper, 'upper'),
      await bring(halfWidths, 'halves'),
    ];
    const running = lend(RUNNING_BYTES * (columns + 1) * rows, 'running');
    const sums = lend(SUM_BYTES * cells, 'sums');
    const [along, windows] = await Promise.all([
      gpu.kernel('window_sums', 'sum_along_rows'),
      gpu.kernel('window_sums', 'sum_windows'),
    ]);
    const tile = blockTile(shape, block, columns);
    const params = { reach_x: reachX, reach_y: reachY, columns, rows };
    const batch = gpu.batch(`getis_ord/${block.x},${block.y}`, { timed: false });
    batch.dispatch(along, { lower: brought, upper: above, running }, tile, params, { width: rows, height: 1 }, 'rows');
    batch.dispatch(windows, { before: running, half_widths: halves, sums }, tile, params, block, 'windows');
    const reading = batch.read(sums, 'sums', (bytes) => new Uint32Array(bytes.slice(0, SUM_BYTES * cells)));
    await batch.submit();
    return await reading;
  } finally {
    for (const loan of loans) loan.release();
  }
}
