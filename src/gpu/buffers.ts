/**
 * Buffers of one device, kept for reuse under named caps. A buffer may be given back as soon as the work that uses it is submitted:
 * the queue runs in order, so whoever gets it next writes after that work.
 */
import { EcofluxError } from '../core/errors.ts';
import { outOfMemory, scoped } from './faults.ts';
import { BUFFER_USAGE } from './flags.ts';

/** `plane`: storage of cells, tables, records, numbers of workgroups; `readback` and `upload`: staging; `uniform`: tile and params; `query`: timestamps. */
export type BufferUse = 'plane' | 'readback' | 'upload' | 'uniform' | 'query';

const { MAP_READ, MAP_WRITE, COPY_SRC, COPY_DST, UNIFORM, STORAGE, INDIRECT, QUERY_RESOLVE } = BUFFER_USAGE;
const USAGE: Readonly<Record<BufferUse, number>> = {
  plane: STORAGE | INDIRECT | COPY_SRC | COPY_DST,
  readback: MAP_READ | COPY_DST,
  upload: MAP_WRITE | COPY_SRC,
  uniform: UNIFORM | COPY_DST,
  query: QUERY_RESOLVE | COPY_SRC,
};

/** Part of a buffer, in bytes. */
export interface BufferSlice {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** A buffer on loan. Its contents are whatever the last user left. */
export interface PooledBuffer extends BufferSlice {
  readonly use: BufferUse;
  readonly label: string;
  /** Bytes asked for; the buffer itself may be larger. Offset is 0. */
  readonly size: number;
  slice(offset: number, size?: number): BufferSlice;
  /** Gives it back; a second call does nothing. */
  release(): void;
  [Symbol.dispose](): void;
}

/** Bytes, all uses together and for one use. */
export type BufferCaps = { readonly total: number } & { readonly [use in BufferUse]?: number };

/** Small buffers come in powers of two, large ones as asked: planes of a run are all alike. */
const EXACT_FROM = 1 << 20;
const SMALLEST = 256;

export class BufferPool {
  readonly caps: BufferCaps;
  readonly #device: GPUDevice;
  readonly #idle = new Map<BufferUse, GPUBuffer[]>();
  readonly #lent = new Set<PooledBuffer>();
  readonly #bytes = new Map<BufferUse, number>();
  /** Allocations the device has not answered for yet; those it refused. */
  readonly #unconfirmed = new Map<GPUBuffer, Promise<EcofluxError | undefined>>();
  readonly #refused = new WeakSet<GPUBuffer>();
  #count = 0;
  #destroyed = false;

  constructor(device: GPUDevice, caps: BufferCaps) {
    this.#device = device;
    this.caps = caps;
  }

  /** Buffers that exist, on loan or idle. */
  get liveBuffers(): number {
    return this.#count;
  }

