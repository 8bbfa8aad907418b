/** The file layer's tasks for worker pools: reading planes, counting classes, encoding blocks and overview blocks. */
import type { Plane } from '../core/cells.ts';
import { nodataOf } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import type { TaskContext, TaskTable } from '../core/tasks.ts';
import { blockCache } from './block-cache.ts';
import { reduceEncoded } from './block-decoder.ts';
import { type BlockEncoding, compress, declaredNodata, encodeSamples, toFileSamples } from './block-encoder.ts';
import type { FileIdentity, SourceOpener } from './byte-source.ts';
import { holdsFloats, walkFloats } from './float-block.ts';
import { halveSums, meansOf, type Quarters, type Sums, sumCells } from './overview-means.ts';
import { halveTallies, modesOf, type Tallies, tallyCells } from './overview-modes.ts';
import { countClasses, type PlaneMapping, readPlane } from './plane.ts';
import { summarise } from './plane-summary.ts';
import { openRaster, type Raster } from './raster.ts';
import { type BlockStatistics, statisticsOf } from './statistics.ts';
import { warpParts } from './warp/warp-parts.ts';

/** What an overview block is made from: a quarter of it. */
export type Reduced = Sums | Tallies;

export interface ReadPlaneInput {
  readonly file: string;
  readonly window: Window;
  readonly mapping: PlaneMapping;
}

export interface CountClassesInput {
  readonly file: string;
  readonly window?: Window;
  readonly band?: number;
  readonly extraNodata?: readonly number[];
}

export interface SummarisePlaneInput extends ReadPlaneInput {
  /** 0 for cells that do not count. */
  readonly inside?: Uint8Array;
  /** Every nth valid cell goes into the sample. */
  readonly every: number;
}

export interface EncodeBlockInput {
  /** blockSize² cells; the task may change them. */
  readonly cells: Plane;
  readonly encoding: BlockEncoding;
  /** Make the quarter for the overview above. */
  readonly reduce: boolean;
}

export interface ReduceBlockInput {
  /** As `encode_block` made them. */
  readonly bytes: Uint8Array;
  readonly encoding: BlockEncoding;
  /** Without it the bytes are only looked over. */
  readonly reduce: boolean;
}

export interface EncodeOverviewInput {
  readonly quarters: Quarters<Reduced>;
  readonly encoding: BlockEncoding;
  readonly reduce: boolean;
}

export interface EncodedBlock {
  /** Empty for a block that holds nothing but nodata: it is not stored. */
  readonly bytes: Uint8Array;
  readonly statistics?: BlockStatistics;
  readonly reduced?: Reduced;
}

