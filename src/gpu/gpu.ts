/**
 * One open device and everything that hangs on it: buffers, compiled kernels, uploads, batches. When the device is lost all of it is
 * lost; whoever holds it opens a new one and repeats what was not finished.
 */
import { EcofluxError } from '../core/errors.ts';
import type { ShaderTable, StructLayout } from '../core/shader-table.ts';
import { SHADERS, TILE_LAYOUT } from '../generated/shaders.ts';
import { Batch } from './batch.ts';
import { type BufferCaps, BufferPool, type BufferSlice } from './buffers.ts';
import { deviceFault, deviceLost } from './faults.ts';
import { requestDevice } from './open-device.ts';
import { type Kernel, type Overrides, PipelineCache } from './pipelines.ts';
import type { FoundAdapter, GpuAdapterDescription, GpuProvider } from './provider.ts';
import { Timestamps } from './timestamps.ts';
import { type Fill, Uploader } from './upload.ts';

export interface GpuOptions {
  /** Most bytes of buffers at once; 2 GiB when absent: WebGPU tells nobody how much there is, and any GPU in use has this much. */
  readonly deviceMemory?: number;
  /** Further caps by use of the buffer. */
  readonly caps?: Omit<BufferCaps, 'total'>;
  readonly label?: string;
  /** Another table than the generated one. */
  readonly shaders?: ShaderTable;
}

/** Bytes of buffers when nobody says: WebGPU tells nobody how much there is, and any GPU in use has this much. */
export const DEVICE_MEMORY = 2 * 2 ** 30;

export class Gpu {
  readonly provider: GpuProvider;
  readonly options: GpuOptions;
  readonly device: GPUDevice;
  readonly adapter: FoundAdapter;
  readonly description: GpuAdapterDescription;
  readonly limits: GPUSupportedLimits;
  /** Whether batches can be timed. */
  readonly timestamps: boolean;
  readonly buffers: BufferPool;
  readonly pipelines: PipelineCache;
  readonly queries: Timestamps;
  readonly tileLayout: StructLayout = TILE_LAYOUT;
  /** Sums since the device was opened. */
  readonly traffic = { bytesUp: 0, bytesDown: 0, batches: 0 };
  /** Resolves when the device is lost, or destroyed. */
  readonly lost: Promise<GPUDeviceLostInfo>;
  readonly #uploader: Uploader;
  readonly #pending = new Set<Promise<void>>();
  #lost: GPUDeviceLostInfo | undefined;
  #closed = false;
  #fault: EcofluxError | undefined;

  /**
   * Opens the adapter with the most it offers of every limit that compute shaders meet.
   * @throws EcofluxError NoDevice when the adapter is gone or gives no device
   */
  static async open(provider: GpuProvider, adapter: FoundAdapter, options: GpuOptions = {}): Promise<Gpu> {
    return new Gpu(provider, adapter, await requestDevice(adapter, options.label ?? 'ecoflux'), options);
  }

  private constructor(provider: GpuProvider, adapter: FoundAdapter, device: GPUDevice, options: GpuOptions) {
    const { deviceMemory = DEVICE_MEMORY, caps, shaders = SHADERS } = options;
    this.provider = provider;
    this.options = options;
    this.device = device;
    this.adapter = adapter;
    this.description = adapter.description;
    this.limits = device.limits;
    this.timestamps = device.features.has('timestamp-query');
    this.buffers = new BufferPool(device, { ...caps, total: deviceMemory });
    this.pipelines = new PipelineCache(device, shaders, TILE_LAYOUT.size);
    this.queries = new Timestamps(device);
    this.#uploader = new Uploader(this);
    this.lost = device.lost.then((info) => {
      this.#lost ??= info;
      return info;
    });
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault(); // it is reported by whatever comes next, not on the console
      this.fail(deviceFault(event.error, 'something outside of any batch'));
    });
  }

  get isLost(): boolean {
    return this.#lost !== undefined && !this.#closed;
  }

  /** The compiled kernel, from the cache or after compilation. See `PipelineCache.get`. */
  async kernel(shader: string, entry: string, overrides?: Overrides): Promise<Kernel> {
    const label = `the compilation of ${shader}/${entry}`;
    this.throwIfUnusable(label);
    return this.track(this.guard(label, this.pipelines.get(shader, entry, overrides)));
  }

  /** A new, empty batch. `label`: "model/stage/tile". Timed by timestamp queries where the device has them. */
  batch(label: string, { timed = true }: { timed?: boolean } = {}): Batch {
    return new Batch(this, label, timed);
  }

  /** Copies into the slice, through a ring of mapped staging buffers. See `Uploader.upload`. */
  async upload(slice: BufferSlice, fill: Fill, label = slice.buffer.label): Promise<void> {
    this.throwIfUnusable(`the upload of ${label}`);
    await this.track(this.guard(`the upload of ${label}`, this.#uploader.upload(slice, fill, label)));
  }

  /** Makes every later use of the device throw: for errors that nobody waited for. The first one counts. */
  fail(error: EcofluxError): void {
    if (!this.isLost) this.#fault ??= error;
  }

  /** @throws EcofluxError DeviceLost, or the error that nobody waited for */
  throwIfUnusable(label: string): void {
    if (this.#closed) throw new EcofluxError('Bug', `${label} uses a device that was closed`);
    if (this.isLost) throw deviceLost(label, this.#lost);
    if (this.#fault) throw this.#fault;
  }

  /** The work's own result, or DeviceLost when the device was lost meanwhile: a lost device lets most things seem to succeed. */
  async guard<T>(label: string, work: Promise<T>): Promise<T> {
    try {
      const value = await work;
      if (!this.isLost) return value;
    } catch (error) {
      // What rejects because of the loss may be heard of before the loss itself.
      if (isAbort(error)) await new Promise((resolve) => setTimeout(resolve));
      if (!this.isLost) throw error;
    }
    throw deviceLost(label, this.#lost);
  }

  /** Lets `destroy` wait for the work. */
  track<T>(work: Promise<T>): Promise<T> {
    const forget = () => {
      this.#pending.delete(settled);
    };
    const settled: Promise<void> = work.then(forget, forget);
    this.#pending.add(settled);
    return work;
  }

  /** Waits for everything under way, whatever becomes of it. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Closes what is left of this one and opens another on the same adapter: after a loss. */
  async reopen(): Promise<Gpu> {
    await this.destroy();
    return Gpu.open(this.provider, this.adapter, this.options);
  }

  /** Loses the device as a driver reset would. For tests of the recovery. */
  simulateLoss(): void {
    this.#lost = { reason: 'unknown', message: 'simulated' } as GPUDeviceLostInfo;
    this.device.destroy();
  }

  /**
   * Waits for what is under way, then destroys everything.
   * @throws EcofluxError Bug when somebody still holds buffers, with their labels, and the error that nobody waited for
   */
  async destroy(): Promise<void> {
    if (this.#closed) return;
    await this.idle();
    const fault = this.isLost ? undefined : this.#fault;
    const leaked = this.isLost ? [] : [...this.buffers.lent].map(({ label }) => label);
    this.#closed = true;
    this.buffers.destroy();
    this.queries.destroy();
    this.device.destroy();
    await this.lost;
    if (fault) throw fault;
    if (leaked.length > 0) {
      throw new EcofluxError('Bug', `${leaked.length} buffers were not given back`, {
        found: leaked.slice(0, 8).join(', '),
      });
    }
  }
}

function isAbort(error: unknown): boolean {
  return (error as { name?: unknown } | undefined)?.name === 'AbortError';
}
