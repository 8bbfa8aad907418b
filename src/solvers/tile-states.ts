/**
 * What an operator keeps of each tile between visits: buffers in host memory, the least recently used out to a scratch file when they exceed
 * the budget. A state that is taken out belongs to whoever took it until it is put back.
 */
import { allOf } from '../core/all-of.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Scratch } from '../core/scratch.ts';

interface Entry<B> {
  buffers?: B[];
  readonly sizes: readonly number[];
  /** Where each buffer stands in the scratch file, once it was there. */
  at?: readonly number[];
}

/** Where buffers come from and go to: shared memory is freed late, for no collector counts it, so what leaves should be used again. */
export interface BufferSupply<B> {
  take(bytes: number): B;
  give(buffers: Iterable<B>): void;
}

/** `B`: ArrayBuffer, or ArrayBufferLike where some are shared between threads; these need a supply. */
export class TileStates<B extends ArrayBufferLike = ArrayBuffer> {
  readonly #budget: number;
  readonly #open: () => Promise<Scratch>;
  readonly #supply: BufferSupply<B> | undefined;
  /** In the order of use, the latest last. */
  readonly #entries = new Map<number, Entry<B>>();
  /** Room of states that were dropped, by its length. */
  readonly #free = new Map<number, number[]>();
  #scratch: Promise<Scratch> | undefined;
  #bytes = 0;
  #evicting: Promise<void> = Promise.resolve();
  #spilled = 0;

  constructor(budget: number, openScratch: () => Promise<Scratch>, supply?: BufferSupply<B>) {
    this.#budget = budget;
    this.#open = openScratch;
    this.#supply = supply;
  }

  /** Bytes written to scratch so far. */
  get spilled(): number {
    return this.#spilled;
  }

  has(tile: number): boolean {
    return this.#entries.has(tile);
  }

  /** Gives a tile's buffers to the store, or back to it; resolves when the budget holds again. */
  put(tile: number, buffers: readonly B[]): Promise<void> {
    const known = this.#entries.get(tile);
    if (known?.buffers) throw new EcofluxError('Bug', `the state of tile ${tile} is there twice`);
    const sizes = buffers.map(({ byteLength }) => byteLength);
    const same = known?.sizes.length === sizes.length && known.sizes.every((size, index) => size === sizes[index]);
    if (known && !same) this.#release(known);
    this.#entries.delete(tile);
    const at = same ? known.at : undefined;
    this.#entries.set(tile, { buffers: [...buffers], sizes, at });
    this.#bytes += sum(sizes);
    return this.#settle();
  }

  /** The buffers of a tile, to be changed, moved to a worker, and put back or dropped. */
  async take(tile: number): Promise<B[]> {
    await this.#evicting;
    const entry = this.#entries.get(tile);
    if (!entry) throw new EcofluxError('Bug', `there is no state of tile ${tile}`);
    const { buffers, sizes, at } = entry;
    if (buffers) {
      entry.buffers = undefined;
      this.#bytes -= sum(sizes);
      return buffers;
    }
    if (!at) throw new EcofluxError('Bug', `the state of tile ${tile} was taken already`);
    const scratch = await this.#scratch!;
    return allOf(
      at.map(async (offset, index) => {
        const bytes = await scratch.read(offset, sizes[index]);
        const buffer = this.#supply?.take(sizes[index]) ?? (new ArrayBuffer(sizes[index]) as B);
        new Uint8Array(buffer).set(bytes);
        return buffer;
      }),
    );
  }

  /** Forgets a tile that was taken; its room in scratch is used again. */
  drop(tile: number): void {
    const entry = this.#entries.get(tile);
    if (!entry) return;
    if (entry.buffers) throw new EcofluxError('Bug', `the state of tile ${tile} was not taken before it was dropped`);
    this.#release(entry);
    this.#entries.delete(tile);
  }

  async close(): Promise<void> {
    await this.#evicting.catch(() => {}); // whoever put the tile has heard
    this.#entries.clear();
    const scratch = await this.#scratch?.catch(() => undefined);
    await scratch?.dispose();
  }

  #release({ at, sizes }: Entry<B>): void {
    for (const [index, offset] of at?.entries() ?? []) {
      const size = sizes[index];
      this.#free.set(size, [...(this.#free.get(size) ?? []), offset]);
    }
  }

  #settle(): Promise<void> {
    if (this.#bytes > this.#budget) this.#evicting = this.#evicting.then(() => this.#evict());
    return this.#evicting;
  }

  async #evict(): Promise<void> {
    for (const entry of this.#entries.values()) {
      if (this.#bytes <= this.#budget) return;
      const { buffers, sizes } = entry;
      if (!buffers) continue;
      // From now on it is on its way: whoever wants it waits until the file has it.
      this.#scratch ??= this.#open();
      const scratch = await this.#scratch;
      const at: number[] = [];
      for (const [index, buffer] of buffers.entries()) {
        const bytes = isShared(buffer) ? new Uint8Array(buffer).slice() : new Uint8Array(buffer);
        const known = scratch.write && (entry.at?.[index] ?? this.#free.get(sizes[index])?.pop());
        if (known !== undefined) await scratch.write!(known, bytes);
        at.push(known ?? (await scratch.append(bytes)));
        this.#spilled += bytes.byteLength;
      }
      entry.at = at;
      entry.buffers = undefined;
      this.#bytes -= sum(sizes);
      this.#supply?.give(buffers);
    }
  }
}

function isShared(buffer: ArrayBufferLike): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
