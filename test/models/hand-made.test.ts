/** Carbon and annual water yield against an independent calculation that is checked in (test/fixtures/hand-made), on every executor. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allocatePlane, nodataOf, type Plane } from '../../src/core/cells.ts';
import { inputType, type Model, toleranceOf } from '../../src/core/model.ts';
import type { ClassRows } from '../../src/core/values.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { comparePlanes } from '../support/compare.ts';
import { describeOnExecutors } from '../support/executors.ts';
import { gridOf } from '../support/rasters.ts';

/** Rows from the north; - is nodata. */
type Cells = readonly string[];

interface Case {
  readonly inputs: Readonly<Record<string, Cells>>;
  readonly tables: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
  readonly params: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, Cells>>;
}

const file = new URL('../fixtures/hand-made/cases.json', import.meta.url);
const { width, height, ...cases } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Case> & {
  readonly width: number;
  readonly height: number;
};

function numbersOf(cells: Cells, nodata: number): number[] {
  return cells.flatMap((row) => row.split(' ').map((word) => (word === '-' ? nodata : Number(word))));
}

function planeOf(cells: Cells, type: 'f32' | 'u32'): Plane {
  const plane = allocatePlane(type, width * height);
  plane.set(numbersOf(cells, nodataOf(type)));
  return plane;
}

function runCase(model: Model, { inputs, tables, params, outputs }: Case) {
  const rows = (table: Case['tables'][string]): ClassRows =>
    new Map(Object.entries(table).map(([code, row]) => [Number(code), row]));
  return {
    grid: gridOf(width, height),
    inputs: mapValues(inputs, (cells, name) => planeOf(cells, inputType(model, name))),
    tables: mapValues(tables, rows),
    params,
    outputs: Object.keys(outputs),
  };
}

for (const model of [carbon, annual_water_yield] as readonly Model[]) {
  describeOnExecutors(`${model.id}, hand-made`, (get) => {
    const expected = cases[model.id];

    test('every output is within its tolerance', async () => {
      expect(Object.keys(expected.outputs).sort()).toEqual(Object.keys(model.outputs).sort());
      const { planes } = await runModel(model, runCase(model, expected), { executor: get() });
      for (const [output, cells] of Object.entries(expected.outputs)) {
        const reference = numbersOf(cells, nodataOf(model.outputs[output].classes ? 'u32' : 'f32'));
        const result = comparePlanes(planes[output], reference, width, toleranceOf(model, output));
        expect(result, `${output}: ${result.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
        expect(result.cells, output).toBeGreaterThan(35);
        expect(result.cells, `${output} has nodata`).toBeLessThan(width * height);
      }
    });
  });
}
