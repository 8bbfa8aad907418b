/** Land-cover classes against the tables of the project, before anything is computed. */

import type { Grid } from '../core/grid.ts';
import type { InputSpec } from '../core/model.ts';
import type { ClassRows } from '../core/values.ts';
import type { CellSpans } from '../io/vector/rasterize-spans.ts';
import { type Counts, checkCodes, countCodes, countUsed } from './class-counts.ts';
import { type BoundLayer, layerKey } from './layers.ts';
import type { Platform } from './platform.ts';
import type { Problems } from './problems.ts';
import type { ProjectFile } from './project-file.ts';
import { allParts, type PreparedService, type ServiceSide } from './service-models.ts';
import { rowsKey, tableFile } from './service-tables.ts';

export const LAND_COVER: InputSpec = { about: 'land-cover classes', unit: '1', kind: 'classes' };

/** What checks of a prepared project look at. */
export interface ClassQuestion {
  readonly file: ProjectFile;
  readonly services: readonly PreparedService[];
  readonly layers: ReadonlyMap<string, BoundLayer>;
  /** By `rowsKey`. */
  readonly rows: ReadonlyMap<string, ClassRows>;
  readonly platform: Platform;
  readonly problems: Problems;
  /** Cells of the study area. */
  readonly mask: CellSpans | undefined;
  readonly grid: Grid;
  readonly signal?: AbortSignal;
}

/** Every class on the map needs a row in the tables: the codes without one are listed with their area. */
export async function checkClasses(question: ClassQuestion): Promise<void> {
  const { file, services, layers, rows, platform, problems, mask, grid, signal } = question;
  const { project } = file;
  const counted = new Map<string, Promise<Counts>>();
  const checked = new Set<string>();
  for (const part of allParts(services))
    for (const [name, layer] of tablesAndLayers(part))
      for (const year of project.years) {
        const bound = layers.get(layerKey(layer, year, LAND_COVER))!;
        const raster = rasterKey(bound);
        const path = platform.relativeTo(file.name, tableFile(project, part.tables[name], year));
        const id = `${raster} ${path}`;
        if (checked.has(id)) continue;
        checked.add(id);
        await problems.wait(async () => {
          if (!counted.has(raster)) counted.set(raster, countCodes(platform.pool, bound, signal));
          const known = rows.get(rowsKey(part, name, year))!;
          const quick = await counted.get(raster)!;
          const counts = await countUsed({ pool: platform.pool, bound, quick, rows: known }, grid, mask, signal);
          checkCodes(bound, counts, known, path, grid);
        });
      }
}

/** One plane of codes: a file, its band, and what counts as nodata in it. */
function rasterKey({ path, mapping: { band, extraNodata } }: BoundLayer): string {
  return JSON.stringify([path, band, extraNodata]);
}

/** Each table of a part (by its name in the model) with the class layers that it has to cover. */
export function* tablesAndLayers({ model, tables, inputs }: ServiceSide): Generator<[table: string, layer: string]> {
  for (const name of Object.keys(tables))
    for (const input of model!.tables![name]?.of ?? []) if (inputs[input]) yield [name, inputs[input].layer];
}
