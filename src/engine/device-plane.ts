/** Planes in device memory: how their cells come to the host, and one that stays there between visits. */
import type { CellType, Plane } from '../core/cells.ts';
import type { TileContext } from '../core/model-reference.ts';
import type { Batch } from '../gpu/batch.ts';
import type { BufferSlice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { interior } from './padding.ts';
import type { DevicePlane } from './store-levels.ts';

/** Brings the interior of a plane to the host with a batch; `spent` is told the milliseconds of copying. */
export function readPlane(
  batch: Batch,
  { buffer, offset }: BufferSlice,
  type: CellType,
  tile: TileContext,
  label: string,
  spent: (milliseconds: number) => void = () => {},
): Promise<Plane> {
  const cells = tile.pitch * (tile.height + 2 * tile.halo);
  return batch.read({ buffer, offset, size: cells * 4 }, label, (bytes) => {
    const started = performance.now();
    const mapped = type === 'u32' ? new Uint32Array(bytes, 0, cells) : new Float32Array(bytes, 0, cells);
    const inside = interior(mapped, tile);
    const own = inside === mapped ? mapped.slice() : inside; // what is mapped is gone after this call
    spent(performance.now() - started);
    return own;
  });
}

export class ResidentPlane implements DevicePlane {
  readonly slice: BufferSlice;
  readonly halo: number;
  readonly bytes: number;
  readonly #gpu: Gpu;
  readonly #field: string;
  readonly #type: CellType;
  readonly #tile: TileContext;
  readonly #release: () => void;
  #released = false;

  constructor(gpu: Gpu, field: string, type: CellType, tile: TileContext, slice: BufferSlice, release: () => void) {
    this.#gpu = gpu;
    this.#field = field;
    this.#type = type;
    this.#tile = tile;
    this.slice = slice;
    this.halo = tile.halo;
    this.bytes = slice.size;
    this.#release = release;
  }

  async toHost(): Promise<Plane> {
    const batch = this.#gpu.batch(`${this.#field} to host`, { timed: false });
    const plane = readPlane(batch, this.slice, this.#type, this.#tile, this.#field);
    await batch.submit();
    return plane;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#release();
  }
}
