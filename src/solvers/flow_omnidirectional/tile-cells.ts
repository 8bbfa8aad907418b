/** What is kept of the cells of a tile and the ring around it while amounts move: buffers by name, and views on them. */

import type { Tile, Tiling } from '../../core/tiles.ts';
import type { Kept } from '../routing/shared-memory.ts';
import { frameOf, type TileFrame } from '../routing/tile-frame.ts';

/** Bytes of a cell in each buffer, in the order in which they are kept. */
export const BUFFERS = {
  /** i32: surplus, or deficit as a negative number. Of the ring 0. */
  balance: 4,
  /** f64 */
  transit: 8,
  /** u8: bits of `Kind`. Of the ring 0. */
  kind: 1,
  /** i32: steps to the nearest target of the sweep, or FAR. */
  phi: 4,
  /** u8: 1 where surplus lies at the cell or farther out. */
  reach: 1,
  /** f64: what is asked of the cell; of the ring, what the cell there asks of others in all. */
  asked: 8,
  /** u8: directions to neighbours farther by one that have reach, later those that are asked for something; of the ring, as its tile has it. */
  farther: 1,
  /** u8: directions to passable neighbours nearer by one. */
  nearer: 1,
  /** u8: neighbours that the cell waits for in the sweep. */
  waits: 1,
  /** f64: what the cell holds in the sweep from the largest φ down. */
  have: 8,
  /** u8: place of the cell's zone in the table, where one is made. */
  zone: 1,
} as const;

export type BufferName = keyof typeof BUFFERS;
export type Buffers = Readonly<Record<BufferName, Kept>>;
export const BUFFER_NAMES = Object.keys(BUFFERS) as BufferName[];
export const CELL_BYTES = Object.values(BUFFERS).reduce<number>((sum, bytes) => sum + bytes, 0);

export const FAR = 0x7fffffff;

/** Bits of `kind`. */
export const PASSABLE = 1;
/** Beside the edge of the grid, or a cell without supply or demand. */
export const BORDER = 2;
/** In the outermost rows and columns of the tile. */
export const RIM = 4;
/** With supply and demand. */
export const VALID = 8;

export interface TileCells {
  readonly frame: TileFrame;
  readonly balance: Int32Array;
  readonly transit: Float64Array;
  readonly kind: Uint8Array;
  readonly phi: Int32Array;
  readonly reach: Uint8Array;
  readonly asked: Float64Array;
  readonly farther: Uint8Array;
  readonly nearer: Uint8Array;
  readonly waits: Uint8Array;
  readonly have: Float64Array;
  readonly zone: Uint8Array;
}

export function cellsOf(tiling: Tiling, tile: Tile, buffers: Buffers): TileCells {
  return {
    frame: frameOf(tiling, tile),
    balance: new Int32Array(buffers.balance),
    transit: new Float64Array(buffers.transit),
    kind: new Uint8Array(buffers.kind),
    phi: new Int32Array(buffers.phi),
    reach: new Uint8Array(buffers.reach),
    asked: new Float64Array(buffers.asked),
    farther: new Uint8Array(buffers.farther),
    nearer: new Uint8Array(buffers.nearer),
    waits: new Uint8Array(buffers.waits),
    have: new Float64Array(buffers.have),
    zone: new Uint8Array(buffers.zone),
  };
}

/** Bytes of each buffer of a tile. Lengths are multiples of 8, so that views of any kind fit. */
export function bufferBytes({ width, height }: Pick<Tile, 'width' | 'height'>): Record<BufferName, number> {
  const cells = (width + 2) * (height + 2);
  return Object.fromEntries(
    Object.entries(BUFFERS).map(([name, bytes]) => [name, 8 * Math.ceil((cells * bytes) / 8)]),
  ) as Record<BufferName, number>;
}
