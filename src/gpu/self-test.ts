/**
 * Does this device compute as the kernels need it to? Error-free transforms, exp/log/pow, the nodata sentinel and 64-bit
 * counters, run once when a device is opened and compared with float64. Where it fails, the CPU executor is the way out.
 */

import { SHADERS } from '../generated/shaders.ts';
import { expAccurate, logAccurate, powAccurate } from '../reference/accurate.ts';
import { twoProd, twoSum } from '../reference/two-float.ts';
import { u64Add, u64FromLimbs, u64FromWords, u64Limbs, u64Words } from '../reference/u64.ts';
import { ulpError } from '../reference/ulps.ts';
import { runEntry } from './run-entry.ts';
import { counterPairs, exactPairs, functionArguments, randomNumbers, SENTINEL_VALUES } from './self-test-data.ts';

export interface SelfTestCheck {
  readonly name: string;
  /** Largest error found: wrong results where the limit is 0, units in the last place otherwise. */
  readonly worst: number;
  readonly limit: number;
  readonly passed: boolean;
}

export interface SelfTestResult {
  readonly passed: boolean;
  readonly checks: readonly SelfTestCheck[];
}

/** Units in the last place; the header comments of shaders/lib/math.wgsl, plus what a loosely rounded division may add. */
const LIMITS = { exp: 1.5, log: 1.5, pow: 3 };
const COUNT = 4096;

type SelfTestShader = typeof SHADERS.selftest;

/** Runs every check. Throws an EcofluxError where the device refuses the shader itself. `shader` is replaced in tests only. */
export async function selfTest(device: GPUDevice, shader: SelfTestShader = SHADERS.selftest): Promise<SelfTestResult> {
  const random = randomNumbers(20261121);
  const checks = [
    ...(await transforms(device, shader, exactPairs(COUNT, random))),
    ...(await functions(device, shader, functionArguments(COUNT, random))),
    await sentinels(device, shader),
    await counters(device, shader, counterPairs(COUNT, random)),
  ];
  return { passed: checks.every(({ passed }) => passed), checks };
}

async function transforms(
  device: GPUDevice,
  shader: SelfTestShader,
  pairs: Float32Array<ArrayBuffer>,
): Promise<SelfTestCheck[]> {
  const { exact } = await runEntry(device, shader, 'transforms', {
    read: { pairs },
    write: { exact: 16 * COUNT },
    workgroups: [COUNT / 64],
  });
  const got = new Float32Array(exact);
  const differs = (offset: number, twin: typeof twoSum) => (i: number) => {
    const [value, error] = twin(pairs[2 * i], pairs[2 * i + 1]);
    return got[4 * i + offset] !== value || got[4 * i + offset + 1] !== error;
  };
  return [wrong('two-sum', COUNT, differs(0, twoSum)), wrong('two-prod', COUNT, differs(2, twoProd))];
}

async function functions(
  device: GPUDevice,
  shader: SelfTestShader,
  args: Float32Array<ArrayBuffer>,
): Promise<SelfTestCheck[]> {
  const { results } = await runEntry(device, shader, 'functions', {
    read: { arguments: args },
    write: { results: 16 * COUNT },
    workgroups: [COUNT / 64],
  });
  const got = new Float32Array(results);
  const worst = { exp: 0, log: 0, pow: 0 };
  for (let i = 0; i < COUNT; i++) {
    const [exponent, argument, base, power] = args.subarray(4 * i, 4 * i + 4);
    worst.exp = atLeast(worst.exp, ulpError(got[4 * i], expAccurate(exponent)));
    worst.log = atLeast(worst.log, ulpError(got[4 * i + 1], logAccurate(argument)));
    worst.pow = atLeast(worst.pow, ulpError(got[4 * i + 2], powAccurate(base, power)));
  }
  return (['exp', 'log', 'pow'] as const).map((name) => check(name, worst[name], LIMITS[name]));
}

async function sentinels(device: GPUDevice, shader: SelfTestShader): Promise<SelfTestCheck> {
  const values = SENTINEL_VALUES;
  const count = values.length;
  const { copies } = await runEntry(device, shader, 'sentinels', {
    read: { values },
    write: { copies: 8 * count },
    workgroups: [1],
  });
  const bits = new Uint32Array(values.buffer);
  const got = new Uint32Array(copies);
  const nodata = bits[0];
  return wrong('nodata', count, (i) => got[i] !== bits[i] || got[count + i] !== (bits[i] === nodata ? nodata : 0));
}

async function counters(
  device: GPUDevice,
  shader: SelfTestShader,
  counts: Uint32Array<ArrayBuffer>,
): Promise<SelfTestCheck> {
  const { words } = await runEntry(device, shader, 'counters', {
    read: { counts },
    write: { words: 32 * COUNT },
    workgroups: [COUNT / 64],
  });
  const got = new Uint32Array(words);
  return wrong('u64', COUNT, (i) => {
    const a = u64FromWords(counts[4 * i], counts[4 * i + 1]);
    const b = u64FromWords(counts[4 * i + 2], counts[4 * i + 3]);
    const limbs = u64Limbs(a).map((limb, n) => limb + u64Limbs(b)[n]);
    const expected = [
      ...u64Words(u64Add(a, b)),
      ...u64Words(u64Add(a, b & 0xffffffffn)),
      Number(a < b),
      Number(a === b),
      ...u64Words(u64FromLimbs(limbs)),
    ];
    return expected.some((word, n) => got[8 * i + n] !== word);
  });
}

function wrong(name: string, count: number, differs: (i: number) => boolean): SelfTestCheck {
  let found = 0;
  for (let i = 0; i < count; i++) if (differs(i)) found++;
  return check(name, found, 0);
}

function check(name: string, worst: number, limit: number): SelfTestCheck {
  return { name, worst, limit, passed: worst <= limit };
}

/** The larger one, where an error that is not a number counts as infinite. */
function atLeast(worst: number, error: number): number {
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
}
