/** What workers do before and after a device lets amounts flow: quanta of a tile, and its outputs from what came of them. */
import type { Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import type { Tile, Tiling } from '../../core/tiles.ts';
import { frameOf, withoutRing } from '../routing/tile-frame.ts';
import { type Closing, closeTile, type Opening, type OpenPlanes, openTile } from './open-close.ts';

export interface GroundTask {
  readonly tiling: Tiling;
  readonly tile: Tile;
  readonly quantum: number;
  /** With a ring of one cell. */
  readonly planes: OpenPlanes;
}

/** Of the tile's own cells; balances as the bits of i32. */
export interface Ground extends Opening {
  readonly balance: Uint32Array;
  readonly kind: Uint32Array;
}

export interface AmountsTask {
  readonly tiling: Tiling;
  readonly tile: Tile;
  readonly quantum: number;
  readonly wanted: readonly string[];
  readonly planes: { readonly supply: Plane; readonly demand: Plane };
  /** Words of the tile's own cells: i32, then u64, low words first. */
  readonly balance: Uint32Array;
  readonly transit: Uint32Array;
  readonly spill?: Uint32Array;
}

export const deviceTasks: TaskTable = {
  async flow_omnidirectional_ground({ tiling, tile, quantum, planes }: GroundTask) {
    const frame = frameOf(tiling, tile);
    const cells = { frame, balance: new Int32Array(frame.cells), kind: new Uint8Array(frame.cells) };
    const opening = openTile(cells, planes, quantum);
    const own = () => new Uint32Array(tile.width * tile.height);
    const words = new Uint32Array(cells.balance.buffer);
    const output: Ground = {
      ...opening,
      balance: withoutRing(frame, words, own()),
      kind: withoutRing(frame, cells.kind, own()),
    };
    return { output, transfer: [output.balance.buffer, output.kind.buffer] as ArrayBuffer[] };
  },

  async flow_omnidirectional_amounts({ tiling, tile, quantum, wanted, planes, ...words }: AmountsTask) {
    const frame = frameOf(tiling, tile);
    const balance = new Int32Array(frame.cells);
    const transit = new Float64Array(frame.cells);
    const spill = words.spill && new Float64Array(frame.cells);
    const amount = (pairs: Uint32Array, own: number) => pairs[2 * own] + 2 ** 32 * pairs[2 * own + 1];
    for (let y = 1, own = 0; y <= tile.height; y++)
      for (let x = 1; x <= tile.width; x++, own++) {
        const cell = y * frame.stride + x;
        balance[cell] = words.balance[own] | 0;
        transit[cell] = amount(words.transit, own);
        if (spill) spill[cell] = amount(words.spill!, own);
      }
    const output: Closing = closeTile({ frame, balance, transit, spill }, planes, { quantum, wanted });
    return { output, transfer: Object.values(output.planes).map(({ buffer }) => buffer as ArrayBuffer) };
  },
};
