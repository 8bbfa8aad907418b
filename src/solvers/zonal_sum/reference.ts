import type { SolverReference } from '../../core/solver.ts';
import { addCells, largestOf, quantumOf, spread, totalsOf, type ZoneSums } from './sums.ts';

export const reference: SolverReference = ({ values, zones }) => {
  const quantum = quantumOf(largestOf(values));
  const sums: ZoneSums = new Map();
  addCells(sums, values, zones, quantum);
  return { sum: spread(zones, totalsOf(sums, quantum)) };
};
