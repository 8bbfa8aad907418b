/** Sends blocks to the pool to be encoded, spools what comes back, and makes overview blocks as soon as their four quarters are there. */
import type { Plane } from '../core/cells.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { TaskPool } from '../core/tasks.ts';
import { type Tiling, tilingOf } from '../core/tiles.ts';
import type { BlockEncoding } from './block-encoder.ts';
import { blocksUnderWay } from './blocks-under-way.ts';
import type { Spool } from './output.ts';
import type { RasterDescription } from './raster-writer.ts';
import { type BlockStatistics, mergeStatistics, type RasterStatistics } from './statistics.ts';
import {
  buffersOf,
  type EncodeBlockInput,
  type EncodedBlock,
  type EncodeOverviewInput,
  type ReduceBlockInput,
  type Reduced,
} from './tasks.ts';

/** One level of the pyramid: what is known of its blocks. */
interface Level {
  readonly tiling: Tiling;
  /** Place in the spool; −1: nothing but nodata. */
  readonly offsets: Float64Array;
  readonly sizes: Float64Array;
  /** Blocks with their quarters, as far as they have come. */
  readonly begun: Map<number, { readonly quarters: (Reduced | undefined)[]; missing: number }>;
}

export interface EncodedPyramid {
  readonly levels: readonly {
    readonly width: number;
    readonly height: number;
    readonly offsets: Float64Array;
    /** 0: nothing but nodata. */
    readonly sizes: Float64Array;
  }[];
  readonly statistics: RasterStatistics | undefined;
}

/** A block of the full image that is in the spool; of size 0 where it is nothing but nodata. */
export interface KeptBlock {
  readonly offset: number;
  readonly size: number;
  readonly statistics?: BlockStatistics;
}

const NOT_WRITTEN = -2;
const EMPTY = -1;

