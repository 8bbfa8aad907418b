/** Carbon and annual water yield against the rasters that InVEST 3.20 wrote, on every executor. Printed: the largest errors. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { inputType, type Model, toleranceOf } from '../../src/core/model.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { comparePlanes } from '../support/compare.ts';
import { describeOnExecutors } from '../support/executors.ts';
import { describeWithInvest, investRun, loadPlane, loadRows } from '../support/invest.ts';

const MODELS: readonly Model[] = [carbon, annual_water_yield];

async function investInputs(folder: string, model: Model) {
  const { args } = investRun(folder, model.id);
  const path = (argument: string | undefined) => join(folder, String(args[argument!]));
  const loaded = Object.entries(model.inputs).map(
    async ([name, { invest }]) => [name, await loadPlane(path(invest), inputType(model, name))] as const,
  );
  const rasters = Object.fromEntries(await Promise.all(loaded));
  const params = Object.fromEntries(Object.keys(model.params).map((name) => [name, args[name] as number]));
  const tables = mapValues(model.tables ?? {}, ({ invest }) => loadRows(path(invest)));
  const [{ grid }] = Object.values(rasters);
  return { grid, inputs: mapValues(rasters, ({ plane }) => plane), tables, params };
}

describeWithInvest('InVEST reference', (folders) => {
  for (const folder of folders) {
    for (const model of MODELS) {
      describeOnExecutors(`${model.id}, ${basename(folder)}`, (get, where) => {
        test('every output raster is within its tolerance', async () => {
          const inputs = await investInputs(folder, model);
          const outputs = Object.keys(model.outputs);
          const { planes } = await runModel(model, { ...inputs, outputs }, { executor: get() });
          const largest: [output: string, absolute: number, relative: number][] = [];
          for (const output of outputs) {
            const file = join(folder, 'outputs', model.id, `${output}.tif`);
            expect(existsSync(file), `${output} has a reference`).toBe(true);
            const type = model.outputs[output].classes ? 'u32' : 'f32';
            const { plane } = await loadPlane(file, type);
            const result = comparePlanes(planes[output], plane, inputs.grid.width, toleranceOf(model, output));
            expect(result, `${output}: ${result.worst}`).toMatchObject({
              nodataDisagreements: 0,
              off: 0,
              passed: true,
            });
            expect(result.cells).toBeGreaterThan(1000);
            largest.push([output, result.maxAbsolute, result.maxRelative]);
          }
          const [output, absolute, relative] = largest.sort(([, , a], [, , b]) => b - a)[0];
          const errors = `largest error ${output}, abs ${absolute.toPrecision(2)}, rel ${relative.toPrecision(2)}`;
          console.log(`${model.id} ${basename(folder)} on ${where}: ${errors}`);
        });

        test('tiles of 64, 100 and 4096 cells give identical bytes', async () => {
          const inputs = await investInputs(folder, model);
          const run = async (tile: number) => (await runModel(model, inputs, { executor: get(), tile })).planes;
          const [whole, ...cut] = [await run(4096), await run(64), await run(100)];
          for (const planes of cut)
            for (const [output, plane] of Object.entries(planes))
              expect(Buffer.from(plane.buffer).equals(Buffer.from(whole[output].buffer)), output).toBe(true);
        });
      });
    }
  }
});
