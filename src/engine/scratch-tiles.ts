/** Tiles in a scratch file, which is opened when the first one needs it. */
import type { CellType, Plane } from '../core/cells.ts';

/** An append-only file for what memory cannot hold; Spool of src/io satisfies it. */
export interface Scratch {
  append(bytes: Uint8Array): Promise<number>;
  read(offset: number, length: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

export class ScratchTiles {
  readonly #open: () => Promise<Scratch>;
  #scratch: Promise<Scratch> | undefined;
  #bytes = 0;

  constructor(open: () => Promise<Scratch>) {
    this.#open = open;
  }

  /** Written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Where it stands from now on. */
  async append(plane: Plane): Promise<number> {
    this.#scratch ??= this.#open();
    const offset = await (await this.#scratch).append(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength));
    this.#bytes += plane.byteLength;
    return offset;
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
