/** What GDAL makes of a file, and how long it takes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spent } from './codec-rates.ts';

export function gdalVersion(): string | undefined {
  const asked = spawnSync('gdal_translate', ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

/** Runs it under a shell that says afterwards how much processor time it took. */
export function gdalTranslate(
  files: readonly string[],
  options: readonly string[],
  creation: readonly string[],
): Spent {
  const words = ['-q', ...options, ...creation.flatMap((option) => ['-co', option]), ...files];
  const start = performance.now();
  const output = execFileSync('bash', ['-c', 'gdal_translate "$@" && times', 'gdal_translate', ...words], {
    encoding: 'utf8',
  });
  const wall = (performance.now() - start) / 1000;
  const children = output.trim().split('\n').at(-1)!;
  let processor = 0;
  for (const [, minutes, seconds] of children.matchAll(/(\d+)m([\d.]+)s/g))
    processor += 60 * Number(minutes) + Number(seconds);
  return { wall, processor };
}

/** All samples as GDAL reads them. */
export function gdalSamples(file: string, folder: string): Buffer {
  const raw = join(folder, 'samples.raw');
  gdalTranslate([file, raw], ['-of', 'ENVI'], []);
  return readFileSync(raw);
}
