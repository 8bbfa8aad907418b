/** From checked arguments to what can be computed: rasters described and bound to the grid, tables read, classes covered. All problems at once. */
import { EcofluxError, throwAll, withoutSecrets } from '../../core/errors.ts';
import { usedColumns } from '../../core/given-params.ts';
import { type Crs, describeGrid, type Grid, sameGrid } from '../../core/grid.ts';
import type { ClassRows } from '../../core/values.ts';
import { classRows, parseCsv } from '../../io/class-table.ts';
import { equalCrs } from '../../io/crs/index.ts';
import { bandOf } from '../../io/raster.ts';
import { rasterize } from '../../io/vector/rasterize.ts';
import type { CellSpans } from '../../io/vector/rasterize-spans.ts';
import { checkCodes, countCodes, countUsed } from '../class-counts.ts';
import { type BoundLayer, bindLayer, describeFile, type LayerFile, saysCrs } from '../layers.ts';
import { readParam } from '../param-values.ts';
import type { Platform } from '../platform.ts';
import { Problems } from '../problems.ts';
import { warpOntoGrid, warpToMetres } from '../warp-command.ts';
import type { CheckedArguments } from './argument.ts';
import { inArgument } from './in-argument.ts';
import { argumentOf, type InvestModel, type PreparedRun } from './model.ts';
import { readZones, type Zones } from './zones.ts';

/** @throws EcofluxError or ManyErrors InvalidInput, InvalidConfiguration: `earlier` problems, of the arguments themselves, among them */
export async function prepareRun(
  invest: InvestModel,
  checked: CheckedArguments,
  earlier: readonly EcofluxError[],
  platform: Platform,
  signal?: AbortSignal,
): Promise<PreparedRun> {
  const problems = new Problems();
  for (const problem of earlier) problems.add(problem);
  const files = await openRasters(invest, checked, platform, problems);
  const zones = await openZones(invest, checked, platform, problems, homeCrs(files));
  const params = readNumbers(invest, checked, problems);
  const inFiles = invest.tables ? {} : await readTables(invest, checked, params, platform, problems);
  const grid = await problems.wait(() => invest.gridOf({ checked, files, zones, platform, problems }));
  throwAll(problems.all);

  const layers = new Map<string, BoundLayer>();
  for (const [name, file] of files)
    await problems.wait(async () => layers.set(name, await bind(invest, checked, name, file, grid!)));
  throwAll(problems.all);
  const mask = invest.mask === undefined ? undefined : maskOf(zones.get(invest.mask)!, grid!);
  const bound: PreparedRun = { checked, grid: grid!, layers, zones, tables: inFiles, params, mask };
  const tables = (await invest.tables?.(bound, signal)) ?? inFiles;
  await checkClasses(invest, checked, { grid: grid!, layers, tables, mask }, platform, problems, signal);
  throwAll(problems.all);
  return { ...bound, tables, sources: await invest.sources?.(bound) };
}

/** By input of the model: those that the arguments name and that can be read. */
async function openRasters(
  { model }: InvestModel,
  checked: CheckedArguments,
  platform: Platform,
  problems: Problems,
): Promise<Map<string, LayerFile>> {
  const files = new Map<string, LayerFile>();
  for (const name of Object.keys(model.inputs)) {
    const argument = argumentOf(model, name);
    const path = checked.paths[argument];
    if (path === undefined) continue;
    await problems.wait(() =>
      inArgument(checked, argument, async () => {
        const info = await describeFile(platform, path);
        files.set(name, { layer: argument, path, shown: withoutSecrets(path), info });
      }),
    );
  }
  return files;
}

/** Of the first raster, where it says one: that it does not is a problem of the raster, not of polygons. */
function homeCrs(files: ReadonlyMap<string, LayerFile>): Crs | undefined {
  const crs = files.values().next().value?.info.grid.crs;
  return crs && saysCrs(crs) ? crs : undefined;
}

/** Cells with their centre in any of the polygons. */
function maskOf({ features }: Zones, grid: Grid): CellSpans {
  return rasterize(
    features.flatMap(({ polygons }) => polygons),
    grid,
  );
}

/** By argument, in the CRS of the first raster; without one they are only looked at. */
async function openZones(
  invest: InvestModel,
  checked: CheckedArguments,
  platform: Platform,
  problems: Problems,
  crs: Crs | undefined,
): Promise<Map<string, Zones>> {
  const zones = new Map<string, Zones>();
  for (const [argument, { kind, id }] of Object.entries(invest.arguments)) {
    const path = checked.paths[argument];
    if (kind !== 'vector' || path === undefined) continue;
    await problems.wait(() =>
      inArgument(checked, argument, async () => zones.set(argument, await readZones(path, id, platform, crs))),
    );
  }
  return zones;
}

async function readTables(
  { model, tidy = (table) => table }: InvestModel,
  checked: CheckedArguments,
  params: PreparedRun['params'],
  platform: Platform,
  problems: Problems,
): Promise<Record<string, ClassRows>> {
  const out: Record<string, ClassRows> = {};
  for (const [name, spec] of Object.entries(model.tables ?? {})) {
    const argument = argumentOf(model, name);
    const path = checked.paths[argument];
    if (path === undefined) continue;
    await problems.wait(() =>
      inArgument(checked, argument, async () => {
        const columns = usedColumns(model, spec, params);
        out[name] = classRows(tidy(parseCsv(path, await platform.readBytes(path))), columns);
      }),
    );
  }
  return out;
}

