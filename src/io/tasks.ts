/** The file layer's tasks for worker pools: reading planes, counting classes, encoding blocks and overview blocks. */
import type { Plane } from '../core/cells.ts';
import { nodataOf } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import type { TaskContext, TaskTable } from '../core/tasks.ts';
import { blockCache } from './block-cache.ts';
import { type BlockEncoding, encodeSamples, toFileSamples } from './block-encoder.ts';
import type { FileIdentity, SourceOpener } from './byte-source.ts';
import { halveSums, meansOf, type Quarters, type Sums, sumCells } from './overview-means.ts';
import { halveTallies, modesOf, type Tallies, tallyCells } from './overview-modes.ts';
import { countClasses, type PlaneMapping, readPlane } from './plane.ts';
import { openRaster, type Raster } from './raster.ts';
import { type BlockStatistics, statisticsOf } from './statistics.ts';

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

export interface EncodeBlockInput {
  /** blockSize² cells; the task may change them. */
  readonly cells: Plane;
  readonly encoding: BlockEncoding;
  /** Make the quarter for the overview above. */
  readonly reduce: boolean;
}

export interface EncodeOverviewInput {
  readonly quarters: Quarters<Reduced>;
  readonly encoding: BlockEncoding;
  readonly reduce: boolean;
}

export interface EncodedBlock {
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

  /** Resolves to pairs of code and count. */
  async count_classes({ file, ...options }: CountClassesInput, context) {
    const counts = await countClasses(await openFile(file, context), { ...options, signal: context.signal });
    return { output: [...counts] };
  },

  async encode_block({ cells, encoding, reduce }: EncodeBlockInput) {
    const { blockSize } = encoding;
    const reduced = reduce
      ? cells instanceof Float32Array && encoding.kind === 'quantity'
        ? sumCells(cells, blockSize)
        : tallyCells(codesOf(cells), blockSize)
      : undefined;
    const { samples, values } = toFileSamples(cells, encoding);
    const nodata = encoding.sampleType === 'f32' ? Math.fround(encoding.nodata) : encoding.nodata;
    const statistics = statisticsOf(values, nodata);
    return encoded({ bytes: await encodeSamples(samples, encoding), statistics, reduced });
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
    return encoded({ bytes: await encodeSamples(toFileSamples(cells, encoding).samples, encoding), reduced });
  },
};

function codesOf(cells: Plane): Uint32Array {
  if (cells instanceof Uint32Array) return cells;
  const nodata = nodataOf('f32');
  return Uint32Array.from(cells, (cell) => (cell === nodata ? nodataOf('u32') : cell));
}

function encoded(block: EncodedBlock) {
  // zlib leaves the bytes at the start of a larger buffer; only what is used travels. (The slice of a Buffer would be no copy.)
  const bytes = block.bytes.byteLength === block.bytes.buffer.byteLength ? block.bytes : new Uint8Array(block.bytes);
  const transfer: Transferable[] = [bytes.buffer as ArrayBuffer];
  for (const part of Object.values(block.reduced ?? {}))
    if (ArrayBuffer.isView(part)) transfer.push(part.buffer as ArrayBuffer);
  return { output: { ...block, bytes }, transfer };
}

/** Rasters that a worker keeps open; a project reads some twenty. */
const MOST_OPEN = 32;
const open = new Map<string, Promise<Raster>>();
const cache = blockCache();

/** Opens a file or takes it from those that are open; the one not used for longest is closed. */
async function openFile(file: string, { services }: TaskContext): Promise<Raster> {
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
