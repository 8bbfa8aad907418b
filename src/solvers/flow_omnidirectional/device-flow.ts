/** Omnidirectional flow of a grid that lies in device memory as a whole: the kernels of one epoch, level by level. */
import { EcofluxError, throwIfAborted } from '../../core/errors.ts';
import type { BufferSlice, PooledBuffer } from '../../gpu/buffers.ts';
import type { Bindings, DispatchSize } from '../../gpu/dispatch.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { TileValues } from '../../gpu/uniforms.ts';

/** Bytes of a cell in each buffer. */
const PLANES = {
  kind: 4,
  flags: 4,
  balance: 4,
  phi: 4,
  order: 4,
  ways: 4,
  asked: 8,
  transit: 8,
  gave: 4,
  part: 8,
} as const;
export const DEVICE_BYTES = Object.values(PLANES).reduce<number>((sum, bytes) => sum + bytes, 0);
export const LARGEST_PLANE = Math.max(...Object.values(PLANES));

/** Longer ways than this are for the host. */
const MOST_LEVELS = 2 ** 16;
/** Levels that are looked for in a submit, and dispatches of one. */
const LEVELS_AT_ONCE = 64;
const MOST_DISPATCHES = 512;
const LANES = 64;

type Plane = keyof typeof PLANES;
type Entry = 'start' | 'targets' | 'arrange' | 'expand' | 'find_ways' | 'request' | 'deliver' | 'drain';
const BINDINGS: Readonly<Record<Entry, readonly (Plane | 'counters' | 'workgroups' | 'sums')[]>> = {
  start: ['kind', 'flags'],
  targets: ['flags', 'balance', 'phi', 'order', 'counters'],
  arrange: ['counters', 'workgroups'],
  expand: ['flags', 'phi', 'order', 'counters'],
  find_ways: ['flags', 'balance', 'phi', 'order', 'ways'],
  request: ['balance', 'order', 'ways', 'asked'],
  deliver: ['balance', 'order', 'ways', 'asked', 'transit', 'gave', 'part', 'sums'],
  drain: ['balance', 'order', 'ways', 'asked', 'transit', 'part'],
};

/** Where each φ starts among the cells in order, and the end of the last. */
type Levels = Uint32Array;

export class DeviceFlow {
  readonly #gpu: Gpu;
  readonly #width: number;
  readonly #height: number;
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #loans = new Map<string, PooledBuffer>();
  readonly #tile: TileValues;
  dispatches = 0;
  /** Quanta, of each epoch. */
  readonly delivered: number[] = [];
  /** Steps, weighted by quanta. */
  distance = 0n;

  constructor(
    gpu: Gpu,
    { width, height }: { readonly width: number; readonly height: number },
    limit: number,
    signal: AbortSignal | undefined,
  ) {
    this.#gpu = gpu;
    this.#width = width;
    this.#height = height;
    this.#limit = limit;
    this.#signal = signal;
    const grid = { width, height, pitch: width, halo: 0, plane: width * height, x: 0, y: 0 };
    this.#tile = { ...grid, grid_width: width, grid_height: height, cell_width: 1, cell_height: 1 };
    for (const [name, bytes] of Object.entries(PLANES)) this.#lend(name, bytes * width * height);
    this.#lend('counters', 4 * (MOST_LEVELS + 3));
    this.#lend('workgroups', 12);
    this.#lend('sums', 8 * (MOST_LEVELS + 1));
  }

  /** Rows of a plane, words row by row. */
  async upload(name: Plane, firstRow: number, words: Uint32Array): Promise<void> {
    const slice = this.#rows(name, firstRow, words.length / this.#width);
    await this.#gpu.upload(slice, (view, offset, length) => new Uint32Array(view, offset, length / 4).set(words));
  }

