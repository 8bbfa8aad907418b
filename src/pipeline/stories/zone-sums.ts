/** Sums of output rasters in each zone, exact and rounded once: taken while the rasters were written, or read back from them. */
import { csvText } from '../../io/tables/write-csv.ts';
import { type ZonalSource, zonalStatistics } from '../../io/zonal/statistics.ts';
import { ZoneTally } from '../../io/zonal/zone-tally.ts';
import type { ReportZone } from '../../report/stories.ts';
import type { ProjectZones } from '../project-zones.ts';
import type { StoryContext, Tables } from './context.ts';

export interface ZoneFile {
  readonly path: string;
  readonly year: number;
  readonly service: string;
  readonly quantity: string;
  readonly unit: string;
  /** What saw its cells on their way; the file is read where it missed some. */
  readonly tally?: ZoneTally;
}

/** Of a raster in a zone. */
export interface ZoneSumRow extends Omit<ZoneFile, 'path' | 'tally'> {
  readonly zone: ReportZone;
  readonly cells: number;
  /** NaN without a valid cell. */
  readonly sum: number;
  readonly mean: number;
}

/** For the `tally` of an output file; undefined for zones that come as a raster, whose sums are read back. */
export function tallyFor({ cells }: Pick<ProjectZones, 'cells'>, grid: StoryContext['grid']): ZoneTally | undefined {
  return 'file' in cells ? undefined : new ZoneTally(grid, cells);
}

/** Rasters that are looked at in one pass: a worker keeps some more open. */
const AT_ONCE = 8;

/** zones.csv, and the rows behind it: by file, then by zone. */
export async function tellZones(
  files: readonly ZoneFile[],
  { grid, zones, pool, signal }: StoryContext & { readonly zones: Pick<ProjectZones, 'zones' | 'cells'> },
): Promise<{ readonly rows: ZoneSumRow[]; readonly tables: Tables }> {
  const found = new Map<ZoneFile, ReadonlyMap<number, { readonly sum?: number; readonly count: number }>>();
  const unseen = files.filter(({ tally }) => !tally?.complete);
  for (let i = 0; i < unseen.length; i += AT_ONCE) {
    const some = unseen.slice(i, i + AT_ONCE);
    const sources = some.map(({ path }): ZonalSource => ({ file: path, mapping: { type: 'f32' } }));
    const results = await zonalStatistics({ grid, zones: zones.cells, sources, pool, signal });
    for (const [k, file] of some.entries())
      found.set(file, new Map(results[k].map((own) => [numberOf(zones, own.zone), own])));
  }
  for (const file of files) {
    const sums = file.tally?.complete ? file.tally.zones : undefined;
    if (sums) found.set(file, new Map(zones.zones.map(({ number }, i) => [number, sums[i]])));
  }
  const rows = files.flatMap((file) =>
    zones.zones.map((zone): ZoneSumRow => {
      const { path: _, tally: __, ...told } = file;
      const { sum = Number.NaN, count = 0 } = found.get(file)?.get(zone.number) ?? {};
      return {
        ...told,
        zone,
        cells: count,
        sum: count > 0 ? sum : Number.NaN,
        mean: count > 0 ? sum / count : Number.NaN,
      };
    }),
  );
  return {
    rows,
    tables: {
      'zones.csv': csvText([
        ['zone', 'name', 'year', 'service', 'quantity', 'unit', 'cells', 'sum', 'mean'],
        ...rows.map(({ zone, year, service, quantity, unit, cells, sum, mean }) => [
          ...[zone.id, zone.name, year, service, quantity, unit, cells, sum, mean],
        ]),
      ]),
    },
  };
}

/** Polygons are told by their place, rasters by their number. */
function numberOf({ zones, cells }: Pick<ProjectZones, 'zones' | 'cells'>, zone: number): number {
  return 'file' in cells ? zone : zones[zone].number;
}