export function pyramidEncoder({
  description,
  encoding,
  spool,
  pool,
  signal,
  kept = () => {},
}: {
  readonly description: RasterDescription;
  readonly encoding: BlockEncoding;
  readonly spool: Spool;
  readonly pool: TaskPool;
  readonly signal?: AbortSignal;
  /** Told of every block of the full image once its bytes are in the spool. */
  readonly kept?: (index: number, block: KeptBlock) => void;
}) {
  const levels = levelsOf(description, encoding);
  const [base] = levels;
  const statistics = new Map<number, BlockStatistics>();
  const underWay = blocksUnderWay(pool);
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  function start(work: Promise<void>): void {
    const tracked = work
      .catch((error) => {
        failure ??= { error };
      })
      .then(() => {
        running.delete(tracked);
      });
    running.add(tracked);
    underWay.add(tracked);
  }

  function rethrow(): void {
    if (failure) throw failure.error;
    throwIfAborted(signal);
  }

  async function settleAll(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
    rethrow();
  }

  async function keep(level: number, index: number, { bytes }: EncodedBlock): Promise<void> {
    levels[level].sizes[index] = bytes.byteLength;
    levels[level].offsets[index] = bytes.byteLength === 0 ? EMPTY : await spool.append(bytes);
  }

  async function encodeBase(index: number, cells: Plane): Promise<void> {
    const input: EncodeBlockInput = { cells, encoding, reduce: levels.length > 1 };
    const transfer = [cells.buffer as ArrayBuffer];
    const block = await pool.run<EncodeBlockInput, EncodedBlock>('encode_block', input, { transfer, signal });
    if (block.statistics) statistics.set(index, block.statistics);
    handUp(0, index, block.reduced);
    await keep(0, index, block);
    kept(index, { offset: base.offsets[index], size: base.sizes[index], statistics: block.statistics });
  }

  async function encodeOverview(level: number, index: number, quarters: (Reduced | undefined)[]): Promise<void> {
    const input: EncodeOverviewInput = { quarters, encoding, reduce: level + 1 < levels.length };
    const transfer = quarters.flatMap(buffersOf);
    // Before base blocks: they free the quarters that are held.
    const block = await pool.run<EncodeOverviewInput, EncodedBlock>('encode_overview', input, {
      transfer,
      signal,
      priority: 1,
    });
    handUp(level, index, block.reduced);
    await keep(level, index, block);
  }

  /** Gives a block's quarter to the block above it, which is encoded when it has all of them. */
  function handUp(level: number, index: number, reduced: Reduced | undefined): void {
    const above = levels[level + 1];
    if (!above || failure) return;
    const { columns } = levels[level].tiling;
    const column = index % columns;
    const row = Math.floor(index / columns);
    const parent = (row >> 1) * above.tiling.columns + (column >> 1);
    const block = above.begun.get(parent) ?? {
      quarters: [undefined, undefined, undefined, undefined],
      missing: quartersOf(levels[level].tiling, column >> 1, row >> 1),
    };
    block.quarters[(row & 1) * 2 + (column & 1)] = reduced;
    block.missing--;
    if (block.missing > 0) {
      above.begun.set(parent, block);
      return;
    }
    above.begun.delete(parent);
    if (block.quarters.some((quarter) => quarter)) {
      start(encodeOverview(level + 1, parent, block.quarters));
    } else {
      above.offsets[parent] = EMPTY;
      handUp(level + 1, parent, undefined);
    }
  }

  function markEmpty(index: number): void {
    base.offsets[index] = EMPTY;
    handUp(0, index, undefined);
  }

  /** Takes a block over that an earlier run spooled; one that cannot be decoded is as if it had never been made. */
  async function restoreBlock(index: number, { offset, size, statistics: known }: KeptBlock): Promise<void> {
    let reduced: Reduced | undefined;
    try {
      const input: ReduceBlockInput = { bytes: await spool.read(offset, size), encoding, reduce: levels.length > 1 };
      reduced = await pool.run<ReduceBlockInput, Reduced | undefined>('reduce_block', input, { signal });
    } catch {
      throwIfAborted(signal);
      return;
    }
    base.offsets[index] = offset;
    base.sizes[index] = size;
    if (known) statistics.set(index, known);
    handUp(0, index, reduced);
  }

  return {
    /** Whether the block need not come any more. */
    has: (index: number) => base.offsets[index] !== NOT_WRITTEN,

    /** Blocks of an earlier run, in the order in which they are best taken up; before anything else. */
    async restore(blocks: Iterable<readonly [number, KeptBlock]>): Promise<void> {
      for (const [index, block] of blocks) {
        if (block.size === 0) markEmpty(index);
        else start(restoreBlock(index, block));
        await underWay.room();
        rethrow();
      }
      await settleAll();
    },

    async submit(index: number, cells: Plane): Promise<void> {
      rethrow();
      start(encodeBase(index, cells));
      await underWay.room();
      rethrow();
    },

    /** A block of nothing but nodata. */
    async submitEmpty(index: number): Promise<void> {
      rethrow();
      markEmpty(index);
      kept(index, { offset: EMPTY, size: 0 });
    },

    /** Resolves when nothing runs any more, however it ended. */
    async settled(): Promise<void> {
      failure ??= { error: undefined };
      while (running.size > 0) await Promise.all(running);
    },

    /** Waits for all blocks; those that never came are nodata. */
    async finish(): Promise<EncodedPyramid> {
      await settleAll();
      for (let index = 0; index < base.tiling.count; index++) if (base.offsets[index] === NOT_WRITTEN) markEmpty(index);
      await settleAll();
      const merged = mergeStatistics(Array.from({ length: base.tiling.count }, (_, index) => statistics.get(index)));
      return {
        levels: levels.map(({ tiling, offsets, sizes }) => ({
          width: tiling.width,
          height: tiling.height,
          offsets,
          sizes,
        })),
        statistics: merged,
      };
    },
  };
}

/** The full image and its halves, down to one that fits in a block. */
function levelsOf({ grid, overviews = true }: RasterDescription, { blockSize }: BlockEncoding): Level[] {
  const levels: Level[] = [];
  for (let { width, height } = grid; ; width = Math.ceil(width / 2), height = Math.ceil(height / 2)) {
    const tiling = tilingOf({ width, height }, blockSize);
    const offsets = new Float64Array(tiling.count).fill(NOT_WRITTEN);
    levels.push({ tiling, offsets, sizes: new Float64Array(tiling.count), begun: new Map() });
    if (!overviews || Math.max(width, height) <= blockSize) return levels;
  }
}

/** How many blocks of the level below lie under a block. */
function quartersOf({ columns, rows }: Tiling, column: number, row: number): number {
  return Math.min(2, columns - 2 * column) * Math.min(2, rows - 2 * row);
}
