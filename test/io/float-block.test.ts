/** The walk over a block of floats gives what its parts give one after the other, by their definitions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { BlockEncoding } from '../../src/io/block-encoder.ts';
import { walkFloats } from '../../src/io/float-block.ts';
import { applyFloatPlanes } from '../../src/io/predictors.ts';
import { seeded } from './rasters.ts';

const SIZE = 32;

const encodingOf = (nodata: number, predictor: 1 | 3): BlockEncoding => {
  return {
    file: 'x.tif',
    sampleType: 'f32',
    nodata,
    kind: 'quantity',
    compression: 'none',
    predictor,
    blockSize: SIZE,
  };
};

/** Rows all valid, all nodata or mixed, with whatever a model might let through. */
function blockOf(seed: number): Float32Array {
  const random = seeded(seed);
  const odd = [NODATA, Number.NaN, Infinity, -Infinity, -9999, 0, -0, 3.4028234663852886e38];
  const cells = new Float32Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row++) {
    const share = [0, 0.1, 1][Math.floor(random() * 3)];
    for (let i = 0; i < SIZE; i++) {
      const any = random() < share;
      cells[row * SIZE + i] = any ? odd[Math.floor(random() * (share === 1 ? 2 : odd.length))] : 1000 * random() - 500;
    }
  }
  return cells;
}

/** As the file has it: the smallest step away from nodata where a valid value equals it. */
function settled(cell: number, nodata: number): number {
  if (cell === NODATA || !Number.isFinite(cell)) return nodata;
  if (cell !== nodata) return cell;
  if (cell === 0) return 2 ** -149;
  const bits = new Int32Array(Float32Array.of(cell).buffer);
  bits[0]--;
  return new Float32Array(bits.buffer)[0];
}

describe('a walk over a block of floats', () => {
  const cases = fc.record({
    seed: fc.nat(1e9),
    nodata: fc.constantFrom(NODATA, -9999, 0, Number.NaN),
    predictor: fc.constantFrom<1 | 3>(1, 3),
  });
  it('samples, statistics and sums by definition', () => {
    fc.assert(
      fc.property(cases, ({ seed, nodata, predictor }) => {
        const cells = blockOf(seed);
        const expected = Float32Array.from(cells, (cell) => settled(cell, nodata));
        const isValid = (i: number) => cells[i] !== NODATA && Number.isFinite(cells[i]);
        const valid = Array.from(expected.keys()).filter(isValid);
        const { statistics, sums } = walkFloats(cells.slice(), encodingOf(nodata, 1), { statistics: true, sums: true });
        expect(statistics?.valid ?? 0).toBe(valid.length);
        if (valid.length === 0) return expect(sums).toBeUndefined();
        const values = valid.map((i) => expected[i]);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const [least, most] = values.reduce(([a, b], v) => [v < a ? v : a, v > b ? v : b], [Infinity, -Infinity]);
        expect([statistics!.min, statistics!.max]).toEqual([least, most]);
        expect(Math.abs(statistics!.mean - mean)).toBeLessThanOrEqual(1e-9 * Math.max(...values.map(Math.abs), 1));
        for (let y = 0; y < SIZE / 2; y++)
          for (let x = 0; x < SIZE / 2; x++) {
            const under = [0, 1, SIZE, SIZE + 1].map((step) => 2 * y * SIZE + 2 * x + step).filter(isValid);
            const at = (y * SIZE) / 2 + x;
            expect(sums!.counts[at]).toBe(under.length);
            expect(sums!.sums[at]).toBe(under.reduce((sum, i) => sum + expected[i], 0));
          }
        const walked = cells.slice();
        walkFloats(walked, encodingOf(nodata, predictor));
        const bytes = new Uint8Array(expected.buffer);
        const shape = { rows: SIZE, across: SIZE, stride: 1 };
        expect(new Uint8Array(walked.buffer)).toEqual(predictor === 3 ? applyFloatPlanes(bytes, 4, shape) : bytes);
      }),
      { seed: 7, numRuns: 80 },
    );
  });
});
