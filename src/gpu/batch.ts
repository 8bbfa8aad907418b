/**
 * One command encoder and one submit: what a tile needs done while it is on the device. Commands are kept as values and recorded at
 * `submit`, so that their uniforms go to the device in one write. Nothing here waits for an earlier batch.
 */
import { EcofluxError } from '../core/errors.ts';
import type { BufferSlice, BufferUse, PooledBuffer } from './buffers.ts';
import { type Bindings, type Dispatch, type DispatchSize, prepareDispatch } from './dispatch.ts';
import { scoped } from './faults.ts';
import type { Gpu } from './gpu.ts';
import type { Kernel } from './pipelines.ts';
import { deliver, type Read } from './readback.ts';
import { recordCommands } from './record.ts';
import { nanosecondsByLabel } from './timestamps.ts';
import type { TileValues } from './uniforms.ts';

export type Command =
  | { readonly kind: 'dispatch'; readonly dispatch: Dispatch }
  | { readonly kind: 'copy'; readonly from: BufferSlice; readonly to: BufferSlice }
  | { readonly kind: 'clear'; readonly slice: BufferSlice };

export interface BatchResult {
  readonly label: string;
  /** Time on the device by label of the dispatch; absent where the device has no timestamps or they were not asked for. */
  readonly gpuNanoseconds?: ReadonlyMap<string, number>;
  /** Uniforms only: planes go up by `Gpu.upload`, which counts in `Gpu.traffic`. */
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export class Batch {
  readonly label: string;
  readonly #gpu: Gpu;
  readonly #timed: boolean;
  readonly #commands: Command[] = [];
  readonly #reads: Read[] = [];
  #submitted = false;

  /** By `Gpu.batch`. */
  constructor(gpu: Gpu, label: string, timed: boolean) {
    this.#gpu = gpu;
    this.label = label;
    this.#timed = timed && gpu.timestamps;
  }

  /**
   * Runs a kernel. `bindings`: a slice for each name of group 0 that the entry point uses. `size`: cells to cover, or workgroups.
   * @throws EcofluxError Bug at once when names, values or sizes do not fit the kernel
   */
  dispatch(
    kernel: Kernel,
    bindings: Bindings,
    tile: TileValues,
    params: Readonly<Record<string, number>>,
    size: DispatchSize,
    label: string,
  ): void {
    const { limits, tileLayout } = this.#gpu;
    const dispatch = prepareDispatch(kernel, bindings, tile, params, size, label, { limits, tileLayout });
    this.#commands.push({ kind: 'dispatch', dispatch });
  }

  /** Copies between slices of one size in different buffers. */
  copy(from: BufferSlice, to: BufferSlice): void {
    if (from.size !== to.size) {
      throw new EcofluxError('Bug', `${this.label}: a copy between slices of different sizes`, {
        found: `${from.size} and ${to.size} bytes`,
      });
    }
    this.#commands.push({ kind: 'copy', from, to });
  }

  /** Fills the slice with zeros. */
  clear(slice: BufferSlice): void {
    this.#commands.push({ kind: 'clear', slice });
  }

  /**
   * Brings the slice to the host after all commands of the batch have run, whatever stands after this call. `use` sees the bytes during
   * the call only, then they are unmapped; its result is the result of the promise.
   */
  read<T>(slice: BufferSlice, label: string, use: (bytes: ArrayBuffer) => T): Promise<T> {
    const { promise, resolve, reject } = deferred<T>();
    promise.catch(() => {}); // `submit` rejects as well: whoever awaits only that must not be told twice
    this.#reads.push({ slice, label, use: (bytes) => resolve(use(bytes)), reject });
    return promise;
  }

  /**
   * Puts the batch into the device's queue before it returns; resolves when everything has run and every read was used.
   * @throws EcofluxError Bug for what the device refuses, OutOfCapacity, DeviceLost
   */
  submit(): Promise<BatchResult> {
    if (this.#submitted) throw new EcofluxError('Bug', `${this.label} was submitted twice`);
    this.#submitted = true;
    return this.#gpu.track(this.#run());
  }

  async #run(): Promise<BatchResult> {
    const { device, buffers, queries, traffic } = this.#gpu;
    const labels = this.#dispatches().map(({ label }) => label);
    const untilSubmit: PooledBuffer[] = [];
    const stagings: PooledBuffer[] = [];
    const lend = (list: PooledBuffer[], bytes: number, use: BufferUse) => {
      const buffer = buffers.acquire(bytes, use, `${this.label}/${use}`);
      list.push(buffer);
      return buffer;
    };
    const reads = [...this.#reads];
    let gpuNanoseconds: ReadonlyMap<string, number> | undefined;
    let bytesUp = 0;
    let fault: Promise<EcofluxError | undefined>;
    try {
      this.#gpu.throwIfUnusable(this.label);
      const times = this.#timed && labels.length > 0 ? queries.reserve(labels.length) : undefined;
      const resolved = times && lend(untilSubmit, times.bytes, 'query');
      if (resolved) {
        const use = (bytes: ArrayBuffer) => {
          gpuNanoseconds = nanosecondsByLabel(bytes, labels);
        };
        reads.push({ slice: resolved, label: this.label, use, reject: () => {} });
      }
      for (const { slice } of reads) lend(stagings, slice.size, 'readback');
      ({ fault } = scoped(device, this.label, () => {
        const encoder = device.createCommandEncoder({ label: this.label });
        bytesUp = recordCommands(device, encoder, this.#commands, times, (bytes) =>
          lend(untilSubmit, bytes, 'uniform'),
        );
        if (resolved) times.resolve(encoder, resolved.buffer);
        reads.forEach(({ slice }, i) => {
          encoder.copyBufferToBuffer(slice.buffer, slice.offset, stagings[i].buffer, 0, slice.size);
        });
        device.queue.submit([encoder.finish()]);
      }));
    } catch (error) {
      for (const { reject } of reads) reject(error);
      for (const buffer of stagings) buffer.release();
      throw error;
    } finally {
      for (const buffer of untilSubmit) buffer.release();
    }
    await this.#finish(this.#verdict(fault, stagings), reads, stagings);
    const bytesDown = this.#reads.reduce((sum, { slice }) => sum + slice.size, 0);
    traffic.batches++;
    traffic.bytesUp += bytesUp;
    traffic.bytesDown += bytesDown;
    return { label: this.label, gpuNanoseconds, bytesUp, bytesDown };
  }

  /** Waits until every read is used, or the work done where there is none; then rejects with the first that failed. */
  async #finish(verdict: Promise<void>, reads: readonly Read[], stagings: readonly PooledBuffer[]): Promise<void> {
    const gpu = this.#gpu;
    const done = async () => {
      await verdict;
      await gpu.guard(this.label, gpu.device.queue.onSubmittedWorkDone());
    };
    const work = reads.length > 0 ? reads.map((read, i) => deliver(gpu, verdict, stagings[i], read)) : [done()];
    const outcomes = await Promise.allSettled(work);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Rejects with what the device has against the batch or any buffer in it. */
  async #verdict(fault: Promise<EcofluxError | undefined>, stagings: readonly PooledBuffer[]): Promise<void> {
    const refusal = await this.#gpu.buffers.confirm([...this.#slices(), ...stagings].map(({ buffer }) => buffer));
    const error = refusal ?? (await fault);
    if (error && !this.#gpu.isLost) throw error;
    this.#gpu.throwIfUnusable(this.label);
  }

  #dispatches(): Dispatch[] {
    return this.#commands.flatMap((command) => (command.kind === 'dispatch' ? [command.dispatch] : []));
  }

  #slices(): BufferSlice[] {
    const slices = this.#commands.flatMap((command) => {
      if (command.kind === 'dispatch') {
        const { bindings, workgroups } = command.dispatch;
        return 'buffer' in workgroups ? [...Object.values(bindings), workgroups] : Object.values(bindings);
      }
      return command.kind === 'copy' ? [command.from, command.to] : [command.slice];
    });
    return [...slices, ...this.#reads.map(({ slice }) => slice)];
  }
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve, reject };
}
