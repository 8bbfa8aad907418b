/**
 * Class tables on the device, by the table itself and the layout that a shader gives it. Tables that no visit is about to use are
 * let go when there are many.
 */

import type { RowLayout } from '../core/shader-table.ts';
import type { ClassRows } from '../core/values.ts';
import type { BufferSlice, PooledBuffer } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { packRows } from './table-bytes.ts';

/** In the queue before whatever is submitted next; `release` once that has been submitted. */
export interface TableLoan {
  readonly slice: BufferSlice;
  release(): void;
}

interface Held {
  readonly buffer: Promise<PooledBuffer>;
  users: number;
}

// A run of many services over several years reads a dozen; a service runs many jobs one after the other.
const KEPT = 64;

export class DeviceTables {
  readonly #gpu: Gpu;
  /** In order of use: the first is the least recent. */
  readonly #held = new Map<ClassRows, Map<RowLayout, Held>>();

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  async lend(rows: ClassRows, layout: RowLayout, name: string): Promise<TableLoan> {
    const layouts = this.#held.get(rows) ?? new Map<RowLayout, Held>();
    this.#held.delete(rows);
    this.#held.set(rows, layouts);
    const held = layouts.get(layout) ?? { buffer: this.#upload(rows, layout, name), users: 0 };
    layouts.set(layout, held);
    held.users++;
    this.#trim();
    try {
      const buffer = await held.buffer;
      let lent = true;
      const release = () => {
        if (lent) held.users--;
        lent = false;
      };
      return { slice: buffer.slice(0), release };
    } catch (error) {
      if (layouts.get(layout) === held) layouts.delete(layout); // asked again, it is tried again
      throw error;
    }
  }

  async close(): Promise<void> {
    const all = [...this.#held.values()].flatMap((layouts) => [...layouts.values()]);
    this.#held.clear();
    for (const { buffer } of all) await buffer.then((loan) => loan.release()).catch(() => {});
  }

  #trim(): void {
    for (const [rows, layouts] of this.#held) {
      if (this.#held.size <= KEPT) return;
      if ([...layouts.values()].some(({ users }) => users > 0)) continue;
      this.#held.delete(rows);
      for (const { buffer } of layouts.values()) void buffer.then((loan) => loan.release()).catch(() => {});
    }
  }

  async #upload(rows: ClassRows, layout: RowLayout, name: string): Promise<PooledBuffer> {
    const bytes = packRows(rows, layout, name);
    const buffer = this.#gpu.buffers.acquire(bytes.byteLength, 'plane', name);
    try {
      await this.#gpu.upload(buffer, (view, offset) => new Uint8Array(view, offset, bytes.byteLength).set(bytes), name);
    } catch (error) {
      buffer.release();
      throw error;
    }
    return buffer;
  }
}
