/**
 * Epochs on a device: the same sums as in worker threads, bit for bit. The device finds nodes in float32 and says which rows are too close to call;
 * these are compared here in float64. Rows stay on the device from epoch to epoch where there is room.
 */
import { throwIfAborted } from '../../core/errors.ts';
import type { Tile } from '../../core/tiles.ts';
import type { PooledBuffer } from '../../gpu/buffers.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { TileValues } from '../../gpu/uniforms.ts';
import { eachTile } from '../each-tile.ts';
import { type DeviceBooks, decodeSums, deviceBooks, type Job, jobsOf } from './device-books.ts';
import type { Codebook } from './map.ts';
import { nearestTo } from './nearest.ts';
import type { Samples } from './samples.ts';
import type { EpochResult, EpochTask, NodeSums } from './tasks.ts';
import { addSums, type Epochs, type ExactSums, emptySums } from './train.ts';

/** Rows that are too close to call, of one part of a tile; where there are more, all of its rows are done here. */
const ROOM = 2 ** 15;
/** Rows that one workgroup sums: BLOCK in shaders/solvers/som.wgsl. */
const BLOCK = 4096;
const MOST_ROWS = 2 ** 20;

/** Rows of a tile, as many as the device takes at once. */
interface Part {
  readonly tile: Tile;
  readonly from: number;
  readonly rows: number;
}

export interface DeviceEpochs extends Epochs {
  /** Parts of tiles visited, those uploaded, rows decided by the host, parts done by the host. */
  readonly facts: { visits: number; uploads: number; doubtful: number; on_host: number };
  /** Gives the buffers back. */
  close(): void;
}

/** `mostRows`: of a part. */
export function epochsOnDevice(gpu: Gpu, mostRows = MOST_ROWS): DeviceEpochs {
  const facts = { visits: 0, uploads: 0, doubtful: 0, on_host: 0 };
  const residents = new Map<string, PooledBuffer>();
  return {
    facts,
    async run(samples, books) {
      const { signal } = samples.request;
      const { quantum } = samples;
      const totals = books.map((book) => emptySums(book.length / quantum.length, quantum.length));
      const shared = await uploadBooks(gpu, samples, books);
      try {
        // Two at a time: one is uploaded while the other is computed.
        await eachTile(
          partsOf(gpu, samples, books.length, mostRows),
          { signal, pool: { ...samples.request.pool, size: 1 } },
          async (part) => {
            throwIfAborted(signal);
            facts.visits++;
            await visitPart({ gpu, samples, part, shared, codebooks: books, totals, residents, facts });
          },
        );
      } finally {
        for (const buffer of shared.loans) buffer.release();
      }
      return totals;
    },
    close() {
      for (const buffer of residents.values()) buffer.release();
      residents.clear();
    },
  };
}

interface SharedBuffers {
  readonly books: DeviceBooks;
  readonly jobs: readonly Job[];
  readonly buffers: Readonly<Record<'scale' | 'vectors' | 'books' | 'jobs', PooledBuffer>>;
  readonly loans: readonly PooledBuffer[];
}

async function uploadBooks(gpu: Gpu, samples: Samples, codebooks: readonly Codebook[]): Promise<SharedBuffers> {
  const books = deviceBooks(samples, codebooks);
  const { jobs, words } = jobsOf(
    codebooks.map((book) => book.length / samples.quantum.length),
    samples.quantum.length,
  );
  const contents = { scale: books.scale, vectors: books.vectors, books: books.table, jobs: words };
  const loans: PooledBuffer[] = [];
  try {
    const buffers = {} as Record<keyof typeof contents, PooledBuffer>;
    for (const [name, { buffer, byteLength }] of Object.entries(contents) as [keyof typeof contents, Float32Array][]) {
      buffers[name] = gpu.buffers.acquire(byteLength, 'plane', `som/${name}`);
      loans.push(buffers[name]);
      await gpu.upload(buffers[name].slice(0, byteLength), (view, at) =>
        new Uint8Array(view, at, byteLength).set(new Uint8Array(buffer)),
      );
    }
    return { books, jobs, buffers, loans };
  } catch (error) {
    for (const loan of loans) loan.release();
    throw error;
  }
}

function* partsOf(
  { limits }: Gpu,
  { tiles, rowsOfTile, quantum }: Samples,
  books: number,
  mostRows: number,
): Generator<Part> {
  const binding = limits.maxStorageBufferBindingSize / 4;
  const most = Math.max(1, Math.floor(Math.min(mostRows, binding / quantum.length, binding / books)));
  for (const tile of tiles) {
    const rows = rowsOfTile.get(tile.index)!;
    for (let from = 0; from < rows; from += most) yield { tile, from, rows: Math.min(most, rows - from) };
  }
}

interface Visit {
  readonly gpu: Gpu;
  readonly samples: Samples;
  readonly part: Part;
  readonly shared: SharedBuffers;
  readonly codebooks: readonly Codebook[];
  readonly totals: readonly ExactSums[];
  readonly residents: Map<string, PooledBuffer>;
  readonly facts: DeviceEpochs['facts'];
}

