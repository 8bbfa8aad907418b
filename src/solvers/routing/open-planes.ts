/** The input planes of tiles that will be visited again: the latest used stay in memory, the others are read again. */
import { allOf } from '../../core/all-of.ts';
import type { Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import { grow, type Tile } from '../../core/tiles.ts';
import type { SolveRequest } from '../solver.ts';
import type { SharedMemory } from './shared-memory.ts';

export type Planes = Readonly<Record<string, Plane>>;

export class OpenPlanes {
  readonly #request: Pick<SolveRequest, 'inputs'>;
  readonly #names: readonly string[];
  readonly #budget: number;
  readonly #memory: SharedMemory;
  /** In the order of use, the latest last. Those under way in a visit are not here. */
  readonly #kept = new Map<number, Planes>();
  #bytes = 0;

  constructor(
    request: Pick<SolveRequest, 'inputs'>,
    names: readonly string[],
    { budget, memory }: { readonly budget: number; readonly memory: SharedMemory },
  ) {
    this.#request = request;
    this.#names = names;
    this.#budget = budget;
    this.#memory = memory;
  }

  /** The planes of a tile with a ring of one cell. */
  async take(tile: Tile): Promise<Planes> {
    const kept = this.#kept.get(tile.index);
    if (kept) {
      this.#kept.delete(tile.index);
      this.#bytes -= bytesOf(kept);
      return kept;
    }
    const window = grow(tile, 1);
    const planes = await allOf(this.#names.map(async (name) => [name, await this.#read(name, window)] as const));
    return Object.fromEntries(planes);
  }

  async #read(name: string, window: Window): Promise<Plane> {
    const input = this.#request.inputs[name];
    const shared = this.#memory.plane(input.type, window.width * window.height);
    const plane = await input.read(window, shared);
    if (plane !== shared) shared.set(plane);
    return shared;
  }

  /** They may be wanted again. What visits changed in them is there then, or is not. */
  put(tile: Tile, planes: Planes): void {
    this.#kept.set(tile.index, planes);
    this.#bytes += bytesOf(planes);
    for (const [oldest, old] of this.#kept) {
      if (this.#bytes <= this.#budget) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytesOf(old);
      this.drop(old);
    }
  }

  /** Nobody wants them again. */
  drop(planes: Planes): void {
    this.#memory.give(Object.values(planes).map(({ buffer }) => buffer));
  }
}

function bytesOf(planes: Planes): number {
  return Object.values(planes).reduce((sum, { byteLength }) => sum + byteLength, 0);
}