  async read(name: Plane, firstRow: number, rows: number): Promise<Uint32Array> {
    const batch = this.#gpu.batch('flow_omnidirectional/read', { timed: false });
    const read = batch.read(this.#rows(name, firstRow, rows), name, (bytes) => new Uint32Array(bytes.slice(0)));
    await batch.submit();
    return read;
  }

  /** Once kind and balance are there. */
  async start(): Promise<void> {
    const batch = this.#gpu.batch('flow_omnidirectional/start', { timed: false });
    batch.clear(this.#slice('transit'));
    await this.#dispatch(batch, 'start', { level: 0, first: 0, count: this.#width * this.#height });
    await batch.submit();
  }

  /** Gives the quanta that were delivered; undefined where ways are too long. */
  async epoch(): Promise<number | undefined> {
    const levels = await this.#levels(0);
    if (!levels) return undefined;
    const last = levels.length - 2;
    if (last < 0) return this.#end([]);
    await this.#sweep('find_ways', levels, 'down');
    await this.#sweep('request', levels, 'up');
    const clear = this.#gpu.batch('flow_omnidirectional/clear', { timed: false });
    clear.clear(this.#slice('sums'));
    await clear.submit();
    await this.#sweep('deliver', levels, 'down');
    const batch = this.#gpu.batch('flow_omnidirectional/sums', { timed: false });
    const read = batch.read(this.#slice('sums', 8 * (last + 1)), 'sums', (bytes) => new Uint32Array(bytes.slice(0)));
    await batch.submit();
    const words = await read;
    return this.#end(Array.from({ length: last + 1 }, (_, k) => words[2 * k] + 2 ** 32 * words[2 * k + 1]));
  }

  /** What is left goes over the border; false where ways are too long. */
  async spillOver(): Promise<boolean> {
    const levels = await this.#levels(1);
    if (!levels) return false;
    const batch = this.#gpu.batch('flow_omnidirectional/clear', { timed: false });
    batch.clear(this.#slice('part'));
    await batch.submit();
    await this.#sweep('find_ways', levels, 'down');
    await this.#sweep('drain', levels, 'down');
    return true;
  }

  release(): void {
    for (const loan of this.#loans.values()) loan.release();
    this.#loans.clear();
  }

  /** `sums`: what was taken at each φ, and at 0 what arrived. */
  #end(sums: readonly number[]): number {
    const [arrived = 0, ...taken] = sums;
    const all = taken.reduce((sum, amount) => sum + amount, 0);
    if (all !== arrived)
      throw new EcofluxError('Bug', 'the device delivers other amounts than it takes', {
        found: `${arrived} quanta`,
        expected: `${all}`,
      });
    for (const [k, amount] of taken.entries()) this.distance += BigInt(amount) * BigInt(k + 1);
    this.delivered.push(arrived);
    return arrived;
  }

  /** φ of all cells, and the cells in its order. */
  async #levels(towards: 0 | 1): Promise<Levels | undefined> {
    const cells = this.#width * this.#height;
    for (let level = 0, first = true; level < MOST_LEVELS; first = false) {
      throwIfAborted(this.#signal);
      const batch = this.#gpu.batch('flow_omnidirectional/levels', { timed: false });
      if (first) {
        batch.clear(this.#slice('counters', 8));
        await this.#dispatch(batch, 'targets', { level: 0, first: 0, count: cells, towards });
      }
      const end = Math.min(level + LEVELS_AT_ONCE, MOST_LEVELS);
      for (; level < end; level++) {
        await this.#dispatch(batch, 'arrange', { level });
        if (level < this.#limit)
          await this.#dispatch(batch, 'expand', { level }, { indirect: this.#slice('workgroups', 12) });
      }
      const read = batch.read(
        this.#slice('counters', 4 * (end + 2)),
        'counters',
        (bytes) => new Uint32Array(bytes.slice(4)),
      );
      await batch.submit();
      const starts = await read;
      const empty = starts.findIndex((start, k) => k > 0 && start === starts[k - 1]);
      if (empty >= 0) return starts.subarray(0, empty);
    }
    return undefined;
  }

  async #sweep(entry: Entry, levels: Levels, towards: 'up' | 'down'): Promise<void> {
    const count = levels.length - 1;
    for (let k = 0; k < count; ) {
      throwIfAborted(this.#signal);
      const batch = this.#gpu.batch(`flow_omnidirectional/${entry}`, { timed: false });
      for (const end = Math.min(k + MOST_DISPATCHES, count); k < end; k++) {
        const level = towards === 'up' ? k : count - 1 - k;
        await this.#dispatch(batch, entry, { level, first: levels[level], count: levels[level + 1] - levels[level] });
      }
      await batch.submit();
    }
  }

  async #dispatch(
    batch: ReturnType<Gpu['batch']>,
    entry: Entry,
    {
      level,
      first = 0,
      count = 1,
      towards = 0,
    }: Readonly<Partial<Record<'first' | 'count' | 'towards', number>> & { level: number }>,
    size?: DispatchSize,
  ): Promise<void> {
    const kernel = await this.#gpu.kernel('flow_omnidirectional', entry);
    const bindings: Bindings = Object.fromEntries(BINDINGS[entry].map((name) => [name, this.#slice(name)]));
    const params = { width: this.#width, height: this.#height, level, first, count, towards };
    const groups = Math.ceil(count / LANES);
    const rows = Math.ceil(groups / this.#gpu.limits.maxComputeWorkgroupsPerDimension);
    const workgroups = [Math.ceil(groups / rows), rows] as const;
    batch.dispatch(kernel, bindings, this.#tile, params, size ?? { workgroups }, entry);
    this.dispatches++;
  }

  #lend(name: string, bytes: number): void {
    this.#loans.set(name, this.#gpu.buffers.acquire(bytes, 'plane', `flow_omnidirectional/${name}`));
  }

  #slice(name: string, bytes?: number): BufferSlice {
    return this.#loans.get(name)!.slice(0, bytes);
  }

  #rows(name: Plane, firstRow: number, rows: number): BufferSlice {
    const pitch = PLANES[name] * this.#width;
    return this.#loans.get(name)!.slice(firstRow * pitch, rows * pitch);
  }
}
