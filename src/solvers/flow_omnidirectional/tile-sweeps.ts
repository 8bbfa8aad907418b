/**
 * Sweeps over all tiles: each is visited by a worker task, and again as long as its neighbours told it something. What a tile keeps lies in
 * TileStates, so the grid may be larger than memory.
 */
import { curveOf } from '../../core/tile-curve.ts';
import { tileAt } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import { type Kept, SharedMemory } from '../routing/shared-memory.ts';
import type { Letter } from '../routing/tile-frame.ts';
import type { SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import { visitBytes } from './larger-tiles.ts';
import { type FlowVisit, type FlowVisited, type Phase, SETTLES, WRITES } from './tasks.ts';
import { BUFFER_NAMES, type BufferName, type Buffers, bufferBytes } from './tile-cells.ts';

export interface Sweep {
  readonly phase: Phase;
  readonly towards: FlowVisit['towards'];
  readonly limit: number;
  /** Tiles that are visited without having been told anything; all where absent. */
  readonly tiles?: (tile: number) => boolean;
  /** Tiles whose last epoch is to be settled first. */
  readonly settles?: (tile: number) => boolean;
  /** Where a table of zones is made: how many there are, and more quanta than there are. */
  readonly mixes?: { readonly zones: number; readonly total: number };
}

export class TileSweeps {
  readonly #request: SolveRequest;
  readonly #memory = new SharedMemory();
  readonly #states: TileStates<Kept>;
  readonly #order: Uint32Array;
  visits = 0;

  constructor(request: SolveRequest) {
    this.#request = request;
    const { tiling, pool, memory, openScratch } = request;
    const cells = (tiling.tileWidth + 2) * (tiling.tileHeight + 2);
    const underWay = visitBytes(tiling.count, cells, pool.size);
    this.#states = new TileStates<Kept>(Math.max(0, memory - underWay), openScratch, this.#memory);
    this.#order = curveOf(tiling);
  }

  get spilled(): number {
    return this.#states.spilled;
  }

  /** New buffers for a tile, with anything in them. */
  lend(tile: number): Buffers {
    const bytes = bufferBytes(tileAt(this.#request.tiling, tile));
    return Object.fromEntries(BUFFER_NAMES.map((name) => [name, this.#memory.take(bytes[name])])) as Record<
      BufferName,
      Kept
    >;
  }

  keep(tile: number, buffers: Buffers): Promise<void> {
    return this.#states.put(
      tile,
      BUFFER_NAMES.map((name) => buffers[name]),
    );
  }

  async take(tile: number): Promise<Buffers> {
    const kept = await this.#states.take(tile);
    return Object.fromEntries(BUFFER_NAMES.map((name, k) => [name, kept[k]])) as Record<BufferName, Kept>;
  }

  drop(tile: number, buffers: Buffers): void {
    this.#states.drop(tile);
    this.#memory.give(Object.values(buffers));
  }

  /** Visits tiles until none has been told anything new. Calls `visited` after each. */
  async run(sweep: Sweep, visited: (tile: number, output: FlowVisited) => void): Promise<void> {
    const { tiling, pool, signal } = this.#request;
    const inbox = new Map<number, Letter[]>();
    const mixes = new Map<number, Letter[]>();
    const left = new Map<number, Float64Array>();
    const deliver = (letters: readonly Letter[], inbox: Map<number, Letter[]>) => {
      for (const letter of letters) {
        const there = inbox.get(letter.to);
        if (there) there.push(letter);
        else inbox.set(letter.to, [letter]);
      }
    };
    const visit = async (index: number, fresh: boolean) => {
      const tile = tileAt(tiling, index);
      const settles = fresh && (sweep.settles?.(index) ?? false);
      const buffers = await this.take(index);
      const arrivals = inbox.get(index) ?? [];
      inbox.delete(index);
      const mixed = sweep.mixes && { ...sweep.mixes, left: left.get(index), arrivals: mixes.get(index) ?? [] };
      mixes.delete(index);
      const names = [...WRITES[sweep.phase], ...(settles ? SETTLES : [])];
      const next = Object.fromEntries(names.map((name) => [name, this.#memory.take(buffers[name].byteLength)]));
      const { phase, towards, limit } = sweep;
      const to = { phase, towards, limit, fresh, settles };
      const input: FlowVisit = { tiling, tile, ...to, buffers, next, arrivals, mixes: mixed };
      const output = await pool.run<FlowVisit, FlowVisited>('flow_omnidirectional_visit', input, { signal });
      this.visits++;
      this.#memory.give(names.map((name) => buffers[name]));
      await this.keep(index, { ...buffers, ...output.next });
      if (output.mixes) {
        left.set(index, output.mixes.left);
        deliver(output.mixes.letters, mixes);
      }
      deliver(output.letters, inbox);
      visited(index, output);
    };
    const wanted = (tile: number) => sweep.tiles?.(tile) ?? true;
    await eachTile([...this.#order].filter(wanted), this.#request, (tile) => visit(tile, true));
    while (inbox.size > 0) {
      const told = this.#order.filter((tile) => inbox.has(tile));
      await eachTile(told, this.#request, async (tile) => {
        if (inbox.has(tile)) await visit(tile, false);
      });
    }
  }

  /** New buffers of a tile in place of some that it has, for a task that writes them. */
  async replace<N extends BufferName>(
    tile: number,
    names: readonly N[],
    write: (buffers: Buffers, next: Record<N, Kept>) => Promise<Readonly<Record<N, Kept>>>,
  ): Promise<void> {
    const buffers = await this.take(tile);
    const next = Object.fromEntries(names.map((name) => [name, this.#memory.take(buffers[name].byteLength)]));
    const written = await write(buffers, next as Record<N, Kept>);
    this.visits++;
    this.#memory.give(names.map((name) => buffers[name]));
    await this.keep(tile, { ...buffers, ...written });
  }

  close(): Promise<void> {
    return this.#states.close();
  }
}
