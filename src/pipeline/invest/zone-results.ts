/** The results of annual water yield by polygon: means over valid cells and a volume, as a table and as the polygons with new fields. */

import { csvText } from '../../io/tables/write-csv.ts';
import { writeGeoPackage } from '../../io/vector/geopackage-writer.ts';
import type { FeaturePolygons, VectorLayer } from '../../io/vector/layer.ts';
import { areaOf } from '../../io/vector/rings.ts';
import { type ZonalSource, zonalStatistics } from '../../io/zonal/statistics.ts';
import { zoneCells } from '../../io/zonal/zone-cells.ts';
import type { FinishedRun } from './model.ts';
import { petMeans } from './pet-means.ts';
import type { Zones } from './zones.ts';

const FIELDS = ['precip_mn', 'PET_mn', 'AET_mn', 'wyield_mn', 'wyield_vol'] as const;
type Results = Readonly<Record<(typeof FIELDS)[number], number | null>>;

/** Writes NAME.csv and NAME.gpkg under output/; gives the rows by file. */
export async function writeZoneResults(run: FinishedRun, name: string, zones: Zones): Promise<Record<string, unknown>> {
  const { folder, prepared } = run;
  const means = await meansOf(run, zones);
  const scale = prepared.grid.crs.metresPerUnit ?? 1;
  const results = zones.features.map((feature, i): Results => {
    const [precip_mn, PET_mn, AET_mn, wyield_mn] = means.map((mean) => mean[i] ?? null);
    const volume = wyield_mn === null ? null : (wyield_mn / 1000) * areaOfFeature(feature) * scale ** 2;
    return { precip_mn, PET_mn, AET_mn, wyield_mn, wyield_vol: volume };
  });
  sayEmpty(run, zones, results);
  const layer = withResults(zones.layer, `${name}${prepared.checked.suffix}`, results);
  const place = `output/${layer.name}`;
  await folder.writeText(`${place}.csv`, csvOf(layer));
  await writeGeoPackage(layer, await folder.target(`${place}.gpkg`));
  return { [`${place}.csv`]: layer.features.map(({ properties }) => properties), [`${place}.gpkg`]: FIELDS };
}

/** Of precipitation, PET, AET and yield, each by zone. */
async function meansOf(run: FinishedRun, { features }: Zones): Promise<(number | undefined)[][]> {
  const { prepared, platform, signal } = run;
  const { grid, layers } = prepared;
  const cells = zoneCells(features, grid);
  const { path, mapping } = layers.get('precipitation')!;
  const written = ['aet', 'wyield'].map((output): ZonalSource => {
    return { file: `${run.folder.path}/${run.written.get(output)!.file}`, mapping: { type: 'f32' } };
  });
  const [precip, aet, wyield] = (
    await zonalStatistics({
      grid,
      zones: cells,
      sources: [{ file: path, mapping }, ...written],
      pool: platform.pool,
      signal,
    })
  ).map((zones) => zones.map(({ mean }) => mean));
  return [precip, await petMeans(run, cells), aet, wyield];
}

/** Of the polygons as they are, not of the cells under them: what is nodata counts with the mean. Square units of the CRS. */
function areaOfFeature({ polygons }: FeaturePolygons): number {
  return polygons.reduce((sum, polygon) => sum + areaOf(polygon), 0);
}

function sayEmpty({ log }: FinishedRun, { layer, id, features }: Zones, results: readonly Results[]): void {
  const empty = features.filter((_, i) => results[i].wyield_mn === null).map(({ feature }) => feature.properties[id]);
  if (empty.length > 0)
    log(`${layer.file}: no valid cell lies in ${id} ${empty.join(', ')}: their results are left empty`);
}

/** The fields of the file as they are, then the results; those of an earlier run are replaced. */
function withResults(layer: VectorLayer, name: string, results: readonly Results[]): VectorLayer {
  const ours = new Set(FIELDS.map((field) => field.toLowerCase()));
  const kept = layer.fields.filter((field) => !ours.has(field.name.toLowerCase()));
  return {
    ...layer,
    name,
    fields: [...kept, ...FIELDS.map((field) => ({ name: field, type: 'real' as const }))],
    features: layer.features.map((feature, i) => ({
      ...feature,
      properties: {
        ...Object.fromEntries(kept.map((field) => [field.name, feature.properties[field.name]])),
        ...results[i],
      },
    })),
  };
}

function csvOf({ fields, features }: VectorLayer): string {
  const names = fields.map(({ name }) => name);
  return csvText([names, ...features.map(({ properties }) => names.map((name) => properties[name]))]);
}
