/** The global operators with their implementations: one line each. Parity and tiling tests and the engine loop over them. */
import { EcofluxError } from '../core/errors.ts';
import type { Solver } from './solver.ts';

const ALL: readonly Solver[] = [];

export const SOLVERS: ReadonlyMap<string, Solver> = new Map(ALL.map((solver) => [solver.spec.id, solver]));

export function solverOf(id: string): Solver {
  const solver = SOLVERS.get(id);
  if (!solver) throw new EcofluxError('Bug', `there is no global operator '${id}'`);
  return solver;
}
