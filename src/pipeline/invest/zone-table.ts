/** Results by polygon as InVEST's users look for them: a table, and the polygons with the results as new fields. */
import { csvText } from '../../io/tables/write-csv.ts';
import { writeGeoPackage } from '../../io/vector/geopackage-writer.ts';
import type { VectorLayer } from '../../io/vector/layer.ts';
import type { FinishedRun } from './model.ts';
import type { Zones } from './zones.ts';

/** Of one polygon, by field; null where there is no valid cell. */
export type ZoneResults = Readonly<Record<string, number | null>>;

/**
 * Writes PLACE.csv and PLACE.gpkg, with the suffix of the run.
 * @param place path in the workspace without the ending
 * @param fields new ones, in their order
 * @param results one for each feature of the zones, in their order
 * @returns the rows of the table and the fields of the layer, by file
 */
export async function writeZoneTable(
  { folder, prepared }: FinishedRun,
  place: string,
  { layer }: Zones,
  fields: readonly string[],
  results: readonly ZoneResults[],
): Promise<Record<string, unknown>> {
  const file = `${place}${prepared.checked.suffix}`;
  const written = withResults(layer, file.slice(file.lastIndexOf('/') + 1), fields, results);
  await folder.writeText(`${file}.csv`, csvOf(written));
  await writeGeoPackage(written, await folder.target(`${file}.gpkg`));
  return { [`${file}.csv`]: written.features.map(({ properties }) => properties), [`${file}.gpkg`]: fields };
}

/** The fields of the file as they are, then the results; those of an earlier run are replaced. */
function withResults(
  layer: VectorLayer,
  name: string,
  fields: readonly string[],
  results: readonly ZoneResults[],
): VectorLayer {
  const ours = new Set(fields.map((field) => field.toLowerCase()));
  const kept = layer.fields.filter((field) => !ours.has(field.name.toLowerCase()));
  return {
    ...layer,
    name,
    fields: [...kept, ...fields.map((field) => ({ name: field, type: 'real' as const }))],
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

/** Says which polygons have no result. */
export function sayEmpty(
  { log }: Pick<FinishedRun, 'log'>,
  { layer, id }: Zones,
  isEmpty: (index: number) => boolean,
  words = 'results are left empty',
): void {
  const empty = layer.features.flatMap(({ properties }, i) =>
    isEmpty(i) ? [id === undefined ? i + 1 : properties[id]] : [],
  );
  if (empty.length > 0)
    log(`${layer.file}: no valid cell lies in ${id ?? 'feature'} ${empty.join(', ')}: their ${words}`);
}
