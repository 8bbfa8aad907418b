/** What a benchmark takes and gives. */
import type { Session } from '#ecoflux/cli/session.js';

export interface BenchOptions extends Session {
  /** A line for people. */
  readonly log: (line: string) => void;
  /** Cells along an edge. */
  readonly size?: number;
  /** Folder of the scripts that others would use for the same job; benchmarks without it time only ours. */
  readonly peers?: string;
  /** Keep the results in bench/results, under the name of the benchmark and this note. */
  readonly save?: boolean;
  readonly note?: string;
}

/** Verifies, then times; the result goes to `--json` and to bench/results. */
export type Bench = (options: BenchOptions) => Promise<Record<string, unknown>>;
