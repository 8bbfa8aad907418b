/** What sources cover beyond the rows of their band: from the extents of all bands to what each has to know of the others. */
import type { TileStates } from '../tile-states.ts';
import { type Bands, coverKey } from './bands.ts';
import { type Cover, type Extent, NONE_ABOVE, NONE_BELOW } from './zero-cells.ts';

/** Of `columns` columns: states with extents first, with covers once they are merged. */
export class BandCovers {
  readonly #states: TileStates;
  readonly #bands: Bands;
  readonly #columns: number;

  constructor(states: TileStates, bands: Bands, columns: number) {
    this.#states = states;
    this.#bands = bands;
    this.#columns = columns;
  }

  /** Without an extent where a band has no value. */
  async put(band: number, extent: Extent | undefined): Promise<void> {
    const { last, first } = extent ?? {
      last: new Int32Array(this.#columns).fill(NONE_ABOVE),
      first: new Int32Array(this.#columns).fill(NONE_BELOW),
    };
    await this.#states.put(coverKey(this.#bands, band), [last.buffer, first.buffer]);
  }

  /** Once the bands from the first on are there, so many. */
  async merge(bands: number): Promise<void> {
    const below = new Int32Array(this.#columns).fill(NONE_BELOW);
    for (let band = bands - 1; band >= 0; band--) {
      const [last, first] = await this.#states.take(coverKey(this.#bands, band));
      const own = new Int32Array(first);
      for (let x = 0; x < below.length; x++) {
        const mine = own[x];
        own[x] = below[x];
        below[x] = Math.min(below[x], mine);
      }
      await this.#states.put(coverKey(this.#bands, band), [last, first]);
    }
    const above = new Int32Array(this.#columns).fill(NONE_ABOVE);
    for (let band = 0; band < bands; band++) {
      const [last, first] = await this.#states.take(coverKey(this.#bands, band));
      const own = new Int32Array(last);
      for (let x = 0; x < above.length; x++) {
        const mine = own[x];
        own[x] = above[x];
        above[x] = Math.max(above[x], mine);
      }
      await this.#states.put(coverKey(this.#bands, band), [last, first]);
    }
  }

  /** What others cover of a band's rows; each is asked for once. */
  async take(band: number): Promise<Cover> {
    const [last, first] = await this.#states.take(coverKey(this.#bands, band));
    this.#states.drop(coverKey(this.#bands, band));
    return { above: new Int32Array(last), below: new Int32Array(first) };
  }
}
