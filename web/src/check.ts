/** The reference's answer to every stage: each model once more in float64, on the inputs that the device had, compared cell by cell. */
import {
  comparePlanes,
  type Grid,
  type OpenDevice,
  openDevice,
  type Plane,
  type PlaneComparison,
  runModel,
  toleranceOf,
} from '../../src/index.ts';
import type { Analysis, ModelStep } from './analysis.ts';
import { type RunHooks, TILE } from './run.ts';

export interface Check extends PlaneComparison {
  readonly step: ModelStep;
  readonly output: string;
  readonly tolerance: { readonly rtol: number; readonly atol: number; readonly because: string };
  /** The cell with the largest absolute error; undefined where there is none. */
  readonly largest: { readonly index: number; readonly device: number; readonly reference: number } | undefined;
}

/** @param planes every field that the device made */
export async function checkSteps(
  { graph, steps, sources }: Analysis,
  planes: ReadonlyMap<string, Plane>,
  { pool, signal, progress }: RunHooks,
): Promise<Check[]> {
  const { executor } = await openDevice({ choice: 'cpu', pool });
  const planeOf = (field: string) => planes.get(field) ?? sources.get(field)!;
  const checks: Check[] = [];
  for (const [done, step] of steps.entries()) {
    progress(
      'check',
      done / steps.length,
      `Comparing with the reference: ${step.model.title.toLowerCase()}, ${step.year}`,
    );
    checks.push(...(await checkStep(step, graph.grid, planeOf, executor, signal)));
  }
  return checks;
}

async function checkStep(
  step: ModelStep,
  grid: Grid,
  planeOf: (field: string) => Plane,
  executor: OpenDevice['executor'],
  signal: AbortSignal,
): Promise<Check[]> {
  const { model, tables, params } = step;
  const inputs = Object.fromEntries(Object.entries(step.inputs).map(([input, field]) => [input, planeOf(field)]));
  const outputs = Object.keys(step.outputs);
  const { planes } = await runModel(model, { grid, inputs, tables, params, outputs }, { executor, tile: TILE, signal });
  return outputs.map((output) => {
    const tolerance = toleranceOf(model, output);
    const [device, reference] = [planeOf(step.outputs[output]), planes[output]];
    return {
      step,
      output,
      tolerance,
      ...comparePlanes(device, reference, tolerance),
      largest: largestError(device, reference),
    };
  });
}

function largestError(device: Plane, reference: Plane): Check['largest'] {
  let [index, largest] = [-1, 0];
  for (let i = 0; i < device.length; i++) {
    const error = Math.abs(device[i] - reference[i]);
    if (error > largest) [index, largest] = [i, error];
  }
  return index < 0 ? undefined : { index, device: device[index], reference: reference[index] };
}
