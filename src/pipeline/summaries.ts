/** Numbers about whole rasters that global operators find: a table of one row for each summary of a model. */
import type { Model } from '../core/model.ts';
import type { Values } from '../core/values.ts';
import type { RunTimings } from '../engine/run.ts';
import { csvText } from '../io/tables/write-csv.ts';

export type Summaries = Readonly<Record<string, Values>>;

/** The numbers that a run has found, by summary; those that do not apply are left out. `prefix`: of the model's stages in the graph. */
export function summariesOf(
  { summaries = {} }: Pick<Model, 'summaries'>,
  prefix: string,
  { solves }: RunTimings,
): Summaries {
  return Object.fromEntries(
    Object.entries(summaries).flatMap(([name, { stage, numbers }]) => {
      const facts = solves.get(`${prefix}/${stage}`)?.facts;
      if (!facts) return [];
      return [
        [
          name,
          Object.fromEntries(Object.keys(numbers).flatMap((each) => (each in facts ? [[each, facts[each]]] : []))),
        ],
      ];
    }),
  );
}

export function summaryCsv(numbers: Values): string {
  return csvText([Object.keys(numbers), Object.values(numbers)]);
}

/** "global Moran's I: n 164, i 0.876353, …" */
export function summaryLine({ summaries = {} }: Pick<Model, 'summaries'>, name: string, numbers: Values): string {
  const shown = Object.entries(numbers).map(([each, value]) => `${each} ${Number(value.toPrecision(6))}`);
  return `${summaries[name].about}: ${shown.join(', ')}`;
}
