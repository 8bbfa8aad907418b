/** Visits of tiles for workers: all cells, then, order free, the plateaus that go on in other tiles. */
import type { TaskTable } from '../../core/tasks.ts';
import { IndexList } from '../routing/index-list.ts';
import { dropCodes, groundOf } from './drops.ts';
import { type FreeVisit, type OpenCells, revisit, visitTile } from './free-order.ts';
import { BEYOND, FLAT, LEFT_OPEN, settlePlateaus } from './invest-order.ts';

/** Code of a cell whose plateau goes on in other tiles; no set of shares has it. */
export const OPEN_CODE = 0xfffffffe;

export interface TileInput {
  /** With two more cells on every side where order is free, one in InVEST's order; NODATA outside. */
  readonly cells: Float32Array;
  readonly width: number;
  readonly height: number;
  /** In the grid. */
  readonly x: number;
  readonly y: number;
  readonly mfd: boolean;
}

export interface RevisitInput {
  readonly open: OpenCells;
  readonly width: number;
  readonly height: number;
  readonly ring: Uint32Array;
  readonly mfd: boolean;
}

export interface InvestVisit {
  readonly codes: Uint32Array<ArrayBuffer>;
  /** Cells with OPEN_CODE. */
  readonly open: number;
}

export const directionTasks: TaskTable = {
  direction_tile: async ({ cells, width, height, mfd }: TileInput) => {
    const output: FreeVisit = visitTile(groundOf(cells, width, height, 2), mfd);
    return { output, transfer: [output.codes.buffer, ...(output.open ? buffersOf(output.open) : [])] };
  },
  direction_plateaus: async ({ open, width, height, ring, mfd }: RevisitInput) => {
    revisit(open, width, height, ring, mfd);
    return { output: open, transfer: buffersOf(open) };
  },
  direction_tile_invest: async (input: TileInput) => {
    const output = investTile(input);
    return { output, transfer: [output.codes.buffer] };
  },
};

export function buffersOf({ cells, masks, keys, codes }: OpenCells): ArrayBuffer[] {
  return [cells.buffer, masks.buffer, keys.buffer, codes.buffer];
}

/** Settles all but the plateaus that go on in other tiles. */
function investTile({ cells, width, height, x, y, mfd }: TileInput): InvestVisit {
  const pitch = width + 2;
  const ground = groundOf(cells, width, height, 1);
  const result = new Uint32Array(width * height);
  const flats = new IndexList();
  dropCodes(ground, mfd, result, flats);
  if (flats.size === 0) return { codes: result, open: 0 };
  const marks = new Uint8Array(cells.length);
  marks.fill(BEYOND, 0, pitch).fill(BEYOND, (height + 1) * pitch);
  for (let row = 1; row <= height; row++) marks[row * pitch] = marks[row * pitch + width + 1] = BEYOND;
  for (let k = 0; k < flats.size; k++) marks[flats.items[k]] = FLAT;
  const codes = new Uint32Array(cells.length); // those of cells with a drop are not asked for
  const settling = settlePlateaus({ heights: ground.heights, codes, marks, width, height, x, y, mfd });
  while (!settling.next().done);
  let open = 0;
  for (let k = 0; k < flats.size; k++) {
    const i = flats.items[k];
    const row = Math.floor(i / pitch);
    const left = marks[i] === LEFT_OPEN;
    if (left) open++;
    result[(row - 1) * width + (i - row * pitch) - 1] = left ? OPEN_CODE : codes[i];
  }
  return { codes: result, open };
}
