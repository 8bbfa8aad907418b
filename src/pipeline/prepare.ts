/**
 * From a project file to everything a run needs, checked: services, tables, layers on the grid, area. Opens files and counts land-cover
 * classes; computes nothing. All problems are reported at once.
 */
import { throwAll, withoutSecrets } from '../core/errors.ts';
import { usedColumns } from '../core/given-params.ts';
import { describeGrid, type Grid } from '../core/grid.ts';
import type { InputSpec } from '../core/model.ts';
import type { ClassRows } from '../core/values.ts';
import { type CsvTable, classNamesOf, classRows, describeTable, parseCsv } from '../io/class-table.ts';
import { type PolygonArea, readArea } from '../io/vector/area.ts';
import { rasterize } from '../io/vector/rasterize.ts';
import type { CellSpans } from '../io/vector/rasterize-spans.ts';
import { beyondFindings } from './beyond-area.ts';
import { areaFinding } from './cell-areas.ts';
import { checkClasses, LAND_COVER } from './class-checks.ts';
import { checkThreats } from './habitat/service-threats.ts';
import { type BoundLayer, bindLayer, layerKey, layerOptions } from './layers.ts';
import { openLayers, withPoints } from './open-layers.ts';
import type { Platform } from './platform.ts';
import type { Finding } from './preflight/types.ts';
import { Problems } from './problems.ts';
import { checkSquare } from './process-inputs.ts';
import { checkOverlap, checkProject, inProject } from './project-checks.ts';
import { at, fault } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';
import { gridOf } from './project-grid.ts';
import { type ProjectZones, prepareZones } from './project-zones.ts';
import { checkRegions, regionFindings } from './region-checks.ts';
import type { Project } from './schema.ts';
import { habitatOf, habitatSides, type ProjectHabitat } from './service-habitat.ts';
import { allParts, type PreparedService, prepareService } from './service-models.ts';
import { rowsKey, tableFile, tableFiles } from './service-tables.ts';
import { checkStepsOn, prepareSteps, type Steps, stepFindings } from './steps/settings.ts';

export interface PreparedProject {
  readonly file: ProjectFile;
  readonly project: Project;
  readonly grid: Grid;
  readonly area?: PolygonArea;
  /** Its cells. */
  readonly mask?: CellSpans;
  readonly services: readonly PreparedService[];
  /** What follows supply and demand. */
  readonly steps: Steps;
  readonly zones?: ProjectZones;
  /** By layer, year and type of cell: see `layerKey`. */
  readonly layers: ReadonlyMap<string, BoundLayer>;
  /** Rows of each table that each model needs: see `rowsKey`. */
  readonly tables: ReadonlyMap<string, ClassRows>;
  readonly classNames: Readonly<Record<number, string>>;
  /** Every file that the run reads, the project file among them. */
  readonly files: readonly string[];
  /** What was done to each layer, in words. */
  readonly log: readonly string[];
  /** What is wrong with the grid although it can be computed on. */
  readonly findings: readonly Finding[];
}

/**
 * @param options classes: false leaves the land-cover classes unchecked, for who checks them by itself
 * @throws EcofluxError (or ManyErrors) InvalidConfiguration, InvalidInput
 */
export async function prepareProject(
  file: ProjectFile,
  platform: Platform,
  signal?: AbortSignal,
  { classes = true }: { readonly classes?: boolean } = {},
): Promise<PreparedProject> {
  const { project } = file;
  const problems = new Problems();
  await checkProject(file, platform, problems);
  const habitat = await habitatOf(file, platform, problems);
  const lost = habitat ? [] : habitatSides(file).map(({ code }) => code); // why is among the problems
  const services = Object.keys(project.services)
    .filter((code) => !lost.includes(code))
    .flatMap((code) => problems.take(() => prepareService(file, code, habitat)));
  const [steps = {}] = problems.take(() => prepareSteps(file, services));
  const wanted = wantedLayers(project, services, steps);
  const remarks: string[] = [];
  const opened = await openLayers(file, platform, wanted, problems, { warn: (line) => remarks.push(line), signal });
  throwAll(problems.all);

  const { grid, origin } = await gridOf(file, platform, opened.files);
  const files = await withPoints(file, opened, grid, problems, signal);
  problems.take(() => checkStepsOn(grid, file, steps));
  const distorted = await areaFinding(grid);
  const findings = [...(distorted ? [distorted] : []), ...stepFindings(grid, steps)];
  const lengths = allParts(services).find(({ model }) => model?.square);
  if (lengths?.model)
    problems.take(() => at(file, ['services', lengths.service, lengths.side], () => checkSquare(lengths.model!, grid)));
  const layers = new Map<string, BoundLayer>();
  for (const { layer, spec } of wanted)
    for (const year of project.years)
      await problems.wait(() =>
        inProject(file, ['layers', layer], async () => {
          const found = files.get(`${layer} ${year}`);
          if (!found) return; // why is among the problems
          const bound = await bindLayer(found, spec, grid, layerOptions(project.layers[layer]));
          layers.set(layerKey(layer, year, spec), bound);
        }),
      );
  const area =
    project.area === undefined
      ? undefined
      : await problems.wait(() =>
          inProject(file, ['area'], () => readStudyArea(file, platform, project.area!, grid, remarks, signal)),
        );
  const mask = area && rasterize(area.polygons, grid);
  const zones = await problems.wait(() => readZonesOf(file, platform, grid, { area: mask, remarks, signal }));
  const { csv, rows } = await readTables(file, platform, services, problems, habitat);
  throwAll(problems.all);

  if (classes) {
    await checkClasses({ file, services, layers, rows, platform, problems, mask, grid, signal });
    throwAll(problems.all);
    await checkRegions({ file, services, layers, rows, platform, problems, mask, grid, signal });
    await checkThreats({ services, layers, project, platform, problems, signal });
  }
  throwAll(problems.all);
  const around = { project, services, layers, habitat, platform, mask, grid, signal };
  findings.push(...(await beyondFindings(around)), ...(await regionFindings(around)));
  const log = [
    `grid: ${describeGrid(grid)}: ${origin}`,
    ...remarks,
    ...new Set([...layers.values()].map(({ shown, layer, alignment }) => `${layer}: ${shown}: ${alignment}`)),
    ...(zones ? [`zones: ${withoutSecrets(project.zones!.file)}: ${zones.alignment}`] : []),
    ...[...csv.values()].map(({ name, shown, table }) => `${name}: ${withoutSecrets(shown)}: ${describeTable(table)}`),
  ];
  const classNames = Object.assign({}, ...[...csv.values()].map(({ table }) => classNamesOf(table)));
  const named = [...tableFiles(project), ...[project.area, project.zones?.file].filter((path) => path !== undefined)];
  const paths = [
    file.name,
    ...[...opened.files.values(), ...opened.points.values()].map(({ path }) => path),
    ...named.map((path) => platform.relativeTo(file.name, path)),
  ];
  return {
    file,
    project,
    grid,
    area,
    mask,
    services,
    steps,
    zones,
    layers,
    tables: rows,
    classNames,
    log,
    findings,
    files: paths,
  };
}

