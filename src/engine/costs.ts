/**
 * What a visit costs, roughly: rates per core measured on a two-core x86 without a GPU (bench/results). An estimate for people who
 * decide whether to wait; nothing is decided by it but words.
 */
import type { Pass, Place } from './plan.ts';

export interface Costs {
  /** Worker threads that decode and encode. */
  readonly cores: number;
}

const DECODE = 200e6; // bytes per second and core, deflate
const ENCODE = 120e6; // bytes per second and core, deflate with predictor
const GPU_CELLS = 30e6; // cells per second and stage on a software driver
const SOLVE_CELLS = 8e6; // cells per second and core of a global operator in worker threads
const CPU_CELLS = 10e6; // cells per second, stage and core in float64

export function estimateSeconds(pass: Pass, cells: number, { cores }: Costs, place: Place): number {
  const decode = (pass.reads.length * cells * 4) / (DECODE * cores);
  const encode = (pass.sinks.length * cells * 4) / (ENCODE * cores);
  const compute = (pass.nodes.length * cells) / (place.kind === 'gpu' ? GPU_CELLS : CPU_CELLS * place.lanes);
  return decode + encode + compute;
}

/** Of one global operator. */
export function solveSeconds(cells: number, { cores }: Costs): number {
  return cells / (SOLVE_CELLS * cores);
}
