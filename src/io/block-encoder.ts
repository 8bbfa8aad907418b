/** Cells of a block made into the bytes of a TIFF tile: nodata declared, sample type, predictor, compression. */
import { NODATA, NODATA_CODE, type Plane, SAMPLE_BYTES, type SampleType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { deflateBytes } from './codecs/deflate-encoder.ts';
import { codecNamed } from './codecs/index.ts';
import { applyFloat32Planes } from './float32-planes.ts';
import { applyDifferences, applyFloatPlanes } from './predictors.ts';
import { HOST_IS_LITTLE_ENDIAN, integerRange, swapBytes } from './samples.ts';

/** How the blocks of one file are encoded; travels to the workers. */
export interface BlockEncoding {
  readonly file: string;
  readonly sampleType: WritableType;
  readonly nodata: number;
  readonly kind: 'quantity' | 'classes';
  readonly compression: 'deflate' | 'zstd' | 'none';
  readonly level?: number;
  readonly predictor: 1 | 2 | 3;
  /** Cells along a side. */
  readonly blockSize: number;
}

export type WritableType = Exclude<SampleType, 'u64' | 'i64' | 'f16'>;
export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

const ARRAYS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/**
 * Cells as samples of the file. Sentinels (and NaN and infinities, should a model let one through) become the declared nodata; a valid value
 * that equals it is moved by the smallest step of a float, so that it stays valid. f32 cells are changed in place.
 */
export function toFileSamples(cells: Plane, { sampleType, nodata, file }: BlockEncoding): Samples {
  if (cells instanceof Float32Array && sampleType === 'f32') return inPlace(cells, Math.fround(nodata));
  const out = new ARRAYS[sampleType](cells.length);
  const range = integerRange(sampleType);
  const sentinel = cells instanceof Float32Array ? NODATA : NODATA_CODE;
  const declared = sampleType === 'f32' ? Math.fround(nodata) : nodata;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (cell === sentinel || cell - cell !== 0) {
      out[i] = nodata;
      continue;
    }
    const value = range ? Math.round(cell) : cell;
    if (range && (value < range.min || value > range.max || value === declared))
      throw doesNotFit(file, cell, sampleType, nodata);
    out[i] = value === declared ? value + (value === 0 ? 1.5e-45 : -value * 2 ** -23) : value;
  }
  return out;
}

function inPlace(cells: Float32Array, nodata: number): Float32Array {
  const words = new Int32Array(cells.buffer, cells.byteOffset, cells.length);
  const [sentinel, largest] = [NODATA, LARGEST];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    // True for the sentinel, NaN and infinities, in two comparisons.
    if (!(cell > sentinel && cell <= largest)) cells[i] = nodata;
    // One step towards zero; from zero one step up. All zeros, −0 too, count as one value.
    else if (cell === nodata) words[i] = cell === 0 ? 1 : words[i] - 1;
  }
  return cells;
}

/** FLT_MAX. */
const LARGEST = -NODATA;

/** Compressed bytes of one block; `samples` may be changed. */
export async function encodeSamples(samples: Samples, encoding: BlockEncoding): Promise<Uint8Array> {
  const { sampleType, predictor, blockSize, compression, level } = encoding;
  const sampleBytes = SAMPLE_BYTES[sampleType];
  const shape = { rows: samples.length / blockSize, across: blockSize, stride: 1 };
  let bytes: Uint8Array = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  if (predictor === 3 && sampleBytes === 4 && HOST_IS_LITTLE_ENDIAN) {
    const planes = new Int32Array(samples.length);
    applyFloat32Planes(
      new Int32Array(samples.buffer, samples.byteOffset, samples.length),
      shape.rows,
      blockSize,
      planes,
    );
    bytes = new Uint8Array(planes.buffer);
  } else {
    if (predictor === 2) applyDifferences(bytes, sampleBytes, shape);
    if (!HOST_IS_LITTLE_ENDIAN) swapBytes(bytes, sampleBytes);
    if (predictor === 3) bytes = applyFloatPlanes(bytes, sampleBytes, shape);
  }
  // Differences of float planes are where our own encoder is the fastest at the size of zlib's level 1; elsewhere zlib is (bench codec).
  if (compression === 'deflate' && predictor === 3 && level === undefined) return deflateBytes(bytes);
  const { encode } = await codecNamed(compression);
  return encode!(bytes, level);
}

function doesNotFit(file: string, value: number, type: SampleType, nodata: number): EcofluxError {
  return new EcofluxError('InvalidInput', 'a value does not fit the sample type of the output', {
    file,
    found: String(value),
    expected: `a value of type ${type} other than the nodata value ${nodata}`,
    fix: 'choose a wider type or another nodata value',
  });
}
