/** The CPU as if it were a device: what stays, stays with it until it is lost, with padding that holds anything. */
import { EcofluxError } from '../../src/core/errors.ts';
import type { Executor, VisitRequest, VisitResult } from '../../src/engine/executor.ts';
import type { DevicePlane } from '../../src/engine/store-levels.ts';
import { cpuForTests } from './executors.ts';

export class FakeDevice implements Executor {
  readonly kind = 'gpu';
  readonly name = 'fake';
  readonly #cpu = cpuForTests();
  readonly #lose: (visit: number, request: VisitRequest) => boolean;
  readonly #late: boolean;
  visits = 0;
  closed = 0;
  alive = 0;
  lost = false;

  /** `lose` says at which visit the device is lost. `late`: visits that had begun before still seem to succeed. */
  constructor(lose: (visit: number, request: VisitRequest) => boolean = () => false, { late = false } = {}) {
    this.#lose = lose;
    this.#late = late;
  }

  async visit(request: VisitRequest): Promise<VisitResult> {
    this.lost ||= this.#lose(++this.visits, request);
    this.check();
    const inputs = await Promise.all(
      [...request.inputs].map(async ([field, { device, ...rest }]) => {
        if (!device) return [field, rest] as const;
        if (device.halo !== request.tile.halo) throw new Error(`${field} has the padding ${device.halo}`);
        return [field, { host: await (device as FakePlane).padded() }] as const;
      }),
    );
    const result = await this.#cpu.visit({ ...request, inputs: new Map(inputs) });
    await new Promise((resolve) => setTimeout(resolve));
    if (!this.#late) this.check();
    const device = new Map<string, DevicePlane>(
      request.toStay.map((field) => [field, new FakePlane(this, result.host.get(field)!, request.tile)]),
    );
    const host = new Map([...result.host].filter(([field]) => request.toHost.includes(field)));
    return { ...result, host, device };
  }

  check(): void {
    if (this.lost) throw new EcofluxError('DeviceLost', 'the fake device was lost');
  }

  async close() {
    this.closed++;
  }
}

class FakePlane implements DevicePlane {
  readonly bytes: number;
  readonly halo: number;
  readonly #owner: FakeDevice;
  readonly #cells: Float32Array;
  readonly #tile: VisitRequest['tile'];

  constructor(owner: FakeDevice, cells: ArrayLike<number>, tile: VisitRequest['tile']) {
    this.#owner = owner;
    this.#cells = Float32Array.from(cells);
    this.#tile = tile;
    this.bytes = this.#cells.byteLength;
    this.halo = tile.halo;
    owner.alive++;
  }

  async toHost() {
    await Promise.resolve();
    this.#owner.check();
    return this.#cells.slice();
  }

  /** As on a device: the padding holds anything. */
  async padded() {
    this.#owner.check();
    const { width, height, pitch, halo } = this.#tile;
    const out = new Float32Array(pitch * (height + 2 * halo)).fill(12345);
    for (let y = 0; y < height; y++)
      out.set(this.#cells.subarray(y * width, (y + 1) * width), (y + halo) * pitch + halo);
    return out;
  }

  release() {
    this.#owner.alive--;
  }
}

/** Lost at one visit. */
export const loseAt = (at: number) => new FakeDevice((visit) => visit === at);
