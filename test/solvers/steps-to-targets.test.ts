/** Steps to the nearest target as targets drop out, against those found from scratch. */
import { describe, expect, test } from 'vitest';
import { StepsToTargets } from '../../src/solvers/flow_omnidirectional/steps-to-targets.ts';
import { FAR } from '../../src/solvers/flow_omnidirectional/tile-cells.ts';
import { offsetsOf } from '../../src/solvers/routing/directions.ts';
import { randomNumbers } from '../support/rasters.ts';

const [STRIDE, ROWS] = [41, 33];
const OFFSETS = Int32Array.from(offsetsOf(STRIDE));

/** With a ring that nothing passes. */
function passable(share: number, next: () => number): Uint8Array {
  return Uint8Array.from({ length: STRIDE * ROWS }, (_, i) => {
    const [x, y] = [i % STRIDE, Math.floor(i / STRIDE)];
    return x > 0 && y > 0 && x < STRIDE - 1 && y < ROWS - 1 && next() < share ? 1 : 0;
  });
}

/** Every cell looks at its neighbours until nothing changes. */
function fromScratch(passes: Uint8Array, targets: ReadonlySet<number>, limit: number): number[] {
  const steps = Array.from(passes, (each, i) => (each === 0 ? -1 : targets.has(i) ? 0 : FAR));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, own] of steps.entries())
      for (const offset of OFFSETS) {
        if (own <= 0 || steps[i + offset] < 0 || steps[i + offset] + 1 >= steps[i] || steps[i + offset] >= limit)
          continue;
        steps[i] = steps[i + offset] + 1;
        changed = true;
      }
  }
  return steps;
}

describe.each([
  { seed: 1, share: 0.9, limit: 2 ** 30, targets: 60 },
  { seed: 2, share: 0.55, limit: 2 ** 30, targets: 30 },
  { seed: 3, share: 0.95, limit: 4, targets: 25 },
  { seed: 4, share: 1, limit: 1, targets: 200 },
])('seed $seed, limit $limit', ({ seed, share, limit, targets: count }) => {
  test('after each of several losses, and after the last', () => {
    const next = randomNumbers(seed);
    const passes = passable(share, next);
    const open = [...passes.keys()].filter((i) => passes[i] === 1);
    const targets = new Set(Array.from({ length: count }, () => open[Math.floor(next() * open.length)]));
    const found = new StepsToTargets(passes.length, OFFSETS, limit, (cell) => passes[cell] === 1);
    found.begin(Int32Array.from(targets));
    expect([...found.steps]).toEqual(fromScratch(passes, targets, limit));
    while (targets.size > 0) {
      const lost = [...targets].filter(() => next() < 0.4 || targets.size < 4);
      for (const cell of lost) targets.delete(cell);
      found.drop(Int32Array.from([...lost, 0, 0]), lost.length);
      expect([...found.steps]).toEqual(fromScratch(passes, targets, limit));
    }
    expect(Math.max(...found.steps)).toBe(FAR);
  });
});