async function visitPart(visit: Visit): Promise<void> {
  const { gpu, samples, part, shared, codebooks, totals, facts } = visit;
  const features = samples.quantum.length;
  const { rows } = part;
  const loans: PooledBuffer[] = [];
  const lend = (bytes: number, name: string) => {
    const loan = gpu.buffers.acquire(bytes, 'plane', `som/${name}`);
    loans.push(loan);
    return loan.slice(0, bytes);
  };
  try {
    const planes = await rowsOnDevice(visit, loans);
    const labels = lend(4 * rows * codebooks.length, 'labels');
    const doubts = lend(4, 'doubts');
    const doubtful = lend(8 * ROOM, 'doubtful');
    const sums = lend(8 * shared.jobs.reduce((pairs, job) => pairs + job.nodes * job.features, 0), 'sums');
    const [assign, addRows] = await Promise.all([gpu.kernel('som', 'assign'), gpu.kernel('som', 'add_rows')]);
    const batch = gpu.batch(`som/${part.tile.index}`);
    const params = { rows, features, room: ROOM };
    batch.clear(doubts);
    batch.clear(sums);
    const { scale, vectors, books, jobs } = shared.buffers;
    const inputs = { samples: planes, scale, vectors, books };
    const groups = Math.ceil(rows / assign.workgroup[0]);
    const found = { labels, doubts, doubtful };
    batch.dispatch(
      assign,
      { ...inputs, ...found },
      NO_TILE,
      params,
      { workgroups: [groups, codebooks.length] },
      'assign',
    );
    const blocks = { workgroups: [Math.ceil(rows / BLOCK), shared.jobs.length] } as const;
    batch.dispatch(addRows, { samples: planes, nodes_of: labels, jobs, sums }, NO_TILE, params, blocks, 'add_rows');
    const [count, list, words] = [
      batch.read(doubts, 'doubts', (bytes) => new Uint32Array(bytes)[0]),
      batch.read(doubtful, 'doubtful', (bytes) => new Uint32Array(bytes.slice(0))),
      batch.read(sums, 'sums', (bytes) => new Uint32Array(bytes.slice(0))),
    ];
    await batch.submit();
    const doubted = await count;
    facts.doubtful += doubted;
    if (doubted > ROOM) {
      facts.on_host++;
      const own = await samples.withRows(part.tile, async (buffer) =>
        buffer.slice(4 * features * part.from, 4 * features * (part.from + rows)),
      );
      const { pool, signal } = samples.request;
      const task: EpochTask = { buffer: own, quantum: samples.quantum, books: codebooks };
      const found = await pool.run<EpochTask, EpochResult>('som_epoch', task, { signal, transfer: [own] });
      addSums(totals, found.books);
      return;
    }
    const decoded = decodeSums(await words, shared.jobs, codebooks, features);
    if (doubted > 0)
      await samples.withRows(part.tile, async (buffer) =>
        decide(
          decoded,
          (await list).subarray(0, 2 * doubted),
          new Int32Array(buffer),
          part.from,
          samples.quantum,
          codebooks,
        ),
      );
    addSums(totals, decoded);
  } finally {
    for (const loan of loans) loan.release();
  }
}

/** Kernels that use no tile have to be given one. */
const NO_TILE: TileValues = {
  width: 0,
  height: 0,
  pitch: 0,
  halo: 0,
  plane: 0,
  x: 0,
  y: 0,
  grid_width: 0,
  grid_height: 0,
  cell_width: 1,
  cell_height: 1,
};

/** Half of the device's memory may hold rows. */
async function rowsOnDevice({ gpu, samples, part, residents, facts }: Visit, loans: PooledBuffer[]) {
  const features = samples.quantum.length;
  const { tile, from, rows } = part;
  const bytes = 4 * rows * features;
  const key = `${tile.index}/${from}`;
  const known = residents.get(key);
  if (known) return known.slice(0, bytes);
  const loan = gpu.buffers.acquire(bytes, 'plane', 'som/rows');
  const held = [...residents.values()].reduce((sum, { size }) => sum + size, 0);
  const stays = held + bytes <= gpu.buffers.caps.total / 2;
  if (!stays) loans.push(loan);
  try {
    facts.uploads++;
    await samples.withRows(tile, (buffer) =>
      gpu.upload(loan.slice(0, bytes), (view, at) =>
        byFeature(
          new Int32Array(buffer, 4 * from * features, rows * features),
          new Int32Array(view, at, rows * features),
          features,
        ),
      ),
    );
  } catch (error) {
    loan.release();
    throw error;
  }
  if (stays) residents.set(key, loan);
  return loan.slice(0, bytes);
}

/** Row after row to feature after feature. */
function byFeature(rows: Int32Array, out: Int32Array, features: number): void {
  let at = 0;
  for (let f = 0; f < features; f++) for (let i = f; i < rows.length; i += features) out[at++] = rows[i];
}

/** Adds the rows that the device left open to the sums of their nodes. */
function decide(
  sums: readonly NodeSums[],
  pairs: Uint32Array,
  rows: Int32Array,
  from: number,
  quantum: Float64Array,
  books: readonly Codebook[],
): void {
  const features = quantum.length;
  for (let i = 0; i < pairs.length; i += 2) {
    const [row, book] = [from + pairs[i], pairs[i + 1]];
    const node = nearestTo(rows, row, quantum, books[book]);
    sums[book].counts[node]++;
    for (let f = 0; f < features; f++) sums[book].sums[node * features + f] += rows[row * features + f];
  }
}
