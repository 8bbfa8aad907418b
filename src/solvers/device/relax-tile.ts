/** One tile of a relaxation on the device: the batches that start it, run rounds on it, finish it and bring it away. */
import { throwIfAborted } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import type { RasterShape } from '../../core/solver.ts';
import { type Tile, type Tiling, tilesOf, tilingOf } from '../../core/tiles.ts';
import type { Values } from '../../core/values.ts';
import type { Batch } from '../../gpu/batch.ts';
import type { Bindings, DispatchSize } from '../../gpu/dispatch.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { Kernel } from '../../gpu/pipelines.ts';
import type { TileValues } from '../../gpu/uniforms.ts';
import type { SolveInput } from '../solver.ts';
import type { Relaxation, RelaxFacts, RelaxKernels } from './relaxation.ts';
import { borderCells, haloCells, reachOf } from './rings.ts';
import { TileBuffers } from './tile-buffers.ts';
import { cutPiece, piecesOf } from './working-tiles.ts';

/** Rounds of a submit: few first, for tiles that only look at a changed halo; then more, as a round without work costs little. */
const FIRST_ROUNDS = 8;
const MOST_ROUNDS = 64;
const BLOCK = 16;

/** What all tiles of a relaxation share. */
export interface RelaxRun {
  readonly gpu: Gpu;
  readonly relaxation: Relaxation;
  readonly kernels: RelaxKernels;
  readonly shape: RasterShape;
  /** The request's; tiles here hold whole ones of it. */
  readonly tiling: Tiling;
  /** Cells that a tile works on beyond its own, on each side. */
  readonly overlap: number;
  readonly facts: RelaxFacts;
  readonly signal?: AbortSignal;
  /** The number of the next round: they rise over all tiles and visits, one tile at a time. */
  nextRound: number;
}

export class RelaxTile {
  readonly tile: Tile;
  /** What it works on: its cells and the overlap. */
  readonly #reach: Window;
  readonly #run: RelaxRun;
  readonly #buffers: TileBuffers;
  readonly #values: TileValues;
  readonly #label: string;
  /** Nothing is in the state yet. */
  #fresh = true;

  private constructor(run: RelaxRun, tile: Tile) {
    this.#run = run;
    this.tile = tile;
    this.#reach = reachOf(run.shape, tile, run.overlap);
    this.#label = `${run.relaxation.shader}/tile ${tile.index}`;
    this.#buffers = new TileBuffers(run.gpu, this.#label, run.facts);
    this.#values = valuesOf(this.#reach, run.shape);
  }

  /** Brings the fixed planes to the device, and the state where it was kept. */
  static async load(run: RelaxRun, tile: Tile, kept?: readonly ArrayBufferLike[]): Promise<RelaxTile> {
    const made = new RelaxTile(run, tile);
    try {
      await made.#load(kept);
      return made;
    } catch (error) {
      made.release();
      throw error;
    }
  }