function readNumbers(
  { model }: InvestModel,
  { file, numbers, booleans, origins }: CheckedArguments,
  problems: Problems,
) {
  const params: Record<string, number> = {};
  for (const [name, value] of Object.entries(booleans)) if (name in model.params) params[name] = Number(value);
  for (const [name, value] of Object.entries(numbers))
    problems.take(() => {
      const spec = model.params[name];
      const argument = origins?.[name] ?? name;
      try {
        params[name] = spec.choices ? value : readParam(argument, spec, value).value;
      } catch (error) {
        if (!(error instanceof EcofluxError)) throw error;
        throw new EcofluxError(error.code, error.what, { ...error.details, file, place: argument });
      }
    });
  return params;
}

/** Declared units are not converted: InVEST does not look at them. */
async function bind(
  { model, resampling = {} }: InvestModel,
  checked: CheckedArguments,
  name: string,
  file: LayerFile,
  grid: Grid,
): Promise<BoundLayer> {
  const spec = model.inputs[name];
  return inArgument(checked, argumentOf(model, name), async () => {
    const declared = bandOf(file.info, 1).unit;
    const bound = await bindLayer(file, spec, grid, {
      unit: spec.unit === 'any' ? undefined : spec.unit,
      resampling: resampling[name] ?? 'nearest',
    });
    const other = spec.kind !== 'classes' && declared !== undefined && declared !== spec.unit;
    return other ? { ...bound, alignment: `${bound.alignment}; declares '${declared}', taken as ${spec.unit}` } : bound;
  });
}

/** Classes on the grid need a row; those outside of it concern nobody. */
async function checkClasses(
  { model }: InvestModel,
  checked: CheckedArguments,
  { grid, layers, tables, mask }: Pick<PreparedRun, 'grid' | 'layers' | 'tables' | 'mask'>,
  platform: Platform,
  problems: Problems,
  signal?: AbortSignal,
): Promise<void> {
  for (const [table, { of }] of Object.entries(model.tables ?? {}))
    for (const input of of) {
      const layer = layers.get(input);
      if (!layer) continue;
      const { pool } = platform;
      const quick = await countCodes(pool, layer, signal);
      const counts = await countUsed({ pool, bound: layer, quick, rows: tables[table] }, grid, mask, signal);
      await problems.wait(() =>
        inArgument(checked, argumentOf(model, input), () => {
          try {
            checkCodes(layer, counts, tables[table], checked.paths[argumentOf(model, table)], grid);
          } catch (error) {
            if (!(error instanceof EcofluxError)) throw error;
            const fix = counts.length === 0 ? error.details.fix : 'add rows for them, or make these classes nodata';
            throw new EcofluxError(error.code, error.what, { ...error.details, fix });
          }
        }),
      );
    }
}

/** A raster whose lengths and areas are in metres, as InVEST demands of the one that the others are brought to. @returns true, or throws */
export async function needMetres({ path, info: { grid } }: LayerFile, what = 'land cover'): Promise<true> {
  const { kind, name, metresPerUnit } = grid.crs;
  if (hasMetres(grid)) return true;
  throw new EcofluxError('InvalidInput', `${what} must be in a projected CRS with metres`, {
    file: path,
    found:
      kind === 'unknown' ? `no known CRS (${name})` : metresPerUnit ? `${name}, in units of ${metresPerUnit} m` : name,
    fix:
      kind === 'unknown'
        ? `say which it is: gdal_edit.py -a_srs EPSG:<code> ${path}`
        : `reproject it: ${await warpToMetres(path, grid, 'near')}`,
  });
}

function hasMetres({ crs: { kind, metresPerUnit } }: Grid): boolean {
  return kind === 'projected' && metresPerUnit === 1;
}

/** Rasters that must lie on the same cells. A first one that has to be reprojected itself is no measure. */
export async function needSameGrid(first: LayerFile, other: LayerFile): Promise<void> {
  const [a, b] = [first.info.grid, other.info.grid];
  if (!hasMetres(a)) return;
  const known = a.crs.kind !== 'unknown' && b.crs.kind !== 'unknown';
  if (sameGrid(a, { ...b, crs: a.crs }) && (!known || (await equalCrs(a.crs, b.crs)))) return;
  const differs =
    a.cellWidth !== b.cellWidth || a.cellHeight !== b.cellHeight
      ? 'cells of another size'
      : a.width !== b.width || a.height !== b.height
        ? 'another number of rows or columns'
        : 'another place or CRS';
  throw new EcofluxError('InvalidInput', `the raster has ${differs} than ${first.layer}; InVEST does not align them`, {
    file: other.path,
    found: describeGrid(b),
    expected: describeGrid(a),
    fix: `bring it to the grid of ${first.path}: ${warpOntoGrid(other.path, a)}`,
  });
}
