/** Requests: from φ = 0 up, each cell asks those farther out for what it cannot give (flow.md section 3, sweep 3). */
import { lowestSide } from '../routing/share-bits.ts';
import { type Letter, Letters } from '../routing/tile-frame.ts';
import { BITS_SET, quotient } from '../service-flow/quanta.ts';
import { findWays } from './levels.ts';
import { PASSABLE, type TileCells } from './tile-cells.ts';

let queue = new Int32Array(0);

/** Records of letters: a cell of the ring, what it asks in all, and of which directions. */
export function passRequests(cells: TileCells, fresh: boolean, arrivals: readonly Letter[]): Letter[] {
  const { frame, kind, phi, reach, balance, asked, farther, nearer, waits } = cells;
  const { tile, stride, offsets } = frame;
  if (queue.length < frame.cells) queue = new Int32Array(frame.cells);
  const order = queue;
  let length = 0;
  if (fresh) {
    findWays(cells);
    asked.fill(0);
    for (let y = 1; y <= tile.height; y++)
      for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
        if (reach[cell] === 0) continue;
        waits[cell] = BITS_SET[nearer[cell]];
        if (phi[cell] !== 0) continue;
        asked[cell] = -balance[cell];
        order[length++] = cell;
      }
  }
  const letters = new Letters(frame, 2);
  /** Asks those farther out for `rest` in equal parts, the first for one quantum more while some are left over. */
  const ask = (cell: number, rest: number, own: boolean) => {
    const mask = farther[cell];
    const each = rest === 0 ? 0 : quotient(rest, BITS_SET[mask]);
    let over = rest - each * BITS_SET[mask];
    let sides = 0;
    for (let bits = mask; bits !== 0; bits &= bits - 1) {
      const other = cell + offsets[lowestSide(bits)];
      const amount = over > 0 ? each + 1 : each;
      over--;
      if ((kind[other] & PASSABLE) === 0) {
        if (own) sides |= letters.sideOf(other);
        continue;
      }
      asked[other] += amount;
      if (--waits[other] === 0) order[length++] = other;
    }
    if (sides !== 0) letters.add(cell, sides, [rest, mask]);
    farther[cell] = firstBits(mask, rest);
  };
  for (const { records } of arrivals)
    for (let at = 0; at < records.length; at += 3) {
      const cell = records[at];
      asked[cell] = records[at + 1];
      farther[cell] = records[at + 2];
      ask(cell, asked[cell], false);
    }
  for (let at = 0; at < length; at++) {
    const cell = order[at];
    if (farther[cell] !== 0) ask(cell, restOf(cells, cell), true);
  }
  return letters.sealed();
}

/** The directions that are asked for something: fewer than all where there are fewer quanta. */
function firstBits(mask: number, rest: number): number {
  if (rest >= BITS_SET[mask]) return mask;
  let bits = mask;
  for (let k = 0; k < rest; k++) bits &= bits - 1;
  return mask & ~bits;
}

/** What the cell gives of its own. */
export function takeOf({ balance, asked }: TileCells, cell: number): number {
  const surplus = balance[cell];
  return surplus <= 0 ? 0 : Math.min(surplus, asked[cell]);
}

/** What is asked of the cell and it asks of others. The ring's balance is 0, so there it is what the letter said. */
export function restOf(cells: TileCells, cell: number): number {
  return cells.asked[cell] - takeOf(cells, cell);
}
