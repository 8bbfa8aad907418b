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

/** Cells that one call handles: V8 enters compiled code when a function is called, so short loops run fast sooner than long ones. */
const STRETCH = 1024;

/** Of the values that differ from `nodata` and are finite. Sums are of differences to the first value, so that squares do not cancel. */
export function statisticsOf(samples: Float32Array | Float64Array, nodata: number): BlockStatistics | undefined {
  let first = 0;
  while (first < samples.length && !isValid(samples[first], nodata)) first++;
  if (first === samples.length) return undefined;
  const shift = samples[first];
  const sums: RunningSums = { valid: 0, sum: 0, squares: 0, min: shift, max: shift };
  for (let from = first; from < samples.length; from += STRETCH)
    addTo(sums, samples, from, Math.min(from + STRETCH, samples.length), shift, nodata);
  const { valid, sum, squares, min, max } = sums;
  return { valid, min, max, mean: shift + sum / valid, squares: Math.max(0, squares - (sum * sum) / valid) };
}

interface RunningSums {
  valid: number;
  /** Of differences to the first value, and of their squares. */
  sum: number;
  squares: number;
  min: number;
  max: number;
}

function addTo(
  sums: RunningSums,
  samples: Float32Array | Float64Array,
  from: number,
  to: number,
  shift: number,
  nodata: number,
): void {
  let { valid, sum, squares, min, max } = sums;
  for (let i = from; i < to; i++) {
    const value = samples[i];
    if (!isValid(value, nodata)) continue;
    const difference = value - shift;
    valid++;
    sum += difference;
    squares += difference * difference;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  sums.valid = valid;
  sums.sum = sum;
  sums.squares = squares;
  sums.min = min;
  sums.max = max;
}

function isValid(value: number, nodata: number): boolean {
  return value !== nodata && value - value === 0;
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