export const ioTasks: TaskTable = {
  async read_plane({ file, window, mapping }: ReadPlaneInput, context) {
    const raster = await openFile(file, context);
    const plane = await readPlane(raster, window, mapping, context);
    return { output: plane, transfer: [plane.buffer as ArrayBuffer] };
  },

  /** Resolves to the WarpParts of a window; `mapping.resampling` must run on the device. */
  async read_warp({ file, window, mapping }: ReadPlaneInput, context) {
    if (!mapping.resampling) throw new EcofluxError('Bug', 'there is no resampling to be done', { file });
    const parts = await warpParts(await openFile(file, context), window, mapping, mapping.resampling, context);
    const transfer = parts.flatMap(({ input }) => [input.cells.buffer, input.positions.nodes.buffer] as ArrayBuffer[]);
    return { output: parts, transfer };
  },

  /** Resolves to a PlaneSummary. */
  async summarise_plane({ file, window, mapping, inside, every }: SummarisePlaneInput, context) {
    const plane = await readPlane(await openFile(file, context), window, mapping, context);
    return { output: summarise(plane, inside, every) };
  },

  /** Resolves to pairs of code and count. */
  async count_classes({ file, ...options }: CountClassesInput, context) {
    const counts = await countClasses(await openFile(file, context), { ...options, signal: context.signal });
    return { output: [...counts] };
  },

  async encode_block({ cells, encoding, reduce }: EncodeBlockInput) {
    if (cells instanceof Float32Array && holdsFloats(encoding)) {
      const { statistics, sums } = walkFloats(cells, encoding, { statistics: true, sums: reduce });
      if (!statistics) return { output: { bytes: new Uint8Array() } satisfies EncodedBlock };
      return encoded({ bytes: await compress(bytesOf(cells), encoding), statistics, reduced: sums });
    }
    // Before samples are made, which may happen in place; quantities after it: their means are those of what the file holds.
    const tallies = reduce && !isQuantity(cells, encoding) ? tallyCells(codesOf(cells), encoding.blockSize) : undefined;
    const { samples, values } = toFileSamples(cells, encoding);
    const nodata = declaredNodata(encoding);
    const statistics = statisticsOf(values, nodata);
    if (!statistics) return { output: { bytes: new Uint8Array() } satisfies EncodedBlock };
    const reduced = reduce && isQuantity(cells, encoding) ? sumCells(values, encoding.blockSize, nodata) : tallies;
    return encoded({ bytes: await encodeSamples(samples, encoding), statistics, reduced });
  },

  /** The quarter for the overview above, from a block that an earlier run encoded. */
  async reduce_block({ bytes, encoding, reduce }: ReduceBlockInput) {
    const reduced = await reduceEncoded(bytes, encoding);
    return reduce ? { output: reduced, transfer: buffersOf(reduced) } : { output: undefined };
  },

  async encode_overview({ quarters, encoding, reduce }: EncodeOverviewInput) {
    const { blockSize } = encoding;
    const quantity = encoding.kind === 'quantity';
    const cells = quantity
      ? meansOf(quarters as Quarters<Sums>, blockSize)
      : modesOf(quarters as Quarters<Tallies>, blockSize);
    const reduced = !reduce
      ? undefined
      : quantity
        ? halveSums(quarters as Quarters<Sums>)
        : halveTallies(quarters as Quarters<Tallies>);
    if (cells instanceof Float32Array && holdsFloats(encoding)) {
      walkFloats(cells, encoding);
      return encoded({ bytes: await compress(bytesOf(cells), encoding), reduced });
    }
    return encoded({ bytes: await encodeSamples(toFileSamples(cells, encoding).samples, encoding), reduced });
  },
};

function bytesOf({ buffer, byteOffset, byteLength }: Plane): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function isQuantity(cells: Plane, { kind }: BlockEncoding): boolean {
  return cells instanceof Float32Array && kind === 'quantity';
}

function codesOf(cells: Plane): Uint32Array {
  if (cells instanceof Uint32Array) return cells;
  const nodata = nodataOf('f32');
  return Uint32Array.from(cells, (cell) => (cell === nodata ? nodataOf('u32') : cell));
}

function encoded(block: EncodedBlock) {
  // zlib leaves the bytes at the start of a larger buffer; only what is used travels. (The slice of a Buffer would be no copy.)
  const bytes = block.bytes.byteLength === block.bytes.buffer.byteLength ? block.bytes : new Uint8Array(block.bytes);
  return { output: { ...block, bytes }, transfer: [bytes.buffer as ArrayBuffer, ...buffersOf(block.reduced)] };
}

/** All that it holds, to be moved. */
export function buffersOf(reduced: Reduced | undefined): ArrayBuffer[] {
  return Object.values(reduced ?? {}).flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : []));
}

/** Rasters that a worker keeps open; a project reads some twenty. */
const MOST_OPEN = 32;
const open = new Map<string, Promise<Raster>>();
const cache = blockCache();

/** Opens a file or takes it from those that are open; the one not used for longest is closed. */
export async function openFile(file: string, { services }: TaskContext): Promise<Raster> {
  // A file that was replaced since it was opened is another file.
  const key = `${file} ${(services.identify as FileIdentity | undefined)?.(file) ?? ''}`;
  const raster = open.get(key) ?? openRasterFile(file, services.openSource as SourceOpener | undefined);
  open.delete(key);
  open.set(key, raster);
  raster.catch(() => open.delete(key));
  if (open.size > MOST_OPEN) {
    const [oldest, unused] = open.entries().next().value!;
    open.delete(oldest);
    void unused.then((it) => it.close()).catch(() => undefined);
  }
  return raster;
}

async function openRasterFile(file: string, openSource: SourceOpener | undefined): Promise<Raster> {
  if (!openSource) throw new EcofluxError('Bug', 'this pool has no way to open files', { file });
  const source = await openSource(file);
  return openRaster(source, { cache }).catch(async (error) => {
    await source.close?.();
    throw error;
  });
}
