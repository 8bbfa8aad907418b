/** Device to host: one staging buffer of a submitted batch, mapped, used and given back. */
import type { BufferSlice, PooledBuffer } from './buffers.ts';
import { MAP_READ } from './flags.ts';
import type { Gpu } from './gpu.ts';

export interface Read {
  readonly slice: BufferSlice;
  readonly label: string;
  readonly use: (bytes: ArrayBuffer) => void;
  readonly reject: (reason: unknown) => void;
}

/** Hands the bytes to the read's `use` unless the verdict on its batch is bad; releases the staging buffer either way. */
export async function deliver(gpu: Gpu, verdict: Promise<void>, staging: PooledBuffer, read: Read): Promise<void> {
  const { buffer } = staging;
  // Asked for at once, so that it is there when the verdict is; a bad verdict leaves it behind.
  const mapped = buffer.mapAsync(MAP_READ, 0, read.slice.size);
  mapped.catch(() => {});
  try {
    await verdict;
    await gpu.guard(read.label, mapped);
    read.use(buffer.getMappedRange(0, read.slice.size));
  } catch (error) {
    read.reject(error);
    throw error;
  } finally {
    buffer.unmap();
    staging.release();
  }
}
