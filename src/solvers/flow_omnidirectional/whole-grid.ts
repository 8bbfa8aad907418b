/**
 * Epochs over a grid that is one tile: what tiles have to tell each other falls away, and an epoch looks at those cells only from which something
 * is asked, in the order of φ. The integers are those of the sweeps over tiles.
 */
import { lowestSide } from '../routing/share-bits.ts';
import { BITS_SET, equalPart, quotient } from '../service-flow/quanta.ts';
import type { Mixes } from './mixes.ts';
import { StepsToTargets } from './steps-to-targets.ts';
import { FAR, PASSABLE, type TileCells } from './tile-cells.ts';

/** Whether surplus lies at a cell or farther out: not looked for yet in this epoch, there, not there. */
const [UNKNOWN, THERE, NOWHERE] = [0, 1, 2];

/** Bytes of a cell while epochs are under way, beside what is kept of it: planes of its surroundings here, and what is written anew. */
export const WHOLE_BYTES = 13 + 34 + 12 + 16;

export class WholeGrid {
  /** Steps of all deliveries, weighted by quanta. */
  distance = 0n;
  readonly #cells: Pick<TileCells, 'balance' | 'transit'>;
  readonly #offsets: Int32Array;
  readonly #mixes: Mixes | undefined;
  readonly #phi: StepsToTargets;
  /** Cells with a deficit, those of them that are met now, cells that are asked in the order of φ. */
  #deficits: Int32Array;
  readonly #met: Int32Array;
  readonly #queue: Int32Array;
  readonly #asked: Float64Array;
  readonly #have: Float64Array;
  /** Directions that are asked for something. */
  readonly #ways: Uint8Array;
  readonly #beyond: Uint8Array;
  readonly #path: Int32Array;

  constructor({ frame, kind, balance, transit }: TileCells, limit: number, mixes?: Mixes) {
    this.#cells = { balance, transit };
    this.#offsets = frame.offsets;
    this.#mixes = mixes;
    const passes = (cell: number) => (kind[cell] & PASSABLE) !== 0;
    this.#phi = new StepsToTargets(frame.cells, frame.offsets, limit, passes);
    this.#queue = new Int32Array(frame.cells);
    this.#path = new Int32Array(frame.cells);
    this.#asked = new Float64Array(frame.cells);
    this.#have = new Float64Array(frame.cells);
    this.#ways = new Uint8Array(frame.cells);
    this.#beyond = new Uint8Array(frame.cells);
    let count = 0;
    for (let cell = 0; cell < frame.cells; cell++) if (passes(cell) && balance[cell] < 0) this.#queue[count++] = cell;
    this.#deficits = this.#queue.slice(0, count);
    this.#met = new Int32Array(count);
    this.#phi.begin(this.#deficits);
  }

  /** Gives what was delivered. */
  epoch(): number {
    this.#beyond.fill(UNKNOWN);
    const asked = this.#ask();
    const delivered = this.#deliver(asked);
    this.#dropMet();
    return delivered;
  }

  /** From φ = 0 up; gives how many cells were asked, which are then in the queue. */
  #ask(): number {
    const { balance } = this.#cells;
    const [queue, asked, ways, offsets, phi] = [this.#queue, this.#asked, this.#ways, this.#offsets, this.#phi.steps];
    let length = 0;
    for (const cell of this.#deficits) {
      const mask = this.#waysOut(cell, 1);
      if (mask === 0) continue;
      ways[cell] = mask;
      asked[cell] = -balance[cell];
      queue[length++] = cell;
    }
    for (let at = 0; at < length; at++) {
      const cell = queue[at];
      const level = phi[cell];
      const rest = asked[cell] - this.#takeOf(cell);
      const mask = rest === 0 ? 0 : level === 0 ? ways[cell] : this.#waysOut(cell, level + 1);
      if (mask === 0) continue;
      const parts = BITS_SET[mask];
      const each = quotient(rest, parts);
      let over = rest - each * parts;
      let used = 0;
      for (let bits = mask; bits !== 0; bits &= bits - 1) {
        const amount = over > 0 ? each + 1 : each;
        if (amount === 0) break; // the first ones were asked for all
        over--;
        const d = lowestSide(bits);
        const other = cell + offsets[d];
        if (asked[other] === 0) queue[length++] = other;
        asked[other] += amount;
        used |= 1 << d;
      }
      ways[cell] = used;
    }
    return length;
  }

