/** Results that are the same in every cell, or have no value in any, where that says something about what was given. */
import type { Model } from '../core/model.ts';
import type { RasterStatistics } from '../io/statistics.ts';

/** @param file as the log is to name it */
export function warnOfUniform(
  model: Pick<Model, 'outputs'>,
  output: string,
  file: string,
  statistics: RasterStatistics | undefined,
  log: (line: string) => void,
): void {
  if (!statistics || statistics.min !== statistics.max) return;
  const words = model.outputs[output].uniform?.[statistics.min];
  if (words) log(`${file}: ${words}`);
}

export function warnOfNoValue(
  written: ReadonlyMap<string, { readonly statistics: RasterStatistics | undefined }>,
  log: (line: string) => void,
): void {
  for (const { statistics } of written.values()) if (statistics) return;
  log(
    'warning: every output is nodata everywhere: look for an input that is so, or for inputs whose valid cells do not meet',
  );
}
