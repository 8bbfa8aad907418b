/**
 * The flow graph of a whole raster: from each cell to the neighbours that have a share of its water. What the definitions of the routing
 * operators walk along; on tiles that is dataflow.ts.
 */
import { NODATA_CODE } from '../../core/cells.ts';
import { EcofluxError } from '../../core/errors.ts';
import { DX, DY, opposite, shareOf } from './directions.ts';

export interface FlowGraph {
  readonly width: number;
  readonly height: number;
  readonly direction: ArrayLike<number>;
}

/** The neighbour in a direction; −1 beyond the raster. */
export function neighbourOf({ width, height }: FlowGraph, cell: number, direction: number): number {
  const x = (cell % width) + DX[direction];
  const y = Math.floor(cell / width) + DY[direction];
  return x >= 0 && y >= 0 && x < width && y < height ? y * width + x : -1;
}

/** Whether water flows at the cell at all: it lies in the raster and has a direction. */
export function isRouted({ direction }: FlowGraph, cell: number): boolean {
  return cell >= 0 && direction[cell] !== NODATA_CODE;
}

/** The part of a routed cell's water, in shares, that goes to its neighbour in `towards`. */
export function shareTowards({ direction }: FlowGraph, cell: number, towards: number): number {
  return shareOf(direction[cell], towards);
}

/** Calls with each cell from which water flows straight to `cell`, in the order of directions 0 to 7, and its share. */
export function eachUpslope(graph: FlowGraph, cell: number, call: (upslope: number, share: number) => void): void {
  for (let direction = 0; direction < 8; direction++) {
    const neighbour = neighbourOf(graph, cell, direction);
    if (!isRouted(graph, neighbour)) continue;
    const share = shareTowards(graph, neighbour, opposite(direction));
    if (share > 0) call(neighbour, share);
  }
}

/** Calls with each neighbour that has a share of the cell's water, in the order of directions 0 to 7; with −1 for those beyond the raster. */
export function eachDownslope(
  graph: FlowGraph,
  cell: number,
  call: (downslope: number, share: number, direction: number) => void,
): void {
  for (let direction = 0; direction < 8; direction++) {
    const share = shareTowards(graph, cell, direction);
    if (share > 0) call(neighbourOf(graph, cell, direction), share, direction);
  }
}

/** All routed cells, each after those from which water reaches it. @throws EcofluxError InvalidInput where water goes in a circle */
export function upslopeFirst(graph: FlowGraph): Uint32Array {
  const cells = graph.width * graph.height;
  const pending = new Uint8Array(cells);
  const order = new Uint32Array(cells);
  let [length, routed] = [0, 0];
  for (let cell = 0; cell < cells; cell++) {
    if (!isRouted(graph, cell)) continue;
    routed++;
    eachUpslope(graph, cell, () => pending[cell]++);
    if (pending[cell] === 0) order[length++] = cell;
  }
  for (let next = 0; next < length; next++)
    eachDownslope(graph, order[next], (cell) => {
      if (isRouted(graph, cell) && --pending[cell] === 0) order[length++] = cell;
    });
  if (length < routed) throw flowsInCircles(routed - length);
  return order.subarray(0, length);
}

export function flowsInCircles(cells: number): EcofluxError {
  return new EcofluxError('InvalidInput', 'the flow directions go in circles', {
    found: `${cells} cells on such circles, or reached over them`,
    expected: 'that water leaves every cell for good',
    fix: 'make the directions from a filled elevation model, with flow_direction',
  });
}
