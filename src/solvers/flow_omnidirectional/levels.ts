/** φ and reach of the cells of a tile, as far as they follow from what is known of the ring. Both only ever come nearer to what they end in. */
import { type Letter, Letters } from '../routing/tile-frame.ts';
import { FAR, PASSABLE, RIM, type TileCells } from './tile-cells.ts';

/** Cells in the order in which they were found. */
let queue = new Int32Array(0);

function queueFor(cells: number): Int32Array {
  if (queue.length < cells) queue = new Int32Array(cells);
  return queue;
}

export interface LevelSweep {
  /** Whether φ is 0 at an own cell that is passable. */
  readonly isTarget: (cell: number) => boolean;
  /** Steps at most. */
  readonly limit: number;
  /** The tile was not looked at in this sweep. */
  readonly fresh: boolean;
}

/** Records of letters: a cell of the ring and its φ. */
export function findLevels(
  cells: TileCells,
  { isTarget, limit, fresh }: LevelSweep,
  arrivals: readonly Letter[],
): Letter[] {
  const { frame, kind, phi } = cells;
  const { tile, stride, offsets } = frame;
  const order = queueFor(frame.cells);
  let length = 0;
  if (fresh) {
    phi.fill(FAR);
    for (let y = 1; y <= tile.height; y++)
      for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++)
        if ((kind[cell] & PASSABLE) !== 0 && isTarget(cell)) {
          phi[cell] = 0;
          order[length++] = cell;
        }
  }
  const ring: number[] = [];
  for (const { records } of arrivals)
    for (let at = 0; at < records.length; at += 2) {
      const [cell, level] = [records[at], records[at + 1]];
      if (level >= phi[cell]) continue;
      phi[cell] = level;
      ring.push(cell);
    }
  ring.sort((a, b) => phi[a] - phi[b]);
  // Targets, then what is found, in the order of φ; cells of the ring join where their φ is.
  const from = (cell: number) => {
    const next = phi[cell] + 1;
    if (next > limit) return;
    for (let d = 0; d < 8; d++) {
      const other = cell + offsets[d];
      if (phi[other] <= next || (kind[other] & PASSABLE) === 0) continue;
      phi[other] = next;
      order[length++] = other;
    }
  };
  let [at, inRing] = [0, 0];
  while (at < length || inRing < ring.length) {
    const ringNext = inRing < ring.length && (at === length || phi[ring[inRing]] <= phi[order[at]]);
    from(ringNext ? ring[inRing++] : order[at++]);
  }
  const letters = new Letters(frame, 1);
  for (let k = 0; k < length; k++) {
    const cell = order[k];
    if ((kind[cell] & RIM) !== 0) letters.add(cell, sidesAround(cells, letters, cell), [phi[cell]]);
  }
  return letters.sealed();
}

/** Gives the letters, whose records are cells of the ring that have reach, and how many own cells came to have it. */
export function findReach(
  cells: TileCells,
  fresh: boolean,
  arrivals: readonly Letter[],
): { readonly letters: Letter[]; readonly reached: number } {
  const { frame, kind, phi, reach, balance } = cells;
  const { tile, stride, offsets } = frame;
  const order = queueFor(frame.cells);
  let length = 0;
  if (fresh) {
    reach.fill(0);
    for (let y = 1; y <= tile.height; y++)
      for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++)
        if (balance[cell] > 0 && phi[cell] !== FAR) {
          reach[cell] = 1;
          order[length++] = cell;
        }
  }
  const nearerOf = (cell: number) => {
    const next = phi[cell] - 1;
    for (let d = 0; d < 8; d++) {
      const other = cell + offsets[d];
      if (phi[other] !== next || (kind[other] & PASSABLE) === 0 || reach[other] === 1) continue;
      reach[other] = 1;
      order[length++] = other;
    }
  };
  for (const { records } of arrivals)
    for (let at = 0; at < records.length; at++) {
      reach[records[at]] = 1;
      nearerOf(records[at]);
    }
  for (let at = 0; at < length; at++) nearerOf(order[at]);
  const letters = new Letters(frame, 0);
  for (let k = 0; k < length; k++)
    if ((kind[order[k]] & RIM) !== 0) letters.add(order[k], sidesAround(cells, letters, order[k]), []);
  return { letters: letters.sealed(), reached: length };
}

/** The tiles around that have the cell in their rings. */
function sidesAround({ frame }: TileCells, letters: Letters, cell: number): number {
  const { tile, tiling, stride } = frame;
  let sides = 0;
  for (let d = 0; d < 8; d++) {
    const other = cell + frame.offsets[d];
    const x = other % stride;
    const y = (other - x) / stride;
    if (x >= 1 && x <= tile.width && y >= 1 && y <= tile.height) continue;
    const [gridX, gridY] = [tile.x + x - 1, tile.y + y - 1];
    if (gridX < 0 || gridY < 0 || gridX >= tiling.width || gridY >= tiling.height) continue;
    sides |= letters.sideOf(other);
  }
  return sides;
}

/** Directions to neighbours farther by one that have reach, and to those nearer by one, of own cells that have reach. */
export function findWays({ frame, kind, phi, reach, farther, nearer }: TileCells): void {
  const { tile, stride, offsets } = frame;
  farther.fill(0);
  nearer.fill(0);
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      if (reach[cell] === 0 || (kind[cell] & PASSABLE) === 0) continue;
      const level = phi[cell];
      let [out, back] = [0, 0];
      for (let d = 0; d < 8; d++) {
        const other = cell + offsets[d];
        const step = phi[other] - level;
        if (step === 1) out |= reach[other] << d;
        else if (step === -1) back |= 1 << d;
      }
      farther[cell] = out;
      nearer[cell] = back;
    }
}
