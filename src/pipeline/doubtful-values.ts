/** Values of inputs that are no error and seldom meant (an evapotranspiration of 0): a run that has met some says so, with what comes of them. */
import type { Grid } from '../core/grid.ts';
import type { InputSpec, Model } from '../core/model.ts';
import type { Values } from '../core/values.ts';
import { rangeOf, sumOf } from '../engine/found-params.ts';
import type { GraphBuilder } from '../engine/graph-builder.ts';
import type { FieldReader } from '../engine/run.ts';
import { statistics } from '../models/statistics/spec.ts';
import type { LayerFile } from './layers.ts';
import { cellsInWords, findCells, placeOfCell } from './odd-cells.ts';

export interface Watched {
  readonly field: string;
  readonly file: Pick<LayerFile, 'layer' | 'shown'>;
  readonly spec: Pick<InputSpec, 'doubtful'>;
}

/** The inputs of a model that have such values, with their files. */
export function watchedOf(
  model: Model,
  layers: ReadonlyMap<string, LayerFile & { readonly field: string }>,
): Watched[] {
  return [...layers].flatMap(([name, file]) => {
    const spec = model.inputs[name];
    return spec.doubtful ? [{ field: file.field, file, spec }] : [];
  });
}

/** Has the range of those found that something is computed from. */
export function watch(builder: GraphBuilder, watched: readonly Watched[]): void {
  if (watched.length === 0) return;
  const read = builder.build().nodes.flatMap((node) => (node.kind === 'merge' ? [] : Object.values(node.reads)));
  for (const { field } of watched) if (read.includes(field)) builder.reduce(rangeOf(field), statistics, 'range', field);
}

/** After the run: a line for each consequence. Cells are read again only where the range tells of some. */
export async function sayDoubtful(
  watched: readonly Watched[],
  grid: Grid,
  { records, readers }: Found,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const { field, file, spec } of watched) {
    const { upTo, words, mean: ofMean } = spec.doubtful!;
    const range = records.get(rangeOf(field));
    if (!range || range.count === 0 || range.low > upTo) continue;
    const found = await findCells(readers.get(field)!, grid, (value) => value <= upTo, signal);
    if (!found) continue;
    const { count, first } = found;
    const about = `warning: ${file.layer}: ${file.shown}`;
    log(
      `${about}: ${cellsInWords(count)} of ${upTo} or less, the first (${shown(first.value)}) in ${placeOfCell(first, grid)}: ${words}`,
    );
    const mean = records.get(sumOf(field))?.mean;
    if (ofMean && mean !== undefined && mean <= upTo) log(`${about}: the mean is ${shown(mean)}: ${ofMean}`);
  }
}

interface Found {
  readonly records: ReadonlyMap<string, Values>;
  readonly readers: ReadonlyMap<string, FieldReader>;
}

const shown = (value: number) => Number(value.toPrecision(7));
