/** Hot and cold spots for the report and the tables: bins of each year, and what became of them since the year before. */
import { csvText } from '../../io/tables/write-csv.ts';
import { LEVEL_NAMES } from '../../models/hotspots/levels.ts';
import type { HotspotStory } from '../../report/stories.ts';
import {
  areaIn,
  countsOfAll,
  grouped,
  pairRows,
  type StoryContext,
  shareOf,
  squareOf,
  sumOf,
  type Tables,
} from './context.ts';
import { crossTables } from './cross-table.ts';

/** A raster of bins. */
export interface HotspotFile extends Pick<HotspotStory, 'year' | 'of' | 'window' | 'correction'> {
  readonly path: string;
}

const BINS: readonly number[] = Object.keys(LEVEL_NAMES)
  .map(Number)
  .sort((a, b) => a - b);
const nameOf = (bin: number) => LEVEL_NAMES[bin as keyof typeof LEVEL_NAMES];

/** By what gathers, then by year. Tables: hotspots.csv, hotspot_transitions.csv. */
export async function tellHotspots(
  files: readonly HotspotFile[],
  context: StoryContext,
): Promise<{ readonly stories: HotspotStory[]; readonly tables: Tables }> {
  const area = areaIn(context.grid);
  const stories: HotspotStory[] = [];
  for (const own of grouped(files, ({ of }) => of).values()) {
    own.sort((a, b) => a.year - b.year);
    const paths = own.map(({ path }) => path);
    const tables = await crossTables({ ...context, zones: undefined, files: paths, codes: BINS, transitions: true });
    for (const [i, { path: _, ...told }] of own.entries()) {
      const counts = countsOfAll(tables.byZone[i], BINS.length);
      const all = sumOf(counts);
      stories.push({
        ...told,
        bins: BINS.map((code, k) => ({
          code,
          cells: counts[k],
          area: area(counts[k]),
          share: shareOf(counts[k], all),
        })),
        since: i > 0 ? sinceYear(own[i - 1].year, tables.transitions[i - 1]) : undefined,
      });
    }
  }
  const changes = stories.flatMap(({ of, year, since }) =>
    since
      ? pairRows(since.transitions.codes, since.transitions.cells, area).map((row) => [of, since.year, year, ...row])
      : [],
  );
  return {
    stories,
    tables: {
      'hotspots.csv': csvText([
        ['year', 'of', 'bin', 'name', 'cells', 'area_km2', 'share'],
        ...stories.flatMap(({ year, of, bins }) =>
          bins.map(({ code, cells, area, share }) => [year, of, code, nameOf(code), cells, area, share]),
        ),
      ]),
      ...(changes.length > 0 && {
        'hotspot_transitions.csv': csvText([
          ['of', 'from_year', 'to_year', 'from_bin', 'to_bin', 'cells', 'area_km2', 'share'],
          ...changes,
        ]),
      }),
    },
  };
}

function sinceYear(year: number, counts: Float64Array): HotspotStory['since'] {
  return { year, transitions: { codes: BINS, cells: squareOf(counts, BINS.length) } };
}
