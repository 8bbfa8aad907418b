/** Larger cells, several by several in one: a flow of half a million cells takes seconds, and one that follows a slider may not. */
import { type Grid, NODATA, type Plane } from '../../../src/index.ts';

/** Cells along a side of what is computed while a slider moves, as far as a factor of two goes. */
const LIVE_CELLS = 256 * 256;

export interface Coarser {
  /** Cells along a side that become one. */
  readonly factor: number;
  readonly grid: Grid;
}

/** The grid itself, and coarser ones as long as they show anything. */
export function coarserGrids(grid: Grid): Coarser[] {
  const found: Coarser[] = [];
  for (let factor = 1; factor === 1 || Math.min(grid.width, grid.height) / factor >= 64; factor *= 2)
    found.push({ factor, grid: coarserGrid(grid, factor) });
  return found;
}

/** The finest of them that is soon computed; the coarsest where none is. */
export function liveFactor(grids: readonly Coarser[]): number {
  const soon = grids.find(({ grid }) => grid.width * grid.height <= LIVE_CELLS);
  return (soon ?? grids[grids.length - 1]).factor;
}

function coarserGrid(grid: Grid, factor: number): Grid {
  return {
    ...grid,
    width: Math.ceil(grid.width / factor),
    height: Math.ceil(grid.height / factor),
    cellWidth: grid.cellWidth * factor,
    cellHeight: grid.cellHeight * factor,
  };
}

/** Amounts add up; other quantities become the mean. Of the cells that have a value; nodata where none has. */
export function coarsen(plane: Plane, grid: Grid, factor: number, of: 'amount' | 'mean'): Plane {
  if (factor === 1) return plane;
  const { width, height } = coarserGrid(grid, factor);
  const sums = new Float64Array(width * height);
  const counts = new Uint32Array(width * height);
  for (let y = 0, i = 0; y < grid.height; y++) {
    const row = Math.floor(y / factor) * width;
    for (let x = 0; x < grid.width; x++, i++) {
      const value = plane[i];
      if (value === NODATA) continue;
      const at = row + Math.floor(x / factor);
      sums[at] += value;
      counts[at]++;
    }
  }
  return Float32Array.from(sums, (sum, at) => {
    if (counts[at] === 0) return NODATA;
    return of === 'amount' ? sum : sum / counts[at];
  });
}