  /** Runs rounds until one changes nothing. `halos`: of each plane of state. Returns the borders. */
  async visit(halos: readonly Uint32Array<ArrayBuffer>[]): Promise<Uint32Array<ArrayBuffer>[]> {
    const { gpu, facts, signal } = this.#run;
    facts.visits++;
    for (let slots = FIRST_ROUNDS, awake = 0, first = true; ; slots = Math.min(2 * slots, MOST_ROUNDS), first = false) {
      throwIfAborted(signal);
      const batch = gpu.batch(this.#label, { timed: false });
      const counters = new Uint32Array(slots + 2);
      counters[0] = awake;
      await this.#buffers.upload('counters', counters);
      if (first) await this.#bringHalos(batch, halos);
      for (let slot = 0; slot < slots; slot++) this.#round(batch, slot, slots);
      for (const [name, words] of this.#planes()) this.#ring(batch, 'gather', name, words);
      const read = this.#buffers.read(batch, 'counters', 0, counters.byteLength);
      const borders = this.#planes().map(([name]) => this.#buffers.read(batch, `border of ${name}`));
      await batch.submit();
      const counts = await read;
      const woken = counts.subarray(1, slots + 1);
      const idle = woken.indexOf(0);
      facts.rounds += idle < 0 ? slots : idle + 1;
      facts.moves += counts[slots + 1];
      if (idle >= 0) return Promise.all(borders);
      awake = woken[slots - 1];
    }
  }

  /** Makes the outputs and hands them over, a row of the request's tiles at a time. */
  async finish(halos: readonly Uint32Array<ArrayBuffer>[]): Promise<void> {
    const { gpu, relaxation, facts, tiling, nextRound } = this.#run;
    const { tile } = this;
    const { width, height, x, y } = this.#reach;
    const outputs = Object.entries(relaxation.outputs);
    for (const [name] of outputs) this.#buffers.lend(name, 4 * width * height);
    const batch = gpu.batch(`${this.#label}/finish`, { timed: false });
    batch.clear(this.#buffers.slice('counters', 0, 8));
    await this.#bringHalos(batch, halos);
    this.#step(batch, 'finish', { round: nextRound, slot: 0, slots: 1, all: 0 }, { width, height });
    const counts = this.#buffers.read(batch, 'counters', 0, 8);
    await batch.submit();
    facts.unfinished += (await counts)[1];
    for (const strip of tilesOf(tilingOf(tile, tile.width, tiling.tileHeight))) {
      const rows = { x, y: tile.y + strip.y, width, height: strip.height };
      const pieces = piecesOf(tiling, { ...strip, x: tile.x, y: rows.y });
      for (const [name, output] of outputs) {
        const bring = gpu.batch(`${this.#label}/${name}`, { timed: false });
        const read = this.#buffers.read(bring, name, 4 * width * (rows.y - y), 4 * width * strip.height);
        await bring.submit();
        const plane = output.type === 'f32' ? new Float32Array((await read).buffer) : await read;
        for (const piece of pieces) await output.write(piece, cutPiece(plane, rows, piece));
      }
    }
  }

  /** The planes of state as they are, for `load`. */
  async keep(): Promise<ArrayBuffer[]> {
    const batch = this.#run.gpu.batch(`${this.#label}/keep`, { timed: false });
    const reads = this.#planes().map(([name]) => this.#buffers.read(batch, name));
    await batch.submit();
    return (await Promise.all(reads)).map(({ buffer }) => buffer);
  }

  /** Gives the buffers back; a second call does nothing. */
  release(): void {
    this.#buffers.release();
  }

  async #load(kept: readonly ArrayBufferLike[] | undefined): Promise<void> {
    const { inputs, outputs } = this.#run.relaxation;
    const { start, round, finish } = this.#run.kernels;
    const buffers = this.#buffers;
    const cells = this.#values.plane;
    const [columns, rows] = this.#blocks();
    buffers.lend('wake', 4 * 3 * columns * rows);
    buffers.lend('counters', 4 * (MOST_ROUNDS + 2));
    buffers.lend('workgroups', 12);
    for (const [name, words] of this.#planes()) {
      buffers.lend(name, 4 * words * cells);
      buffers.lend(`halo of ${name}`, 4 * words * haloCells(this.#reach));
      buffers.lend(`border of ${name}`, 4 * words * borderCells(this.tile));
    }
    for (const name of Object.keys(inputs)) buffers.lend(name, 4 * cells);
    for (const { name } of [start, round, finish].flatMap(({ reflection }) => reflection.bindings))
      if (!buffers.has(name) && !outputs[name]) buffers.lend(name, 256);
    for (const [name, input] of Object.entries(inputs)) await this.#bringInput(name, input);
    if (!kept) return;
    this.#fresh = false;
    for (const [p, [name]] of this.#planes().entries()) await buffers.upload(name, new Uint8Array(kept[p]));
    const batch = this.#run.gpu.batch(`${this.#label}/load`, { timed: false });
    batch.clear(buffers.slice('wake'));
    await batch.submit();
  }

  /** By rows of the request's tiles: that is how they are stored, and host memory need not hold more. */
  async #bringInput(name: string, input: SolveInput): Promise<void> {
    const { x, y, height } = this.#reach;
    const { pitch } = this.#values;
    const { tileHeight } = this.#run.tiling;
    const own = this.tile.y - y;
    for (let from = -1; from <= height; ) {
      const next = Math.max(from, own) + tileHeight;
      const end = next >= own + this.tile.height ? height + 1 : next;
      const plane = await input.read({ x: x - 1, y: y + from, width: pitch, height: end - from });
      await this.#buffers.upload(name, plane, 4 * (from + 1) * pitch);
      from = end;
    }
  }

  /** What neighbours told; before it a fresh tile starts. */
  async #bringHalos(batch: Batch, halos: readonly Uint32Array<ArrayBuffer>[]): Promise<void> {
    const { nextRound } = this.#run;
    const { width, height } = this.#reach;
    if (this.#fresh) {
      batch.clear(this.#buffers.slice('wake'));
      this.#step(batch, 'start', { round: nextRound, slot: 0, slots: 1, all: 0 }, { width, height });
    }
    for (const [p, [name, words]] of this.#planes().entries()) {
      await this.#buffers.upload(`halo of ${name}`, halos[p]);
      this.#ring(batch, 'scatter', name, words);
    }
  }

  /** All blocks of a fresh tile, then those that are awake. */
  #round(batch: Batch, slot: number, slots: number): void {
    const run = this.#run;
    const counts = { round: run.nextRound++, slot: slot + 1, slots: slots + 1, all: Number(this.#fresh) };
    let size: DispatchSize = { workgroups: this.#blocks() };
    if (!this.#fresh) {
      this.#dispatch(batch, run.kernels.arrange, { slot }, { workgroups: [1, 1] });
      size = { indirect: this.#buffers.slice('workgroups') };
    }
    this.#step(batch, 'round', counts, size);
    this.#fresh = false;
  }

  #ring(batch: Batch, which: 'gather' | 'scatter', name: string, words: number): void {
    const { kernels, nextRound, overlap } = this.#run;
    const { x, y, width, height } = this.tile;
    const [plane, halo, border] = [name, `halo of ${name}`, `border of ${name}`].map((each) =>
      this.#buffers.slice(each),
    );
    const cells = which === 'gather' ? borderCells(this.tile) : haloCells(this.#reach);
    const own = { column: x - this.#reach.x, row: y - this.#reach.y, width, height, overlap };
    const params = { words, ...own, round: nextRound - 1, slot: 0, all: 0 };
    const size = { workgroups: [Math.ceil(cells / 64), 1] } as const;
    this.#dispatch(batch, kernels[which], params, size, { plane, halo, border });
  }

  #step(batch: Batch, which: 'start' | 'round' | 'finish', counts: Values, size: DispatchSize): void {
    const { kernels, relaxation } = this.#run;
    this.#dispatch(batch, kernels[which], { ...relaxation.params, ...counts }, size);
  }

  #dispatch(batch: Batch, kernel: Kernel, params: Values, size: DispatchSize, own: Bindings = {}): void {
    const names = kernel.reflection.bindings.map(({ name }) => name);
    const bindings = Object.fromEntries(names.map((name) => [name, own[name] ?? this.#buffers.slice(name)]));
    batch.dispatch(kernel, bindings, this.#values, params, size, this.#label);
    this.#run.facts.dispatches++;
  }

  /** Names and words of the planes of state. */
  #planes(): [name: string, words: number][] {
    return Object.entries(this.#run.relaxation.state).map(([name, { words }]) => [name, words]);
  }

  #blocks(): [number, number] {
    const { width, height } = this.#reach;
    return [Math.ceil(width / BLOCK), Math.ceil(height / BLOCK)];
  }
}

function valuesOf({ width, height, x, y }: Window, shape: RasterShape): TileValues {
  return {
    width,
    height,
    pitch: width + 2,
    halo: 1,
    plane: (width + 2) * (height + 2),
    x,
    y,
    grid_width: shape.width,
    grid_height: shape.height,
    cell_width: shape.cellWidth,
    cell_height: shape.cellHeight,
  };
}
