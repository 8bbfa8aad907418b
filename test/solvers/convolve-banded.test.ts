/** Convolution by transforms that no task holds: the bytes of those that one task makes, whatever the parts, tiles, memory and order of work. */
import { expect, test } from 'vitest';
import { inlinePool } from '../../src/core/tasks.ts';
import { solveWithin } from '../../src/solvers/convolve/cpu.ts';
import { convolve } from '../../src/solvers/convolve/index.ts';
import { convolveTasks } from '../../src/solvers/convolve/tasks.ts';
import { CASES, type ConvolutionCase, firstDifference, paramsOf } from '../support/convolution.ts';
import { requestOf, solveWith } from '../support/solve.ts';

const pool = inlinePool(convolveTasks);

/** Every transform in bands and groups, which are as small as their number allows. */
const IN_PARTS = { points: 0, least: 1, shared: 0, part: 1 };

async function banded(given: ConvolutionCase, limits = IN_PARTS, change: object = {}) {
  const { width, height, values, ...rest } = given;
  const whole = { width, height, inputs: { values }, params: paramsOf(rest), pool, ...change };
  const request = requestOf(convolve.spec, whole);
  const facts = await solveWithin(request, limits);
  return { planes: request.planes, facts };
}

function solved({ width, height, values, ...rest }: ConvolutionCase, change: object = {}) {
  return solveWith(convolve, { width, height, inputs: { values }, params: paramsOf(rest), pool, ...change });
}

test.each(CASES.filter(({ radius }) => radius > 0.3))('in bands and groups, the same bytes: $name', async (each) => {
  const outputs = ['mean', 'sum', 'weight'];
  const expected = await solved(each);
  const { planes, facts } = await banded(each);
  if (expected.facts.transform_x === 0) return;
  expect(facts.bands * facts.groups).toBeGreaterThan(1);
  for (const name of outputs) expect(firstDifference(planes[name], expected.planes[name]), name).toBe(-1);
  const alone = await banded(each, IN_PARTS, { outputs: ['mean'] });
  expect(firstDifference(alone.planes.mean, expected.planes.mean)).toBe(-1);
});
