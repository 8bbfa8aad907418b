/** Blocks of a TIFF image, fetched and decoded to native samples: decompression, byte order, predictor, and samples of less than a byte. */
import { SAMPLE_BYTES } from '../core/cells.ts';
import { EcofluxError, isEcofluxError } from '../core/errors.ts';
import { type Block, planesBlock, sampleBlock } from './block.ts';
import type { ReadOptions } from './byte-source.ts';
import { type Codec, codecNamed } from './codecs/index.ts';
import { undoDifferences, undoFloatPlanes } from './predictors.ts';
import { HOST_IS_LITTLE_ENDIAN, swapBytes, type TypedArray, viewSamples, widenHalf } from './samples.ts';
import { damaged, type TiffFile } from './tiff/directory.ts';
import { blockBytes, compressionName, samplesAcross, type TiffImage } from './tiff/image.ts';

/** Blocks closer than this in the file are fetched in one read: a round trip costs more than the bytes between. */
const GAP_BYTES = 65536;
/** At most this many bytes in the reads under way together, so that memory stays bounded. */
const MOST_READ_BYTES = 16 * 2 ** 20;

/** Decodes the blocks `indices` one after another and hands each to `use`; undefined where the file does not store it. */
export async function readBlocks(
  file: TiffFile,
  image: TiffImage,
  indices: readonly number[],
  use: (index: number, block: Block | undefined) => void,
  options?: ReadOptions,
): Promise<void> {
  const { offsets, byteCounts } = await image.blocks(options);
  const codec = await codecNamed(compressionName(image));
  const stored = indices.filter((index) => offsets[index] > 0 && byteCounts[index] > 0);
  for (const index of indices) if (!(offsets[index] > 0 && byteCounts[index] > 0)) use(index, undefined);

  stored.sort((a, b) => offsets[a] - offsets[b]);
  for (let first = 0; first < stored.length; ) {
    // Together, because a source on the web joins what lies close, and waits for all of it at once.
    const reads: { readonly blocks: readonly number[]; readonly start: number; readonly bytes: Promise<Uint8Array> }[] =
      [];
    for (let under = 0; first < stored.length; ) {
      const { last, start, end } = nextRead(stored, first, offsets, byteCounts);
      if (reads.length > 0 && under + end - start > MOST_READ_BYTES) break;
      if (end > file.source.size) {
        const found = `data up to byte ${end} in a file of ${file.source.size} bytes`;
        throw damaged(file, placeOf(image, stored[last - 1]), found);
      }
      const bytes = file.source.fetch(start, end - start, options);
      bytes.catch(() => undefined); // whoever waits for it hears
      reads.push({ blocks: stored.slice(first, last), start, bytes });
      under += end - start;
      first = last;
    }
    for (const { blocks, start, bytes } of reads) {
      const read = await bytes;
      for (const index of blocks) {
        const from = offsets[index] - start;
        use(index, await decodeBlock(file, image, codec, index, read.subarray(from, from + byteCounts[index])));
      }
    }
  }
}

/** Blocks from `first` to before `last`, in the order of the file, that are worth one read. */
function nextRead(
  stored: readonly number[],
  first: number,
  offsets: ArrayLike<number>,
  byteCounts: ArrayLike<number>,
): { last: number; start: number; end: number } {
  const start = offsets[stored[first]];
  let end = start + byteCounts[stored[first]];
  let last = first + 1;
  for (; last < stored.length; last++) {
    const next = offsets[stored[last]];
    const nextEnd = next + byteCounts[stored[last]];
    if (next - end > GAP_BYTES || nextEnd - start > MOST_READ_BYTES) break;
    end = Math.max(end, nextEnd);
  }
  return { last, start, end };
}

/** Rows that block `index` has in the file: the last strip stores only those of the image, tiles are always whole. */
function storedRows(image: TiffImage, index: number): number {
  if (image.tiled) return image.blockHeight;
  const row = index % image.rows;
  return Math.min(image.blockHeight, image.height - row * image.blockHeight);
}

