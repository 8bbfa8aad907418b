/** twoSum, twoProd and tree sums of the reference against exact rational arithmetic. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counterPairs, exactPairs, randomNumbers } from '../../src/gpu/self-test-data.ts';
import { treeSum, treeSumF32, treeSumI32, treeSumU32 } from '../../src/reference/tree-sum.ts';
import { quickTwoSum, twoFloatAdd, twoProd, twoSum } from '../../src/reference/two-float.ts';

/** An f32 as an integer multiple of 2^-300. */
function exact(x: number): bigint {
  let scaled = x;
  let exponent = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent++;
  }
  return BigInt(scaled) << BigInt(300 - exponent);
}

const pairs = exactPairs(6_000, randomNumbers(3));
const eachPair = (check: (a: number, b: number) => void) => {
  for (let i = 0; i < pairs.length; i += 2) check(pairs[i], pairs[i + 1]);
};

describe('error-free transforms', () => {
  test('a + b is value plus error, exactly, and the error is not always 0', () => {
    let errors = 0;
    eachPair((a, b) => {
      const [value, error] = twoSum(a, b);
      expect(exact(value) + exact(error)).toBe(exact(a) + exact(b));
      expect(value).toBe(Math.fround(a + b));
      if (error !== 0) errors++;
    });
    expect(errors).toBeGreaterThan(1500);
  });

  test('quickTwoSum is twoSum where the first is the larger', () => {
    eachPair((a, b) => {
      const [large, small] = Math.abs(a) >= Math.abs(b) ? [a, b] : [b, a];
      expect(quickTwoSum(large, small).map((x) => x + 0)).toEqual(twoSum(large, small).map((x) => x + 0));
    });
  });

  test('a · b is value plus error, exactly', () => {
    let errors = 0;
    eachPair((a, b) => {
      const [value, error] = twoProd(a, b);
      expect(exact(value) + exact(error)).toBe((exact(a) * exact(b)) >> 300n);
      expect(Math.fround(error)).toBe(error);
      if (error !== 0) errors++;
    });
    expect(errors).toBeGreaterThan(1500);
  });

  test('two-floats add with a relative error below 2^-44 where nothing cancels', () => {
    eachPair((a, b) => {
      const [p, q] = [twoSum(Math.abs(a), Math.abs(b)), twoProd(Math.abs(a), Math.abs(b))];
      const [value, error] = twoFloatAdd(p, q);
      const sum = p[0] + q[0] + (p[1] + q[1]);
      expect(Math.abs(value + error - sum)).toBeLessThanOrEqual(sum * 2 ** -44);
    });
  });
});

describe('tree sums', () => {
  test('the shape is the documented one', () => {
    const names = Array.from({ length: 5 }, (_, i) => String(i));
    const join = (a: string, b: string) => (b === '' ? a : a === '' ? b : `(${a}+${b})`);
    expect(treeSum(names, '', join)).toBe('(((0+4)+2)+(1+3))');
    expect(() => treeSum(new Array(257).fill(0), 0, (a, b) => a + b)).toThrow(/257 values/);
  });

  test('f32 sums survive cancellation that plain f32 does not', () => {
    expect(treeSumF32([1e8, 1, -1e8])).toEqual([1, 0]);
    expect(Math.fround(Math.fround(1e8 + 1) - 1e8)).toBe(0);
  });

  test('integers wrap as words do', () => {
    const words = counterPairs(64, randomNumbers(5));
    const sum = words.reduce((total, word) => total + BigInt(word), 0n);
    expect(treeSumU32(words)).toBe(Number(BigInt.asUintN(32, sum)));
    expect(treeSumI32(words)).toBe(Number(BigInt.asIntN(32, sum)));
  });

  test('a sum of integers in f32 range is exact in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), { maxLength: 256 }), (values) => {
        const [value, error] = treeSumF32(values);
        expect(value + error).toBe(values.reduce((a, b) => a + b, 0));
      }),
    );
  });
});
