/**
 * Host to device: small data through the queue's own copy, large data through a ring of staging buffers that stay mapped while they are
 * idle. The caller fills the staging buffer itself, so the bytes are copied once by the host and once by the device.
 */
import { EcofluxError } from '../core/errors.ts';
import type { BufferSlice, PooledBuffer } from './buffers.ts';
import { type Scoped, scoped } from './faults.ts';
import { MAP_WRITE } from './flags.ts';
import type { Gpu } from './gpu.ts';

/** Writes the slice's bytes into `view`, from `byteOffset`, `byteLength` of them. All of them: what it leaves out is undefined. */
export type Fill = (view: ArrayBuffer, byteOffset: number, byteLength: number) => void;

// Below this the copy that writeBuffer makes costs less than a staging buffer of one's own.
const SMALL = 256 * 1024;
// Copies under way at once: one being filled, one in the queue, one on its way back. Small ones may be more, up to the bytes.
const IN_FLIGHT = 3;
const IN_FLIGHT_BYTES = 32 * 2 ** 20;

export class Uploader {
  readonly #gpu: Gpu;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #inFlightBytes = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /**
   * Copies into the slice. Resolves when the copy stands in the queue, that is, before whatever is submitted after it; the slice must
   * start and end at multiples of 4.
   * @throws EcofluxError OutOfCapacity, DeviceLost; whatever `fill` throws
   */
  async upload(slice: BufferSlice, fill: Fill, label: string): Promise<void> {
    const { offset, size } = slice;
    if (offset % 4 !== 0 || size % 4 !== 0) {
      throw new EcofluxError('Bug', `the upload of ${label} is not aligned`, {
        found: `bytes ${offset}..${offset + size}`,
        expected: 'multiples of 4',
      });
    }
    if (size === 0) return;
    const { fault } = size <= SMALL ? this.#direct(slice, fill, label) : await this.#staged(slice, fill, label);
    this.#gpu.traffic.bytesUp += size;
    const refusal = await this.#gpu.buffers.confirm([slice.buffer]);
    if (refusal) throw refusal;
    // The copy's own fault is a mistake of the program; it fails the next batch rather than making every upload wait for an answer.
    fault.then((error) => error && this.#gpu.fail(error));
  }

  #direct({ buffer, offset, size }: BufferSlice, fill: Fill, label: string): Scoped<void> {
    const bytes = new ArrayBuffer(size);
    fill(bytes, 0, size);
    const { device } = this.#gpu;
    return scoped(device, `the upload of ${label}`, () => device.queue.writeBuffer(buffer, offset, bytes));
  }

  async #staged({ buffer, offset, size }: BufferSlice, fill: Fill, label: string): Promise<Scoped<void>> {
    await this.#enter(size);
    const { device, buffers } = this.#gpu;
    let staging: PooledBuffer;
    try {
      this.#gpu.throwIfUnusable(label);
      staging = buffers.acquire(size, 'upload', `${label}/upload`);
    } catch (error) {
      this.#leave(size);
      throw error;
    }
    try {
      fill(staging.buffer.getMappedRange(0, size), 0, size);
    } catch (error) {
      staging.buffer.unmap(); // a mapped range is given out once
      this.#gpu.track(this.#recycle(staging, size));
      throw error;
    }
    const source = staging.buffer;
    const copied = scoped(device, `the upload of ${label}`, () => {
      source.unmap();
      const encoder = device.createCommandEncoder({ label });
      encoder.copyBufferToBuffer(source, 0, buffer, offset, size);
      device.queue.submit([encoder.finish()]);
    });
    this.#gpu.track(this.#recycle(staging, size));
    return copied;
  }

  /** Maps the staging buffer for its next use once the device has read it. */
  async #recycle(staging: PooledBuffer, size: number): Promise<void> {
    // Rejects only with the device, and then the buffer is of no more use.
    await staging.buffer.mapAsync(MAP_WRITE).catch(() => {});
    staging.release();
    this.#leave(size);
  }

  async #enter(size: number): Promise<void> {
    while (!this.#hasRoom(size)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#inFlight++;
    this.#inFlightBytes += size;
  }

  #hasRoom(size: number): boolean {
    return this.#inFlight < IN_FLIGHT || this.#inFlightBytes + size <= IN_FLIGHT_BYTES;
  }

  #leave(size: number): void {
    this.#inFlight--;
    this.#inFlightBytes -= size;
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
