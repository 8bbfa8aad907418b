/** Tree sums give the bits of their twin for workgroups of 256 and of 64, and a two-float sum is as good as one in float64. */
import { expect, test } from 'vitest';
import { SHADERS } from '../../src/generated/shaders.ts';
import { runEntry } from '../../src/gpu/run-entry.ts';
import { counterPairs, exactPairs, randomNumbers } from '../../src/gpu/self-test-data.ts';
import { treeSum, treeSumF32, treeSumI32, treeSumU32 } from '../../src/reference/tree-sum.ts';
import { u64Add, u64FromWords, u64Words } from '../../src/reference/u64.ts';
import { describeOnDevices } from '../support/devices.ts';

const COUNT = 4096;

describeOnDevices('tree sums', (get) => {
  test.each([
    ['sums', 256],
    ['sums_of_64', 64],
  ] as const)('%s', async (entry, lanes) => {
    const random = randomNumbers(11);
    const values = exactPairs(COUNT / 2, random);
    const counts = counterPairs(COUNT / 2, random);
    const groups = COUNT / lanes;
    const { float_sums, integer_sums } = await runEntry(get(), SHADERS['selftest-sums'], entry, {
      read: { values, counts },
      write: { float_sums: 8 * groups, integer_sums: 16 * groups },
      workgroups: [groups],
    });
    const floats = new Float32Array(float_sums);
    const integers = new Uint32Array(integer_sums);
    for (let group = 0; group < groups; group++) {
      const terms = values.subarray(group * lanes, (group + 1) * lanes);
      const words = counts.subarray(2 * group * lanes, 2 * (group + 1) * lanes);
      const low = words.filter((_, i) => i % 2 === 0);
      const wide = Array.from({ length: lanes }, (_, i) => u64FromWords(words[2 * i], words[2 * i + 1]));
      expect([...floats.subarray(2 * group, 2 * group + 2)]).toEqual([...treeSumF32(terms)]);
      expect([...integers.subarray(4 * group, 4 * group + 4)]).toEqual([
        treeSumU32(low),
        treeSumI32(low) >>> 0,
        ...u64Words(treeSum(wide, 0n, u64Add)),
      ]);
      const exact = terms.reduce((sum, term) => sum + term, 0);
      const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
      expect(Math.abs(floats[2 * group] + floats[2 * group + 1] - exact)).toBeLessThan(size * 2 ** -42);
      expect(size).toBeGreaterThan(1e6);
    }
  });
});
