/** Memory that worker threads share where they can, so that what a visit reads and changes is not copied; plain memory elsewhere. */
import type { Plane } from '../../core/cells.ts';

export type Kept = ArrayBufferLike;

/** Buffers that are not needed any more, for the next that need some of their length. */
export class SharedMemory {
  /** By length. As many as were ever in use at once: a shared buffer that is let go stays in memory until some collection. */
  readonly #spare = new Map<number, Kept[]>();

  /** Its content is arbitrary. */
  take(bytes: number): Kept {
    const spare = this.#spare.get(bytes)?.pop();
    if (spare) return spare;
    return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
  }

  give(buffers: Iterable<Kept>): void {
    for (const buffer of buffers) {
      const spare = this.#spare.get(buffer.byteLength) ?? [];
      spare.push(buffer);
      this.#spare.set(buffer.byteLength, spare);
    }
  }

  /** The plane in memory of this kind. */
  share(plane: Plane): Plane {
    const buffer = this.take(plane.byteLength);
    const shared = plane instanceof Float32Array ? new Float32Array(buffer) : new Uint32Array(buffer);
    shared.set(plane);
    return shared;
  }
}
