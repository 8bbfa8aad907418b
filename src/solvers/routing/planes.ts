/** Planes of tiles from and to the fields of a request. */
import { allOf } from '../../core/all-of.ts';
import type { Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import type { Tile } from '../../core/tiles.ts';
import type { SolveRequest } from '../solver.ts';

export async function readPlanes(
  { inputs }: Pick<SolveRequest, 'inputs'>,
  names: readonly string[],
  window: Window,
): Promise<Record<string, Plane>> {
  const planes = await allOf(names.map((name) => inputs[name].read(window)));
  return Object.fromEntries(names.map((name, index) => [name, planes[index]]));
}

/** Those of the planes that are wanted. */
export async function writePlanes(
  { outputs }: Pick<SolveRequest, 'outputs'>,
  tile: Tile,
  planes: Readonly<Record<string, Plane>>,
): Promise<void> {
  await allOf(Object.entries(outputs).map(([name, output]) => output.write(tile, planes[name])));
}
