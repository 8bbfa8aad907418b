/** Statistics of zones as a table: columns by name, cells empty where there is no value; as CSV, and as attributes of the polygons. */
import { EcofluxError } from '../../core/errors.ts';
import { csvText } from '../../io/tables/write-csv.ts';
import type { FieldType, FieldValue, VectorLayer } from '../../io/vector/layer.ts';
import type { ZoneStatistics } from '../../io/zonal/statistics.ts';
import type { Wanted } from './wanted.ts';
import type { Zones } from './zones.ts';

export interface ZonalColumn {
  readonly name: string;
  readonly type: FieldType;
  /** By zone, in their order. */
  readonly cells: readonly FieldValue[];
}

/** More classes than this make no table. */
const MOST_CLASSES = 1000;
const INTEGERS = ['count', 'nodata', 'majority'];

/**
 * Without the zones' names. `quantiles`: as the statistics have them, the median first where it is wanted.
 * @throws EcofluxError InvalidInput where shares of very many classes were asked for
 */
export function columnsOf(
  { statistics, quantiles }: Wanted,
  zones: readonly ZoneStatistics[],
  file: string,
): ZonalColumn[] {
  const column = (name: string, value: (zone: ZoneStatistics) => number | undefined): ZonalColumn => ({
    name,
    type: INTEGERS.includes(name) ? 'integer' : 'real',
    cells: zones.map((zone) => value(zone) ?? null),
  });
  const order = quantileOrder({ statistics, quantiles });
  return [
    ...statistics.flatMap((name) => {
      if (name === 'shares') return shareColumns(zones, file, column);
      if (name === 'median') return [column(name, (zone) => zone.quantiles?.[order.indexOf(0.5)])];
      return [column(name, (zone) => zone[name])];
    }),
    ...quantiles.map((q) => column(`quantile_${q}`, (zone) => zone.quantiles?.[order.indexOf(q)])),
  ];
}

/** Every quantile that the wanted columns need. */
export function quantileOrder({ statistics, quantiles }: Wanted): number[] {
  return [...new Set([...(statistics.includes('median') ? [0.5] : []), ...quantiles])];
}

function shareColumns(
  zones: readonly ZoneStatistics[],
  file: string,
  column: (name: string, value: (zone: ZoneStatistics) => number | undefined) => ZonalColumn,
): ZonalColumn[] {
  const codes = new Set<number>();
  for (const { classes } of zones) for (const code of classes?.keys() ?? []) codes.add(code);
  if (codes.size > MOST_CLASSES)
    throw new EcofluxError('InvalidInput', 'there are too many classes for a column of shares each', {
      file,
      found: `${codes.size} different values`,
      expected: `at most ${MOST_CLASSES}`,
      fix: 'leave shares out of --statistics, or reclassify the raster',
    });
  return [...codes]
    .sort((a, b) => a - b)
    .map((code) =>
      column(`share_${code}`, ({ count, classes }) => (count > 0 ? (classes!.get(code) ?? 0) / count : undefined)),
    );
}

/** Columns of the same name as one of the polygons are called `zonal_…`. */
export function apart(columns: readonly ZonalColumn[], { layer, id }: Zones): ZonalColumn[] {
  const taken = new Set([id.name, ...(layer?.fields ?? []).map(({ name }) => name)].map((name) => name.toLowerCase()));
  return columns.map((column) => {
    let { name } = column;
    while (taken.has(name.toLowerCase())) name = `zonal_${name}`;
    return { ...column, name };
  });
}

/** The columns behind the one that names the zones. */
export function csvOf(columns: readonly ZonalColumn[], { id }: Zones, zones: readonly ZoneStatistics[]): string {
  const rows = zones.map(({ zone }, i) => [id.of(zone), ...columns.map(({ cells }) => cells[i])]);
  return csvText([[id.name, ...columns.map(({ name }) => name)], ...rows]);
}

/** The polygons with their attributes and the columns. */
export function layerOf(columns: readonly ZonalColumn[], layer: VectorLayer): VectorLayer {
  const features = layer.features.map((feature, i) => {
    const found = Object.fromEntries(columns.map(({ name, cells }) => [name, cells[i]]));
    return { ...feature, properties: { ...feature.properties, ...found } };
  });
  const fields = columns.map(({ name, type }) => ({ name, type }));
  return { ...layer, name: 'statistics', fields: [...layer.fields, ...fields], features };
}