  /** From the largest φ down; gives what came to cells with φ = 0. */
  #deliver(length: number): number {
    const { balance, transit } = this.#cells;
    const [queue, have, asked, ways, phi] = [this.#queue, this.#have, this.#asked, this.#ways, this.#phi.steps];
    const mixes = this.#mixes;
    let [arrived, steps] = [0, 0];
    for (let at = length - 1; at >= 0; at--) {
      const cell = queue[at];
      const take = this.#takeOf(cell);
      const held = have[cell] + take;
      if (held > 0) {
        mixes?.open(cell, take, held);
        if (phi[cell] === 0) {
          mixes?.end(cell);
          arrived += held;
          balance[cell] += held;
        } else {
          this.#giveAway(cell, held);
          transit[cell] += held - take;
          balance[cell] -= take;
          steps += take * phi[cell];
          if (steps > 2 ** 52) {
            this.distance += BigInt(steps);
            steps = 0;
          }
        }
        mixes?.close();
      }
      have[cell] = 0;
      asked[cell] = 0;
      ways[cell] = 0;
    }
    this.distance += BigInt(steps);
    return arrived;
  }

  /** To those who asked, largest request first, ties in the order of directions. */
  #giveAway(cell: number, held: number): void {
    const [asked, have, ways, offsets, mixes] = [this.#asked, this.#have, this.#ways, this.#offsets, this.#mixes];
    let count = 0;
    for (let d = 0; d < 8; d++) {
      const other = cell + offsets[d];
      const mask = ways[other];
      if ((mask & (1 << (d ^ 4))) === 0) continue;
      const amount = equalPart(asked[other] - this.#takeOf(other), mask, d ^ 4);
      let at = count++;
      for (; at > 0 && requests[at - 1] < amount; at--) {
        requests[at] = requests[at - 1];
        askers[at] = askers[at - 1];
      }
      requests[at] = amount;
      askers[at] = other;
    }
    for (let k = 0; k < count && held > 0; k++) {
      const given = Math.min(held, requests[k]);
      mixes?.send(askers[k], given, false);
      have[askers[k]] += given;
      held -= given;
    }
  }

  /** Deficits that are met are targets no more. */
  #dropMet(): void {
    const { balance } = this.#cells;
    const [deficits, met] = [this.#deficits, this.#met];
    let [left, count] = [0, 0];
    for (const cell of deficits)
      if (balance[cell] < 0) deficits[left++] = cell;
      else met[count++] = cell;
    this.#deficits = deficits.subarray(0, left);
    if (count > 0) this.#phi.drop(met, count);
  }

  /** What the cell gives of its own. */
  #takeOf(cell: number): number {
    const surplus = this.#cells.balance[cell];
    return surplus <= 0 ? 0 : Math.min(surplus, this.#asked[cell]);
  }

  /** Directions to neighbours with that φ beyond which surplus lies. */
  #waysOut(cell: number, level: number): number {
    const [offsets, phi] = [this.#offsets, this.#phi.steps];
    let mask = 0;
    for (let d = 0; d < 8; d++) {
      const other = cell + offsets[d];
      if (phi[other] === level && this.#hasReach(other)) mask |= 1 << d;
    }
    return mask;
  }

  #hasReach(cell: number): boolean {
    if (this.#cells.balance[cell] > 0) return true;
    const known = this.#beyond[cell];
    return known === UNKNOWN ? this.#look(cell) : known === THERE;
  }

  /** Goes outwards until surplus is found; what lies on the way there has reach, what leads nowhere has not. */
  #look(from: number): boolean {
    const { balance } = this.#cells;
    const [path, beyond, offsets, phi] = [this.#path, this.#beyond, this.#offsets, this.#phi.steps];
    let depth = 0;
    path[0] = from;
    while (depth >= 0) {
      const cell = path[depth];
      const next = phi[cell] + 1;
      let [found, deeper] = [false, FAR];
      for (let d = 0; d < 8 && !found; d++) {
        const other = cell + offsets[d];
        if (phi[other] !== next) continue;
        if (balance[other] > 0 || beyond[other] === THERE) found = true;
        else if (beyond[other] === UNKNOWN) deeper = other;
      }
      if (found) {
        for (; depth >= 0; depth--) beyond[path[depth]] = THERE;
        return true;
      }
      if (deeper === FAR) beyond[path[depth--]] = NOWHERE;
      else path[++depth] = deeper;
    }
    return false;
  }
}

/** Those who asked a cell, and how much, the largest request first. */
const askers = new Int32Array(8);
const requests = new Float64Array(8);