async function decodeBlock(
  file: TiffFile,
  image: TiffImage,
  codec: Codec,
  index: number,
  stored: Uint8Array,
): Promise<Block> {
  const rows = storedRows(image, index);
  const size = blockBytes(image, rows);
  let bytes: Uint8Array;
  try {
    bytes = await codec.decode(stored, size);
  } catch (cause) {
    if (isEcofluxError(cause)) throw cause;
    throw badBlock(file, image, index, `${compressionName(image)} data that cannot be decompressed`, cause);
  }
  if (bytes.byteLength < size) {
    throw badBlock(file, image, index, `${bytes.byteLength} bytes where the block has ${size}`);
  }
  const ready = ownAligned(bytes, stored, size);
  if (
    image.predictor === 3 &&
    image.sampleType === 'f32' &&
    samplesAcross(image) === 1 &&
    image.blockWidth % 4 === 0 &&
    HOST_IS_LITTLE_ENDIAN
  ) {
    return planesBlock(new Int32Array(ready.buffer as ArrayBuffer, ready.byteOffset, size / 4), image.blockWidth);
  }
  return sampleBlock(toSamples(file, image, ready, rows), image.blockWidth, samplesAcross(image));
}

/** The first `size` bytes, aligned to 8 and not shared with what was fetched, so that predictors may work in place. */
function ownAligned(bytes: Uint8Array, stored: Uint8Array, size: number): Uint8Array {
  const shared = bytes.buffer === stored.buffer;
  return shared || bytes.byteOffset % 8 !== 0 ? bytes.slice(0, size) : bytes.subarray(0, size);
}

function toSamples(file: TiffFile, image: TiffImage, bytes: Uint8Array, rows: number): TypedArray {
  const { sampleType, predictor } = image;
  const sampleBytes = SAMPLE_BYTES[sampleType];
  const across = image.blockWidth * samplesAcross(image);
  if (image.bits < 8) return unpack(bytes, image.bits, across, rows);

  const shape = { rows, across, stride: samplesAcross(image) };
  let ordered = bytes;
  if (predictor === 3) {
    ordered = undoFloatPlanes(bytes, sampleBytes, shape);
    if (!HOST_IS_LITTLE_ENDIAN) swapBytes(ordered, sampleBytes);
  } else {
    // LERC too: GDAL hands it the samples in the order of the file.
    if (sampleBytes > 1 && file.littleEndian !== HOST_IS_LITTLE_ENDIAN) swapBytes(ordered, sampleBytes);
    if (predictor === 2) undoDifferences(ordered, sampleBytes, shape);
  }
  const samples = viewSamples(sampleType, ordered);
  return sampleType === 'f16' ? widenHalf(samples as Uint16Array) : samples;
}

/** Samples of 1, 2 or 4 bits, most significant first, each row starting on a whole byte. */
function unpack(bytes: Uint8Array, bits: number, across: number, rows: number): Uint8Array {
  const out = new Uint8Array(across * rows);
  const rowBytes = Math.ceil((across * bits) / 8);
  const mask = (1 << bits) - 1;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < across; i++) {
      const bit = i * bits;
      out[row * across + i] = (bytes[row * rowBytes + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}

function placeOf(image: TiffImage, index: number): string {
  const inBand = index % (image.columns * image.rows);
  const x = (inBand % image.columns) * image.blockWidth;
  const y = Math.floor(inBand / image.columns) * image.blockHeight;
  return `block ${index} (from column ${x}, row ${y})`;
}

function badBlock(file: TiffFile, image: TiffImage, index: number, found: string, cause?: unknown): EcofluxError {
  return new EcofluxError('InvalidInput', 'a block of the file is damaged', {
    file: file.source.name,
    place: placeOf(image, index),
    found,
    fix: 'copy or download the file again',
    cause,
  });
}
