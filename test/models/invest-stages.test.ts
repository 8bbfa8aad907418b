/** Each local stage of SDR and NDR on the rasters that InVEST 3.20 made before it, against the one it made of them. Printed: the largest errors. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { usedColumns } from '../../src/core/given-params.ts';
import { inputType, type Model, toleranceOf } from '../../src/core/model.ts';
import { stageKind, stageName } from '../../src/core/stage.ts';
import type { ClassRows } from '../../src/core/values.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import { bindingsOf } from '../../src/engine/model-stages.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { classRows, parseCsv } from '../../src/io/class-table.ts';
import { ndr } from '../../src/models/ndr/spec.ts';
import { sdr } from '../../src/models/sdr/spec.ts';
import { comparePlanes } from '../support/compare.ts';
import { describeOnExecutors } from '../support/executors.ts';
import { describeWithInvest, investRun, loadPlane } from '../support/invest.ts';
import { oneStage } from '../support/one-stage.ts';

const RUNS: readonly (readonly [run: string, model: Model])[] = [
  ['sdr_d8', sdr],
  ['sdr_mfd', sdr],
  ['sdr_mfd_drainage', sdr],
  ['ndr_d8', ndr],
  ['ndr_mfd', ndr],
];

/** Stages between rasters that InVEST leaves: what is read, and at least one of what is made, are files of the run. */
const ours = (name: string) => /services|retain|direction|distance|_dem/.test(name);

describeWithInvest('stages between rasters of InVEST', (folders) => {
  for (const folder of folders)
    for (const [run, model] of RUNS) {
      const made = join(folder, 'outputs', run);
      if (!existsSync(made)) continue;
      describeOnExecutors(`${run}, ${basename(folder)}`, (get, where) => {
        test('each stage is within the tolerance of what it makes', async () => {
          const { args } = investRun(folder, run);
          const fileOf = (name: string) => {
            const masked = join(made, `masked_${name}.tif`);
            const given = model.inputs[name]?.invest;
            if (existsSync(join(made, `${name}.tif`))) return join(made, `${name}.tif`);
            if (existsSync(masked)) return masked;
            return given && args[given] ? join(folder, String(args[given])) : undefined;
          };
          const rows = rowsOf(join(folder, String(args.biophysical_table_path)), model);
          const told: string[] = [];
          const done = new Set<string>();
          for (const stage of model.stages) {
            if (stageKind(stage) !== 'local' && stageKind(stage) !== 'focal') continue;
            const one = oneStage(model, stageName(stage));
            const { reads, writes } = bindingsOf(model, stage);
            const outputs = Object.values(writes).filter((name) => existsSync(join(made, `${name}.tif`)));
            if (ours(stageName(stage)) || outputs.length === 0 || done.has(outputs[0])) continue;
            if (Object.values(reads).some((name) => !fileOf(name))) continue;
            for (const output of outputs) done.add(output); // a later stage is for a run without what this one reads
            const loaded = Object.keys(one.inputs).map(
              async (name) => [name, await loadPlane(fileOf(name)!, inputType(one, name))] as const,
            );
            const planes = Object.fromEntries(await Promise.all(loaded));
            const [{ grid }] = Object.values(planes);
            const params = paramsOf(model, args, planes);
            const inputs = mapValues(planes, ({ plane }) => plane);
            const tables = mapValues(one.tables ?? {}, () => rows);
            const result = await runModel(one, { grid, inputs, params, tables, outputs }, { executor: get() });
            for (const output of outputs) {
              const type = one.outputs[output].classes ? 'u32' : 'f32';
              const { plane } = await loadPlane(join(made, `${output}.tif`), type);
              const found = comparePlanes(result.planes[output], plane, grid.width, toleranceOf(model, output));
              expect.soft(found, `${output}: ${found.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0 });
              told.push(`${output} ${found.maxAbsolute.toPrecision(2)} ${found.maxRelative.toPrecision(2)}`);
            }
          }
          console.log(`${run} ${basename(folder)} on ${where}: ${told.join(', ')}`);
          expect(told.length).toBeGreaterThan(model === sdr ? 10 : 15);
        });
      });
    }
});

function rowsOf(file: string, model: Model): ClassRows {
  return classRows(parseCsv(file, readFileSync(file)), usedColumns(model, model.tables!.biophysical, {}));
}

function paramsOf(
  model: Model,
  args: Readonly<Record<string, unknown>>,
  planes: Readonly<Record<string, { readonly plane: ArrayLike<number> }>>,
): Record<string, number> {
  const given = Object.entries(model.params).flatMap(([name, { choices }]): [string, number][] => {
    const value = args[name];
    if (value === undefined || value === '') return [];
    return [[name, choices ? choices.indexOf(String(value)) : Number(value)]];
  });
  const found = Object.entries(model.params).flatMap(([name, { found: what }]): [string, number][] => {
    if (!what || (args[name] !== undefined && args[name] !== '')) return [];
    const valid = Array.from(planes[what.of]?.plane ?? [0]).filter((value) => value > -3e38);
    const [low, high] = [valid.reduce((a, b) => Math.min(a, b)), valid.reduce((a, b) => Math.max(a, b))];
    return [[name, what.as === 'mean' ? valid.reduce((a, b) => a + b) / valid.length : (low + high) / 2]];
  });
  return Object.fromEntries([...found, ...given]);
}
