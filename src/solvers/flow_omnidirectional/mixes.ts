/** Which zones an amount on its way comes from, in the sweeps down: kept of the cells that wait, and sent along with amounts (flow.md section 5). */
import { type Letter, Letters, type TileFrame } from '../routing/tile-frame.ts';
import { grainOf } from '../service-flow/zone-flows.ts';

/** Records of mixes: a cell, the place of a zone, an amount from there. */
const RECORD = 3;

export interface MixInput {
  readonly zones: number;
  /** More than all amounts together. */
  readonly total: number;
  /** Records that the last visit left, and letters of records. */
  readonly left?: Float64Array;
  readonly arrivals: readonly Letter[];
}

export interface MixOutput {
  readonly left: Float64Array;
  readonly letters: readonly Letter[];
  /** What came to an end, by zone of origin and zone of the cell: place in a table of zones × zones. */
  readonly table: Float64Array;
}

export class Mixes {
  readonly #zones: number;
  readonly #grain: number;
  readonly #zone: Uint8Array;
  /** Mixes of cells that wait and of none, and for each cell the place of its own among them, from 1. */
  readonly #mixes: Float64Array[] = [];
  readonly #places: Int32Array;
  readonly #spare: number[] = [];
  readonly #letters: Letters;
  readonly #table: Float64Array;
  #mix: Float64Array;
  #place = 0;
  #held = 0;

  /** `zone`: place of each cell's zone. */
  constructor(frame: TileFrame, zone: Uint8Array, { zones, total, left, arrivals }: MixInput) {
    this.#zones = zones;
    this.#grain = grainOf(total);
    this.#zone = zone;
    this.#places = new Int32Array(frame.cells);
    this.#letters = new Letters(frame, RECORD - 1);
    this.#table = new Float64Array(zones * zones);
    this.#mix = new Float64Array(zones);
    for (const records of [left ?? new Float64Array(0), ...arrivals.map((letter) => letter.records)])
      for (let at = 0; at < records.length; at += RECORD) this.#of(records[at])[records[at + 1]] += records[at + 2];
  }

  /** The cell holds what came and `own`, `held` in all; `send` is of it until the next call. */
  open(cell: number, own: number, held: number): void {
    this.#mix = this.#of(cell);
    this.#place = this.#places[cell];
    this.#places[cell] = 0;
    this.#mix[this.#zone[cell]] += own;
    this.#held = held;
  }

  /** So much of it goes to the cell, an own one or one of the ring. */
  send(to: number, amount: number, ring: boolean): void {
    if (amount === 0) return;
    const target = ring ? undefined : this.#of(to);
    const share = amount / this.#held;
    for (let zone = 0; zone < this.#zones; zone++) {
      if (this.#mix[zone] === 0) continue;
      const part = Math.round((this.#mix[zone] * share) / this.#grain) * this.#grain;
      if (target) target[zone] += part;
      else this.#letters.add(to, this.#letters.sideOf(to), [zone, part]);
    }
  }

  /** It stays in the cell. */
  end(cell: number): void {
    const use = this.#zone[cell];
    for (let zone = 0; zone < this.#zones; zone++) this.#table[zone * this.#zones + use] += this.#mix[zone];
  }

  /** Lets the cell that was opened go. */
  close(): void {
    this.#mix.fill(0);
    this.#spare.push(this.#place);
  }

  output(): MixOutput {
    const left: number[] = [];
    for (let cell = 0; cell < this.#places.length; cell++) {
      if (this.#places[cell] === 0) continue;
      const mix = this.#of(cell);
      for (let zone = 0; zone < this.#zones; zone++) if (mix[zone] !== 0) left.push(cell, zone, mix[zone]);
    }
    return { left: Float64Array.from(left), letters: this.#letters.sealed(), table: this.#table };
  }

  #of(cell: number): Float64Array {
    const known = this.#places[cell];
    if (known !== 0) return this.#mixes[known - 1];
    const place = this.#spare.pop() ?? this.#mixes.push(new Float64Array(this.#zones));
    this.#places[cell] = place;
    return this.#mixes[place - 1];
  }
}
