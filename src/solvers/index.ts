/** The global operators with their implementations: one line each. Parity and tiling tests and the engine loop over them. */
import { EcofluxError } from '../core/errors.ts';
import { convolve } from './convolve/index.ts';
import { distance } from './distance/index.ts';
import { distanceToStream } from './distance_to_stream/index.ts';
import { effectiveRetention } from './effective_retention/index.ts';
import { fillDepressions } from './fill_depressions/index.ts';
import { flowAccumulation } from './flow_accumulation/index.ts';
import { flowDirection } from './flow_direction/index.ts';
import { flowDirectional } from './flow_directional/index.ts';
import { flowOmnidirectional } from './flow_omnidirectional/index.ts';
import { gather } from './gather/index.ts';
import { getisOrd } from './getis_ord/index.ts';
import { moransI } from './morans_i/index.ts';
import { sedimentDeposition } from './sediment_deposition/index.ts';
import type { Solver } from './solver.ts';
import { streams } from './streams/index.ts';
import { zonalSum } from './zonal_sum/index.ts';

const ALL: readonly Solver[] = [
  convolve,
  getisOrd,
  moransI,
  zonalSum,
  distance,
  gather,
  flowAccumulation,
  streams,
  distanceToStream,
  sedimentDeposition,
  effectiveRetention,
  fillDepressions,
  flowDirection,
  flowOmnidirectional,
  flowDirectional,
];

export const SOLVERS: ReadonlyMap<string, Solver> = new Map(ALL.map((solver) => [solver.spec.id, solver]));

export function solverOf(id: string): Solver {
  const solver = SOLVERS.get(id);
  if (!solver) throw new EcofluxError('Bug', `there is no global operator '${id}'`);
  return solver;
}
