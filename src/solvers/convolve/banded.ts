/**
 * A convolution by transforms that no task holds: lines along x in bands of rows, lines along y in groups of columns, and back. Between these steps
 * pieces lie in memory or in a scratch file. Every bit is that of the same transform in one task.
 */
import type { Window } from '../../core/grid.ts';
import { eachTile } from '../each-tile.ts';
import type { SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import { BandCovers } from './band-covers.ts';
import type { BandValues, ForwardInput, ForwardOutput, GroupInput, GroupOutput, RowsInput } from './band-steps.ts';
import { bringSpectra, kernelTotal } from './banded-kernel.ts';
import { bandResults } from './banded-results.ts';
import { type Bands, bandAt, pieceKey, type Span, spectrumKey } from './bands.ts';
import { type BlockPlan, marginAround } from './block-plan.ts';
import { doubtOf } from './block-results.ts';
import { type BlockValues, describeAll } from './block-values.ts';
import type { Kernel } from './kernels.ts';
import { CONVOLVE_BAND_DESCRIBE, CONVOLVE_BAND_FORWARD, CONVOLVE_GROUP } from './tasks.ts';
import type { TilePieces } from './tile-pieces.ts';

export interface BandedSolve {
  readonly request: SolveRequest;
  readonly kernel: Kernel;
  readonly plan: BlockPlan;
  readonly blocks: readonly Window[];
  readonly bands: Bands;
  /** As many tasks at once as there is memory for. */
  readonly few: Pick<SolveRequest, 'pool' | 'signal'>;
  /** Bytes for what lies between the steps. */
  readonly memory: number;
  readonly pieces: TilePieces;
}

export interface BandedWork extends BandedSolve {
  readonly states: TileStates;
  /** The kernel's sum. */
  readonly total: number;
  /** Part of a phase that is done. */
  readonly step: (part: number) => void;
}

/** Some rows of a block with all that lies around them, and the block's own among them. */
export interface BandOfBlock {
  readonly band: number;
  readonly window: Window;
  readonly own: Span;
}

const KERNEL_PHASES = 2;
const BLOCK_PHASES = 4;
/** Of the whole, as progress counts. */
const STEPS = 1000;

/** @returns bytes that went through a scratch file */
export async function convolveInBands(solve: BandedSolve): Promise<number> {
  const { request, blocks, memory } = solve;
  const states = new TileStates(memory, request.openScratch);
  const phases = KERNEL_PHASES + BLOCK_PHASES * blocks.length;
  let done = 0;
  const step = (part: number) => {
    done += part;
    request.progress?.(Math.min(STEPS, Math.round((STEPS * done) / phases)), STEPS);
  };
  try {
    const work = { ...solve, states, total: await kernelTotal(solve), step };
    await bringSpectra(work);
    for (const block of blocks) await convolveBlockInBands(work, block);
    return states.spilled;
  } finally {
    await states.close();
  }
}

async function convolveBlockInBands(work: BandedWork, block: Window): Promise<void> {
  const { request, kernel, states, bands, step } = work;
  const around = marginAround(block, work.plan);
  const parts = bandsOf(work, block);
  const { about, whole } = await describe(work, parts);
  const own = parts.filter(({ own: { first, end } }) => first < end);
  const alone = Object.keys(request.outputs).join() === 'mean';
  if (about.valid === 0 || (alone && about.low === about.high)) {
    await putValues(work, block, own);
    return step(BLOCK_PHASES - 1);
  }
  const exact = kernel.shape === 'disc' && whole;
  const covers = doubtOf(kernel, about, exact) >= 0 ? new BandCovers(states, bands, around.width) : undefined;
  await forward(work, parts, about, covers);
  await covers?.merge(parts.length);
  await multiply(work, { first: own[0].band, end: own[own.length - 1].band + 1 });
  await bandResults(work, block, parts, own, { about, whole, covers });
}

/** From the first band on, those that have rows of the block or around it. */
function bandsOf({ bands, plan }: BandedWork, block: Window): BandOfBlock[] {
  const around = marginAround(block, plan);
  return Array.from({ length: Math.ceil(around.height / bands.rows) }, (_, band) => {
    const { first, end } = bandAt(bands, band);
    const last = Math.min(end, around.height);
    const own = { first: Math.max(first, plan.marginY), end: Math.min(last, plan.marginY + block.height) };
    return { band, window: { ...around, y: around.y + first, height: last - first }, own };
  });
}

async function describe(
  { request, few, step }: BandedWork,
  parts: readonly BandOfBlock[],
): Promise<{ about: BlockValues; whole: boolean }> {
  const { pool, signal } = few;
  const found: BandValues[] = [];
  await eachTile(parts, few, async ({ band, window }) => {
    const values = (await request.inputs.values.read(window)) as Float32Array<ArrayBuffer>;
    const input: RowsInput = { values, pitch: window.width };
    const transfer = [values.buffer];
    found[band] = await pool.run<RowsInput, BandValues>(CONVOLVE_BAND_DESCRIBE, input, { signal, transfer });
    step(1 / parts.length);
  });
  return { about: describeAll(found), whole: found.every(({ whole }) => whole) };
}

/** Where every result is the value: the mean of one value, and no value at all. */
async function putValues(
  { request, few, plan, pieces }: BandedWork,
  block: Window,
  parts: readonly BandOfBlock[],
): Promise<void> {
  await eachTile(parts, few, async ({ own: { first, end } }) => {
    const window = { ...block, y: block.y + first - plan.marginY, height: end - first };
    const values = (await request.inputs.values.read(window)) as Float32Array;
    await pieces.add(window, Object.fromEntries(Object.keys(request.outputs).map((name) => [name, values])));
  });
}

async function forward(
  { request, kernel, bands, few, states, step }: BandedWork,
  parts: readonly BandOfBlock[],
  { level }: BlockValues,
  covers: BandCovers | undefined,
): Promise<void> {
  const { pool, signal } = few;
  await eachTile(parts, few, async ({ band, window }) => {
    const values = (await request.inputs.values.read(window)) as Float32Array<ArrayBuffer>;
    const input: ForwardInput = {
      values,
      pitch: window.width,
      bands,
      band,
      level,
      kernel,
      covers: covers !== undefined,
    };
    const transfer = [values.buffer];
    const made = await pool.run<ForwardInput, ForwardOutput>(CONVOLVE_BAND_FORWARD, input, { signal, transfer });
    for (const [group, piece] of made.pieces.entries()) await states.put(pieceKey(bands, band, group), [piece]);
    await covers?.put(band, made.extent);
    step(1 / parts.length);
  });
}

/** Along y, times the spectrum, and back: `wanted` are the bands that are needed of it. */
async function multiply({ bands, few, states, step }: BandedWork, wanted: Span): Promise<void> {
  const { pool, signal } = few;
  await eachTile(Array(bands.groups).keys(), few, async (group) => {
    const pieces = new Map<number, ArrayBuffer>();
    for (let band = 0; band < bands.bands; band++) {
      const key = pieceKey(bands, band, group);
      if (!states.has(key)) continue;
      pieces.set(band, (await states.take(key))[0]);
      if (band < wanted.first || band >= wanted.end) states.drop(key);
    }
    const [spectrum] = await states.take(spectrumKey(bands, group));
    const transfer = [...pieces.values(), spectrum];
    const input: GroupInput = { bands, group, spectrum, pieces, wanted };
    const made = await pool.run<GroupInput, GroupOutput>(CONVOLVE_GROUP, input, { signal, transfer });
    await states.put(spectrumKey(bands, group), [made.spectrum]);
    for (const [band, piece] of made.pieces) await states.put(pieceKey(bands, band, group), [piece]);
    step(1 / bands.groups);
  });
}
