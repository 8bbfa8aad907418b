/**
 * Directions in InVEST's order. Workers settle tiles and the plateaus within them; those that go on in other tiles are settled one by one on the whole
 * grid, which is held in memory: 9 bytes a cell.
 */
import { NODATA } from '../../core/cells.ts';
import { EcofluxError, throwIfAborted } from '../../core/errors.ts';
import { grow, tileAt } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { FLAT, type Plateaus, settlePlateaus } from './invest-order.ts';
import { type InvestVisit, OPEN_CODE, type TileInput } from './tasks.ts';

/** Other work on this thread goes on so often, in milliseconds. */
const TURN = 50;

export async function solveInvest(request: SolveRequest): Promise<SolveFacts> {
  const { tiling, pool, signal, progress } = request;
  const { filled } = request.inputs;
  const { direction } = request.outputs;
  const mfd = request.params.algorithm === 1;
  const whole = wholeGrid(tiling.width, tiling.height, mfd);
  const tiles = Array.from({ length: tiling.count }, (_, tile) => tile);
  let open = 0;
  let done = 0;
  await eachTile(tiles, request, async (tile) => {
    const { x, y, width, height } = tileAt(tiling, tile);
    const cells = (await filled.read(grow({ x, y, width, height }, 1))) as Float32Array;
    const task = pool.run<TileInput, InvestVisit>(
      'direction_tile_invest',
      { cells, width, height, x, y, mfd },
      { signal },
    );
    keepHeights(whole, cells, x, y, width, height);
    const visit = await task;
    keepCodes(whole, visit, x, y, width, height);
    open += visit.open;
    progress?.(++done, 2 * tiling.count);
  });
  if (open > 0) await settleOpen(whole, signal);
  await eachTile(tiles, request, async (tile) => {
    const window = tileAt(tiling, tile);
    const codes = new Uint32Array(window.width * window.height);
    for (let row = 0; row < window.height; row++) {
      const from = (window.y + row + 1) * (tiling.width + 2) + window.x + 1;
      codes.set(whole.codes.subarray(from, from + window.width), row * window.width);
    }
    await direction.write(window, codes);
    progress?.(++done, 2 * tiling.count);
  });
  return { open_cells: open };
}

function wholeGrid(width: number, height: number, mfd: boolean): Plateaus {
  const cells = (width + 2) * (height + 2);
  try {
    return {
      heights: new Float32Array(cells).fill(Number.POSITIVE_INFINITY),
      codes: new Uint32Array(cells),
      marks: new Uint8Array(cells),
      width,
      height,
      x: 0,
      y: 0,
      mfd,
    };
  } catch (cause) {
    throw new EcofluxError('OutOfCapacity', "InVEST's order of directions on plateaus needs the whole grid in memory", {
      found: `${width} × ${height} cells, 9 bytes each`,
      fix: 'take the free order (--order free), which works tile by tile',
      cause,
    });
  }
}

function keepHeights(whole: Plateaus, cells: Float32Array, x: number, y: number, width: number, height: number): void {
  for (let row = 0; row < height; row++) {
    const to = (y + row + 1) * (whole.width + 2) + x + 1;
    const from = (row + 1) * (width + 2) + 1;
    for (let k = 0; k < width; k++) {
      const value = cells[from + k];
      whole.heights[to + k] = value === NODATA ? Number.POSITIVE_INFINITY : value;
    }
  }
}

function keepCodes(whole: Plateaus, visit: InvestVisit, x: number, y: number, width: number, height: number): void {
  for (let row = 0; row < height; row++) {
    const to = (y + row + 1) * (whole.width + 2) + x + 1;
    const codes = visit.codes.subarray(row * width, (row + 1) * width);
    whole.codes.set(codes, to);
    if (visit.open === 0) continue;
    for (let k = 0; k < width; k++) if (codes[k] === OPEN_CODE) whole.marks[to + k] = FLAT;
  }
}

async function settleOpen(whole: Plateaus, signal: AbortSignal | undefined): Promise<void> {
  let turn = performance.now();
  for (const _ of settlePlateaus(whole)) {
    throwIfAborted(signal);
    if (performance.now() - turn < TURN) continue;
    await new Promise((resolve) => setTimeout(resolve));
    turn = performance.now();
  }
}
