/**
 * One visit of a tile, order free: cells with a lower neighbour and plateaus that lie within the tile are settled; what is left of plateaus that
 * go on beyond its sides is given out, to be settled by keys from there.
 */

import { DX, DY, offsetsOf } from '../routing/directions.ts';
import { IndexList } from '../routing/index-list.ts';
import { NO_KEY, type PlateauCells, PlateauTile } from '../routing/plateaus.ts';
import { dropCodes, drops, type Ground } from './drops.ts';

export interface FreeVisit {
  /** Of every cell of the tile; those of open plateau cells are there too, as far as keys are known. */
  readonly codes: Uint32Array<ArrayBuffer>;
  /** Cells of plateaus that go on in other tiles; absent where there are none. */
  readonly open?: OpenCells;
}

/** What is kept of open plateau cells of a tile between visits. */
export interface OpenCells {
  readonly cells: Uint32Array<ArrayBuffer>;
  readonly masks: Uint32Array<ArrayBuffer>;
  readonly keys: Uint32Array<ArrayBuffer>;
  readonly codes: Uint32Array<ArrayBuffer>;
}

/** `ground` has two more cells on every side, to know the drops of the neighbours too. */
export function visitTile(ground: Ground, mfd: boolean): FreeVisit {
  const { width, height } = ground;
  const codes = new Uint32Array(width * height);
  const flats = new IndexList();
  dropCodes(ground, mfd, codes, flats);
  if (flats.size === 0) return { codes };
  const { plateau, crossing } = plateauOf(ground, flats);
  const tile = new PlateauTile(plateau);
  tile.start();
  const { cells } = plateau;
  for (let slot = 0; slot < cells.length; slot++) codes[cells[slot]] = tile.code(slot, mfd);
  if (crossing.size === 0) return { codes };
  return { codes, open: openCells(plateau, crossing, codes) };
}

/** Another visit of the open cells, with the keys of the cells around the tile. Changes keys and codes. */
export function revisit(open: OpenCells, width: number, height: number, ring: Uint32Array, mfd: boolean): void {
  const tile = new PlateauTile({ width, height, ...open }, ring);
  tile.improve();
  for (let slot = 0; slot < open.cells.length; slot++) open.codes[slot] = tile.code(slot, mfd);
}

/** The cells without a lower neighbour, and which of them touch such cells of other tiles on their level. */
function plateauOf(ground: Ground, flats: IndexList): { plateau: PlateauCells; crossing: IndexList } {
  const { heights, width, height } = ground;
  const pitch = width + 4;
  const offsets = offsetsOf(pitch);
  const isFlat = new Uint8Array(heights.length);
  for (let slot = 0; slot < flats.size; slot++) isFlat[flats.items[slot]] = 1;
  const cells = new Uint32Array(flats.size);
  const masks = new Uint32Array(flats.size);
  const crossing = new IndexList();
  let y = -3; // of the tile, and where its row ends
  let end = 0;
  for (let slot = 0; slot < flats.size; slot++) {
    const i = flats.items[slot];
    while (i >= end) {
      end += pitch;
      y++;
    }
    const x = i - end + pitch - 2;
    const here = heights[i];
    let mask = 0;
    let crosses = false;
    for (let d = 0; d < 8; d++) {
      const n = i + offsets[d];
      if (heights[n] === Number.POSITIVE_INFINITY) mask |= 0x10000 << d;
      if (heights[n] !== here) continue;
      mask |= 1 << d;
      if (isFlat[n]) continue;
      const [nx, ny] = [x + DX[d], y + DY[d]];
      const inside = nx >= 0 && nx < width && ny >= 0 && ny < height;
      if (inside || drops(heights, n, pitch)) mask |= 256 << d;
      else crosses = true;
    }
    cells[slot] = y * width + x;
    masks[slot] = mask;
    if (crosses) crossing.push(slot);
  }
  return { plateau: { width, height, cells, masks, keys: new Uint32Array(flats.size).fill(NO_KEY) }, crossing };
}

/** All that is connected with the crossing cells over cells of the plateau within the tile. */
function openCells({ width, cells, masks, keys }: PlateauCells, crossing: IndexList, codes: Uint32Array): OpenCells {
  const slots = new Int32Array(codes.length);
  for (let slot = 0; slot < cells.length; slot++) slots[cells[slot]] = slot + 1;
  const offsets = offsetsOf(width);
  const isOpen = new Uint8Array(cells.length);
  const queue = crossing;
  for (let at = 0; at < queue.size; at++) isOpen[queue.items[at]] = 1;
  for (let at = 0; at < queue.size; at++) {
    const slot = queue.items[at];
    const flat = masks[slot] & ~(masks[slot] >>> 8) & 255;
    const x = cells[slot] % width;
    for (let d = 0; d < 8; d++) {
      if (!(flat & (1 << d)) || x + DX[d] < 0 || x + DX[d] >= width) continue;
      const next = slots[cells[slot] + offsets[d]] - 1; // undefined − 1 beyond the rows of the tile
      if (!(next >= 0) || isOpen[next]) continue;
      isOpen[next] = 1;
      queue.push(next);
    }
  }
  const open = queue.take().sort();
  return {
    cells: open.map((slot) => cells[slot]),
    masks: open.map((slot) => masks[slot]),
    keys: open.map((slot) => keys[slot]),
    codes: open.map((slot) => codes[cells[slot]]),
  };
}
