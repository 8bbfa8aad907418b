/** The global operators by id, as data. */
import { EcofluxError } from '../core/errors.ts';
import type { SolverSpec } from '../core/solver.ts';
import { spec as convolve } from './convolve/spec.ts';
import { spec as distance } from './distance/spec.ts';
import { spec as distanceToStream } from './distance_to_stream/spec.ts';
import { spec as effectiveRetention } from './effective_retention/spec.ts';
import { spec as fillDepressions } from './fill_depressions/spec.ts';
import { spec as flowAccumulation } from './flow_accumulation/spec.ts';
import { spec as flowDirection } from './flow_direction/spec.ts';
import { spec as flowDirectional } from './flow_directional/spec.ts';
import { spec as flowOmnidirectional } from './flow_omnidirectional/spec.ts';
import { spec as gather } from './gather/spec.ts';
import { spec as getisOrd } from './getis_ord/spec.ts';
import { spec as moransI } from './morans_i/spec.ts';
import { spec as sedimentDeposition } from './sediment_deposition/spec.ts';
import { spec as streams } from './streams/spec.ts';
import { spec as zonalSum } from './zonal_sum/spec.ts';

const ALL: readonly SolverSpec[] = [
  fillDepressions,
  flowDirection,
  flowAccumulation,
  streams,
  distanceToStream,
  sedimentDeposition,
  effectiveRetention,
  distance,
  gather,
  convolve,
  getisOrd,
  moransI,
  zonalSum,
  flowOmnidirectional,
  flowDirectional,
];
const BY_ID: ReadonlyMap<string, SolverSpec> = new Map(ALL.map((spec) => [spec.id, spec]));

export function solverSpec(id: string): SolverSpec {
  const spec = BY_ID.get(id);
  if (!spec) throw new EcofluxError('Bug', `there is no global operator '${id}'`);
  return spec;
}
