/** The buffers of one tile of a relaxation by name, and what goes to them and comes from them. */
import { EcofluxError } from '../../core/errors.ts';
import type { Batch } from '../../gpu/batch.ts';
import type { BufferSlice, PooledBuffer } from '../../gpu/buffers.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { RelaxFacts } from './relaxation.ts';

export class TileBuffers {
  readonly #gpu: Gpu;
  readonly #label: string;
  readonly #facts: RelaxFacts;
  readonly #buffers = new Map<string, PooledBuffer>();

  /** Counts bytes in `facts`. */
  constructor(gpu: Gpu, label: string, facts: RelaxFacts) {
    this.#gpu = gpu;
    this.#label = label;
    this.#facts = facts;
  }

  has(name: string): boolean {
    return this.#buffers.has(name);
  }

  lend(name: string, bytes: number): void {
    this.#buffers.set(name, this.#gpu.buffers.acquire(bytes, 'plane', `${this.#label}/${name}`));
  }

  /** The whole buffer, or so many bytes of it. */
  slice(name: string, offset = 0, size?: number): BufferSlice {
    const buffer = this.#buffers.get(name);
    if (!buffer) throw new EcofluxError('Bug', `${this.#label} has no buffer ${name}`);
    return buffer.slice(offset, size);
  }

  /** Copies into the buffer, from byte `offset`. */
  async upload(name: string, { buffer, byteOffset, byteLength }: ArrayBufferView, offset = 0): Promise<void> {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const fill = (view: ArrayBuffer, start: number) => new Uint8Array(view, start, byteLength).set(bytes);
    this.#facts.bytes_up += byteLength;
    await this.#gpu.upload(this.slice(name, offset, byteLength), fill, `${this.#label}/${name}`);
  }

  /** The words of the buffer, or of so many bytes of it, after the batch. */
  read(batch: Batch, name: string, offset = 0, size?: number): Promise<Uint32Array<ArrayBuffer>> {
    const slice = this.slice(name, offset, size);
    this.#facts.bytes_down += slice.size;
    return batch.read(slice, `${this.#label}/${name}`, (bytes) => new Uint32Array(bytes.slice(0)));
  }

  /** Gives all of them back; a second call does nothing. */
  release(): void {
    for (const buffer of this.#buffers.values()) buffer.release();
    this.#buffers.clear();
  }
}
