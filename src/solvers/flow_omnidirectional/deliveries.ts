/** Sweeps from the largest φ down: deliveries to those who asked, largest request first, and what leaves over the border (flow.md section 3). */
import { lowestSide } from '../routing/share-bits.ts';
import { type Letter, Letters } from '../routing/tile-frame.ts';
import { BITS_SET, equalPart } from '../service-flow/quanta.ts';
import type { Mixes } from './mixes.ts';
import { restOf, takeOf } from './requests.ts';
import { PASSABLE, type TileCells } from './tile-cells.ts';

let queue = new Int32Array(0);

export interface DownwardVisit {
  /** Records: a cell of the tile it goes to, and an amount for it. */
  readonly letters: Letter[];
  /** What came to cells with φ = 0 that are done now. */
  readonly arrived: number;
}

/** Each cell once all that comes to it has come. `mixes`: where zones are of interest. */
export function passDeliveries(
  cells: TileCells,
  fresh: boolean,
  arrivals: readonly Letter[],
  mixes?: Mixes,
): DownwardVisit {
  const { phi, asked } = cells;
  const down = new Downward(cells, arrivals, mixes);
  // Of whom nothing is asked, nothing comes.
  if (fresh) down.begin((cell) => asked[cell] > 0);
  let arrived = 0;
  down.run(
    (cell, held) => {
      if (phi[cell] === 0) arrived += held;
      else giveAway(cells, cell, held, down);
    },
    (cell) => takeOf(cells, cell),
  );
  return { letters: down.sealed(), arrived };
}

/** What is left of everybody's surplus, in equal parts towards the border. */
export function passSpill(cells: TileCells, fresh: boolean, arrivals: readonly Letter[], mixes?: Mixes): DownwardVisit {
  const { balance, nearer, phi, reach } = cells;
  const down = new Downward(cells, arrivals, mixes);
  if (fresh) down.begin((cell) => reach[cell] === 1);
  let arrived = 0;
  down.run(
    (cell, held) => {
      if (phi[cell] === 0) {
        arrived += held;
        return;
      }
      const mask = nearer[cell];
      for (let bits = mask; bits !== 0; bits &= bits - 1) {
        const d = lowestSide(bits);
        down.send(cell, d, equalPart(held, mask, d));
      }
    },
    (cell) => Math.max(0, balance[cell]),
  );
  return { letters: down.sealed(), arrived };
}

/** A sweep in a tile: cells that wait for amounts of those in `farther`, and amounts on their way. */
class Downward {
  readonly #cells: TileCells;
  readonly #mixes: Mixes | undefined;
  readonly #letters: Letters;
  readonly #arrivals: readonly Letter[];
  #length = 0;

  constructor(cells: TileCells, arrivals: readonly Letter[], mixes: Mixes | undefined) {
    this.#cells = cells;
    this.#mixes = mixes;
    this.#arrivals = arrivals;
    this.#letters = new Letters(cells.frame, 1);
    if (queue.length < cells.frame.cells) queue = new Int32Array(cells.frame.cells);
  }

  begin(takesPart: (cell: number) => boolean): void {
    const { frame, farther, waits, have } = this.#cells;
    const { tile, stride } = frame;
    have.fill(0);
    for (let y = 1; y <= tile.height; y++)
      for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
        if (!takesPart(cell)) continue;
        waits[cell] = BITS_SET[farther[cell]];
        if (waits[cell] === 0) queue[this.#length++] = cell;
      }
  }

  /** `pass`: what becomes of what the cell holds in the end. `own`: what it adds to what has come. */
  run(pass: (cell: number, held: number) => void, own: (cell: number) => number): void {
    const { phi, have } = this.#cells;
    const mixes = this.#mixes;
    for (const { records } of this.#arrivals)
      for (let at = 0; at < records.length; at += 2) this.#bring(records[at], records[at + 1]);
    for (let at = 0; at < this.#length; at++) {
      const cell = queue[at];
      const added = own(cell);
      const held = have[cell] + added;
      have[cell] = held;
      if (held > 0) mixes?.open(cell, added, held);
      pass(cell, held);
      if (held === 0 || !mixes) continue;
      if (phi[cell] === 0) mixes.end(cell);
      mixes.close();
    }
  }

  /** To the neighbour in the direction; each that waits for the cell gets some, if only 0. */
  send(cell: number, direction: number, amount: number): void {
    const { frame, kind } = this.#cells;
    const to = cell + frame.offsets[direction];
    const isOwn = (kind[to] & PASSABLE) !== 0;
    this.#mixes?.send(to, amount, !isOwn);
    if (isOwn) this.#bring(to, amount);
    else this.#letters.add(to, this.#letters.sideOf(to), [amount]);
  }

  sealed(): Letter[] {
    return this.#letters.sealed();
  }

  #bring(cell: number, amount: number): void {
    const { have, waits } = this.#cells;
    have[cell] += amount;
    if (--waits[cell] === 0) queue[this.#length++] = cell;
  }
}

/** Those who asked a cell, by what they asked; ties in the order of directions. */
const askers = new Uint8Array(8);
const requests = new Float64Array(8);

function giveAway(cells: TileCells, cell: number, held: number, down: Downward): void {
  const { nearer, farther, frame } = cells;
  let count = 0;
  for (let bits = nearer[cell]; bits !== 0; bits &= bits - 1) {
    const d = lowestSide(bits);
    const other = cell + frame.offsets[d];
    const mask = farther[other];
    if ((mask & (1 << (d ^ 4))) === 0) continue; // it asked others
    const amount = equalPart(restOf(cells, other), mask, d ^ 4);
    let at = count++;
    for (; at > 0 && requests[at - 1] < amount; at--) {
      requests[at] = requests[at - 1];
      askers[at] = askers[at - 1];
    }
    requests[at] = amount;
    askers[at] = d;
  }
  for (let k = 0; k < count; k++) {
    const given = Math.min(held, requests[k]);
    down.send(cell, askers[k], given);
    held -= given;
  }
}
