/** Operators that hold the whole raster are refused by the plan where memory does not suffice, with what to do about it. */
import { expect, test } from 'vitest';
import type { Values } from '../../src/core/values.ts';
import type { Graph } from '../../src/engine/graph.ts';
import { checkWholeRasters } from '../../src/engine/solver-memory.ts';
import { gridOf } from '../support/rasters.ts';

const [FREE, INVEST] = [0, 1];
const [D8, MFD] = [0, 1];

/** On 10,000 × 10,000 cells. */
function graphWith(solver: string, params: Values): Graph {
  const node = { kind: 'solve', name: `ndr/${solver}`, model: 'ndr', solver, reads: {}, writes: {}, params } as const;
  return { grid: gridOf(10_000, 10_000), nodes: [node] } as unknown as Graph;
}

const GB = 1e9;

// Twice the bytes for each cell: half of the budget is for fields.
test.each([
  ['flow_direction', { algorithm: D8, order: INVEST }, 1.8],
  ['streams', { algorithm: MFD, order: INVEST }, 3.2],
  ['effective_retention', { order: INVEST }, 5.8],
] as const)('%s needs %o: %s GB', (solver, params, need) => {
  const graph = graphWith(solver, params);
  expect(() => checkWholeRasters(graph, need * GB)).not.toThrow();
  expect(() => checkWholeRasters(graph, need * GB - 2)).toThrow(
    `InVEST's order of ndr/${solver} needs the whole raster`,
  );
  expect(() => checkWholeRasters(graphWith(solver, { ...params, order: FREE }), 0)).not.toThrow();
});

test('D8 streams are cells above the threshold in either order', () => {
  expect(() => checkWholeRasters(graphWith('streams', { algorithm: D8, order: INVEST }), 0)).not.toThrow();
});

test('the error says what would do', () => {
  const check = () => checkWholeRasters(graphWith('effective_retention', { order: INVEST }), 4 * GB);
  expect(check).toThrow(expect.objectContaining({ code: 'OutOfCapacity' }));
  expect(check).toThrow('found 2000 MB for it, expected 2900 MB for 10000 × 10000 cells');
  expect(check).toThrow('Give --memory 6GB, or take the free order (--order free), which works tile by tile');
});
