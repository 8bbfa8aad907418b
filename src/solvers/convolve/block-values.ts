/** What the values of a block and of the margin around it are like, before it is convolved. */
import { NODATA } from '../../core/cells.ts';
import { type Instance, instantiate } from './wasm/module.ts';

export interface BlockValues {
  readonly valid: number;
  /** Of the valid cells. */
  readonly low: number;
  readonly high: number;
  /** About their mean, a float32: taken off before the sums, so that errors follow the contrast. */
  readonly level: number;
}

/** Values looked at together. */
const CHUNK = 8192;
const ABOUT = 4 * CHUNK;
let instance: Instance | undefined;

export function describeValues(values: Float32Array): BlockValues {
  instance ??= instantiate(ABOUT + 80);
  const { functions, numbers } = instance;
  const chunk = new Float32Array(numbers.buffer, 0, CHUNK);
  const [lows, highs] = [0, 16].map((at) => new Float32Array(numbers.buffer, ABOUT + at, 4));
  const totals = new Float64Array(numbers.buffer, ABOUT + 32, 4).fill(0);
  const counts = new Int32Array(numbers.buffer, ABOUT + 64, 4).fill(0);
  lows.fill(Infinity);
  highs.fill(-Infinity);
  for (let at = 0; at < values.length; at += CHUNK) {
    const part = values.subarray(at, at + CHUNK);
    if (part.length < CHUNK) chunk.fill(NODATA, part.length);
    chunk.set(part);
    functions.describe(0, 4 * CHUNK, ABOUT);
  }
  const valid = counts.reduce((sum, count) => sum + count);
  const total = totals.reduce((sum, part) => sum + part);
  return { valid, low: Math.min(...lows), high: Math.max(...highs), level: valid > 0 ? Math.fround(total / valid) : 0 };
}

/** Whether all valid cells hold whole numbers. */
export function areWhole(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== Math.floor(values[i])) return false; // nodata is whole too
  return true;
}
