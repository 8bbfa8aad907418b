/** Fourier transforms of LANES lines at once: the stages of a length and the order of frequencies that they leave, run by WebAssembly (wasm/lines.ts). */
import { RECORD } from './wasm/lines.ts';
import type { Functions } from './wasm/module.ts';

export type Radix = 2 | 3 | 4 | 5;

/** Of the forward transform in this order; backward from the last to the first. */
export interface Stage {
  readonly radix: Radix;
  /** Records from one of a butterfly to the next. */
  readonly span: number;
  /** Where its turns begin in the table, in numbers. */
  readonly turns: number;
}

export interface FftPlan {
  /** Even, a product of twos, threes and fives. */
  readonly length: number;
  readonly stages: readonly Stage[];
  /** Cosine and −sine of the turns of each stage: of record k of its span, one for each of the outputs 1, 2, … of the butterfly. */
  readonly turns: Float64Array;
}

const plans = new Map<number, FftPlan>();

export function fftPlan(length: number): FftPlan {
  const known = plans.get(length);
  if (known) return known;
  const stages: Stage[] = [];
  const turns: number[] = [];
  let size = length;
  for (const radix of radicesOf(length)) {
    const span = size / radix;
    stages.push({ radix, span, turns: turns.length });
    if (span > 1)
      for (let k = 0; k < span; k++)
        for (let output = 1; output < radix; output++) {
          const angle = (2 * Math.PI * ((k * output) % size)) / size;
          turns.push(Math.cos(angle), -Math.sin(angle));
        }
    size = span;
  }
  const plan = { length, stages, turns: Float64Array.from(turns) };
  plans.set(length, plan);
  return plan;
}

/** Fives and threes, then fours, then a two: the last has no turns. */
function radicesOf(length: number): Radix[] {
  const radices: Radix[] = [];
  let rest = length;
  for (const radix of [5, 3, 4, 2] as const) for (; rest % radix === 0; rest /= radix) radices.push(radix);
  return radices;
}

/** The frequency at each place after `forward`. */
export function frequencyOrder(length: number): Uint32Array {
  return orderOf(radicesOf(length), length);
}

function orderOf([radix, ...rest]: readonly Radix[], length: number): Uint32Array {
  if (length === 1) return new Uint32Array(1);
  const part = orderOf(rest, length / radix);
  const order = new Uint32Array(length);
  for (let r = 0; r < radix; r++)
    for (let k = 0; k < part.length; k++) order[r * part.length + k] = r + radix * part[k];
  return order;
}

/** @param at byte at which the records of the lines begin; @param turns byte at which the plan's table begins */
export function forward({ length, stages }: FftPlan, functions: Functions, at: number, turns: number): void {
  const end = at + length * RECORD;
  for (const stage of stages) {
    if (stage.span === 1) functions[`forward1x${stage.radix as 2 | 4}`](at, end);
    else functions[`forward${stage.radix as 3 | 4 | 5}`](at, end, stage.span * RECORD, turns + 8 * stage.turns);
  }
}

/** Without the factor 1 / length. */
export function backward({ length, stages }: FftPlan, functions: Functions, at: number, turns: number): void {
  const end = at + length * RECORD;
  for (const stage of stages.toReversed()) {
    if (stage.span === 1) functions[`backward1x${stage.radix as 2 | 4}`](at, end);
    else functions[`backward${stage.radix as 3 | 4 | 5}`](at, end, stage.span * RECORD, turns + 8 * stage.turns);
  }
}
