/**
 * The samples of a map: one row for each cell that has a value in every feature, scaled, as whole numbers, tile by tile in memory or in a scratch
 * file. Files are read once; what comes after reads the rows.
 */
import type { Window } from '../../core/grid.ts';
import type { Scratch } from '../../core/scratch.ts';
import type { TaskPool } from '../../core/tasks.ts';
import type { Tile, Tiling } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import type { TileStates } from '../tile-states.ts';
import type { RowPlaces } from './row-places.ts';

/** zscore: mean 0, population standard deviation 1; minmax: 0 to 1; none: as they are. */
export type Scaling = 'zscore' | 'minmax' | 'none';
export const SCALINGS: readonly Scaling[] = ['zscore', 'minmax', 'none'];

export interface SamplesRequest {
  readonly names: readonly string[];
  /** Cells of one feature, nodata where there are none; the plane is taken over. */
  readonly read: (feature: number, window: Window) => Promise<Float32Array>;
  readonly tiling: Tiling;
  readonly scaling: Scaling;
  readonly pool: TaskPool;
  /** Bytes of host memory for the rows; what exceeds it goes to scratch. */
  readonly memory: number;
  readonly openScratch: () => Promise<Scratch>;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

/** Of a feature as it came, over the rows. */
export interface FeatureFacts {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly deviation: number;
}

export class Samples {
  readonly features: readonly FeatureFacts[];
  /** Rows. */
  readonly count: number;
  /** Scaled x = (x − offset) / divisor. */
  readonly offset: Float64Array;
  readonly divisor: Float64Array;
  readonly quantum: Float64Array;
  /** Of the scaled features. */
  readonly mean: Float64Array;
  /** With divisor n, row by row. */
  readonly covariance: Float64Array;
  /** Σ q and Σ q² of each feature. */
  readonly sums: readonly bigint[];
  readonly squares: readonly bigint[];
  /** The largest |x| of each scaled feature. */
  readonly largest: Float64Array;
  readonly request: SamplesRequest;
  /** Tiles that have rows. */
  readonly tiles: readonly Tile[];
  readonly rowsOfTile: ReadonlyMap<number, number>;
  readonly #states: TileStates;
  readonly #places: RowPlaces;
  readonly #busy = new Map<number, Promise<void>>();

  /** By `openSamples`. */
  constructor(facts: Omit<Samples, 'visit' | 'withRows' | 'pick' | 'close'>, states: TileStates, places: RowPlaces) {
    this.features = facts.features;
    this.count = facts.count;
    this.offset = facts.offset;
    this.divisor = facts.divisor;
    this.quantum = facts.quantum;
    this.mean = facts.mean;
    this.covariance = facts.covariance;
    this.sums = facts.sums;
    this.squares = facts.squares;
    this.largest = facts.largest;
    this.request = facts.request;
    this.tiles = facts.tiles;
    this.rowsOfTile = facts.rowsOfTile;
    this.#states = states;
    this.#places = places;
  }

  /** Every tile with rows; `work` has the buffers of its rows and of their cells, and gives them back. */
  async visit(
    work: (tile: Tile, rows: ArrayBuffer, cells: ArrayBuffer) => Promise<readonly ArrayBuffer[]>,
  ): Promise<void> {
    await eachTile(this.tiles, this.request, async (tile) => {
      const [rows, cells] = await this.#states.take(tile.index);
      await this.#states.put(tile.index, await work(tile, rows, cells));
    });
  }

  /** The rows of one tile, which `work` leaves as they are. */
  async withRows<T>({ index }: Tile, work: (rows: ArrayBuffer) => Promise<T>): Promise<T> {
    return this.#alone(index, async () => {
      const buffers = await this.#states.take(index);
      try {
        return await work(buffers[0]);
      } finally {
        await this.#states.put(index, buffers);
      }
    });
  }

  /** Scaled rows by their number in row-major order of the cells of the grid, one after the other. */
  async pick(rows: readonly number[]): Promise<Float64Array<ArrayBuffer>> {
    const features = this.quantum.length;
    const out = new Float64Array(rows.length * features);
    const places = this.#places.of(rows);
    for (const tile of new Set(places.map((place) => place.tile))) {
      const buffers = await this.#states.take(tile);
      const values = new Int32Array(buffers[0]);
      for (const [i, place] of places.entries())
        if (place.tile === tile)
          for (let f = 0; f < features; f++) out[i * features + f] = values[place.row * features + f] * this.quantum[f];
      await this.#states.put(tile, buffers);
    }
    return out;
  }

  close(): Promise<void> {
    return this.#states.close();
  }

  /** One after the other for each tile: parts of one may be under way at once. */
  #alone<T>(index: number, work: () => Promise<T>): Promise<T> {
    const before = this.#busy.get(index) ?? Promise.resolve();
    const mine = before.then(work);
    this.#busy.set(
      index,
      mine.then(
        () => {},
        () => {},
      ),
    );
    return mine;
  }
}
