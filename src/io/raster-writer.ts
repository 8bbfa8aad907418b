/**
 * Writes Cloud Optimized GeoTIFFs from rectangles of cells in any order. Blocks are encoded by a pool, spooled, and put in their places at the
 * end, so the bytes of the file depend neither on the order or shape of the rectangles nor on the number of workers.
 */
import type { Plane, SampleType } from '../core/cells.ts';
import { EcofluxError, throwIfAborted } from '../core/errors.ts';
import type { Grid, Window } from '../core/grid.ts';
import type { TaskPool } from '../core/tasks.ts';
import { curveOf } from '../core/tile-curve.ts';
import { type Tiling, tilesUnder, tilingOf } from '../core/tiles.ts';
import { assemble } from './assemble.ts';
import { blockCutter } from './block-cutter.ts';
import type { OutputTarget } from './output.ts';
import { type KeptBlock, pyramidEncoder } from './pyramid-encoder.ts';
import type { RasterStatistics } from './statistics.ts';
import { DEFAULT_BLOCK, settle } from './writer-settings.ts';

export interface RasterDescription {
  readonly grid: Grid;
  /** All but u64, i64 and f16. */
  readonly sampleType: SampleType;
  /** Declared in the file for cells that hold the engine's sentinel. Must fit the sample type. */
  readonly nodata: number;
  /** Decides the overviews: means of quantities, modes of classes. */
  readonly kind: 'quantity' | 'classes';
  readonly unit?: string;
  readonly description?: string;
  /** Red, green, blue, alpha from 0 to 255; written for u8 and u16. */
  readonly palette?: Readonly<Record<number, readonly [number, number, number, number]>>;
  readonly classNames?: Readonly<Record<number, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly compression?: 'deflate' | 'zstd' | 'none';
  readonly level?: number;
  /** 3 for floats, 2 for integer quantities, 1 for classes when absent. */
  readonly predictor?: 1 | 2 | 3;
  /** Cells along a side of a block, a multiple of 16; 512 when absent: COG's usual size, some 400 kB compressed. */
  readonly blockSize?: number;
  /** True when absent. */
  readonly overviews?: boolean;
  /** 'auto' (when absent): only where the file passes 4 GB. */
  readonly bigTiff?: 'auto' | 'yes';
}

export interface WrittenRaster {
  readonly bytes: number;
  /** Undefined when every cell is nodata. */
  readonly statistics: RasterStatistics | undefined;
}

export interface RasterWriter {
  /**
   * A rectangle of cells with the engine's sentinels, in any order, each cell once; takes the array over. Resolves when it is no longer held
   * in memory as it came, not when it is encoded: wait for it before making the next rectangle.
   */
  write(window: Window, cells: Plane): Promise<void>;
  /** The same as writing nothing but nodata, without cells. */
  skip(window: Window): Promise<void>;
  /** Whether every block under the window has been taken over from an earlier run: what is written there is passed over. */
  has(window: Window): boolean;
  /** Encodes what is left, puts the file together and moves it into place. Cells that were never written are nodata. */
  finish(): Promise<WrittenRaster>;
  /** Leaves nothing behind; harmless after finish. */
  abort(): Promise<void>;
}

/** What lets a later run go on with a file that was not finished. */
export interface WriterJournal {
  /** Blocks that an earlier run left in the spool. */
  readonly blocks: ReadonlyMap<number, KeptBlock>;
  /** A block's bytes are in the spool. */
  keep(index: number, block: KeptBlock): void;
  /** The file is in its place; the spool goes when this resolves. */
  finish(written: WrittenRaster): Promise<void>;
}

export interface WriterOptions {
  readonly pool: TaskPool;
  readonly signal?: AbortSignal;
  /** With it the spool outlives everything but the finished file; the target must have `openKeptSpool`. */
  readonly journal?: WriterJournal;
}

/** Refuses what cannot be written, an unwritable place included, before any cell is computed. */
export async function createRasterWriter(
  target: OutputTarget,
  description: RasterDescription,
  { pool, signal, journal }: WriterOptions,
): Promise<RasterWriter> {
  throwIfAborted(signal);
  const encoding = await settle(target.name, description);
  const sink = await target.create();
  const spool = await (journal ? target.openKeptSpool!() : target.openSpool()).catch(async (error) => {
    await sink.abort();
    throw error;
  });
  const encoder = pyramidEncoder({ description, encoding, spool, pool, signal, kept: journal?.keep });
  const cutter = blockCutter(description, encoding, encoder);
  const blocks = tilingOf(description.grid, encoding.blockSize);
  let state: 'open' | 'finished' | 'aborted' = 'open';

  async function abort(): Promise<void> {
    if (state !== 'open') return;
    state = 'aborted';
    await encoder.settled();
    await (journal ? spool.close() : spool.dispose());
    await sink.abort();
  }
  async function orAbort<T>(work: () => Promise<T>): Promise<T> {
    if (state !== 'open') throw new EcofluxError('Bug', `the writer has been ${state}`, { file: target.name });
    try {
      throwIfAborted(signal);
      return await work();
    } catch (error) {
      await abort();
      throw error;
    }
  }

  if (journal) await orAbort(() => encoder.restore(alongCurve(blocks, journal.blocks)));
  return {
    write: (window, cells) => orAbort(() => cutter.cut(window, cells)),
    skip: (window) => orAbort(() => cutter.skip(window)),
    has: (window) => tilesUnder(blocks, window).every(encoder.has),
    abort,
    finish: () =>
      orAbort(async () => {
        await cutter.flush();
        const encoded = await encoder.finish();
        throwIfAborted(signal);
        const bytes = await assemble({ target, sink, spool, description, encoding, encoded, signal });
        const written = { bytes, statistics: encoded.statistics };
        await journal?.finish(written);
        state = 'finished';
        await spool.dispose();
        return written;
      }),
  };
}

/** Blocks in the order in which the fewest of them wait for their neighbours. */
function* alongCurve<T>(tiling: Tiling, blocks: ReadonlyMap<number, T>): Generator<readonly [number, T]> {
  if (blocks.size === 0) return;
  for (const index of curveOf(tiling)) {
    const block = blocks.get(index);
    if (block) yield [index, block];
  }
}

/** A whole plane at once, which stays the caller's. */
export async function writeRaster(
  target: OutputTarget,
  description: RasterDescription,
  cells: Plane,
  options: WriterOptions,
): Promise<WrittenRaster> {
  const { grid, blockSize = DEFAULT_BLOCK } = description;
  const { width, height } = grid;
  const writer = await createRasterWriter(target, description, options);
  const isBlock = width === blockSize && height === blockSize; // which would be encoded in place
  await writer.write({ x: 0, y: 0, width, height }, isBlock ? cells.slice() : cells);
  return writer.finish();
}
