/** Which statistics are asked for: names and quantiles as a user writes them, or what suits the raster. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import { type Grid, isMetric } from '../../core/grid.ts';
import type { RasterInfo } from '../../io/raster.ts';
import { nearest } from '../nearest.ts';
import { Problems } from '../problems.ts';
import { CLASS_STATISTICS, QUANTITY_STATISTICS, STATISTICS, type Statistic } from './description.ts';

export interface Wanted {
  readonly statistics: readonly Statistic[];
  /** Beside the median. */
  readonly quantiles: readonly number[];
}

/** @throws EcofluxError InvalidConfiguration for unknown names, and for areas where lengths are not known in metres */
export function wantedStatistics(
  given: { readonly statistics?: readonly string[]; readonly quantiles?: readonly string[] },
  info: RasterInfo,
  log?: (line: string) => void,
): Wanted {
  const problems = new Problems();
  const statistics = given.statistics?.flatMap((name) => problems.take(() => statisticNamed(name)));
  const quantiles = (given.quantiles ?? []).flatMap((text) => problems.take(() => quantile(text)));
  if (statistics?.includes('area') && !isMetric(info.grid)) problems.add(noArea(info.name, info.grid));
  throwAll(problems.all);
  return { statistics: [...new Set(statistics ?? usual(info, log))], quantiles: [...new Set(quantiles)] };
}

function usual(info: RasterInfo, log?: (line: string) => void): Statistic[] {
  const classes = info.palette !== undefined || info.classNames !== undefined;
  const all = classes ? CLASS_STATISTICS : QUANTITY_STATISTICS;
  if (isMetric(info.grid)) return [...all];
  log?.(`${info.name}: areas are left out: the CRS (${info.grid.crs.name}) is not in metres`);
  return all.filter((name) => name !== 'area');
}

function noArea(file: string, { crs }: Grid): EcofluxError {
  return new EcofluxError('InvalidInput', 'areas of zones need a projected CRS', {
    file,
    found: crs.name,
    fix: 'leave area out of --statistics, or reproject the raster: gdalwarp -t_srs EPSG:<code of the UTM zone of the place>',
  });
}

function statisticNamed(name: string): Statistic {
  if (Object.hasOwn(STATISTICS, name)) return name as Statistic;
  const close = nearest(name, Object.keys(STATISTICS));
  throw new EcofluxError('InvalidConfiguration', `--statistics does not know '${name}'`, {
    expected: Object.keys(STATISTICS).join(', '),
    fix: close ? `write ${close}` : 'choose among these; quantiles are asked for with --quantiles 0.1,0.9',
  });
}

function quantile(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new EcofluxError('InvalidConfiguration', '--quantiles are numbers from 0 to 1', { found: `'${text}'` });
}
