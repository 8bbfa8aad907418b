/** The same job by GDAL's own program, as a careful user would start it: both stages and the compression on all cores. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { NODATA } from '#ecoflux/core/cells.js';
import { bounds } from '#ecoflux/core/grid.js';
import { ALBERS, type WarpGround } from './warp-ground.ts';

export interface GdalMeasure {
  /** Of the whole process. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export interface GdalWarp {
  readonly source: string;
  readonly out: string;
  readonly method: string;
  /** Level of deflate; without it the result is kept in memory and thrown away. */
  readonly level?: number;
  /** Largest error of approximated transforms, in cells; GDAL's own default is 0.125, 0 is exact. */
  readonly error?: number;
}

export function gdalwarpVersion(): string | undefined {
  const asked = spawnSync('gdalwarp', ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim().split(',')[0] : undefined;
}

export async function gdalwarp(
  { target }: WarpGround,
  { source, out, method, level, error }: GdalWarp,
  signal?: AbortSignal,
): Promise<GdalMeasure> {
  const { west, south, east, north } = bounds(target);
  const words = ['-q', '-overwrite', '-multi', '-wo', 'NUM_THREADS=ALL_CPUS', '-r', method];
  words.push('-t_srs', ALBERS, '-te', ...[west, south, east, north].map(String));
  words.push('-ts', String(target.width), String(target.height), '-dstnodata', String(NODATA));
  if (error !== undefined) words.push('-et', String(error));
  const creation = ['TILED=YES', 'BLOCKXSIZE=512', 'BLOCKYSIZE=512', 'COMPRESS=DEFLATE', `ZLEVEL=${level}`];
  if (level === undefined) words.push('-of', 'MEM');
  else words.push(...[...creation, 'PREDICTOR=3', 'NUM_THREADS=ALL_CPUS'].flatMap((each) => ['-co', each]));
  const start = performance.now();
  // The shell says afterwards how much processor time it took.
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-c', 'gdalwarp "$@" && times', 'gdalwarp', ...words, source, out],
    {
      signal,
    },
  );
  const seconds = (performance.now() - start) / 1000;
  let cpuSeconds = 0;
  for (const [, minutes, rest] of stdout
    .trim()
    .split('\n')
    .at(-1)!
    .matchAll(/(\d+)m([\d.]+)s/g))
    cpuSeconds += 60 * Number(minutes) + Number(rest);
  return { seconds, cpuSeconds };
}
