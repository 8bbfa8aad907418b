/**
 * What an operator keeps of each tile between visits: buffers in host memory, the least recently used out to a scratch file when they exceed
 * the budget. A state that is taken out belongs to whoever took it until it is put back.
 */
import { EcofluxError } from '../core/errors.ts';
import type { Scratch } from '../core/scratch.ts';

interface Entry {
  buffers?: ArrayBuffer[];
  readonly sizes: number[];
  /** Where each buffer stands in the scratch file, once it was there. */
  at?: number[];
}

export class TileStates {
  readonly #budget: number;
  readonly #open: () => Promise<Scratch>;
  /** In the order of use, the latest last. */
  readonly #entries = new Map<number, Entry>();
  #scratch: Promise<Scratch> | undefined;
  #bytes = 0;
  #evicting: Promise<void> = Promise.resolve();

  constructor(budget: number, openScratch: () => Promise<Scratch>) {
    this.#budget = budget;
    this.#open = openScratch;
  }

  has(tile: number): boolean {
    return this.#entries.has(tile);
  }

  /** Gives a tile's buffers back to the store, at once; resolves when the budget holds again. The next `take` must give them all back too. */
  put(tile: number, buffers: ArrayBuffer[]): Promise<void> {
    const known = this.#entries.get(tile);
    if (known?.buffers) throw new EcofluxError('Bug', `the state of tile ${tile} is there twice`);
    const sizes = buffers.map(({ byteLength }) => byteLength);
    const same = known?.sizes.every((size, index) => size === sizes[index]) && known.sizes.length === sizes.length;
    this.#entries.delete(tile);
    this.#entries.set(tile, { buffers, sizes, at: same ? known?.at : undefined });
    this.#bytes += sum(sizes);
    return this.#settle();
  }

  /** The buffers of a tile, to be changed, moved to a worker, and put back. */
  async take(tile: number): Promise<ArrayBuffer[]> {
    await this.#evicting;
    const entry = this.#entries.get(tile);
    if (!entry) throw new EcofluxError('Bug', `there is no state of tile ${tile}`);
    const { buffers, sizes, at } = entry;
    if (buffers) {
      entry.buffers = undefined;
      this.#bytes -= sum(sizes);
      return buffers;
    }
    const scratch = await this.#scratch!;
    return Promise.all(
      at!.map(async (offset, index) => new Uint8Array(await scratch.read(offset, sizes[index])).buffer as ArrayBuffer),
    );
  }

  async close(): Promise<void> {
    await this.#evicting.catch(() => {}); // whoever put the tile has heard
    this.#entries.clear();
    const scratch = await this.#scratch?.catch(() => undefined);
    await scratch?.dispose();
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
      this.#scratch ??= this.#open();
      const scratch = await this.#scratch;
      const at: number[] = [];
      for (const [index, buffer] of buffers.entries()) {
        const bytes = new Uint8Array(buffer);
        const known = scratch.write && entry.at?.[index];
        if (known !== undefined) await scratch.write!(known, bytes);
        at.push(known ?? (await scratch.append(bytes)));
      }
      entry.at = at;
      entry.buffers = undefined;
      this.#bytes -= sum(sizes);
    }
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
