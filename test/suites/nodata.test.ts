/** Nodata in, nodata out: what lets a run pass over tiles outside of the study area without a visit. */
import { expect, test } from 'vitest';
import { allocatePlane, nodataOf, type Plane } from '../../src/core/cells.ts';
import { stageEntry, stageKind } from '../../src/core/stage.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { MODELS } from '../../src/models/registry.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { describeOnExecutors } from '../support/executors.ts';
import { gridOf, outputsOf, sampleOf } from '../support/rasters.ts';
import { graphOf, runGraph } from '../support/run-graph.ts';

const grid = gridOf(70, 33);
const models = [...MODELS.values()].map(({ model }) => model);
const mapped = models.filter(({ outputs }) => Object.keys(outputs).length > 0);
const nothing = (plane: Plane): Plane => {
  const type = plane instanceof Float32Array ? 'f32' : 'u32';
  return allocatePlane(type, plane.length).fill(nodataOf(type));
};

test('the reductions of the registry are those tested here', () => {
  const reductions = models.flatMap(({ id, stages }) =>
    stages.filter((stage) => stageKind(stage) === 'reduce').map((stage) => `${id} ${stageEntry(stage)}`),
  );
  expect(reductions).toEqual(['statistics range', 'statistics sum']);
});

describeOnExecutors('a tile of nodata', (get) => {
  test.each(mapped.map((model) => [model.id, model] as const))('%s gives nodata', async (_, model) => {
    const sample = sampleOf(model, grid, 'slopes', 3);
    const outputs = outputsOf(model);
    const { planes } = await runModel(
      model,
      { ...sample, inputs: mapValues(sample.inputs, nothing), outputs },
      { executor: get() },
    );
    expect(Object.keys(planes)).toEqual(outputs);
    for (const [name, plane] of Object.entries(planes)) {
      const nodata = nodataOf(plane instanceof Float32Array ? 'f32' : 'u32');
      expect(
        plane.every((cell) => cell === nodata),
        name,
      ).toBe(true);
    }
    // The same model makes values of the sample itself: the test could fail.
    const some = await runModel(model, { ...sample, outputs }, { executor: get() });
    for (const [name, plane] of Object.entries(some.planes)) {
      const nodata = nodataOf(plane instanceof Float32Array ? 'f32' : 'u32');
      expect(
        plane.some((cell) => cell !== nodata),
        name,
      ).toBe(true);
    }
  });

  test('leaves the empty record, and merging that changes nothing', async () => {
    const sources = { values: allocatePlane('f32', grid.width * grid.height).fill(nodataOf('f32')) };
    const found: Record<string, object> = {};
    const graph = graphOf(grid, sources, (builder) => {
      const range = builder.range('range', statistics, ['values']);
      builder.reduce('sum', statistics, 'sum', 'values', {
        inverse_quantum: { record: range, field: 'inverse_quantum' },
      });
    });
    const journal = {
      done: () => new Map(),
      tileDone: (_: number, __: number, partials: ReadonlyMap<string, object>) =>
        Object.assign(found, Object.fromEntries(partials)),
    };
    await runGraph(get(), graph, sources, { journal });
    for (const [record, partial] of Object.entries(found)) {
      const stage = statistics.stages.find(({ reduce }) => record.endsWith(reduce))!;
      expect(partial, record).toEqual(stage.empty);
      const other = mapValues(stage.empty, (_, name) => name.length + 0.5);
      expect(stage.merge(stage.empty, other)).toEqual(other);
      expect(stage.merge(other, stage.empty)).toEqual(other);
    }
    expect(Object.keys(found)).toHaveLength(2);
  });
});
