/** Largest errors of exp, log and pow on each driver over 200 000 arguments each, and the edges of their domains. */
import { expect, test } from 'vitest';
import { SHADERS } from '../../src/generated/shaders.ts';
import { runEntry } from '../../src/gpu/run-entry.ts';
import { functionArguments, randomNumbers } from '../../src/gpu/self-test-data.ts';
import { expAccurate, logAccurate, powAccurate } from '../../src/reference/accurate.ts';
import { ulpError } from '../../src/reference/ulps.ts';
import { describeOnDevices } from '../support/devices.ts';

/** exp, log and pow of arguments given four by four, as the device computes them. */
async function evaluate(device: GPUDevice, args: Float32Array<ArrayBuffer>): Promise<Float32Array> {
  const { results } = await runEntry(device, SHADERS.selftest, 'functions', {
    read: { arguments: args },
    write: { results: args.byteLength },
    workgroups: [Math.ceil(args.length / 256)],
  });
  return new Float32Array(results);
}

interface Worst {
  readonly ulp: number;
  readonly at: string;
}

function worstOf(args: Float32Array, errorOf: (x: Float32Array, i: number) => number): Worst {
  let worst: Worst = { ulp: 0, at: '' };
  for (let i = 0; i < args.length / 4; i++) {
    const x = args.subarray(4 * i, 4 * i + 4);
    const ulp = errorOf(x, i);
    if (!(ulp <= worst.ulp)) worst = { ulp, at: `row ${i} of ${[...x]}` };
  }
  return worst;
}

const COUNT = 200_000;

describeOnDevices('math', (get, driver) => {
  test('errors stay within what math.wgsl promises', async () => {
    const args = functionArguments(COUNT, randomNumbers(7));
    // Every eighth exponential and logarithm on an even grid, so that no part of the domain is missed.
    for (let i = 0; i < COUNT; i += 8) {
      args[4 * i] = -87.33 + (176.05 * i) / COUNT;
      args[4 * i + 1] = 0.5 + (1.5 * i) / COUNT;
    }
    const got = await evaluate(get(), args);
    const exp = worstOf(args, (x, i) => ulpError(got[4 * i], expAccurate(x[0])));
    const log = worstOf(args, (x, i) => ulpError(got[4 * i + 1], logAccurate(x[1])));
    const pow = worstOf(args, (x, i) => ulpError(got[4 * i + 2], powAccurate(x[2], x[3])));
    const report = Object.entries({ exp, log, pow }).map(
      ([name, { ulp, at }]) => `${name} ${ulp.toFixed(3)} ulp (${at})`,
    );
    console.log(`${driver.name}, ${COUNT} arguments each: ${report.join('; ')}`);
    expect(exp.ulp, exp.at).toBeLessThanOrEqual(1);
    expect(log.ulp, log.at).toBeLessThanOrEqual(1);
    expect(pow.ulp, pow.at).toBeLessThanOrEqual(1);
    // Not all results may be trivial.
    expect(new Set(got).size).toBeGreaterThan(COUNT);
  });

  test('the edges of the domains', async () => {
    const largest = Math.fround(expAccurate(1000));
    const smallest = Math.fround(Math.log(2 ** -126));
    const rows: [exp: [number, number], log: [number, number], pow: [number, number, number]][] = [
      [
        [0, 1],
        [1, 0],
        [1, 1e38, 1],
      ],
      [
        [-87.33655, 0],
        [0, smallest],
        [0, 2, 0],
      ],
      [
        [-1e30, 0],
        [-5, smallest],
        [0, 0, 1],
      ],
      [
        [-0, 1],
        [2 ** -126, smallest],
        [3, 0, 1],
      ],
      [
        [1000, largest],
        [4, Math.fround(Math.log(4))],
        [0, -1, largest],
      ],
      [
        [88.8, largest],
        [0.25, Math.fround(Math.log(0.25))],
        [-2, 2, 0],
      ],
      [
        [3e38, largest],
        [1e-45, smallest],
        [2, -3e38, 0],
      ],
      [
        [-3e38, 0],
        [2, Math.fround(Math.LN2)],
        [2, 3e38, largest],
      ],
      [
        [2 ** -30, 1],
        [2 ** 127, Math.fround(Math.log(2 ** 127))],
        [0.5, 3e38, 0],
      ],
      [
        [-(2 ** -30), 1],
        [2 ** -120, Math.fround(Math.log(2 ** -120))],
        [4, 0.5, 2],
      ],
    ];
    const got = await evaluate(
      get(),
      new Float32Array(rows.flatMap(([exp, log, pow]) => [exp[0], log[0], pow[0], pow[1]])),
    );
    rows.forEach(([exp, log, pow], i) => {
      [exp[1], log[1], pow[2]].forEach((expected, n) => {
        const place = `row ${i}, ${['exp', 'log', 'pow'][n]}`;
        // Exact where 0 or 1 is expected; elsewhere the expectation is itself rounded, which allows another half.
        if (expected === 0 || expected === 1) expect(got[4 * i + n], place).toBe(expected);
        else expect(ulpError(got[4 * i + n], expected), place).toBeLessThanOrEqual(1.5);
      });
    });
  });
});
