/** Depression filling by its definition: cells are reached from the outside in the order of the heights at which they can be (Barnes et al. 2014). */
import { NODATA } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { DX, DY } from '../routing/directions.ts';

/** −0 counts as 0. Cells that are not raised keep what they have. */
export const reference: SolverReference = ({ dem }, _, { width, height }) => {
  const filled = Float64Array.from(dem);
  const reached = new Uint8Array(width * height);
  const queue: Cell[] = [];
  const isData = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && dem[y * width + x] !== NODATA;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!isData(x, y) || DX.every((dx, d) => isData(x + dx, y + DY[d]))) continue;
      reached[y * width + x] = 1;
      push(queue, { level: dem[y * width + x] + 0, x, y });
    }
  while (queue.length > 0) {
    const { level, x, y } = pop(queue);
    for (let d = 0; d < 8; d++) {
      const [nx, ny] = [x + DX[d], y + DY[d]];
      const n = ny * width + nx;
      if (!isData(nx, ny) || reached[n]) continue;
      reached[n] = 1;
      if (filled[n] < level) filled[n] = level;
      push(queue, { level: filled[n] + 0, x: nx, y: ny });
    }
  }
  return { filled };
};

interface Cell {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/** A binary heap, the lowest first. */
function push(heap: Cell[], cell: Cell): void {
  let at = heap.length;
  for (let up = (at - 1) >> 1; at > 0 && heap[up].level > cell.level; up = (at - 1) >> 1) {
    heap[at] = heap[up];
    at = up;
  }
  heap[at] = cell;
}

function pop(heap: Cell[]): Cell {
  const first = heap[0];
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    if (down + 1 < heap.length && heap[down + 1].level < heap[down].level) down++;
    if (down >= heap.length || heap[down].level >= last.level) break;
    heap[at] = heap[down];
    at = down;
  }
  heap[at] = last;
  return first;
}
