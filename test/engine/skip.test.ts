/** Tiles outside of the study area are not visited, and nothing of the result shows it. */
import { expect, test } from 'vitest';
import { nodataOf } from '../../src/core/cells.ts';
import type { Window } from '../../src/core/grid.ts';
import { tilesOf } from '../../src/core/tiles.ts';
import type { VisitRequest } from '../../src/engine/executor.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { describeOnExecutors } from '../support/executors.ts';
import { gridOf, plane } from '../support/rasters.ts';
import { CountedScratch, graphOf, NO_ROOM, runGraph } from '../support/run-graph.ts';

const grid = gridOf(100, 70);
/** The study area: a band and a spot; everything else is nodata. */
const inside = (x: number, y: number) => (x >= 40 && x < 56) || (x > 92 && y > 66);
const sources = { x: plane(grid, 'f32', 'noise', [0, 50], 1), y: plane(grid, 'f32', 'holes', [0, 50], 2) };
for (const cells of Object.values(sources))
  for (let i = 0; i < cells.length; i++)
    if (!inside(i % grid.width, Math.floor(i / grid.width))) cells[i] = nodataOf('f32');

function empty({ x, y, width, height }: Window): boolean {
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++) if (inside(column, row)) return false;
  return true;
}

/** Difference, its slope and the slope of that, ratio from a record: four passes, windows over computed fields. */
const graph = graphOf(grid, sources, (builder) => {
  const { balance_static } = builder.model('b', balance, {
    inputs: { supply: 'x', demand: 'y' },
    outputs: ['balance_static'],
  });
  const range = builder.range('range', statistics, [balance_static]);
  builder.reduce('sum', statistics, 'sum', balance_static, {
    inverse_quantum: { record: range, field: 'inverse_quantum' },
  });
  const steepness = builder.model('s', slope, { inputs: { dem: balance_static } }).slope;
  const bend = builder.model('t', slope, { inputs: { dem: steepness } }).slope;
  for (const field of [balance_static, bend, 'x']) builder.sink(field);
});

describeOnExecutors('a run over a study area', (get) => {
  test.each([16, 30])('tiles of %s: the same planes and records, with fewer visits', async (tile) => {
    const all = await runGraph(get(), graph, sources, { tile });
    const scratch = new CountedScratch();
    const labels: string[] = [];
    const reads: Window[] = [];
    const executor = {
      ...get(),
      visit: (request: VisitRequest) => {
        labels.push(request.label);
        return get().visit(request);
      },
    };
    const written: Window[] = [];
    const skipped: Window[] = [];
    const some = await runGraph(executor, graph, sources, {
      tile,
      budget: NO_ROOM,
      openScratch: scratch.open,
      wrapReader: (reader) => ({
        read: (window) => {
          reads.push(window);
          return reader.read(window);
        },
        empty,
      }),
      wrapWriter: (writer) => ({
        write: (window, cells) => {
          written.push(window);
          return writer.write(window, cells);
        },
        skip: async (window) => {
          skipped.push(window);
          await writer.write(window, new Float32Array(window.width * window.height).fill(nodataOf('f32')));
        },
      }),
    });
    expect(some.planes).toEqual(all.planes);
    expect(some.records).toEqual(all.records);
    const tiles = all.plan.tiling.count;
    const met = [...tilesOf(all.plan.tiling)].filter((window) => !empty(window)).length;
    expect(met).toBeLessThan(0.6 * tiles);
    expect(labels.filter((label) => label.startsWith('pass 0'))).toHaveLength(met);
    expect(reads.every((window) => !empty(window))).toBe(true);
    expect(skipped.length).toBeGreaterThanOrEqual(2 * (tiles - met));
    expect(written.length + skipped.length).toBe(3 * tiles);
  });

  test('a writer that cannot skip is given nodata', async () => {
    const all = await runGraph(get(), graph, sources, { tile: 16 });
    const some = await runGraph(get(), graph, sources, {
      tile: 16,
      wrapReader: (reader) => ({ ...reader, empty }),
    });
    expect(some.planes).toEqual(all.planes);
  });
});
