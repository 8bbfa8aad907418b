/** Rectangles of results put together to tiles: a tile is kept until all of it is there, then written. */
import type { Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import { intersect, type Tile, type Tiling, tileAt, tilesUnder } from '../../core/tiles.ts';
import type { SolveOutput, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';

export class TilePieces {
  readonly #tiling: Tiling;
  readonly #outputs: readonly (readonly [string, SolveOutput])[];
  readonly #states: TileStates;
  /** Cells that are still missing, of tiles of which some are there. */
  readonly #missing = new Map<number, number>();
  #turn: Promise<void> = Promise.resolve();

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

  /** A plane for each output, of the cells of `window`, row by row. One after the other; resolves when there is room for more. */
  add(window: Window, planes: Readonly<Record<string, Plane>>): Promise<void> {
    const added = this.#turn.then(async () => {
      for (const index of tilesUnder(this.#tiling, window)) await this.#addTo(index, window, planes);
    });
    this.#turn = added.catch(() => {}); // whoever added it has heard
    return added;
  }

  close(): Promise<void> {
    return this.#states.close();
  }

  async #addTo(index: number, window: Window, planes: Readonly<Record<string, Plane>>): Promise<void> {
    const tile = tileAt(this.#tiling, index);
    const part = intersect(window, tile)!;
    const cells = tile.width * tile.height;
    const missing = (this.#missing.get(index) ?? cells) - part.width * part.height;
    const started = this.#missing.has(index);
    const buffers = started ? await this.#states.take(index) : this.#outputs.map(() => new ArrayBuffer(4 * cells));
    const whole = this.#outputs.map(([name, { type }], i) => {
      const plane = planeOn(type, buffers[i]);
      for (let y = part.y; y < part.y + part.height; y++) {
        const from = (y - window.y) * window.width + part.x - window.x;
        plane.set(planes[name].subarray(from, from + part.width), (y - tile.y) * tile.width + part.x - tile.x);
      }
      return plane;
    });
    if (missing > 0) {
      this.#missing.set(index, missing);
      await this.#states.put(index, buffers);
      return;
    }
    this.#missing.delete(index);
    await this.#write(tile, whole);
  }

  async #write(tile: Tile, planes: readonly Plane[]): Promise<void> {
    for (const [i, [, output]] of this.#outputs.entries()) await output.write(tile, planes[i]);
  }
}

function planeOn(type: 'f32' | 'u32', buffer: ArrayBuffer): Plane {
  return type === 'f32' ? new Float32Array(buffer) : new Uint32Array(buffer);
}
