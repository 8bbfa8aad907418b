/** The results of annual water yield by polygon: means over valid cells and a volume, as a table and as the polygons with new fields. */
import type { FeaturePolygons } from '../../io/vector/layer.ts';
import { areaOf } from '../../io/vector/rings.ts';
import { type ZonalSource, zonalStatistics } from '../../io/zonal/statistics.ts';
import { zoneCells } from '../../io/zonal/zone-cells.ts';
import type { FinishedRun } from './model.ts';
import { petMeans } from './pet-means.ts';
import { sayEmpty, writeZoneTable } from './zone-table.ts';
import type { Zones } from './zones.ts';

const FIELDS = ['precip_mn', 'PET_mn', 'AET_mn', 'wyield_mn', 'wyield_vol'] as const;

/** The zones and the outputs that are summed while they are written. */
export const WATERSHEDS = 'watersheds_path';
export const SUMMED = ['aet', 'wyield'];

type Results = Readonly<Record<(typeof FIELDS)[number], number | null>>;

/** Writes NAME.csv and NAME.gpkg under output/; gives the rows by file. */
export async function writeZoneResults(run: FinishedRun, name: string, zones: Zones): Promise<Record<string, unknown>> {
  const { prepared } = run;
  const means = await meansOf(run, zones);
  const scale = prepared.grid.crs.metresPerUnit ?? 1;
  const results = zones.features.map((feature, i): Results => {
    const [precip_mn, PET_mn, AET_mn, wyield_mn] = means.map((mean) => mean[i] ?? null);
    const volume = wyield_mn === null ? null : (wyield_mn / 1000) * areaOfFeature(feature) * scale ** 2;
    return { precip_mn, PET_mn, AET_mn, wyield_mn, wyield_vol: volume };
  });
  sayEmpty(run, zones, (i) => results[i].wyield_mn === null);
  return writeZoneTable(run, `output/${name}`, zones, FIELDS, results);
}

/** Of precipitation, PET, AET and yield, each by zone. */
async function meansOf(run: FinishedRun, zones: Zones): Promise<(number | undefined)[][]> {
  const { prepared, platform, signal } = run;
  const { grid, layers } = prepared;
  const cells = zoneCells(zones.features, grid);
  const { path, mapping } = layers.get('precipitation')!;
  const known = talliedMeans(run, zones);
  const written = SUMMED.map((output): ZonalSource => {
    return { file: `${run.folder.path}/${run.written.get(output)!.file}`, mapping: { type: 'f32' } };
  });
  const found = (
    await zonalStatistics({
      grid,
      zones: cells,
      sources: [{ file: path, mapping }, ...(known ? [] : written)],
      pool: platform.pool,
      signal,
    })
  ).map((all) => all.map(({ mean }) => mean));
  const [precip, aet, wyield] = [...found, ...(known ?? [])];
  return [precip, await petMeans(run, cells), aet, wyield];
}

/** Of AET and yield as they were written; undefined for other zones, and where an interrupted run wrote some of the tiles. */
function talliedMeans({ prepared, tallies }: FinishedRun, zones: Zones): (number | undefined)[][] | undefined {
  const known = SUMMED.map((output) => tallies.get(output));
  if (zones !== prepared.zones.get(WATERSHEDS) || !known.every((tally) => tally?.complete)) return undefined;
  return known.map((tally) => tally!.zones.map(({ sum, count }) => (count > 0 ? sum / count : undefined)));
}

/** Of the polygons as they are, not of the cells under them: what is nodata counts with the mean. Square units of the CRS. */
function areaOfFeature({ polygons }: FeaturePolygons): number {
  return polygons.reduce((sum, polygon) => sum + areaOf(polygon), 0);
}
