/** One global operator of a run: on the device where the executor has one for it, in worker threads otherwise. */
import type { CellType, Plane } from '../core/cells.ts';
import type { Grid, Window } from '../core/grid.ts';
import type { Values } from '../core/model.ts';
import type { Tile } from '../core/tiles.ts';
import { solverOf } from '../solvers/index.ts';
import type { SolveFacts, SolveRequest } from '../solvers/solver.ts';
import type { Executor } from './executor.ts';
import type { SolveNode } from './graph.ts';
import { mapValues } from './map-values.ts';
import { shapeOf } from './tile-context.ts';

export interface Solving extends Omit<SolveRequest, 'shape' | 'inputs' | 'outputs' | 'params'> {
  readonly grid: Grid;
  readonly types: ReadonlyMap<string, CellType>;
  readonly read: (field: string, window: Window, into?: Plane) => Promise<Plane>;
  /** Where the tiles of a field go. */
  readonly target: (field: string) => (tile: Tile, plane: Plane) => Promise<void>;
  readonly params: Values;
}

/** @throws EcofluxError DeviceLost, Interrupted, OutOfCapacity; what reading and writing throw */
export function solveWith(
  executor: Executor,
  node: SolveNode,
  { grid, types, read, target, ...rest }: Solving,
): Promise<SolveFacts> {
  const { cpu, gpu } = solverOf(node.solver);
  const request: SolveRequest = {
    ...rest,
    shape: shapeOf(grid),
    inputs: mapValues(node.reads, (field) => ({
      type: types.get(field)!,
      read: (window: Window, into?: Plane) => read(field, window, into),
    })),
    outputs: mapValues(node.writes, (field) => ({ type: types.get(field)!, write: target(field) })),
  };
  // What InVEST's order decides is decided one cell after the other, which is no work for a device.
  const sequential = rest.params.order === 1;
  return gpu && executor.solvesOn && !sequential ? gpu({ ...request, gpu: executor.solvesOn }) : cpu(request);
}
