/** Statistics of blocks, in float64, and their merge. Merged in the order of the blocks they do not depend on who computed what when. */

export interface BlockStatistics {
  readonly valid: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly squares: number;
}

export interface RasterStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the population: divided by n. */
  readonly stddev: number;
  /** Cells that are not nodata. */
  readonly valid: number;
}

/** Of the values that differ from `nodata` and are not NaN. Two passes: the mean first, so that squares do not cancel. */
export function statisticsOf(
  values: { readonly length: number; readonly [index: number]: number },
  nodata: number,
): BlockStatistics | undefined {
  let valid = 0;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === nodata || Number.isNaN(value)) continue;
    valid++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (valid === 0) return undefined;
  const mean = sum / valid;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === nodata || Number.isNaN(value)) continue;
    squares += (value - mean) * (value - mean);
  }
  return { valid, min, max, mean, squares };
}

/** Chan, Golub and LeVeque's merge, one block after another. */
export function mergeStatistics(blocks: Iterable<BlockStatistics | undefined>): RasterStatistics | undefined {
  let valid = 0;
  let min = Infinity;
  let max = -Infinity;
  let mean = 0;
  let squares = 0;
  for (const block of blocks) {
    if (!block) continue;
    const total = valid + block.valid;
    const shift = block.mean - mean;
    mean += (shift * block.valid) / total;
    squares += block.squares + (shift * shift * valid * block.valid) / total;
    valid = total;
    min = Math.min(min, block.min);
    max = Math.max(max, block.max);
  }
  return valid === 0 ? undefined : { min, max, mean, stddev: Math.sqrt(squares / valid), valid };
}
