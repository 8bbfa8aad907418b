/**
 * From a project file to everything a run needs, checked: services, tables, layers on the grid, area. Opens files and counts land-cover
 * classes; computes nothing. All problems are reported at once.
 */
import { throwAll } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import type { ClassRows, InputSpec } from '../core/model.ts';
import { type CsvTable, classNamesOf, classRows, parseCsv } from '../io/class-table.ts';
import { type PolygonArea, readPolygons } from '../io/vector/polygons.ts';
import { checkClasses, LAND_COVER } from './class-checks.ts';
import { type BoundLayer, bindLayer, describeFile, type LayerFile, layerKey, layerOptions } from './layers.ts';
import { nearest } from './nearest.ts';
import type { Platform } from './platform.ts';
import { Problems } from './problems.ts';
import { checkOverlap, checkProject, inProject } from './project-checks.ts';
import type { ProjectFile } from './project-file.ts';
import { gridOf } from './project-grid.ts';
import type { Project } from './schema.ts';
import { fault, type PreparedService, prepareService } from './service-models.ts';

export interface PreparedProject {
  readonly file: ProjectFile;
  readonly project: Project;
  readonly grid: Grid;
  readonly area?: PolygonArea;
  readonly services: readonly PreparedService[];
  /** By layer, year and type of cell: see `layerKey`. */
  readonly layers: ReadonlyMap<string, BoundLayer>;
  /** Rows of each table that each model needs: "carbon/carbon". */
  readonly tables: ReadonlyMap<string, ClassRows>;
  readonly classNames: Readonly<Record<number, string>>;
  /** Every file that the run reads, the project file among them. */
  readonly files: readonly string[];
  /** What was done to each layer, in words. */
  readonly log: readonly string[];
}

/** @throws EcofluxError (or ManyErrors) InvalidConfiguration, InvalidInput */
export async function prepareProject(
  file: ProjectFile,
  platform: Platform,
  signal?: AbortSignal,
): Promise<PreparedProject> {
  const { project } = file;
  const problems = new Problems();
  await checkProject(file, platform, problems);
  const services = Object.keys(project.services).flatMap((code) => problems.take(() => prepareService(file, code)));
  const wanted = wantedLayers(project, services);
  const files = await openLayers(file, platform, wanted, problems);
  throwAll(problems.all);

  const grid = await gridOf(file, platform, files);
  const layers = new Map<string, BoundLayer>();
  for (const { layer, spec } of wanted)
    for (const year of project.years)
      await problems.wait(() =>
        inProject(file, ['layers', layer], () => {
          const found = files.get(`${layer} ${year}`)!;
          layers.set(layerKey(layer, year, spec), bindLayer(found, spec, grid, layerOptions(project.layers[layer])));
        }),
      );
  const area =
    project.area === undefined
      ? undefined
      : await problems.wait(() => inProject(file, ['area'], () => readArea(file, platform, project.area!, grid)));
  const { csv, rows } = await readTables(file, platform, services, problems);
  throwAll(problems.all);

  await checkClasses({ project, services, layers, rows, csv, platform, problems, area, grid, signal });
  throwAll(problems.all);
  const log = [
    ...new Set([...layers.values()].map(({ shown, layer, alignment }) => `${layer}: ${shown}: ${alignment}`)),
  ];
  const classNames = Object.assign({}, ...[...csv.values()].map(classNamesOf));
  const named = [...Object.values(project.tables), ...(project.area === undefined ? [] : [project.area])];
  const paths = [
    file.name,
    ...[...files.values()].map(({ path }) => path),
    ...named.map((path) => platform.relativeTo(file.name, path)),
  ];
  return { file, project, grid, area, services, layers, tables: rows, classNames, log, files: paths };
}

type Wanted = readonly { readonly layer: string; readonly spec: InputSpec }[];

/** Layers that the services read, and land cover for the maps; each once for each kind of cell. */
function wantedLayers(project: Project, services: readonly PreparedService[]): Wanted {
  const sides = services.flatMap(({ supply, demand }) => [supply, demand]);
  const all = sides.flatMap(({ inputs }) => Object.values(inputs));
  if ('lulc' in project.layers) all.push({ layer: 'lulc', spec: LAND_COVER });
  return [...new Map(all.map((each) => [layerKey(each.layer, 0, each.spec), each])).values()];
}

async function openLayers(
  file: ProjectFile,
  platform: Platform,
  wanted: Wanted,
  problems: Problems,
): Promise<Map<string, LayerFile>> {
  const { project } = file;
  const found = new Map<string, LayerFile>();
  for (const { layer } of wanted) {
    if (layer in project.layers) continue;
    const close = nearest(layer, Object.keys(project.layers));
    problems.add(
      fault(file, ['layers'], `layer '${layer}' is missing`, {
        found: Object.keys(project.layers).join(', '),
        fix: close
          ? `rename '${close}', or point the service at it: inputs: { ${layer}: ${close} }`
          : `add ${layer}: path/of/it.tif`,
      }),
    );
  }
  const described = new Map<string, Promise<LayerFile['info'] | undefined>>();
  for (const [layer, value] of Object.entries(project.layers)) {
    const { file: pattern } = layerOptions(value);
    for (const year of project.years) {
      const shown = pattern.replaceAll('{year}', String(year));
      const path = platform.relativeTo(file.name, shown);
      if (!described.has(path))
        described.set(
          path,
          problems.wait(() => inProject(file, ['layers', layer], () => describeFile(platform, path))),
        );
      const info = await described.get(path);
      if (info)
        found.set(`${layer} ${year}`, {
          layer,
          path,
          shown,
          info,
          year: pattern.includes('{year}') ? year : undefined,
        });
    }
  }
  return found;
}

async function readArea(file: ProjectFile, platform: Platform, area: string, grid: Grid): Promise<PolygonArea> {
  const path = platform.relativeTo(file.name, area);
  const polygons = readPolygons(path, await platform.readText(path), grid.crs);
  const elsewhere = checkOverlap(file, polygons, grid);
  if (elsewhere) throw elsewhere;
  return polygons;
}

async function readTables(
  file: ProjectFile,
  platform: Platform,
  services: readonly PreparedService[],
  problems: Problems,
) {
  const csv = new Map<string, CsvTable>();
  const rows = new Map<string, ClassRows>();
  for (const { model, tables, service, side } of services.flatMap(({ supply, demand }) => [supply, demand])) {
    for (const name of Object.values(tables)) {
      const path = file.project.tables[name];
      if (path === undefined) {
        problems.add(
          fault(
            file,
            ['services', service, side],
            `${model!.id} needs the table '${name}' (${model!.tables![name].about})`,
            { fix: `add tables: { ${name}: path/of/it.csv }` },
          ),
        );
        continue;
      }
      await problems.wait(async () => {
        const full = platform.relativeTo(file.name, path);
        const table = csv.get(name) ?? parseCsv(full, await platform.readText(full));
        csv.set(name, table);
        rows.set(`${model!.id}/${name}`, classRows(table, model!.tables![name].columns));
      });
    }
  }
  return { csv, rows };
}