  get liveBytes(): number {
    let sum = 0;
    for (const bytes of this.#bytes.values()) sum += bytes;
    return sum;
  }

  /** What is on loan. */
  get lent(): ReadonlySet<PooledBuffer> {
    return this.#lent;
  }

  /**
   * Lends a buffer of at least `bytes`. Upload buffers come mapped.
   * @throws EcofluxError OutOfCapacity when a cap or the device's largest buffer is passed. That the device itself has no memory left
   * is known a little later: `confirm` tells.
   */
  acquire(bytes: number, use: BufferUse, label: string): PooledBuffer {
    const buffer = this.#takeIdle(bytes, use, label) ?? this.#create(roundUp(bytes), use, label);
    const pool = this;
    const loan: PooledBuffer = {
      buffer,
      offset: 0,
      size: bytes,
      use,
      label,
      slice: (offset, size = bytes - offset) => sliceOf(loan, offset, size),
      release() {
        if (pool.#lent.delete(loan)) pool.#takeBack(buffer, use);
      },
      [Symbol.dispose]() {
        loan.release();
      },
    };
    this.#lent.add(loan);
    return loan;
  }

  /** Resolves to the reason why the device could not make one of the buffers, or undefined. */
  async confirm(buffers: Iterable<GPUBuffer>): Promise<EcofluxError | undefined> {
    if (this.#unconfirmed.size === 0) return undefined;
    const waiting = [...new Set(buffers)].map((buffer) => this.#unconfirmed.get(buffer));
    return (await Promise.all(waiting)).find((fault) => fault !== undefined);
  }

  /** Destroys idle buffers, largest first, until `bytes` are free; all of them when left out. */
  trim(bytes = Number.POSITIVE_INFINITY, uses: Iterable<BufferUse> = this.#idle.keys()): void {
    const idle = [...uses].flatMap((use) => (this.#idle.get(use) ?? []).map((buffer) => ({ buffer, use })));
    idle.sort((a, b) => b.buffer.size - a.buffer.size);
    let freed = 0;
    for (const { buffer, use } of idle) {
      if (freed >= bytes) break;
      const list = this.#idle.get(use)!;
      list.splice(list.indexOf(buffer), 1);
      this.#destroy(buffer, use);
      freed += buffer.size;
    }
  }

  /** Destroys everything, on loan or not; what is lent afterwards, to a visit that has not heard of it, when it is given back. */
  destroy(): void {
    this.#destroyed = true;
    this.trim();
    for (const { buffer, use } of this.#lent) this.#destroy(buffer, use);
    this.#lent.clear();
    this.#unconfirmed.clear();
  }

  /** The smallest idle one that is large enough and not wastefully large. */
  #takeIdle(bytes: number, use: BufferUse, label: string): GPUBuffer | undefined {
    const list = this.#idle.get(use) ?? [];
    let best = -1;
    for (let i = 0; i < list.length; i++) {
      const { size } = list[i];
      if (size < bytes || size > Math.max(2 * bytes, EXACT_FROM)) continue;
      if (best < 0 || size < list[best].size) best = i;
    }
    if (best < 0) return undefined;
    const [buffer] = list.splice(best, 1);
    buffer.label = label;
    return buffer;
  }

  #create(size: number, use: BufferUse, label: string): GPUBuffer {
    this.#makeRoom(size, use, label);
    const mappedAtCreation = use === 'upload';
    const make = () => this.#device.createBuffer({ label, size, usage: USAGE[use], mappedAtCreation });
    const { value: buffer, fault } = scoped(this.#device, `${label} (${formatBytes(size)})`, () => {
      try {
        return make();
      } catch (cause) {
        // What a mapped buffer that cannot be had throws; others report through the scope.
        if (cause instanceof RangeError) throw outOfMemory(label, `${formatBytes(size)} could not be mapped`);
        throw cause;
      }
    });
    this.#count++;
    this.#bytes.set(use, (this.#bytes.get(use) ?? 0) + size);
    const confirmed = fault.then((error) => {
      if (error) this.#refuse(buffer, use);
      else this.#unconfirmed.delete(buffer);
      return error;
    });
    this.#unconfirmed.set(buffer, confirmed);
    return buffer;
  }

  /** Keeps the buffer from being lent again; who has it learns from `confirm`. */
  #refuse(buffer: GPUBuffer, use: BufferUse): void {
    this.#refused.add(buffer);
    const list = this.#idle.get(use) ?? [];
    const at = list.indexOf(buffer);
    if (at < 0) return;
    list.splice(at, 1);
    this.#destroy(buffer, use);
  }

  #makeRoom(size: number, use: BufferUse, label: string): void {
    const largest = this.#device.limits.maxBufferSize;
    if (size > largest) throw tooMuch(label, size, `buffers up to ${formatBytes(largest)} on this device`);
    const cap = this.caps[use] ?? Number.POSITIVE_INFINITY;
    const ofUse = () => this.#bytes.get(use) ?? 0;
    if (ofUse() + size > cap) this.trim(ofUse() + size - cap, [use]);
    if (ofUse() + size > cap) {
      throw tooMuch(label, size, `${formatBytes(cap)} for ${use} buffers, of which ${formatBytes(ofUse())} are in use`);
    }
    const { total } = this.caps;
    if (this.liveBytes + size > total) this.trim(this.liveBytes + size - total);
    if (this.liveBytes + size > total) {
      throw tooMuch(
        label,
        size,
        `${formatBytes(total)} for all buffers, of which ${formatBytes(this.liveBytes)} are in use`,
      );
    }
  }

  #takeBack(buffer: GPUBuffer, use: BufferUse): void {
    // One that the device refused and an upload buffer that is not mapped are of no use to anybody.
    if (this.#destroyed || this.#refused.has(buffer) || (use === 'upload' && buffer.mapState !== 'mapped')) {
      this.#destroy(buffer, use);
      return;
    }
    const list = this.#idle.get(use);
    if (list) list.push(buffer);
    else this.#idle.set(use, [buffer]);
  }

  #destroy(buffer: GPUBuffer, use: BufferUse): void {
    buffer.destroy();
    this.#unconfirmed.delete(buffer);
    this.#count--;
    this.#bytes.set(use, this.#bytes.get(use)! - buffer.size);
  }
}

function sliceOf(loan: PooledBuffer, offset: number, size: number): BufferSlice {
  if (offset < 0 || size < 0 || offset + size > loan.size) {
    const expected = `within its ${loan.size} bytes`;
    throw new EcofluxError('Bug', `a slice of ${loan.label} is outside of it`, {
      found: `bytes ${offset}..${offset + size}`,
      expected,
    });
  }
  return { buffer: loan.buffer, offset, size };
}

function roundUp(bytes: number): number {
  if (bytes >= EXACT_FROM) return Math.ceil(bytes / SMALLEST) * SMALLEST;
  return Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes)));
}

function tooMuch(label: string, size: number, expected: string): EcofluxError {
  return new EcofluxError('OutOfCapacity', `${label} does not fit on the device`, {
    found: formatBytes(size),
    expected,
    fix: 'use smaller tiles (--tile) or allow more (--device-memory)',
  });
}

export function formatBytes(bytes: number): string {
  if (bytes < 1 << 20) return `${Math.ceil(bytes / 1024)} KiB`;
  return bytes < 1 << 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
