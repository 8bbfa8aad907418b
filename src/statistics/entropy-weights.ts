/** Weights of indicators by the entropy of their columns: the more a column tells zones apart, the more it weighs (statistics.md section 4). */
import { minMax } from './normalise.ts';

export interface IndicatorWeight {
  readonly entropy: number;
  /** 1 − entropy. */
  readonly divergence: number;
  readonly weight: number;
  /** The same in every zone: it weighs nothing. */
  readonly constant: boolean;
}

export interface EntropyWeights {
  readonly indicators: readonly IndicatorWeight[];
  /** Columns from 0 to 1, negative indicators turned round. */
  readonly normalised: readonly (readonly number[])[];
  /** Σ_j w_j r_ij of each row. */
  readonly scores: readonly number[];
}

/** `columns`: of equal length, two rows at least; `epsilon` is added to each number before shares are formed. */
export function entropyWeights(
  columns: readonly (readonly number[])[],
  negative: readonly boolean[],
  epsilon: number,
): EntropyWeights {
  const rows = columns[0].length;
  const scaled = columns.map((column, j) => minMax(column, negative[j]));
  const entropies = scaled.map(({ values, constant }) => {
    if (constant) return 1;
    const total = values.reduce((sum, r) => sum + r + epsilon, 0);
    const terms = values.map((r) => {
      const share = (r + epsilon) / total;
      return share === 0 ? 0 : share * Math.log(share);
    });
    return -terms.reduce((sum, term) => sum + term, 0) / Math.log(rows);
  });
  const all = entropies.reduce((sum, entropy) => sum + 1 - entropy, 0);
  const indicators = entropies.map((entropy, j) => ({
    entropy,
    divergence: 1 - entropy,
    weight: all === 0 ? 0 : (1 - entropy) / all,
    constant: scaled[j].constant,
  }));
  const normalised = scaled.map(({ values }) => values);
  const scores = Array.from({ length: rows }, (_, i) =>
    normalised.reduce((sum, column, j) => sum + indicators[j].weight * column[i], 0),
  );
  return { indicators, normalised, scores };
}
