/** What workers do for zonal_sum with one tile. */
import type { TaskTable } from '../../core/tasks.ts';
import { addCells, largestOf, spread, type ZoneSums } from './sums.ts';

export interface SumTask {
  readonly values: Float32Array;
  readonly zones: Uint32Array;
  readonly quantum: number;
}

export interface SpreadTask {
  readonly zones: Uint32Array;
  readonly totals: ReadonlyMap<number, number>;
}

export const zonalSumTasks: TaskTable = {
  async zonal_sum_largest(values: Float32Array) {
    return { output: largestOf(values) };
  },
  async zonal_sum_add({ values, zones, quantum }: SumTask) {
    const sums: ZoneSums = new Map();
    addCells(sums, values, zones, quantum);
    return { output: sums };
  },
  async zonal_sum_spread({ zones, totals }: SpreadTask) {
    const output = new Float32Array(spread(zones, totals));
    return { output, transfer: [output.buffer] };
  },
};
