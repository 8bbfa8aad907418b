/** Arrays of file samples by sample type, and the byte order of this machine. */

import { SAMPLE_BYTES, type SampleType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';

export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** The typed array of each sample type; f16 as its bits. */
export const SAMPLE_ARRAYS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
  f16: Uint16Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

export const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Samples as they lie in a file: f16 as its 16 bits (`widenHalf` makes numbers of them). */
export function viewSamples(type: SampleType, bytes: Uint8Array): TypedArray {
  const size = SAMPLE_BYTES[type];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new SAMPLE_ARRAYS[type](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    Math.floor(aligned.byteLength / size),
  );
}

/** Samples as callers get them: f16 as f32. */
export function allocateSamples(type: SampleType, length: number): TypedArray {
  try {
    return type === 'f16' ? new Float32Array(length) : new SAMPLE_ARRAYS[type](length);
  } catch (cause) {
    throw new EcofluxError('OutOfCapacity', `there is no memory for ${length} samples of type ${type}`, { cause });
  }
}

/** Lowest and highest value of an integer type; undefined for floats. */
export function integerRange(type: SampleType): { min: number; max: number } | undefined {
  if (type[0] === 'f') return undefined;
  const bits = 8 * SAMPLE_BYTES[type];
  return type[0] === 'u' ? { min: 0, max: 2 ** bits - 1 } : { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 };
}

/** IEEE half precision, given by its bits, as numbers. */
export function widenHalf(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length);
  const words = new Uint32Array(out.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i];
    const exponent = (half >>> 10) & 31;
    const mantissa = half & 1023;
    if (exponent === 0) out[i] = (half & 0x8000 ? -1 : 1) * mantissa * 2 ** -24;
    else words[i] = ((half & 0x8000) << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (mantissa << 13);
  }
  return out;
}

/** Reverses the bytes of every sample, in place. */
export function swapBytes(bytes: Uint8Array, sampleBytes: number): void {
  const end = bytes.length - (bytes.length % sampleBytes);
  if (sampleBytes === 2) {
    for (let i = 0; i < end; i += 2) {
      const first = bytes[i];
      bytes[i] = bytes[i + 1];
      bytes[i + 1] = first;
    }
  } else {
    for (let i = 0; i < end; i += sampleBytes) {
      for (let low = i, high = i + sampleBytes - 1; low < high; low++, high--) {
        const first = bytes[low];
        bytes[low] = bytes[high];
        bytes[high] = first;
      }
    }
  }
}
