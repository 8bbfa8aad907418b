/** Round numbers of legends, axes and scale bars. */
import { describe, expect, it } from 'vitest';
import { axisTicks, linearTicks, logTicks, roundLength } from '../../src/report/ticks.ts';

describe('ticks', () => {
  it('are round and inside', () => {
    expect(linearTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(3.1, 11.9)).toEqual([4, 6, 8, 10]);
    expect(linearTicks(-0.3, 0.31)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(0.1, 0.7)).toEqual([0.2, 0.4, 0.6]);
    expect(linearTicks(5, 5)).toEqual([5]);
  });

  it('of axes reach around the values and zero', () => {
    expect(axisTicks(897, 1570)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(axisTicks(-3, 7)).toEqual([-5, -2.5, 0, 2.5, 5, 7.5]);
    expect(axisTicks(0, 0)).toEqual([0, 1]);
    expect(axisTicks(-9, -2)[0]).toBeLessThanOrEqual(-9);
    expect(axisTicks(-9, -2).at(-1)).toBe(0);
  });

  it('of logarithmic scales are powers of ten, closer where few', () => {
    expect(logTicks(0.5, 30000)).toEqual([1, 10, 100, 1000, 10000]);
    expect(logTicks(70, 60000)).toEqual([100, 300, 1000, 3000, 10000, 30000]);
    expect(logTicks(1, 50)).toEqual([1, 2, 5, 10, 20, 50]);
    expect(logTicks(1e-8, 1e8, 5).length).toBeLessThanOrEqual(6);
    expect(logTicks(6.1, 7.9)).toEqual(linearTicks(6.1, 7.9, 6));
  });

  it.each([
    [15360, 10000],
    [51200, 50000],
    [4999, 2000],
    [1.9, 1],
    [0.31, 0.2],
    [5, 5],
    [1000, 1000],
    [999.9, 500],
    [0, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
  ])('the scale bar for %d is %d', (length, round) => {
    expect(roundLength(length)).toBe(round);
  });
});
