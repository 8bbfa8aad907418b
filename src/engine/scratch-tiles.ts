/** Tiles in a scratch file, which is opened when the first one needs it. The room of one that nobody wants any more is used again. */
import type { CellType, Plane } from '../core/cells.ts';
import type { Scratch } from '../core/scratch.ts';

export class ScratchTiles {
  readonly #open: () => Promise<Scratch>;
  #scratch: Promise<Scratch> | undefined;
  #bytes = 0;
  /** Offsets by the number of bytes that fit there. */
  readonly #free = new Map<number, number[]>();

  constructor(open: () => Promise<Scratch>) {
    this.#open = open;
  }

  /** Of the file. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Where it stands from now on. */
  async append(plane: Plane): Promise<number> {
    this.#scratch ??= this.#open();
    const scratch = await this.#scratch;
    const bytes = new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength);
    const free = scratch.write && this.#free.get(bytes.byteLength)?.pop();
    if (free !== undefined) {
      await scratch.write!(free, bytes);
      return free;
    }
    const offset = await scratch.append(bytes);
    this.#bytes += bytes.byteLength;
    return offset;
  }

  /** Nobody reads there any more. */
  free(offset: number, bytes: number): void {
    this.#free.set(bytes, [...(this.#free.get(bytes) ?? []), offset]);
  }

  async read(offset: number, type: CellType, cells: number): Promise<Plane> {
    const bytes = await (await this.#scratch!).read(offset, cells * 4);
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    const plane = type === 'f32' ? Float32Array : Uint32Array;
    return new plane(aligned.buffer as ArrayBuffer, aligned.byteOffset, cells);
  }

  async dispose(): Promise<void> {
    const scratch = await this.#scratch?.catch(() => undefined); // whoever wanted it has heard that it could not be opened
    this.#scratch = undefined;
    await scratch?.dispose();
  }
}
