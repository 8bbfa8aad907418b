/** The model of habitat quality follows from the threats of a project: its two tables are read before the services are made. */
import { type CsvTable, parseCsv } from '../io/class-table.ts';
import { type HabitatUse, prepareHabitat } from './habitat/service.ts';
import type { Platform } from './platform.ts';
import type { Problems } from './problems.ts';
import { inProject } from './project-checks.ts';
import { fault } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';

export const HABITAT = 'habitat_quality';
const TABLES = ['threats', 'sensitivity'] as const;

/** The model with its tables, and the files as they were read, by the name of the table. */
export interface ProjectHabitat extends HabitatUse {
  readonly csv: ReadonlyMap<string, CsvTable>;
}

/** Sides that name the model. */
export function habitatSides({
  project,
}: ProjectFile): { readonly code: string; readonly side: 'supply' | 'demand' }[] {
  return Object.entries(project.services).flatMap(([code, service]) =>
    (['supply', 'demand'] as const).flatMap((side) => {
      const source = service[side];
      return 'model' in source && source.model === HABITAT ? [{ code, side }] : [];
    }),
  );
}

/** Undefined where no service wants it, or where the problems say why it cannot be had. */
export async function habitatOf(
  file: ProjectFile,
  platform: Platform,
  problems: Problems,
): Promise<ProjectHabitat | undefined> {
  const [first] = habitatSides(file);
  if (!first) return undefined;
  const csv = new Map<string, CsvTable>();
  for (const name of TABLES) {
    const path = file.project.tables[name];
    if (path === undefined || path.includes('{year}')) {
      const what = path === undefined ? `needs the table '${name}'` : `has one table '${name}' for all years`;
      problems.add(
        fault(file, ['services', first.code, first.side], `${HABITAT} ${what}`, {
          fix: path === undefined ? `add tables: { ${name}: path/of/it.csv }` : 'name one file',
        }),
      );
      continue;
    }
    await problems.wait(() =>
      inProject(file, ['tables', name], async () => {
        const full = platform.relativeTo(file.name, path);
        csv.set(name, parseCsv(full, await platform.readBytes(full)));
      }),
    );
  }
  const [threats, sensitivity] = TABLES.map((name) => csv.get(name));
  if (!threats || !sensitivity) return undefined;
  return problems.take(() => ({ ...prepareHabitat(threats, sensitivity), csv }))[0];
}
