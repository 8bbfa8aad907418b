/** Tables of a project: which file holds the one of a year, and by what name its rows are kept. */
import type { Project } from './schema.ts';
import type { ServiceSide } from './service-models.ts';

/** As it stands in the project file, with the year in place of {year}. */
export function tableFile({ tables }: Project, table: string, year: number): string {
  return tables[table].replaceAll('{year}', String(year));
}

/** Every file of every table, each once. */
export function tableFiles(project: Project): string[] {
  const all = Object.keys(project.tables).flatMap((name) =>
    project.years.map((year) => tableFile(project, name, year)),
  );
  return [...new Set(all)];
}

/** Of the rows of one table that one part of a service reads in one year; parameters may decide which columns are read. */
export function rowsKey({ model, params }: ServiceSide, table: string, year: number): string {
  const { columns } = model!.tables![table];
  const whens = Object.values(columns).flatMap(({ when, unless }) => [when ?? [], unless ?? []].flat());
  const used = [...new Set(whens)].map((name) => `${name} ${params[name]}`);
  return [model!.id, table, ...used, year].join('/');
}
