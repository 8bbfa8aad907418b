/** Tails of the normal distribution against published values and an expansion for large z. */
import { describe, expect, test } from 'vitest';
import { twoSidedP, twoSidedP32 } from '../../src/reference/normal.ts';

describe('two-sided p', () => {
  test.each([
    [0, 1],
    [0.6744897501960817, 0.5],
    [1, 0.31731050786291415],
    [1.644853626951473, 0.1],
    [1.959963984540054, 0.05],
    [2.575829303548901, 0.01],
    [3, 0.0026997960632601866],
    [5, 5.733031437583866e-7],
    [8, 1.2441921148543568e-15],
  ])('of %f is %f', (z, p) => {
    expect(Math.abs(twoSidedP(z) / p - 1)).toBeLessThan(2e-14);
    expect(Math.abs(twoSidedP(-z) / p - 1)).toBeLessThan(2e-14);
    expect(Math.abs(twoSidedP32(z) / p - 1)).toBeLessThan(2 ** -30);
  });

  test.each([12, 20, 30, 37])('of %i keeps its relative accuracy', (z) => {
    // √(2/π) exp(−z²/2) / z · (1 − 1/z² + 3/z⁴ − 15/z⁶ + …)
    let [term, sum] = [1, 1];
    for (let n = 1; n < 12; n++) {
      term *= -(2 * n - 1) / (z * z);
      sum += term;
    }
    const expected = (Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) * sum) / z;
    expect(Math.abs(twoSidedP(z) / expected - 1)).toBeLessThan(1e-9);
    expect(Math.abs(twoSidedP32(z) / expected - 1)).toBeLessThan(2 ** -29);
  });

  test('falls with |z|, by steps of float32 as well', () => {
    const z = new Float32Array(1);
    for (const start of [1, 1.6448536, 2.5758293, 4, 9]) {
      z[0] = start;
      const words = new Int32Array(z.buffer);
      let before = twoSidedP(z[0]);
      for (let step = 0; step < 200; step++) {
        words[0]++;
        const next = twoSidedP(z[0]);
        expect(next).toBeLessThan(before);
        before = next;
      }
    }
  });
});
