/** shaders/lib/f64.wgsl gives the bits of JavaScript's numbers: edges by hand in all pairs, and 100 000 random pairs. */
import { expect, test } from 'vitest';
import { SHADERS } from '../../src/generated/shaders.ts';
import { runEntry } from '../../src/gpu/run-entry.ts';
import { randomNumbers } from '../../src/gpu/self-test-data.ts';
import { describeOnDevices } from '../support/devices.ts';

const COUNT = 100_000;
const EDGES = [
  0,
  1,
  2 ** -52,
  1 + 2 ** -52,
  1 - 2 ** -53,
  2 - 2 ** -52,
  2 ** -53,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 54 + 4,
  Math.SQRT2,
  Math.SQRT1_2,
  0.1,
  1 / 3,
  15,
  0.5,
  1.5,
  2 ** 32 - 1,
  2 ** 32 - 0.5,
  2 ** 64,
  2 ** -400,
  2 ** 400,
  // On the edges of f32: its largest and smallest numbers, and what is halfway between two.
  3.4028234663852886e38,
  3.4028235677973366e38,
  3.4028235677973362e38,
  2 ** -126,
  2 ** -126 - 2 ** -150,
  2 ** -149,
  2 ** -150,
  2 ** -150 + 2 ** -200,
  3 * 2 ** -150,
  2 ** -151,
  1 + 2 ** -24,
  1 + 3 * 2 ** -24,
  1 + 2 ** -24 + 2 ** -52,
  2 - 2 ** -24,
];

/** Pairs of all kinds whose results are normal numbers. */
function pairsOf(count: number): Float64Array<ArrayBuffer> {
  const random = randomNumbers(64);
  const signed = EDGES.flatMap((value) => [value, -value]);
  const pairs = signed.flatMap((a) => signed.flatMap((b) => [a, b]));
  const whole = () => Math.floor(random() * 2 ** 20);
  const mantissa = () => 1 + random() / 2 + (random() + random() * 2 ** -20) * 2 ** -31;
  const number = (range: number) =>
    mantissa() * 2 ** Math.round((2 * random() - 1) * range) * (random() < 0.25 ? -1 : 1);
  while (pairs.length < 2 * count) {
    const a = number(300);
    pairs.push(a, number(300));
    // Of like size, nearly opposite, a tie of the sum in the last place, short ones whose quotients and products are exact or ties.
    pairs.push(a, a * (1 + random() * 2 ** -Math.floor(53 * random())));
    pairs.push(a, -a * (1 + Math.floor(random() * 8) * 2 ** -52));
    pairs.push(a, a * 2 ** -53 * (random() < 0.5 ? 1 : 3), Math.fround(number(40)), Math.fround(number(40)));
    const [m, n] = [1 + whole(), 1 + whole()];
    pairs.push(m * n, n, m * 2 ** 33 + 1, n * 2 ** 21 + whole());
  }
  return Float64Array.from(pairs.slice(0, 2 * count));
}

describeOnDevices('float64 in software', (get) => {
  test('the bits of JavaScript', async () => {
    const pairs = pairsOf(COUNT);
    const words = new Uint32Array(pairs.buffer);
    const { results } = await runEntry(get(), SHADERS['f64-arithmetic'], 'arithmetic', {
      read: { pairs: words },
      write: { results: 64 * COUNT },
      workgroups: [Math.ceil(COUNT / 64)],
    });
    const got = new Uint32Array(results);
    const expected = new Uint32Array(16 * COUNT);
    const numbers = new Float64Array(expected.buffer);
    const singles = new Float32Array(expected.buffer);
    const [inWords, inNumbers] = [got, new Float64Array(results)];
    for (let i = 0; i < COUNT; i++) {
      const [a, b] = [pairs[2 * i], pairs[2 * i + 1]];
      numbers.set([a + b, a - b, a * b, a / b, Math.fround(b), words[4 * i]], 8 * i);
      // Nothing is promised where JavaScript leaves the normal numbers, and no device may see an infinite f32.
      for (let k = 8 * i + 2; k < 8 * i + 5; k++) {
        if (!Number.isFinite(numbers[k])) numbers[k] = inNumbers[k];
      }
      singles[16 * i + 12] = a;
      expected[16 * i + 13] = Math.abs(a) < 2 ** 32 ? Math.floor(Math.abs(a)) : inWords[16 * i + 13];
      expected[16 * i + 14] = Number(a < b);
      expected[16 * i + 15] = Number(a === b);
    }
    let wrong = 0;
    let first = '';
    for (let k = 0; k < expected.length; k++) {
      if (expected[k] === got[k]) continue;
      const i = k >> 4;
      first ||= `word ${k & 15} of ${pairs[2 * i]} and ${pairs[2 * i + 1]}: ${got[k].toString(16)}, not ${expected[k].toString(16)}`;
      wrong++;
    }
    expect(first).toBe('');
    expect(wrong).toBe(0);
    expect(new Set(got).size).toBeGreaterThan(COUNT);
  });

  test('what leaves the range becomes 0 or infinity', async () => {
    const pairs = Float64Array.of(
      2 ** -600,
      2 ** 600,
      2 ** 600,
      2 ** -600,
      2 ** 1023,
      -(2 ** 1023),
      2 ** 600,
      2 ** 600,
    );
    const { results } = await runEntry(get(), SHADERS['f64-arithmetic'], 'arithmetic', {
      read: { pairs: new Uint32Array(pairs.buffer) },
      write: { results: 256 },
      workgroups: [1],
    });
    const got = new Float64Array(results);
    expect([got[3], got[8 + 3], got[16 + 1], got[24 + 2]]).toEqual([0, Infinity, Infinity, Infinity]);
  });
});
