/** The bundles of a project for its report and its tables, with their shares in each zone. */
import { csvText } from '../../io/tables/write-csv.ts';
import type { BundleStory } from '../../report/stories.ts';
import { bundleColour } from '../bundles/rasters.ts';
import {
  areaIn,
  countsOfAll,
  rowsByZone,
  type StoryContext,
  shareOf,
  sumOf,
  type Tables,
  zoneNames,
} from './context.ts';
import { crossTables } from './cross-table.ts';
import type { ProjectBundles } from './project-bundles.ts';

/** `of`: what was bundled, "risk 2003-2023"; `path`: the raster of bundles. Tables: bundles_….csv, bundles_by_zone.csv. */
export async function tellBundles(
  { bundles: found, features, tables, used, ranking }: ProjectBundles,
  { of, path }: { readonly of: string; readonly path: string },
  context: StoryContext,
): Promise<{ readonly story: BundleStory; readonly tables: Tables }> {
  const { zones } = context;
  const area = areaIn(context.grid);
  const { bundles, curve, turns, chosen } = found;
  const codes = bundles.map(({ code }) => code);
  const { byZone } = await crossTables({ ...context, files: [path], codes });
  const rows = rowsByZone(zones, byZone[0], codes.length);
  const named = zoneNames(zones);
  const lines = [
    { zone: 'all', counts: countsOfAll(byZone[0], codes.length) },
    ...rows.map(({ zone, counts }) => ({ zone: named(zone), counts })),
  ];
  const story: BundleStory = {
    of,
    features: used.map(({ service, serviceName }) => ({ service, serviceName })),
    overall: features.map(({ mean }) => mean),
    curve: curve.map(({ bundles, pseudoF, nonEmpty, quantisation, topographic }) => ({
      ...{ bundles, pseudoF, nonEmpty, quantisation, topographic },
    })),
    firstTurn: turns?.firstTurn,
    maximum: turns?.maximum,
    chosen: chosen.bundles,
    bundles: bundles.map(({ code, cells, share, means, scaledMeans }) => ({
      ...{ code, colour: bundleColour(code), cells, share, area: area(cells), means, scaledMeans },
      priorities: ranking({ means, scaledMeans }),
    })),
    zones: rows.map(({ zone, counts }) => {
      const cells = sumOf(counts);
      return { zone, cells, shares: counts.map((own) => shareOf(own, cells)) };
    }),
  };
  const byName = Object.entries(tables).map(([name, text]) => [`bundles_${name}.csv`, text]);
  return {
    story,
    tables: {
      ...Object.fromEntries(byName),
      'bundles_by_zone.csv': csvText([
        ['zone', 'bundle', 'cells', 'area_km2', 'share'],
        ...lines.flatMap(({ zone, counts }) =>
          counts.map((cells, i) => [zone, codes[i], cells, area(cells), shareOf(cells, sumOf(counts))]),
        ),
      ]),
    },
  };
}
