/** One model on planes in memory, through the same graph, plan and executors as everything else. */
import { NODATA_CODE, type Plane } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import { cellCount } from '../core/grid.ts';
import { inputType, type Model } from '../core/model.ts';
import type { ClassRows } from '../core/values.ts';
import type { Executor } from './executor.ts';
import type { Params } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { mapValues } from './map-values.ts';
import type { RunSummary } from './run.ts';
import { type GraphRunOptions, runGraph } from './run-graph.ts';

export interface ModelInputs {
  readonly grid: Grid;
  /** Whole planes, row by row from the north-west cell; nodata is NODATA or NODATA_CODE. */
  readonly inputs: Readonly<Record<string, Plane>>;
  readonly tables?: Readonly<Record<string, ClassRows>>;
  readonly params?: Params;
  readonly outputs?: readonly string[];
}

export interface ModelRunOptions extends Omit<GraphRunOptions, 'device'> {
  /** As `openDevice` gives it; its `replace` under another name. */
  readonly executor: Executor;
  readonly replaceExecutor?: (losses: number) => Promise<Executor>;
  /** Bytes of one storage binding; the portable 128 MiB when absent. */
  readonly maxBinding?: number;
}

const PORTABLE_BINDING = 128 * 2 ** 20;
/** What the planner is told of planes that lie in no file: no shape of tile suits them better than another. */
const IN_MEMORY = { blockWidth: 512, blockHeight: 512 };

/**
 * Runs a model over a grid.
 * @returns each wanted output as a plane of the grid, and the records and timings of the run
 * @throws EcofluxError InvalidConfiguration for inputs, tables or parameters that are missing; InvalidInput for planes that do not fit the
 * grid and classes without a table row; OutOfCapacity
 */
export async function runModel(
  model: Model,
  { grid, inputs, tables, params, outputs }: ModelInputs,
  { executor, replaceExecutor, maxBinding = PORTABLE_BINDING, ...options }: ModelRunOptions,
): Promise<{ planes: Record<string, Plane>; summary: RunSummary }> {
  const graph = new GraphBuilder(grid);
  const fields: Record<string, string> = {};
  for (const [name, plane] of Object.entries(inputs)) {
    checkSize(model, name, plane, grid);
    fields[name] = graph.source(`input/${name}`, inputType(model, name), IN_MEMORY);
  }
  checkClasses(model, inputs, tables ?? {}, grid);
  const made = graph.model(model.id, model, { inputs: fields, tables, params, outputs });
  for (const field of Object.values(made)) graph.sink(field);
  const place = { kind: executor.kind, maxBinding, lanes: executor.lanes ?? 1 };
  const sources = new Map(Object.entries(inputs).map(([name, plane]) => [fields[name], plane]));
  const {
    planes,
    plan: _plan,
    ...summary
  } = await runGraph(graph.build(), sources, {
    ...options,
    device: { executor, place, replace: replaceExecutor },
  });
  return { planes: mapValues(made, (field) => planes.get(field)!), summary };
}

function checkSize(model: Model, name: string, plane: Plane, grid: Grid): void {
  if (!(name in model.inputs))
    throw new EcofluxError('InvalidConfiguration', `${model.id} has no input '${name}'`, {
      expected: `one of ${Object.keys(model.inputs).join(', ')}`,
    });
  if (plane.length !== cellCount(grid))
    throw new EcofluxError('InvalidInput', `${model.id}.${name} does not fit the grid`, {
      found: `${plane.length} cells`,
      expected: `${cellCount(grid)} (${grid.width} × ${grid.height})`,
    });
}

/** Kernels look rows up without asking whether there is one. */
function checkClasses(
  model: Model,
  inputs: ModelInputs['inputs'],
  tables: Readonly<Record<string, ClassRows>>,
  grid: Grid,
): void {
  for (const [name, { of }] of Object.entries(model.tables ?? {})) {
    const rows = tables[name];
    for (const input of of) {
      const at = rows && inputs[input]?.findIndex((code) => code !== NODATA_CODE && !rows.has(code));
      if (at === undefined || at < 0) continue;
      throw new EcofluxError(
        'InvalidInput',
        `${model.id}.${input} has class ${inputs[input][at]}, and the table '${name}' has no row for it`,
        {
          place: `row ${Math.floor(at / grid.width)}, column ${at % grid.width}`,
          fix: 'add the row, or make these cells NODATA_CODE',
        },
      );
    }
  }
}
