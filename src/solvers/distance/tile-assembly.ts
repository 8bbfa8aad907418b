/** Rows of finished tiles come strip by strip: kept until a tile is whole, then written. */
import type { Plane } from '../../core/cells.ts';
import { allocatePlane } from '../../core/cells.ts';
import { type Tile, type Tiling, tileAt } from '../../core/tiles.ts';
import type { SolveOutput, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';

export class TileAssembly {
  readonly #tiling: Tiling;
  readonly #outputs: readonly (readonly [string, SolveOutput])[];
  readonly #states: TileStates;
  /** Of tiles of which parts are there: the row at which each part begins, and the number of the state that holds it. */
  readonly #parts = new Map<number, { row: number; rows: number; state: number }[]>();
  #count = 0;

  constructor({
    tiling,
    outputs,
    memory,
    openScratch,
  }: Pick<SolveRequest, 'tiling' | 'outputs' | 'memory' | 'openScratch'>) {
    this.#tiling = tiling;
    this.#outputs = Object.entries(outputs);
    this.#states = new TileStates(memory, openScratch);
  }

  /** Takes whole rows of a tile, from `row` of it; a plane for each output. Resolves when there is room for more. */
  async add(index: number, row: number, planes: Readonly<Record<string, Plane>>): Promise<void> {
    const tile = tileAt(this.#tiling, index);
    const rows = planes[this.#outputs[0][0]].length / tile.width;
    if (rows === tile.height) return this.#write(tile, planes);
    const parts = this.#parts.get(index) ?? [];
    const state = this.#count++;
    const kept = this.#states.put(
      state,
      this.#outputs.map(([name]) => planes[name].buffer as ArrayBuffer),
    );
    parts.push({ row, rows, state });
    this.#parts.set(index, parts);
    await kept;
    if (parts.reduce((sum, part) => sum + part.rows, 0) < tile.height || !this.#parts.delete(index)) return;
    const whole = Object.fromEntries(
      this.#outputs.map(([name, { type }]) => [name, allocatePlane(type, tile.width * tile.height)]),
    );
    for (const part of parts) {
      const buffers = await this.#states.take(part.state);
      for (const [i, [name, { type }]] of this.#outputs.entries()) {
        const cells = type === 'f32' ? new Float32Array(buffers[i]) : new Uint32Array(buffers[i]);
        whole[name].set(cells, part.row * tile.width);
      }
    }
    await this.#write(tile, whole);
  }

  close(): Promise<void> {
    return this.#states.close();
  }

  async #write(tile: Tile, planes: Readonly<Record<string, Plane>>): Promise<void> {
    for (const [name, output] of this.#outputs) await output.write(tile, planes[name]);
  }
}
