/**
 * Memory that worker threads share where they can, so that what a visit reads and changes is not copied; plain memory elsewhere. What one
 * operator leaves the next one uses: a shared buffer that is let go stays in memory until some collection, and no collector counts it.
 */
import type { CellType, Plane } from '../../core/cells.ts';

export type Kept = ArrayBufferLike;

/** Spare buffers of all operators by length, the length that was used last at the end. */
const spare = new Map<number, Kept[]>();
let spareBytes = 0;
/** Let go since the last collection. */
let lost = 0;

/** Worth a collection, which takes some hundredths of a second. */
const WORTH_COLLECTING = 64 * 2 ** 20;

export interface SharedMemoryOptions {
  /** Bytes of what is in use and of spare buffers together; without it spare ones are kept as they come. */
  readonly limit?: number;
  /** Asks for what nobody refers to to be freed: `collect` of a TaskPool. */
  readonly collect?: () => void;
}

/** Buffers that are not needed any more, for the next that need some of their length. */
export class SharedMemory {
  readonly #limit: number;
  readonly #collect: (() => void) | undefined;
  #used = 0;

  constructor({ limit = Number.POSITIVE_INFINITY, collect }: SharedMemoryOptions = {}) {
    this.#limit = limit;
    this.#collect = collect;
  }

  /** Its content is arbitrary. */
  take(bytes: number): Kept {
    this.#used += bytes;
    const known = spare.get(bytes);
    const found = known?.pop();
    if (found && known) {
      spare.delete(bytes);
      if (known.length > 0) spare.set(bytes, known);
      spareBytes -= bytes;
      return found;
    }
    forgetSpare(Math.max(0, this.#limit - this.#used), this.#collect);
    return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
  }

  give(buffers: Iterable<Kept>): void {
    for (const buffer of buffers) {
      const bytes = buffer.byteLength;
      const others = spare.get(bytes) ?? [];
      others.push(buffer);
      spare.delete(bytes);
      spare.set(bytes, others);
      spareBytes += bytes;
      this.#used = Math.max(0, this.#used - bytes);
    }
  }

  /** A plane of arbitrary cells in memory of this kind. */
  plane(type: CellType, cells: number): Plane {
    const buffer = this.take(cells * 4);
    return type === 'f32' ? new Float32Array(buffer) : new Uint32Array(buffer);
  }

  /** The plane in memory of this kind. */
  share(plane: Plane): Plane {
    const shared = this.plane(plane instanceof Float32Array ? 'f32' : 'u32', plane.length);
    shared.set(plane);
    return shared;
  }
}

/** Lets spare buffers go, those of the lengths not used for longest first, until as many bytes are left. */
export function forgetSpare(keep: number, collect?: () => void): void {
  for (const [bytes, buffers] of spare) {
    while (spareBytes > keep && buffers.pop()) {
      spareBytes -= bytes;
      lost += bytes;
    }
    if (buffers.length === 0) spare.delete(bytes);
    if (spareBytes <= keep) break;
  }
  if (lost < WORTH_COLLECTING || !collect) return;
  lost = 0;
  collect();
}
