/** What the times of an operator mean for each cell, and how they stand in a table: the same in every benchmark of operators. */
import type { SolveFacts } from '#ecoflux/solvers/solver.js';
import { formatSpread, type Spread } from './timing.ts';

export interface SolveRates {
  readonly place: string;
  /** Cells along an edge. */
  readonly size: number;
  readonly seconds: Spread;
  /** Processor time of all threads. */
  readonly cpuNanosecondsPerCell: number;
  readonly nanosecondsPerCell: number;
  readonly millionCellsPerSecond: number;
  /** Time per cell against that of the smallest size. */
  readonly growth: number;
  readonly facts: SolveFacts;
}

/** @param cpu seconds of the processor in all threads @param first the result for the smallest size, where this is not it */
export function ratesOf(
  { place, size, seconds, facts }: Pick<SolveRates, 'place' | 'size' | 'seconds' | 'facts'>,
  cpu: number,
  first: SolveRates | undefined,
): SolveRates {
  const nanosecondsPerCell = (seconds.min / size ** 2) * 1e9;
  return {
    place,
    size,
    seconds,
    nanosecondsPerCell,
    cpuNanosecondsPerCell: (cpu / size ** 2) * 1e9,
    millionCellsPerSecond: size ** 2 / seconds.min / 1e6,
    growth: nanosecondsPerCell / (first?.nanosecondsPerCell ?? nanosecondsPerCell),
    facts,
  };
}

export const RATE_HEAD = ['cells', 's: min (mean ± dev)', 'Mcells/s', 'ns/cell', 'of processors', 'growth'] as const;

/** In the columns of RATE_HEAD. */
export function rateCells(each: SolveRates, digits = 0): string[] {
  return [
    `${each.size}²`,
    formatSpread(each.seconds),
    each.millionCellsPerSecond.toFixed(1),
    each.nanosecondsPerCell.toFixed(digits),
    each.cpuNanosecondsPerCell.toFixed(digits),
    each.growth.toFixed(2),
  ];
}

/** The last column: what was done. */
export function factsCell(facts: SolveFacts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${value} ${name}`)
    .join(', ');
}
