/** Inputs that say nothing when all their cells are the same: a run refuses them by the range that it finds. */
import { EcofluxError, throwAll } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import type { Values } from '../core/values.ts';
import { rangeOf } from '../engine/found-params.ts';
import type { GraphBuilder } from '../engine/graph-builder.ts';
import { statistics } from '../models/statistics/spec.ts';
import type { LayerFile } from './layers.ts';

type Layers = ReadonlyMap<string, LayerFile & { readonly field: string }>;

/** Has the range of such inputs found. */
export function watchVaried(builder: GraphBuilder, model: Model, layers: Layers): void {
  for (const [name, { field }] of layers)
    if (model.inputs[name].varied) builder.reduce(rangeOf(field), statistics, 'range', field);
}

/** @throws EcofluxError or ManyErrors InvalidInput for inputs without a valid cell, or with the same value in all of them */
export function refuseUnvaried(model: Model, layers: Layers, records: ReadonlyMap<string, Values>): void {
  throwAll(
    [...layers].flatMap(([name, { field, shown }]) => {
      const { varied } = model.inputs[name];
      const range = varied ? records.get(rangeOf(field)) : undefined;
      if (!range || (range.count > 0 && range.low < range.high)) return [];
      const found = range.count === 0 ? 'no valid cell' : `${range.low} in all ${range.count} valid cells`;
      return new EcofluxError('InvalidInput', varied!, {
        file: shown,
        found,
        expected: 'at least two different values',
        fix: 'look whether this is the raster that was meant, and whether its nodata value is declared right',
      });
    }),
  );
}
