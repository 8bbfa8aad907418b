/** Every model of the registry on every device against the float64 reference: noise, waves and holes, odd sizes. */
import { describe, expect, test } from 'vitest';
import type { Plane } from '../../src/core/cells.ts';
import { type Model, toleranceOf } from '../../src/core/model.ts';
import type { RegisteredModel } from '../../src/core/model-reference.ts';
import { stageKind, stageName } from '../../src/core/stage.ts';
import type { Executor } from '../../src/engine/executor.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import { bindingsOf } from '../../src/engine/model-stages.ts';
import { type ModelInputs, runModel } from '../../src/engine/run-model.ts';
import { MODELS } from '../../src/models/registry.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { comparePlanes } from '../support/compare.ts';
import { cpuForTests, describeOnGpuExecutors } from '../support/executors.ts';
import { oneStage } from '../support/one-stage.ts';
import { gridOf, outputsOf, type Pattern, plane, sampleOf } from '../support/rasters.ts';
import { graphOf, runGraph } from '../support/run-graph.ts';

const SIZES = [
  [131, 67],
  [64, 4],
  [1, 29],
  [1, 1],
] as const;
const PATTERNS: readonly Pattern[] = ['noise', 'slopes', 'holes'];
const mapped = [...MODELS.values()].filter(({ model }) => Object.keys(model.outputs).length > 0);
// A model whose sample would be all nodata or all alike proves nothing.
const CELLS_AT_LEAST = 4000;

describeOnGpuExecutors('parity with the reference', (get, where) => {
  test.each(mapped.map((entry) => [entry.model.id, entry] as const))('%s', async (id, { model }: RegisteredModel) => {
    const worst = new Map<string, { error: number; words: string; cells: number; distinct: Set<number> }>();
    for (const [s, [width, height]] of SIZES.entries())
      for (const [p, pattern] of PATTERNS.entries()) {
        const sample = sampleOf(model, gridOf(width, height), pattern, 1000 * s + p);
        const outputs = outputsOf(model);
        const given = { ...sample, outputs };
        const reference = await runModel(model, given, { executor: cpuForTests() });
        const device = await onDevice(model, given, reference.planes, get());
        for (const output of outputs) {
          const tolerance = toleranceOf(model, output);
          const found = comparePlanes(device.planes[output], reference.planes[output], width, tolerance);
          const place = `${output} of ${pattern} ${width} × ${height}: ${found.worst}`;
          expect(found, place).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
          const error = found.maxAbsolute;
          const known = worst.get(output) ?? { error: -1, words: '', cells: 0, distinct: new Set() };
          const words = `largest error ${error.toPrecision(2)}; nearest to its tolerance ${place}`;
          if (error > known.error) Object.assign(known, { error, words });
          known.cells += found.cells;
          for (const value of reference.planes[output].slice(0, 2000)) known.distinct.add(value);
          worst.set(output, known);
        }
      }
    for (const [output, { cells, distinct }] of worst) {
      expect(cells, output).toBeGreaterThan(CELLS_AT_LEAST);
      const { range: [low, high] = [0, 1] } = model.outputs[output];
      expect(distinct.size, `${output} varies`).toBeGreaterThan(low === high ? 1 : 2);
    }
    const [first] = [...worst.values()].sort((a, b) => b.error - a.error);
    console.log(`${where} ${id}: ${first.words}`);
  });

  test.each(PATTERNS)('range and sum are the same numbers on device and reference: %s', async (pattern) => {
    const grid = gridOf(523, 67);
    for (const [seed, range] of (
      [
        [-500, 9000],
        [0, 1e-3],
        [-1e30, 1e30],
      ] as const
    ).entries()) {
      const sources = { plane: plane(grid, 'f32', pattern, range, seed) };
      const graph = graphOf(grid, sources, (builder) => {
        const record = builder.range('range', statistics, ['plane']);
        builder.reduce('sum', statistics, 'sum', 'plane', { inverse_quantum: { record, field: 'inverse_quantum' } });
      });
      const device = await runGraph(get(), graph, sources);
      const reference = await runGraph(cpuForTests(), graph, sources);
      expect(Object.fromEntries(device.records)).toEqual(Object.fromEntries(reference.records));
      const valid = [...sources.plane].filter((value) => value > -3e38);
      const { sum, count } = reference.records.get('sum')!;
      expect(count).toBe(valid.length);
      const largest = Math.max(...valid.map(Math.abs));
      expect(Math.abs(sum - valid.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual((valid.length * largest) / 2 ** 30);
    }
  });
});

/**
 * The model on a device. One with global operators runs stage by stage, each on what the reference has made before it: along the flow small
 * differences grow, and the operators have tests of their own.
 */
async function onDevice(
  model: Model,
  given: ModelInputs,
  reference: Readonly<Record<string, Plane>>,
  executor: Executor,
): Promise<{ planes: Record<string, Plane> }> {
  if (!model.stages.some((stage) => stageKind(stage) === 'solve')) return runModel(model, given, { executor });
  const planes: Record<string, Plane> = { ...reference };
  const made = new Set<string>();
  for (const stage of model.stages) {
    const writes = Object.values(bindingsOf(model, stage).writes);
    const outputs = writes.filter((name) => given.outputs!.includes(name));
    const idle =
      stage.when !== undefined && Number(given.params?.[stage.when] ?? model.params[stage.when].default) === 0;
    if (idle || stageKind(stage) === 'solve' || outputs.length === 0 || made.has(outputs[0])) continue;
    const one = oneStage(model, stageName(stage));
    const inputs = mapValues(one.inputs, (_, name) => given.inputs[name] ?? reference[name]);
    if (Object.values(inputs).includes(undefined!)) continue; // for a run that is given less
    const result = await runModel(one, { ...given, inputs, outputs }, { executor });
    Object.assign(planes, result.planes);
    for (const output of outputs) made.add(output);
  }
  return { planes };
}

describe('the parity suite', () => {
  test('covers every model of the registry', () => {
    const reductions = [...MODELS.keys()].filter((id) => !mapped.some(({ model }) => model.id === id));
    expect(reductions).toEqual(['statistics']);
  });
});
