/** What one process is given, checked: parameters with their units, rasters on one grid, tables that cover the classes. */
import { EcofluxError, ManyErrors, throwAll, withoutSecrets } from '../core/errors.ts';
import { isMetricModel, usedColumns } from '../core/given-params.ts';
import { describeGrid, type Grid, isMetric } from '../core/grid.ts';
import type { Model } from '../core/model.ts';
import type { ClassRows } from '../core/values.ts';
import { RESAMPLINGS } from '../core/warp.ts';
import { classRows, parseCsv } from '../io/class-table.ts';
import { checkCodes, countCodes, countUsed } from './class-counts.ts';
import { type BoundLayer, bindLayer, describeFile } from './layers.ts';
import { readParam } from './param-values.ts';
import type { Platform } from './platform.ts';
import { Problems } from './problems.ts';
import type { ProcessRequest } from './process-request.ts';
import { inSharedUnit } from './same-unit.ts';
import { warpToMetres } from './warp-command.ts';

/** Values of the parameters, and the unit of the one that may be in any: the outputs are then in it. */
export function readParams(
  model: Model,
  given: Readonly<Record<string, string>>,
): { readonly params: Readonly<Record<string, number>>; readonly unit?: string } {
  const problems = new Problems();
  const params: Record<string, number> = {};
  let carried: string | undefined;
  for (const [name, spec] of Object.entries(model.params)) {
    problems.take(() => {
      const text = given[name];
      if (text !== undefined) {
        const { value, unit } = readParam(`--${name}`, spec, text);
        params[name] = value;
        carried ??= unit;
      } else if (spec.default === undefined && !spec.optional)
        throw new EcofluxError('InvalidConfiguration', `${model.id} needs --${name} (${spec.about}, ${spec.unit})`);
    });
  }
  throwAll(problems.all);
  return { params, unit: carried };
}

/** The grid is that of the first raster; the others are on it, or are brought to it where that was asked for. */
export async function bindInputs(
  { model, inputs, tables, align }: ProcessRequest,
  platform: Platform,
  params: Readonly<Record<string, number>> = {},
): Promise<{ grid: Grid; layers: ReadonlyMap<string, BoundLayer> }> {
  const missing = Object.entries(model.inputs).filter(
    ([name, { optional }]) => !optional && inputs[name] === undefined,
  );
  const unnamed = Object.entries(model.tables ?? {}).filter(([name]) => tables[name] === undefined);
  throwAll([
    ...missing.map(
      ([name, { about, unit }]) =>
        new EcofluxError(
          'InvalidConfiguration',
          `${model.id} needs --${name} FILE (${about}${unit === '1' ? '' : `, ${unit}`})`,
        ),
    ),
    ...unnamed.map(
      ([name, { about }]) => new EcofluxError('InvalidConfiguration', `${model.id} needs --${name} TABLE (${about})`),
    ),
  ]);
  const given = Object.keys(model.inputs).filter((name) => inputs[name] !== undefined);
  const results = await Promise.allSettled(given.map((name) => describeFile(platform, inputs[name])));
  throwAll(results.flatMap((result) => (result.status === 'rejected' ? asErrors(result.reason) : [])));
  const infos = results.map(
    (result) => (result as PromiseFulfilledResult<Awaited<ReturnType<typeof describeFile>>>).value,
  );
  const { grid } = infos[0];
  if (isMetricModel(model, params) && !isMetric(grid))
    throw new EcofluxError(
      'InvalidInput',
      `${model.id} needs a projected CRS: it uses lengths and areas of cells in metres`,
      {
        file: inputs[given[0]],
        found: grid.crs.name,
        fix: `reproject the raster: ${await warpToMetres(inputs[given[0]], grid, model.inputs[given[0]].kind === 'classes' ? 'near' : undefined)}`,
      },
    );
  if (model.square) checkSquare(model, grid, inputs[given[0]]);
  const layers = new Map<string, BoundLayer>();
  const problems: EcofluxError[] = [];
  for (const [i, name] of given.entries()) {
    try {
      const path = inputs[name];
      const classes = model.inputs[name].kind === 'classes';
      const fits = align !== undefined && align !== 'auto' && (!classes || align === 'nearest' || align === 'mode');
      const file = { layer: name, path, shown: withoutSecrets(path), info: infos[i] };
      const spec = inSharedUnit({ model, name, file: path, info: infos[i], layers });
      const bound = await bindLayer(file, spec, grid, { resampling: fits ? align : undefined });
      if (align === undefined && bound.mapping.resampling)
        throw new EcofluxError('InvalidInput', 'the raster is on another grid than the first one', {
          file: path,
          found: describeGrid(infos[i].grid),
          expected: describeGrid(grid),
          fix: `bring it to that grid on the fly with --align auto (nearest for classes, sum for amounts per cell, bilinear for all else), or name a method: ${RESAMPLINGS.join(', ')}`,
        });
      layers.set(name, bound);
    } catch (error) {
      problems.push(...asErrors(error));
    }
  }
  throwAll(problems);
  return { grid, layers };
}

/** @throws EcofluxError InvalidInput for cells that are longer than wide, or the other way round, by more than rounding */
export function checkSquare(model: Pick<Model, 'id'>, grid: Grid, file?: string): void {
  const { cellWidth, cellHeight } = grid;
  if (Math.abs(cellWidth - cellHeight) <= 1e-6 * cellWidth) return;
  throw new EcofluxError('InvalidInput', `${model.id} needs square cells: it counts lengths in cells`, {
    file,
    found: `${cellWidth} × ${cellHeight}`,
    fix: `resample the raster to one cell size: gdalwarp -tr ${cellWidth} ${cellWidth}`,
  });
}

function asErrors(error: unknown): readonly EcofluxError[] {
  if (error instanceof ManyErrors) return error.errors;
  if (error instanceof EcofluxError) return [error];
  throw error;
}

export async function readTables(
  { model, tables }: ProcessRequest,
  params: Readonly<Record<string, number>>,
  grid: Grid,
  layers: ReadonlyMap<string, BoundLayer>,
  platform: Platform,
  given: Readonly<Record<string, ClassRows>> = {},
): Promise<Record<string, ClassRows>> {
  const out: Record<string, ClassRows> = {};
  for (const [name, spec] of Object.entries(model.tables ?? {})) {
    const path = tables[name];
    out[name] =
      given[name] ?? classRows(parseCsv(path, await platform.readBytes(path)), usedColumns(model, spec, params));
    for (const input of spec.of) {
      const layer = layers.get(input);
      if (!layer) continue;
      const quick = await countCodes(platform.pool, layer);
      const counts = await countUsed({ pool: platform.pool, bound: layer, quick, rows: out[name] }, grid);
      checkCodes(layer, counts, out[name], path, grid);
    }
  }
  return out;
}
