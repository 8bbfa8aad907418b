/** How far systems go together, and how far they have come together: coupling and coupling coordination (statistics.md section 4). */

export interface Coupling {
  /** C, 0 to 1. */
  readonly coupling: number;
  /** T, the weighted mean of the systems. */
  readonly development: number;
  /** D = √(C T). */
  readonly coordination: number;
  /** 0 to 9, see GRADES. */
  readonly grade: number;
}

/** `usual`: the geometric by the arithmetic mean; `modified`: the form of 2021 for two systems. */
export type CouplingForm = 'usual' | 'modified';

export const GRADES: readonly string[] = [
  'extreme imbalance',
  'severe imbalance',
  'moderate imbalance',
  'mild imbalance',
  'near imbalance',
  'barely coordinated',
  'primary coordination',
  'intermediate coordination',
  'good coordination',
  'excellent coordination',
];

/** `systems` from 0 to 1; `weights` sum to 1. */
export function couplingOf(
  systems: readonly number[],
  weights: readonly number[],
  form: CouplingForm = 'usual',
): Coupling {
  const coupling = form === 'modified' ? modified(systems) : usual(systems);
  const development = systems.reduce((sum, u, i) => sum + weights[i] * u, 0);
  const coordination = Math.sqrt(coupling * development);
  return { coupling, development, coordination, grade: Math.min(Math.floor(10 * coordination), 9) };
}

function usual(systems: readonly number[]): number {
  const k = systems.length;
  const mean = systems.reduce((sum, u) => sum + u, 0) / k;
  if (mean === 0) return 0;
  const product = systems.reduce((all, u) => all * u, 1);
  return (k === 2 ? Math.sqrt(product) : product ** (1 / k)) / mean;
}

function modified(systems: readonly number[]): number {
  const high = Math.max(...systems);
  const low = Math.min(...systems);
  return high === 0 ? 0 : Math.sqrt((1 - (high - low)) * (low / high));
}
