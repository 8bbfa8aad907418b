/** Results of a table of zones: the names of the zones and the new columns as CSV, and with the shapes where the table came with some. */

import { csvText } from '../../io/tables/write-csv.ts';
import type { FieldType, FieldValue } from '../../io/vector/layer.ts';
import { writeVector } from '../../io/vector/write.ts';
import type { OutputFolder } from '../platform.ts';
import type { ZoneTable } from './read.ts';

export interface ResultColumn {
  readonly name: string;
  readonly type: FieldType;
  /** By zone. */
  readonly cells: readonly FieldValue[];
}

/** Writes NAME.csv, and for shapes NAME.gpkg and NAME.geojson, whose columns of the same names as old ones are replaced. @returns their names */
export async function writeZoneResult(
  folder: OutputFolder,
  name: string,
  { id, layer }: ZoneTable,
  columns: readonly ResultColumn[],
): Promise<string[]> {
  const rows = id.values.map((zone, i) => [zone, ...columns.map(({ cells }) => cells[i])]);
  await folder.writeText(`${name}.csv`, csvText([[id.name, ...columns.map((column) => column.name)], ...rows]));
  const files = [`${name}.csv`];
  if (!layer) return files;
  const fresh = new Set(columns.map((column) => column.name.toLowerCase()));
  const fields = layer.fields.filter((field) => !fresh.has(field.name.toLowerCase()));
  const features = layer.features.map((feature, i) => {
    const kept = Object.fromEntries(fields.map((field) => [field.name, feature.properties[field.name] ?? null]));
    return {
      ...feature,
      properties: { ...kept, ...Object.fromEntries(columns.map((column) => [column.name, column.cells[i]])) },
    };
  });
  const made = columns.map((column) => ({ name: column.name, type: column.type }));
  for (const format of ['gpkg', 'geojson'] as const) {
    const target = await folder.target(`${name}.${format}`);
    await writeVector(target, { ...layer, name, fields: [...fields, ...made], features }, format);
    files.push(`${name}.${format}`);
  }
  return files;
}
