/** The way back from the bytes of a block that we encoded to its values: for what is taken up again after an interruption. */
import { NODATA_CODE, SAMPLE_BYTES } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { type BlockEncoding, declaredNodata, type Samples } from './block-encoder.ts';
import { codecNamed } from './codecs/index.ts';
import { sumCells } from './overview-means.ts';
import { tallyCells } from './overview-modes.ts';
import { undoDifferences, undoFloatPlanes } from './predictors.ts';
import { HOST_IS_LITTLE_ENDIAN, SAMPLE_ARRAYS, swapBytes } from './samples.ts';
import type { Reduced } from './tasks.ts';

/** blockSize² samples. Rejects where the bytes are not what an encoder left. */
async function decodeSamples(
  bytes: Uint8Array,
  { file, sampleType, predictor, blockSize, compression }: BlockEncoding,
): Promise<Samples> {
  const sampleBytes = SAMPLE_BYTES[sampleType];
  const size = blockSize * blockSize * sampleBytes;
  const { decode } = await codecNamed(compression);
  const decoded = await decode(bytes, size);
  if (decoded.byteLength < size) throw new EcofluxError('InvalidInput', 'a spooled block is cut short', { file });
  let ordered: Uint8Array = decoded.slice(0, size);
  const shape = { rows: blockSize, across: blockSize, stride: 1 };
  if (predictor === 3) ordered = undoFloatPlanes(ordered, sampleBytes, shape);
  if (!HOST_IS_LITTLE_ENDIAN) swapBytes(ordered, sampleBytes);
  if (predictor === 2) undoDifferences(ordered, sampleBytes, shape);
  const samples = SAMPLE_ARRAYS[sampleType];
  return new samples(ordered.buffer as ArrayBuffer, ordered.byteOffset, blockSize * blockSize) as Samples;
}

/** What the encoder handed up to the overview above the block: the same bits again. */
export async function reduceEncoded(bytes: Uint8Array, encoding: BlockEncoding): Promise<Reduced | undefined> {
  const samples = await decodeSamples(bytes, encoding);
  const nodata = declaredNodata(encoding);
  if (encoding.kind === 'classes') {
    const codes = Uint32Array.from(samples, (code) => (code === nodata ? NODATA_CODE : code));
    return tallyCells(codes, encoding.blockSize);
  }
  const values = samples instanceof Float32Array ? samples : Float64Array.from(samples);
  return sumCells(values, encoding.blockSize, nodata);
}
