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
  const { uniform, empty } = model.outputs[output];
  const words = !statistics ? empty : statistics.min === statistics.max ? uniform?.[statistics.min] : undefined;
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
