/** The benchmarks by name, for `ecoflux bench`. */
import type { Bench } from './bench.ts';
import { kernels } from './kernels.ts';
import { memory } from './memory.ts';
import { run } from './run.ts';

export const BENCHES: Readonly<Record<string, Bench>> = { kernels, run, memory };
