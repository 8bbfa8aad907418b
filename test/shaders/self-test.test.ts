/** The start-up self-test passes on both drivers, and fails for each thing it checks when that is broken. */
import { expect, test } from 'vitest';
import { SHADERS } from '../../src/generated/shaders.ts';
import { selfTest } from '../../src/gpu/self-test.ts';
import { describeOnDevices } from '../support/devices.ts';

/** The self-test's shader with one piece of text replaced. */
function mutated(find: string, replacement: string): typeof SHADERS.selftest {
  const shader = SHADERS.selftest;
  expect(shader.code).toContain(find);
  return { ...shader, code: shader.code.replace(find, replacement) };
}

async function failures(device: GPUDevice, shader?: typeof SHADERS.selftest): Promise<string[]> {
  const { passed, checks } = await selfTest(device, shader);
  const failed = checks.filter((check) => !check.passed).map(({ name }) => name);
  expect(passed).toBe(failed.length === 0);
  return failed;
}

describeOnDevices('self-test', (get, driver) => {
  test('every check passes', async () => {
    const started = performance.now();
    const { passed, checks } = await selfTest(get());
    const table = checks.map(({ name, worst, limit }) => `${name} ${worst.toFixed(2)}/${limit}`).join(', ');
    console.log(`self-test on ${driver.name} in ${(performance.now() - started).toFixed(0)} ms: ${table}`);
    expect(checks.filter((check) => !check.passed)).toEqual([]);
    expect(passed).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual(['two-sum', 'two-prod', 'exp', 'log', 'pow', 'nodata', 'u64']);
  });

  test.each([
    ['two-sum', '(a - (s - bb)) + (b - bb)', '(a - (s - bb)) - (b - bb)'],
    ['two-prod', 'a_high * b_low', 'a_high * b_high'],
    ['exp', '0.041666463', '0.0417'],
    ['log', '0.333333135', '0.333335'],
    ['nodata', 'NODATA_BITS: u32 = 0xff7fffffu', 'NODATA_BITS: u32 = 0xff7ffffeu'],
    ['u64', 'select(0u, 1u, low < a.x)', 'select(0u, 1u, low < a.x && a.x != 0xffffffffu)'],
  ])('%s: a wrong "%s" is noticed', async (name, find, replacement) => {
    expect(await failures(get(), mutated(find, replacement))).toContain(name);
  });

  test('a logarithm without its low word is noticed in pow', async () => {
    const { checks } = await selfTest(get(), mutated('product.y + logarithm.y * exponent', 'logarithm.y * exponent'));
    expect(checks.find(({ name }) => name === 'pow')?.worst).toBeGreaterThan(3);
  });

  // Mesa folds error terms that it can see through; SwiftShader does not. Measured, so it is said here; other devices may do either.
  test('a transparent opaque() breaks two-sum on lavapipe, and only there', async () => {
    const shader = mutated('bitcast<u32>(x) ^ tile.opaque_key', 'bitcast<u32>(x) ^ (tile.opaque_key & 0u)');
    const broken = (await failures(get(), shader)).includes('two-sum');
    if (driver.name !== 'hardware') expect(broken).toBe(driver.name === 'lavapipe');
  });
});
