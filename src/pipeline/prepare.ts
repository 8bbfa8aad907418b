/**
 * From a project file to everything a run needs, checked: services, tables, layers on the grid, area. Opens files and counts land-cover
 * classes; computes nothing. All problems are reported at once.
 */
import { throwAll } from '../core/errors.ts';
import { type Crs, type Grid, isMetric } from '../core/grid.ts';
import type { ClassRows, InputSpec } from '../core/model.ts';
import { type CsvTable, classNamesOf, classRows, parseCsv } from '../io/class-table.ts';
import { type PolygonArea, readPolygons } from '../io/vector/polygons.ts';
import { checkCodes, countCodes, countOnGrid } from './class-counts.ts';
import { type BoundLayer, bindLayer, describeFile, type LayerFile, layerOptions } from './layers.ts';
import { nearest } from './nearest.ts';
import type { Platform } from './platform.ts';
import { Problems } from './problems.ts';
import { checkOverlap, checkProject, inProject } from './project-checks.ts';
import type { ProjectFile } from './project-file.ts';
import { gridReader } from './readers.ts';
import type { Project } from './schema.ts';
import { fault, type PreparedService, prepareService, type ServiceSide } from './service-models.ts';

export type LayerUse = Pick<InputSpec, 'kind' | 'unit'>;

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

/** A hundred times the largest national maps; beyond it somebody mistook the unit. */
const MOST_CELLS = 1e12;

const LAND_COVER: InputSpec = { about: 'land-cover classes', unit: '1', kind: 'classes' };

/** One layer may be read as classes and as quantities of several units. */
export function layerKey(layer: string, year: number, spec: LayerUse): string {
  return `${layer} ${year} ${spec.kind === 'classes' ? 'classes' : `in ${spec.unit}`}`;
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

async function gridOf(file: ProjectFile, platform: Platform, files: ReadonlyMap<string, LayerFile>): Promise<Grid> {
  const { grid } = file.project;
  if ('like' in grid) {
    const { grid: like } = await describeFile(
      platform,
      platform.relativeTo(file.name, grid.like.replaceAll('{year}', String(file.project.years[0]))),
    );
    return checkedGrid(file, like);
  }
  const epsg = Number(grid.crs.split(':')[1]);
  const crs: Crs | undefined = [...files.values()].find(({ info }) => info.grid.crs.epsg === epsg)?.info.grid.crs;
  if (!crs)
    throw fault(file, ['grid', 'crs'], 'no layer is in this CRS', {
      found: grid.crs,
      fix: 'use the CRS of the layers, or reproject them',
    });
  const [west, south, east, north] = grid.bounds;
  const [width, height] = [(east - west) / grid.resolution, (north - south) / grid.resolution].map(Math.round);
  if (!(width > 0 && height > 0))
    throw fault(file, ['grid', 'bounds'], 'the bounds have no area', {
      found: grid.bounds.join(', '),
      expected: 'west, south, east, north',
    });
  const fits = (cells: number, span: number) => Math.abs(span / grid.resolution - cells) < 1e-6 * cells;
  if (!fits(width, east - west) || !fits(height, north - south))
    throw fault(file, ['grid', 'bounds'], 'the bounds are no whole number of cells', {
      found: `${(east - west) / grid.resolution} × ${(north - south) / grid.resolution} cells of ${grid.resolution}`,
      fix: 'change the bounds or the resolution',
    });
  if (width * height > MOST_CELLS)
    throw fault(file, ['grid', 'resolution'], 'the grid has more cells than can be computed', {
      found: `${width} × ${height}`,
      expected: `at most ${MOST_CELLS} cells`,
      fix: 'choose a coarser resolution; it is in units of the CRS, most often metres',
    });
  return checkedGrid(file, {
    width,
    height,
    west,
    north,
    cellWidth: grid.resolution,
    cellHeight: grid.resolution,
    crs,
  });
}

/** Amounts per cell need cells of one area. */
function checkedGrid(file: ProjectFile, grid: Grid): Grid {
  if (isMetric(grid)) return grid;
  throw fault(
    file,
    ['grid'],
    'the grid needs a projected CRS: supply and demand are amounts per cell, so cells need an area in metres',
    { found: grid.crs.name, fix: 'reproject the layers to a projected CRS, such as the UTM zone of the place' },
  );
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

/** Every class on the map needs a row in the tables: the codes without one are listed with their area. */
async function checkClasses({
  project,
  services,
  layers,
  rows,
  csv,
  platform,
  problems,
  area,
  grid,
  signal,
}: {
  readonly project: Project;
  readonly services: readonly PreparedService[];
  readonly layers: ReadonlyMap<string, BoundLayer>;
  readonly rows: ReadonlyMap<string, ClassRows>;
  readonly csv: ReadonlyMap<string, CsvTable>;
  readonly platform: Platform;
  readonly problems: Problems;
  readonly area: PolygonArea | undefined;
  readonly grid: Grid;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const counted = new Map<string, Promise<readonly (readonly [number, number])[]>>();
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
          let counts = await counted.get(raster)!;
          // Classes that lie outside of the grid or of the area concern nobody: counted again only where the quick count finds some.
          if (counts.some(([code]) => !known.has(code)) && (area || bound.mapping.resampling))
            counts = await countOnGrid(gridReader(bound, platform.pool, area, grid), grid, signal);
          checkCodes(bound, counts, known, csv.get(table)!.name, grid);
        });
      }
}

/** One plane of codes: a file, its band, and what counts as nodata in it. */
function rasterKey({ path, mapping: { band, extraNodata } }: BoundLayer): string {
  return JSON.stringify([path, band, extraNodata]);
}

function* tablesAndLayers({ model, tables, inputs }: ServiceSide): Generator<[table: string, layer: string]> {
  for (const name of Object.values(tables))
    for (const input of model!.tables![name].of) if (inputs[input]) yield [name, inputs[input].layer];
}
