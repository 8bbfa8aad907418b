/** The benchmarks by name, for `ecoflux bench`. */
import type { Bench } from './bench.ts';
import { run } from './run.ts';

export const BENCHES: Readonly<Record<string, Bench>> = { run };
