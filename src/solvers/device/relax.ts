/**
 * Relaxation of a whole grid on a device. Tiles as large as the device holds are visited until their state is at rest; a tile whose halo
 * changed by a visit of its neighbour is visited again. Tiles that the device cannot hold together leave their state in host memory or scratch.
 */
import { throwIfAborted } from '../../core/errors.ts';
import { type Tile, type Tiling, tileAt } from '../../core/tiles.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { DeviceSolveRequest } from '../solver.ts';
import { type RelaxRun, RelaxTile } from './relax-tile.ts';
import type { Relaxation, RelaxFacts, RelaxKernels } from './relaxation.ts';
import { ResidentTiles } from './resident-tiles.ts';
import { exchange, haloCells, neighboursOf, reachOf } from './rings.ts';
import { overlapOf, paddedCells, workingTiling } from './working-tiles.ts';

export interface RelaxOptions {
  /** Edge that a tile on the device may have unless the request's is larger, and tiles there at once: for tests. */
  readonly most?: number;
  readonly resident?: number;
}

/**
 * Runs it and writes the outputs.
 * @throws EcofluxError OutOfCapacity, DeviceLost, Interrupted; Bug for names that the shader does not have
 */
export async function relax(
  request: DeviceSolveRequest,
  relaxation: Relaxation,
  options: RelaxOptions = {},
): Promise<RelaxFacts> {
  const { gpu, shape, signal, progress } = request;
  const words = Object.values(relaxation.state).map((plane) => plane.words);
  const planes = Object.keys(relaxation.inputs).length + Object.keys(relaxation.outputs).length;
  const cellBytes = 4 * (planes + words.reduce((sum, each) => sum + each, 0));
  const tiling = workingTiling(request.tiling, gpu, 4 * Math.max(...words), cellBytes, options.most);
  const facts = {
    tiles: tiling.count,
    visits: 0,
    rounds: 0,
    dispatches: 0,
    bytes_up: 0,
    bytes_down: 0,
    moves: 0,
    unfinished: 0,
  };
  const overlap = overlapOf(tiling);
  const kernels = await compile(gpu, relaxation);
  // Round 1 is before all others: a cell that `start` makes may say so.
  const run: RelaxRun = {
    gpu,
    relaxation,
    kernels,
    shape,
    tiling: request.tiling,
    overlap,
    facts,
    signal,
    nextRound: 2,
  };
  const halos = new Halos(tiling, relaxation, overlap);
  const most = options.resident ?? room(gpu, tiling, cellBytes);
  const tiles = new ResidentTiles(request, most, (tile, kept) => RelaxTile.load(run, tile, kept));
  try {
    const waiting = new Set(Array.from({ length: tiling.count }, (_, index) => index));
    let rested = 0; // most that ever were
    while (waiting.size > 0) {
      const index = tiles.firstOf(waiting);
      waiting.delete(index);
      const tile = tileAt(tiling, index);
      const borders = await (await tiles.use(tile)).visit(halos.of(tile));
      for (const neighbour of halos.tell(tile, borders)) waiting.add(neighbour);
      rested = Math.max(rested, tiling.count - waiting.size);
      progress?.(rested, 2 * tiling.count);
    }
    for (const [done, index] of tiles.order(tiling.count).entries()) {
      throwIfAborted(signal);
      const tile = tileAt(tiling, index);
      await (await tiles.use(tile)).finish(halos.of(tile));
      tiles.drop(tile);
      progress?.(tiling.count + done + 1, 2 * tiling.count);
    }
  } finally {
    await tiles.close();
  }
  return facts;
}

async function compile(gpu: Gpu, { shader, start, round, finish }: Relaxation): Promise<RelaxKernels> {
  const [first, again, last, gather, scatter, arrange] = await Promise.all([
    ...[start, round, finish].map((entry) => gpu.kernel(shader, entry)),
    gpu.kernel('relax_rings', 'gather'),
    gpu.kernel('relax_rings', 'scatter'),
    gpu.kernel('relax_rounds', 'arrange'),
  ]);
  return { start: first, round: again, finish: last, gather, scatter, arrange };
}

/** How many tiles half of the device's memory holds; at least the one at work. */
function room(gpu: Gpu, tiling: Tiling, cellBytes: number): number {
  return Math.max(1, Math.floor((0.5 * gpu.buffers.caps.total) / (paddedCells(tiling) * cellBytes)));
}

/** The halos of all tiles, as their neighbours last told. */
class Halos {
  readonly #tiling: Tiling;
  readonly #overlap: number;
  readonly #planes: readonly { readonly words: number; readonly outside: readonly number[] }[];
  readonly #halos = new Map<number, Uint32Array<ArrayBuffer>[]>();

  constructor(tiling: Tiling, { state }: Relaxation, overlap: number) {
    this.#tiling = tiling;
    this.#overlap = overlap;
    this.#planes = Object.values(state);
  }

  of(tile: Tile): Uint32Array<ArrayBuffer>[] {
    const known = this.#halos.get(tile.index);
    if (known) return known;
    const cells = haloCells(reachOf(this.#tiling, tile, this.#overlap));
    const halos = this.#planes.map(({ words, outside }) =>
      new Uint32Array(words * cells).map((_, k) => outside[k % words]),
    );
    this.#halos.set(tile.index, halos);
    return halos;
  }

  /** Takes the borders of a tile into the halos of those around it; gives those whose halo changed. */
  tell(from: Tile, borders: readonly Uint32Array[]): number[] {
    const changed = (to: Tile) => {
      const halos = this.of(to);
      const reach = reachOf(this.#tiling, to, this.#overlap);
      let cells = 0;
      for (const [p, { words }] of this.#planes.entries())
        cells += exchange(from, borders[p], reach, halos[p], words, this.#overlap);
      return cells > 0;
    };
    return neighboursOf(this.#tiling, from)
      .filter(changed)
      .map(({ index }) => index);
  }
}
