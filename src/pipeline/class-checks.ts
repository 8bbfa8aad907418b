/** Land-cover classes against the tables of the project, before anything is computed. */

import type { Grid } from '../core/grid.ts';
import type { ClassRows, InputSpec } from '../core/model.ts';
import type { CsvTable } from '../io/class-table.ts';
import type { CellSpans } from '../io/vector/rasterize-spans.ts';
import { type Counts, checkCodes, countCodes, countUsed } from './class-counts.ts';
import { type BoundLayer, layerKey } from './layers.ts';
import type { Platform } from './platform.ts';
import type { Problems } from './problems.ts';
import type { Project } from './schema.ts';
import type { PreparedService, ServiceSide } from './service-models.ts';

export const LAND_COVER: InputSpec = { about: 'land-cover classes', unit: '1', kind: 'classes' };

/** Every class on the map needs a row in the tables: the codes without one are listed with their area. */
export async function checkClasses({
  project,
  services,
  layers,
  rows,
  csv,
  platform,
  problems,
  mask,
  grid,
  signal,
}: {
  readonly project: Project;
  readonly services: readonly PreparedService[];
  readonly layers: ReadonlyMap<string, BoundLayer>;
  readonly rows: ReadonlyMap<string, ClassRows>;
  readonly csv: ReadonlyMap<string, Pick<CsvTable, 'name'>>;
  readonly platform: Platform;
  readonly problems: Problems;
  /** Cells of the study area. */
  readonly mask: CellSpans | undefined;
  readonly grid: Grid;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const counted = new Map<string, Promise<Counts>>();
  const sides = services.flatMap(({ supply, demand }) => [supply, demand]).filter(({ model }) => model?.tables);
  const checked = new Set<string>();
  for (const side of sides)
    for (const [table, layer] of tablesAndLayers(side))
      for (const year of project.years) {
        const bound = layers.get(layerKey(layer, year, LAND_COVER))!;
        const raster = rasterKey(bound);
        const id = `${raster} ${table}`;
        if (checked.has(id)) continue;
        checked.add(id);
        await problems.wait(async () => {
          if (!counted.has(raster)) counted.set(raster, countCodes(platform.pool, bound, signal));
          const known = rows.get(`${side.model!.id}/${table}`)!;
          const quick = await counted.get(raster)!;
          const counts = await countUsed({ pool: platform.pool, bound, quick, rows: known }, grid, mask, signal);
          checkCodes(bound, counts, known, csv.get(table)!.name, grid);
        });
      }
}

/** One plane of codes: a file, its band, and what counts as nodata in it. */
function rasterKey({ path, mapping: { band, extraNodata } }: BoundLayer): string {
  return JSON.stringify([path, band, extraNodata]);
}

/** Each table of a side with the class layers that it has to cover. */
export function* tablesAndLayers({ model, tables, inputs }: ServiceSide): Generator<[table: string, layer: string]> {
  for (const name of Object.values(tables))
    for (const input of model!.tables![name].of) if (inputs[input]) yield [name, inputs[input].layer];
}
