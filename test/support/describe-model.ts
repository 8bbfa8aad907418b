/** The tests that every model has: cells worked out by hand, on the reference and on every device. */
import { expect, test } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import { inputType, toleranceOf } from '../../src/core/model.ts';
import type { RegisteredModel } from '../../src/core/model-reference.ts';
import type { ClassRow } from '../../src/core/values.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { describeOnExecutors } from './executors.ts';
import { gridOf } from './rasters.ts';

export interface WorkedCase {
  readonly about: string;
  /** One row of cells, or as many as `width` makes of them. NODATA in class rasters stands for NODATA_CODE. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly width?: number;
  /** Metres. */
  readonly cell?: readonly [width: number, height: number];
  readonly tables?: Readonly<Record<string, Readonly<Record<number, ClassRow>>>>;
  readonly params?: Readonly<Record<string, number>>;
  /** By hand; undefined where a cell was not worked out. */
  readonly outputs: Readonly<Record<string, readonly (number | undefined)[]>>;
  /** Beside the model's own tolerance, where the hand-computed numbers have fewer digits. */
  readonly atol?: number;
}

export function describeModel(entry: RegisteredModel, { worked }: { readonly worked: readonly WorkedCase[] }): void {
  const { model } = entry;
  describeOnExecutors(`${model.id}: worked cells`, (get) => {
    test.each(worked)('$about', async ({ inputs, tables = {}, params, outputs, atol = 0, ...shape }) => {
      const cells = Object.values(inputs)[0].length;
      const width = shape.width ?? cells;
      const grid = gridOf(width, cells / width, ...(shape.cell ?? [30, 30]));
      const given = {
        grid,
        inputs: mapValues(inputs, (values, name) => toPlane(inputType(model, name), values)),
        tables: mapValues(tables, (rows) => new Map(Object.entries(rows).map(([code, row]) => [Number(code), row]))),
        params,
        outputs: Object.keys(outputs),
      };
      const { planes } = await runModel(model, given, { executor: get() });
      for (const [output, expected] of Object.entries(outputs)) {
        const tolerance = toleranceOf(model, output);
        for (const [i, value] of expected.entries()) {
          if (value === undefined) continue;
          const found = planes[output][i];
          const where = `${output}, cell ${i}: ${found} against ${value}`;
          if (value === NODATA) expect(found, where).toBe(model.outputs[output].classes ? NODATA_CODE : NODATA);
          else
            expect(Math.abs(found - value), where).toBeLessThanOrEqual(
              Math.max(tolerance.atol, atol) + tolerance.rtol * Math.abs(value),
            );
        }
        expect(planes[output].length).toBe(expected.length);
      }
    });
  });
}

function toPlane(type: 'f32' | 'u32', values: readonly number[]): Plane {
  if (type === 'f32') return Float32Array.from(values);
  return Uint32Array.from(values, (value) => (value === NODATA ? NODATA_CODE : value));
}
