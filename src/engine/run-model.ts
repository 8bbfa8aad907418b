/** One model on planes in memory, through the same graph, plan and executors as everything else. */
import { allocatePlane, NODATA_CODE, type Plane } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import { cellCount } from '../core/grid.ts';
import type { ClassRows, Model } from '../core/model.ts';
import type { Executor } from './executor.ts';
import { GraphBuilder, inputType, type Params } from './graph.ts';
import { memoryReader, memoryWriter } from './memory-fields.ts';
import { planGraph } from './plan.ts';
import { type FieldReader, type FieldWriter, type RunSummary, runPlan } from './run.ts';
import type { Scratch } from './store.ts';

export interface ModelInputs {
  readonly grid: Grid;
  /** Whole planes, row by row from the north-west cell; nodata is NODATA or NODATA_CODE. */
  readonly inputs: Readonly<Record<string, Plane>>;
  readonly tables?: Readonly<Record<string, ClassRows>>;
  readonly params?: Params;
  readonly outputs?: readonly string[];
}

export interface ModelRunOptions {
  readonly executor: Executor;
  /** Cells per tile edge; the planner's choice when absent. */
  readonly tile?: number;
  readonly maxBinding?: number;
  /** Bytes of host and of device memory. */
  readonly memory?: number;
  readonly deviceMemory?: number;
  readonly openScratch?: () => Promise<Scratch>;
  readonly replaceExecutor?: (losses: number) => Promise<Executor>;
  readonly signal?: AbortSignal;
}

const MEMORY = 2 * 2 ** 30;
const PORTABLE_BINDING = 128 * 2 ** 20;

/**
 * Runs a model over a grid.
 * @returns each wanted output as a plane of the grid, and the records and timings of the run
 * @throws EcofluxError InvalidConfiguration for inputs, tables or parameters that are missing; InvalidInput for planes that do not fit the
 * grid and classes without a table row; OutOfCapacity
 */
export async function runModel(
  model: Model,
  { grid, inputs, tables, params, outputs }: ModelInputs,
  { executor, tile, memory = MEMORY, deviceMemory = MEMORY, maxBinding = PORTABLE_BINDING, ...rest }: ModelRunOptions,
): Promise<{ planes: Record<string, Plane>; summary: RunSummary }> {
  const graph = new GraphBuilder(grid);
  const readers = new Map<string, FieldReader>();
  const fields: Record<string, string> = {};
  for (const [name, plane] of Object.entries(inputs)) {
    checkSize(model, name, plane, grid);
    fields[name] = graph.source(`input/${name}`, inputType(model, name), { blockWidth: 512, blockHeight: 512 });
    readers.set(fields[name], memoryReader(grid, inputType(model, name), plane));
  }
  checkClasses(model, inputs, tables ?? {}, grid);
  const made = graph.model(model.id, model, { inputs: fields, tables, params, outputs });
  const planes: Record<string, Plane> = {};
  const writers = new Map<string, FieldWriter>();
  const built = graph.build();
  for (const [output, field] of Object.entries(made)) {
    graph.sink(field);
    planes[output] = allocatePlane(built.fields.get(field)!.type, cellCount(grid));
    writers.set(field, memoryWriter(grid, planes[output]));
  }
  const lanes = executor.lanes ?? 1;
  const budget = { host: memory, device: deviceMemory, tile };
  const plan = planGraph(graph.build(), { kind: executor.kind, maxBinding, lanes }, budget, { cores: lanes });
  const openScratch = rest.openScratch ?? noScratch;
  return {
    planes,
    summary: await runPlan(graph.build(), plan, { executor, readers, writers, budget, ...rest, openScratch }),
  };
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

async function noScratch(): Promise<Scratch> {
  throw new EcofluxError('OutOfCapacity', 'fields do not fit in memory, and there is no place for scratch files', {
    fix: 'allow more memory, or give openScratch',
  });
}
