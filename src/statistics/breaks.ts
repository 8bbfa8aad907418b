/** Classes of numbers: breaks are the upper limits of right-closed classes, and the class of a number is how many lie strictly below it. */

/** At p = q/k of the sorted values, q = 1 … k, between two of them in proportion. */
export function quantileLevels(classes: number): number[] {
  return Array.from({ length: classes }, (_, i) => (i + 1) / classes);
}

export function equalBreaks(low: number, high: number, classes: number): number[] {
  return Array.from({ length: classes }, (_, i) =>
    i === classes - 1 ? high : low + ((i + 1) * (high - low)) / classes,
  );
}

/** `breaks` ascending. */
export function classOf(value: number, breaks: ArrayLike<number>): number {
  let [low, high] = [0, breaks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (breaks[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
