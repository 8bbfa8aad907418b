/**
 * Plateaus: cells of equal height, none lower beside them. Each has a key, the length of its shortest way to a drain of the plateau in whole numbers:
 * 13860 for a step, 19601 for a diagonal one, which are to each other like 1 and sqrt(2) to 1.3e-9. Drains are cells with a lower neighbour (key 0);
 * where a plateau has none, those that touch the outside (key 2^31). Keys are the only solution of key(i) = min(key(n) + step), so they depend on
 * no order, and directions that follow from keys do not either.
 */
import { d8Code, INVERSE_DIAGONAL, offsetsOf, shareOfDrop } from './directions.ts';
import { IndexList } from './index-list.ts';

/** Length of the step in each direction. */
export const KEY_STEP: readonly number[] = [13860, 19601, 13860, 19601, 13860, 19601, 13860, 19601];
/** Of a cell through which the plateau drains to the outside. */
export const OUTSIDE_KEY = 0x80000000;
/** Of a cell from which no way is known. */
export const NO_KEY = 0xffffffff;

/** Bit d of a mask stands for direction d. */
const ORTHOGONAL = 0b01010101;

/** MFD codes of plateau cells that drain to all directions of a mask: weights 1 and 1/sqrt(2). */
export const MASK_SHARES = Uint32Array.from({ length: 256 }, (_, mask) => {
  const weights = Array.from({ length: 8 }, (_, d) => (mask & (1 << d) ? (d & 1 ? INVERSE_DIAGONAL : 1) : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.reduce((code, weight, d) => (weight > 0 ? code | (shareOfDrop(weight, sum) << (4 * d)) : code), 0);
});

/** D8 codes of plateau cells that drain outside, by the mask of outside neighbours: the first orthogonal one, or else the first. */
export const OUTSIDE_CODES = Uint32Array.from({ length: 256 }, (_, mask) => {
  const best = mask & ORTHOGONAL || mask;
  return best === 0 ? 0 : d8Code(31 - Math.clz32(best & -best));
});

/** As InVEST chooses: the first orthogonal one, or else the last, for each takes the place of a diagonal one before it. */
export const INVEST_OUTSIDE_CODES = OUTSIDE_CODES.map((code, mask) =>
  mask === 0 || mask & ORTHOGONAL ? code : d8Code(31 - Math.clz32(mask)),
);

/** Plateau cells of a tile without a lower neighbour. */
export interface PlateauCells {
  readonly width: number;
  readonly height: number;
  /** In cells of the tile, row by row, ascending. */
  readonly cells: Uint32Array;
  /** Masks: neighbours of equal height; which of them have a lower neighbour, in bits 8 to 15; neighbours that are outside, from bit 16. */
  readonly masks: Uint32Array;
  readonly keys: Uint32Array;
}

/** Cells around a tile: north and south with the corners, then west and east. */
export function ringSize(width: number, height: number): number {
  return 2 * (width + 2) + 2 * height;
}

/** The cell of the tile with one more on every side, for each of the ring. */
export function ringCell(place: number, width: number, height: number): number {
  const pitch = width + 2;
  if (place < pitch) return place;
  if (place < 2 * pitch) return (height + 1) * pitch + place - pitch;
  const side = place - 2 * pitch;
  return side < height ? (side + 1) * pitch : (side - height + 1) * pitch + width + 1;
}

/** Keys and directions of the plateau cells of one tile. */
export class PlateauTile {
  readonly #plateau: PlateauCells;
  readonly #offsets: readonly number[];
  /** For each cell of the tile with its ring, 1 + its place among the plateau cells, those of the ring after the tile's. */
  readonly #slots: Int32Array;
  /** Plateau cells in the tile with its ring. */
  readonly #framed: Uint32Array;
  /** Keys of the ring. */
  readonly #ring: Uint32Array;

  constructor(plateau: PlateauCells, ring?: Uint32Array) {
    const { width, height, cells } = plateau;
    this.#plateau = plateau;
    this.#offsets = offsetsOf(width + 2);
    this.#slots = new Int32Array((width + 2) * (height + 2));
    this.#ring = ring ?? new Uint32Array(ringSize(width, height)).fill(NO_KEY);
    this.#framed = framed(cells, width);
    for (let slot = 0; slot < cells.length; slot++) this.#slots[this.#framed[slot]] = slot + 1;
    for (let place = 0; place < this.#ring.length; place++)
      this.#slots[ringCell(place, width, height)] = cells.length + place + 1;
  }

  /** Starts with the drains beside and among the cells. */
  start(): void {
    const { masks, keys } = this.#plateau;
    const lists = [new IndexList(), new IndexList(), new IndexList()]; // ascending: one step, a diagonal one, outside
    for (let slot = 0; slot < keys.length; slot++) {
      const drains = (masks[slot] >>> 8) & 255;
      const outside = masks[slot] >>> 16;
      if (drains === 0 && outside === 0) continue;
      const list = drains === 0 ? 2 : drains & ORTHOGONAL ? 0 : 1;
      keys[slot] = list === 2 ? OUTSIDE_KEY : KEY_STEP[list];
      lists[list].push(slot);
    }
    const seeds = new Uint32Array(lists.reduce((sum, { size }) => sum + size, 0));
    let at = 0;
    for (const list of lists) {
      seeds.set(list.items.subarray(0, list.size), at);
      at += list.size;
    }
    this.#spread(seeds);
  }

  /** Goes on from the keys of the ring. */
  improve(): void {
    const { keys, width, height, cells } = this.#plateau;
    const seeds: number[] = [];
    for (let slot = 0; slot < keys.length; slot++) {
      const x = cells[slot] % width;
      const y = (cells[slot] - x) / width;
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      const best = this.#bestOfRing(slot);
      if (best >= keys[slot]) continue;
      keys[slot] = best;
      seeds.push(slot);
    }
    seeds.sort((a, b) => keys[a] - keys[b]);
    this.#spread(Uint32Array.from(seeds));
  }

  /** D8 or MFD code of a plateau cell; 0 where its plateau has no drain. */
  code(slot: number, mfd: boolean): number {
    const { masks, keys } = this.#plateau;
    const mask = masks[slot];
    const key = keys[slot];
    if (key === NO_KEY) return 0;
    if (key === OUTSIDE_KEY) return mfd ? MASK_SHARES[mask >>> 16] : OUTSIDE_CODES[mask >>> 16];
    const cell = this.#framed[slot];
    let lower = 0;
    for (let same = mask & 255; same !== 0; same &= same - 1) {
      const d = 31 - Math.clz32(same & -same);
      const next = mask & (256 << d) ? 0 : this.#keyAt(this.#slots[cell + this.#offsets[d]] - 1);
      if (mfd) {
        if (next < key) lower |= 1 << d;
      } else if (next + KEY_STEP[d] === key) return d8Code(d);
    }
    return MASK_SHARES[lower];
  }

  /**
   * Shortest ways from seeds, given in the order of their keys. Cells are left in the order of their keys; as a step has two lengths, two queues
   * keep that order, and hold each cell once at most.
   */
  #spread(seeds: Uint32Array): void {
    const { masks, keys } = this.#plateau;
    const slots = this.#slots;
    const cells = this.#framed;
    const offsets = this.#offsets;
    const count = cells.length;
    const straight = new Uint32Array(count);
    const diagonal = new Uint32Array(count);
    const left = new Uint8Array(count);
    let [seedAt, straightAt, diagonalAt, straightEnd, diagonalEnd] = [0, 0, 0, 0, 0];
    for (;;) {
      const seedKey = seedAt < seeds.length ? keys[seeds[seedAt]] : NO_KEY;
      const straightKey = straightAt < straightEnd ? keys[straight[straightAt]] : NO_KEY;
      const diagonalKey = diagonalAt < diagonalEnd ? keys[diagonal[diagonalAt]] : NO_KEY;
      let slot: number;
      if (straightKey <= diagonalKey && straightKey <= seedKey) {
        if (straightKey === NO_KEY) return;
        slot = straight[straightAt++];
      } else if (diagonalKey <= seedKey) slot = diagonal[diagonalAt++];
      else slot = seeds[seedAt++];
      if (left[slot]) continue;
      left[slot] = 1;
      const key = keys[slot];
      const cell = cells[slot];
      const mask = masks[slot];
      for (let open = mask & ~(mask >>> 8) & 255; open !== 0; open &= open - 1) {
        const d = 31 - Math.clz32(open & -open);
        const next = slots[cell + offsets[d]] - 1;
        if (next >= count || key + KEY_STEP[d] >= keys[next]) continue;
        keys[next] = key + KEY_STEP[d];
        if (d & 1) diagonal[diagonalEnd++] = next;
        else straight[straightEnd++] = next;
      }
    }
  }

  /** The smallest key that a cell can have from the ring. */
  #bestOfRing(slot: number): number {
    const { masks, cells } = this.#plateau;
    const open = masks[slot] & ~(masks[slot] >>> 8) & 255;
    const cell = this.#framed[slot];
    let best = NO_KEY;
    for (let d = 0; d < 8; d++) {
      if (!(open & (1 << d))) continue;
      const next = this.#slots[cell + this.#offsets[d]] - 1;
      if (next >= cells.length) best = Math.min(best, this.#keyAt(next) + KEY_STEP[d]);
    }
    return best;
  }

  #keyAt(slot: number): number {
    const { keys } = this.#plateau;
    return slot < keys.length ? keys[slot] : this.#ring[slot - keys.length];
  }
}

/** Cells of a tile, ascending, in the tile with its ring. */
function framed(cells: Uint32Array, width: number): Uint32Array {
  const out = new Uint32Array(cells.length);
  let end = 0;
  let shift = width + 1;
  for (let k = 0; k < cells.length; k++) {
    while (cells[k] >= end) {
      end += width;
      shift += 2;
    }
    out[k] = cells[k] + shift;
  }
  return out;
}
