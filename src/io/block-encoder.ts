/** Cells of a block made into the bytes of a TIFF tile: nodata declared, sample type, predictor, compression. */
import { NODATA, NODATA_CODE, type Plane, SAMPLE_BYTES, type SampleType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { codecNamed } from './codecs/index.ts';
import { applyFloat32Planes } from './float32-planes.ts';
import { applyDifferences, applyFloatPlanes } from './predictors.ts';
import { HOST_IS_LITTLE_ENDIAN, integerRange, SAMPLE_ARRAYS, swapBytes } from './samples.ts';

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

/** The value that stands for nodata among the samples. */
export function declaredNodata({ sampleType, nodata }: Pick<BlockEncoding, 'sampleType' | 'nodata'>): number {
  return sampleType === 'f32' ? Math.fround(nodata) : nodata;
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

/**
 * Cells as samples of the file, and the same as numbers for statistics. Sentinels (and NaN and infinities, should a model let one through)
 * become the declared nodata; a valid value that equals it is moved by the smallest step of a float, so that it stays valid. f32 cells may be
 * changed in place.
 */
export function toFileSamples(
  cells: Plane,
  { sampleType, nodata, file }: BlockEncoding,
): { samples: Samples; values: Float32Array | Float64Array } {
  const quantities = cells instanceof Float32Array;
  const range = integerRange(sampleType);
  // f32 holds what samples of one or two bytes can hold; the sentinel of codes is rounded up, to what no code is.
  const narrow = SAMPLE_BYTES[sampleType] < 4 || (sampleType === 'f32' && quantities);
  // Codes keep their bits, as those of flow directions that fill all 32 of them.
  const signed = sampleType === 'i32' && !quantities;
  const wide = signed ? new Int32Array(cells.buffer, cells.byteOffset, cells.length) : cells;
  const values = narrow ? (quantities ? cells : new Float32Array(cells)) : new Float64Array(wide);
  const sentinel = quantities ? NODATA : narrow ? Math.fround(NODATA_CODE) : signed ? NODATA_CODE | 0 : NODATA_CODE;
  if (range) {
    roundValues(values, sentinel, nodata, range, (value) => doesNotFit(file, value, sampleType, nodata));
  } else if (values instanceof Float32Array) {
    settleFloats(values, Math.fround(nodata));
    return { samples: values, values };
  } else {
    settleDoubles(values, sentinel, sampleType === 'f32' ? Math.fround(nodata) : nodata);
  }
  return { samples: new SAMPLE_ARRAYS[sampleType](values), values };
}

function roundValues(
  values: Float32Array | Float64Array,
  sentinel: number,
  nodata: number,
  { min, max }: { readonly min: number; readonly max: number },
  refusal: (value: number) => Error,
): void {
  for (let i = 0; i < values.length; i++) {
    const cell = values[i];
    const value = Math.floor(cell + 0.5);
    if (cell === sentinel || cell - cell !== 0) values[i] = nodata;
    else if (value >= min && value <= max && value !== nodata) values[i] = value;
    else throw refusal(cell);
  }
}

function settleFloats(cells: Float32Array, nodata: number): void {
  const words = new Int32Array(cells.buffer, cells.byteOffset, cells.length);
  for (let from = 0; from < cells.length; from += STRETCH)
    settleRow(cells, words, from, Math.min(from + STRETCH, cells.length), nodata);
}

/** Cells that one call handles: see statistics.ts. */
const STRETCH = 1024;

/** Cells from..to−1 as the file has them; `words`: their bits. */
function settleRow(cells: Float32Array, words: Int32Array, from: number, to: number, nodata: number): void {
  for (let i = from; i < to; i++) {
    const cell = cells[i];
    // True for the sentinel, NaN and infinities, in two comparisons.
    if (!(cell > NODATA && cell <= LARGEST)) cells[i] = nodata;
    // One step towards zero; from zero one step up. All zeros, −0 too, count as one value.
    else if (cell === nodata) words[i] = cell === 0 ? 1 : words[i] - 1;
  }
}

/** The step is one of f32, which is what cells are. */
function settleDoubles(values: Float64Array, sentinel: number, nodata: number): void {
  for (let i = 0; i < values.length; i++) {
    const cell = values[i];
    if (cell === sentinel || cell - cell !== 0) values[i] = nodata;
    else if (cell === nodata) values[i] = cell === 0 ? 2 ** -149 : cell - cell * 2 ** -23;
  }
}

/** FLT_MAX. */
const LARGEST = -NODATA;

/** Compressed bytes of one block; `samples` may be changed. */
export async function encodeSamples(samples: Samples, encoding: BlockEncoding): Promise<Uint8Array> {
  const { sampleType, predictor, blockSize } = encoding;
  const sampleBytes = SAMPLE_BYTES[sampleType];
  const shape = { rows: samples.length / blockSize, across: blockSize, stride: 1 };
  let bytes: Uint8Array = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  if (hasFastPlanes(encoding)) {
    applyFloat32Planes(new Int32Array(samples.buffer, samples.byteOffset, samples.length), shape.rows, blockSize);
  } else {
    if (predictor === 2) applyDifferences(bytes, sampleBytes, shape);
    if (!HOST_IS_LITTLE_ENDIAN) swapBytes(bytes, sampleBytes);
    if (predictor === 3) bytes = applyFloatPlanes(bytes, sampleBytes, shape);
  }
  return compress(bytes, encoding);
}

/** Whether predictor 3 can be applied four cells at a time. */
function hasFastPlanes({ predictor, sampleType }: BlockEncoding): boolean {
  return predictor === 3 && SAMPLE_BYTES[sampleType] === 4 && HOST_IS_LITTLE_ENDIAN;
}

/** A block as it was made by the predictor. */
export async function compress(
  bytes: Uint8Array,
  { compression, level, predictor }: BlockEncoding,
): Promise<Uint8Array> {
  const { encode } = await codecNamed(compression);
  return encode!(bytes, level, predictor);
}

function doesNotFit(file: string, value: number, type: SampleType, nodata: number): EcofluxError {
  return new EcofluxError('InvalidInput', 'a value does not fit the sample type of the output', {
    file,
    found: String(value),
    expected: `a value of type ${type} other than the nodata value ${nodata}`,
    fix: 'choose a wider type or another nodata value',
  });
}
