/** What one process is given, checked: parameters with their units, rasters on one grid, tables that cover the classes. */
import { EcofluxError, ManyErrors, throwAll } from '../core/errors.ts';
import { describeGrid, type Grid, sameGrid } from '../core/grid.ts';
import type { ClassRows, Model } from '../core/model.ts';
import { conversion, parseQuantity, parseUnit } from '../core/quantity.ts';
import { classRows, parseCsv } from '../io/class-table.ts';
import { checkCodes, countCodes } from './class-counts.ts';
import { type BoundLayer, bindLayer, describeFile } from './layers.ts';
import type { Platform } from './platform.ts';
import type { ProcessRequest } from './run-process.ts';

export function readParams(model: Model, given: Readonly<Record<string, string>>): Record<string, number> {
  const out: Record<string, number> = {};
  const problems: EcofluxError[] = [];
  for (const [name, spec] of Object.entries(model.params)) {
    const text = given[name];
    if (text === undefined) {
      if (spec.default === undefined && !spec.optional)
        problems.push(
          new EcofluxError('InvalidConfiguration', `${model.id} needs --${name} (${spec.about}, ${spec.unit})`),
        );
      continue;
    }
    try {
      const { value, unit } = parseQuantity(text);
      const plain = unit.text === '1' || spec.unit.startsWith('any');
      out[name] = plain ? value : value * conversion(unit, parseUnit(spec.unit));
      const [low, high] = spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      if (!(out[name] >= low && out[name] <= high))
        throw new EcofluxError('InvalidConfiguration', `--${name} is out of range`, {
          found: text,
          expected: `${low} to ${high}`,
        });
      if (spec.integer && !Number.isInteger(out[name]))
        throw new EcofluxError('InvalidConfiguration', `--${name} is no whole number`, { found: text });
    } catch (error) {
      if (!(error instanceof EcofluxError)) throw error;
      problems.push(error);
    }
  }
  throwAll(problems);
  return out;
}

/** The grid is that of the first raster; the others are on it, or are brought to it where that was asked for. */
export async function bindInputs(
  { model, inputs, align }: ProcessRequest,
  platform: Platform,
): Promise<{ grid: Grid; layers: ReadonlyMap<string, BoundLayer> }> {
  const missing = Object.entries(model.inputs).filter(
    ([name, { optional }]) => !optional && inputs[name] === undefined,
  );
  throwAll(
    missing.map(
      ([name, { about, unit }]) =>
        new EcofluxError(
          'InvalidConfiguration',
          `${model.id} needs --${name} FILE (${about}${unit === '1' ? '' : `, ${unit}`})`,
        ),
    ),
  );
  const given = Object.keys(model.inputs).filter((name) => inputs[name] !== undefined);
  const results = await Promise.allSettled(given.map((name) => describeFile(platform, inputs[name])));
  throwAll(results.flatMap((result) => (result.status === 'rejected' ? asErrors(result.reason) : [])));
  const infos = results.map(
    (result) => (result as PromiseFulfilledResult<Awaited<ReturnType<typeof describeFile>>>).value,
  );
  const { grid } = infos[0];
  const layers = new Map<string, BoundLayer>();
  const problems: EcofluxError[] = [];
  for (const [i, name] of given.entries()) {
    try {
      const path = inputs[name];
      const method = align === 'auto' ? undefined : align;
      const bound = bindLayer({ layer: name, path, shown: path, info: infos[i] }, model.inputs[name], grid, {
        resampling: method,
      });
      if (align === undefined && !sameGrid(infos[i].grid, grid))
        throw new EcofluxError('InvalidInput', 'the raster is on another grid than the first one', {
          file: path,
          found: describeGrid(infos[i].grid),
          expected: describeGrid(grid),
          fix: 'bring it to that grid on the fly with --align auto (nearest for classes, bilinear for all else), or --align nearest, or --align bilinear',
        });
      layers.set(name, bound);
    } catch (error) {
      problems.push(...asErrors(error));
    }
  }
  throwAll(problems);
  return { grid, layers };
}

function asErrors(error: unknown): readonly EcofluxError[] {
  if (error instanceof ManyErrors) return error.errors;
  if (error instanceof EcofluxError) return [error];
  throw error;
}

export async function readTables(
  { model, tables }: ProcessRequest,
  layers: ReadonlyMap<string, BoundLayer>,
  platform: Platform,
): Promise<Record<string, ClassRows>> {
  const out: Record<string, ClassRows> = {};
  for (const [name, spec] of Object.entries(model.tables ?? {})) {
    const path = tables[name];
    if (path === undefined)
      throw new EcofluxError('InvalidConfiguration', `${model.id} needs --${name} TABLE (${spec.about})`);
    out[name] = classRows(parseCsv(path, await platform.readText(path)), spec.columns);
    for (const input of spec.of) {
      const layer = layers.get(input);
      if (!layer) continue;
      const counts = await countCodes(platform.pool, layer);
      checkCodes(layer, counts, out[name], path);
    }
  }
  return out;
}