async function readZonesOf(
  file: ProjectFile,
  platform: Platform,
  grid: Grid,
  { area, remarks, signal }: { readonly area?: CellSpans; readonly remarks: string[]; readonly signal?: AbortSignal },
): Promise<ProjectZones | undefined> {
  const { zones } = file.project;
  if (!zones) return undefined;
  const request = { ...zones, file: platform.relativeTo(file.name, zones.file) };
  const warn = (line: string) => remarks.push(line);
  return inProject(file, ['zones'], () => prepareZones(request, grid, platform, { warn, signal, area }));
}

type Wanted = readonly { readonly layer: string; readonly spec: InputSpec }[];

/** Layers that the services read, and land cover for the maps; each once for each kind of cell. */
function wantedLayers(project: Project, services: readonly PreparedService[], { flow }: Steps): Wanted {
  const all = allParts(services).flatMap(({ inputs }) => Object.values(inputs));
  all.push(...(flow?.layers ?? []));
  if ('lulc' in project.layers) all.push({ layer: 'lulc', spec: LAND_COVER });
  return [...new Map(all.map((each) => [layerKey(each.layer, 0, each.spec), each])).values()];
}

async function readStudyArea(
  file: ProjectFile,
  platform: Platform,
  area: string,
  grid: Grid,
  log: string[],
  signal?: AbortSignal,
): Promise<PolygonArea> {
  const path = platform.relativeTo(file.name, area);
  const warn = (line: string) => log.push(line);
  const polygons = await readArea(path, { openSource: platform.openSource, crs: grid.crs, warn, signal });
  const elsewhere = checkOverlap(file, polygons, grid);
  if (elsewhere) throw elsewhere;
  return polygons;
}

/** A table file as it was read, and what it is called in the project. */
interface ReadTable {
  readonly name: string;
  readonly shown: string;
  readonly table: CsvTable;
}

/** Each file once, and the rows of each table for each part of a service that reads it and each year. */
async function readTables(
  file: ProjectFile,
  platform: Platform,
  services: readonly PreparedService[],
  problems: Problems,
  habitat: ProjectHabitat | undefined,
): Promise<{ csv: ReadonlyMap<string, ReadTable>; rows: ReadonlyMap<string, ClassRows> }> {
  const csv = new Map<string, ReadTable>();
  const rows = new Map<string, ClassRows>();
  const known = new Map<string, ClassRows>();
  for (const [name, table] of habitat?.csv ?? [])
    csv.set(table.name, { name, shown: file.project.tables[name], table });
  for (const part of allParts(services)) {
    const { model, tables, params, service, side } = part;
    for (const [name, made] of Object.entries(part.rows ?? {}))
      for (const year of file.project.years) rows.set(rowsKey(part, name, year), made);
    if (part.rows) continue;
    for (const [name, table] of Object.entries(tables)) {
      const spec = model!.tables![name];
      if (file.project.tables[table] === undefined) {
        const what = `${model!.id} needs the table '${table}' (${spec.about})`;
        problems.add(
          fault(file, ['services', service, side], what, { fix: `add tables: { ${table}: path/of/it.csv }` }),
        );
        continue;
      }
      const columns = usedColumns(model!, spec, params);
      for (const year of file.project.years)
        await problems.wait(async () => {
          const shown = tableFile(file.project, table, year);
          const path = platform.relativeTo(file.name, shown);
          const read = csv.get(path) ?? {
            name: table,
            shown,
            table: parseCsv(path, await platform.readBytes(path)),
          };
          csv.set(path, read);
          const key = JSON.stringify([path, columns]);
          const found = known.get(key) ?? classRows(read.table, columns);
          known.set(key, found); // the same table stays the same object: it goes to a device once
          rows.set(rowsKey(part, name, year), found);
        });
    }
  }
  return { csv, rows };
}
