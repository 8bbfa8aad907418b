// Sums from planes on their way to a file, and sums by bins, against sums in whole numbers.
import { describe, expect, it } from 'vitest';
import { BinnedSums } from '../../src/core/binned-sums.ts';
import { NODATA } from '../../src/core/cells.ts';
import { ExactSum } from '../../src/core/exact-sum.ts';
import type { Grid } from '../../src/core/grid.ts';
import { ZoneTally } from '../../src/io/zonal/zone-tally.ts';

const GRID = { width: 4, height: 3 } as Grid;
/** Both overlap in (1, 1); the second lies in the right half. */
const ZONES = [
  { bounds: { x: 0, y: 0, width: 2, height: 2 }, starts: Uint32Array.of(0, 1, 2), columns: Int32Array.of(0, 2, 0, 2) },
  { bounds: { x: 1, y: 1, width: 3, height: 2 }, starts: Uint32Array.of(0, 1, 2), columns: Int32Array.of(1, 4, 2, 4) },
];
const CELLS = Float32Array.of(2 ** 60, 1, 0, 0, -(2 ** 60), 2 ** -40, NODATA, 5, 0, 0, 7, NaN);

describe('ZoneTally', () => {
  it('sums what lies in each zone, tile by tile, without rounding', () => {
    const tally = new ZoneTally(GRID, ZONES);
    tally.add({ x: 2, y: 0, width: 2, height: 3 }, tileOf(2));
    expect(tally.complete).toBe(false);
    tally.add({ x: 0, y: 0, width: 2, height: 3 }, tileOf(0));
    expect(tally.complete).toBe(true);
    expect(tally.zones).toEqual([
      { sum: 1 + 2 ** -40, count: 4 },
      { sum: 12 + 2 ** -40, count: 3 },
    ]);
  });

  it('counts tiles that are nodata as come', () => {
    const tally = new ZoneTally(GRID, ZONES);
    tally.skip({ x: 0, y: 0, width: 4, height: 3 });
    expect(tally.complete).toBe(true);
    expect(tally.zones[0]).toEqual({ sum: 0, count: 0 });
  });
});

describe('BinnedSums', () => {
  it('holds sums and squares of all exponents exactly', () => {
    const values = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i) * 10 ** ((i % 70) - 35));
    values[3] = NaN;
    const sums = new BinnedSums();
    sums.add(values, new Int32Array(values.buffer), 0, values.length);
    const [sum, squares] = [new ExactSum(), new ExactSum()];
    for (const x of values.filter((value) => !Number.isNaN(value))) {
      sum.add(x);
      squares.add(x * x); // 48 bits
    }
    expect(total(sums.sumParts())).toBe(sum.value);
    expect(total(sums.squareParts())).toBe(squares.value);
    expect([sums.count, sums.min, sums.max]).toEqual([
      1999,
      Math.min(...numbers(values)),
      Math.max(...numbers(values)),
    ]);
  });
});

/** Two columns of the grid. */
function tileOf(column: number): Float32Array {
  return Float32Array.from([0, 1, 2].flatMap((row) => [CELLS[4 * row + column], CELLS[4 * row + column + 1]]));
}

function numbers(values: Float32Array): number[] {
  return Array.from(values).filter((value) => !Number.isNaN(value));
}

function total(parts: readonly number[]): number {
  const sum = new ExactSum();
  for (const part of parts) sum.add(part);
  return sum.value;
}
