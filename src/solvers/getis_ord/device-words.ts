/** Quanta as devices add them up, and back. */
import { NODATA } from '../../core/cells.ts';
import { type BlockSums, type Scores, type ScoresInput, scoresOf } from './block.ts';
import { quantaOf, type Scale } from './scale.ts';

export interface WordsInput {
  readonly values: Float32Array;
  readonly scale: Scale;
}

/** Of each cell, q + 2^bits in three parts of 16 bits, and whether it is valid: as shaders/solvers/window_sums.wgsl wants them. */
export interface Words {
  /** As they came. */
  readonly values: Float32Array;
  readonly lower: Uint32Array;
  readonly upper: Uint32Array;
}

const PART = 2 ** 32;

export function wordsOf({ values, scale }: WordsInput): Words {
  const lower = new Uint32Array(values.length);
  const upper = new Uint32Array(values.length);
  const lift = 2 ** scale.bits;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === NODATA) continue;
    const lifted = quantaOf(values[i], scale) + lift;
    const high = Math.floor(lifted / PART);
    lower[i] = lifted - high * PART;
    upper[i] = high + 0x10000;
  }
  return { values, lower, upper };
}

export interface DeviceScoresInput extends Omit<ScoresInput, 'before'> {
  /** Count, lower and upper word of the sum: three planes of the block. */
  readonly sums: Uint32Array;
}

export function scoresFromDevice(input: DeviceScoresInput): Scores {
  return scoresOf(input, sumsOf(input));
}

function sumsOf({ sums: words, scale, reached: { width, height } }: DeviceScoresInput): BlockSums {
  const cells = width * height;
  const [sums, counts] = [new Float64Array(cells), new Float64Array(cells)];
  const lift = 2 ** scale.bits;
  for (let i = 0; i < cells; i++) {
    counts[i] = words[i];
    sums[i] = words[cells + i] + words[2 * cells + i] * PART - counts[i] * lift;
  }
  return { sums, counts };
}
