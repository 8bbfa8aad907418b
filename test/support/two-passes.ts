/** A small run of two passes, and what it gives where nothing goes wrong. */
import type { EcofluxError } from '../../src/core/errors.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { gridOf, plane } from './rasters.ts';
import { graphOf } from './run-graph.ts';

export const grid = gridOf(20, 12);
export const sources = { x: plane(grid, 'f32', 'noise', [0, 50], 1), y: plane(grid, 'f32', 'noise', [0, 50], 2) };

/** Two passes: the difference with its range; the slope of it. 15 tiles of 4. */
export const graph = graphOf(grid, sources, (builder) => {
  const { balance_static } = builder.model('b', balance, {
    inputs: { supply: 'x', demand: 'y' },
    outputs: ['balance_static'],
  });
  builder.range('range', statistics, [balance_static]);
  builder.sink(balance_static);
  builder.sink(builder.model('s', slope, { inputs: { dem: balance_static } }).slope);
});
export const tile = 4;

/** What a run that must not succeed fails with. */
export async function failure(work: Promise<unknown>): Promise<EcofluxError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: EcofluxError) => error,
  );
}
