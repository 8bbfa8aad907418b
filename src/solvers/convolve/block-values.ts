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

/** What some rows are like. */
export interface RowValues {
  readonly valid: number;
  readonly low: number;
  readonly high: number;
  /** Sum of the valid cells of each row. */
  readonly totals: Float64Array<ArrayBuffer>;
}

/** @param pitch cells of a row */
export function describeValues(values: Float32Array, pitch: number): BlockValues {
  return describeAll([describeRows(values, pitch)]);
}

/** From their rows, in their order. */
export function describeAll(parts: readonly RowValues[]): BlockValues {
  let [valid, low, high, total] = [0, Infinity, -Infinity, 0];
  for (const part of parts) {
    valid += part.valid;
    low = Math.min(low, part.low);
    high = Math.max(high, part.high);
    for (const sum of part.totals) total += sum;
  }
  return { valid, low, high, level: valid > 0 ? Math.fround(total / valid) : 0 };
}

export function describeRows(values: Float32Array, pitch: number): RowValues {
  instance ??= instantiate(ABOUT + 80);
  const { functions, numbers } = instance;
  const chunk = new Float32Array(numbers.buffer, 0, CHUNK);
  const [lows, highs] = [0, 16].map((at) => new Float32Array(numbers.buffer, ABOUT + at, 4));
  const sums = new Float64Array(numbers.buffer, ABOUT + 32, 4);
  const counts = new Int32Array(numbers.buffer, ABOUT + 64, 4).fill(0);
  const totals = new Float64Array(values.length / pitch);
  lows.fill(Infinity);
  highs.fill(-Infinity);
  for (let row = 0; row < totals.length; row++) {
    sums.fill(0);
    for (let at = row * pitch; at < (row + 1) * pitch; at += CHUNK) {
      const part = values.subarray(at, Math.min(at + CHUNK, (row + 1) * pitch));
      const fours = 4 * Math.ceil(part.length / 4);
      chunk.fill(NODATA, part.length, fours);
      chunk.set(part);
      functions.describe(0, 4 * fours, ABOUT);
    }
    totals[row] = sums[0] + sums[1] + (sums[2] + sums[3]);
  }
  const valid = counts.reduce((sum, count) => sum + count);
  return { valid, low: Math.min(...lows), high: Math.max(...highs), totals };
}

/** Whether all valid cells hold whole numbers. */
export function areWhole(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== Math.floor(values[i])) return false; // nodata is whole too
  return true;
}
