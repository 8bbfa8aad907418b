/** One image of a TIFF file: its size, how its samples are stored and cut into blocks, checked when it is opened. */
import { SAMPLE_BYTES, type SampleType } from '../../core/cells.ts';
import { EcofluxError } from '../../core/errors.ts';
import type { ReadOptions } from '../byte-source.ts';
import { type Directory, damaged, type TiffFile } from './directory.ts';
import { COMPRESSION, COMPRESSION_NAMES, TAG } from './tags.ts';

export interface TiffImage {
  readonly directory: Directory;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly sampleType: SampleType;
  /** Bits of one sample in the file: 1, 2, 4 or those of the sample type. */
  readonly bits: number;
  readonly tiled: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Samples of all bands side by side; otherwise each band has its own blocks. */
  readonly chunky: boolean;
  readonly compression: number;
  readonly predictor: number;
  /** Bit 0: a reduced image; bit 2: a mask. */
  readonly subfileType: number;
  readonly photometric: number;
  /** Band (from 1) that holds alpha. */
  readonly alphaBand?: number;
  /** Compression that LERC blocks are wrapped in: 0 none, 1 deflate, 2 zstd. */
  readonly lercWrapping: number;
  /** Place of every block; 0 bytes: the block is not stored (nodata). */
  blocks(options?: ReadOptions): Promise<BlockPlaces>;
}

export interface BlockPlaces {
  readonly offsets: Float64Array;
  readonly byteCounts: Float64Array;
}

const FORMATS: Readonly<Record<number, string>> = { 1: 'u', 2: 'i', 3: 'f', 4: 'u' };
/** A block of more than 2 GiB cannot be one buffer. */
const MOST_BLOCK_BYTES = 2 ** 31;
const PIECE_BYTES = 2 ** 20;

export async function readImage(file: TiffFile, directory: Directory, options?: ReadOptions): Promise<TiffImage> {
  const place = `directory at byte ${directory.offset}`;
  const width = await directory.number(TAG.imageWidth, 0);
  const height = await directory.number(TAG.imageLength, 0);
  if (!(width > 0 && height > 0)) throw damaged(file, place, `an image of ${width} × ${height} cells`);
  const bands = await directory.number(TAG.samplesPerPixel, 1);
  if (!(bands > 0)) throw damaged(file, place, `${bands} samples per pixel`);
  const photometric = await directory.number(TAG.photometric, 1);
  const compression = await directory.number(TAG.compression, 1);
  const { sampleType, bits } = await sampleLayout(file, directory, bands);

  const tiled = directory.has(TAG.tileWidth);
  const blockWidth = tiled ? await directory.number(TAG.tileWidth, 0) : width;
  let blockHeight = tiled
    ? await directory.number(TAG.tileLength, 0)
    : Math.min(height, await directory.number(TAG.rowsPerStrip, height));
  if (!(blockWidth > 0 && blockHeight > 0))
    throw damaged(file, place, `blocks of ${blockWidth} × ${blockHeight} cells`);
  const chunky = bands === 1 || (await directory.number(TAG.planarConfiguration, 1)) !== 2;
  const rowBytes = Math.ceil((blockWidth * (chunky ? bands : 1) * bits) / 8);
  // One strip that is not compressed is read in pieces.
  const inPieces =
    !tiled && compression === COMPRESSION.none && blockHeight === height && rowBytes * height > PIECE_BYTES;
  if (inPieces) blockHeight = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
  if (rowBytes * blockHeight > MOST_BLOCK_BYTES) {
    throw new EcofluxError('Unsupported', 'a block of the file is too large to be decoded at once', {
      file: file.source.name,
      place,
      found: `blocks of ${blockWidth} × ${blockHeight} cells`,
      fix: 'convert it with gdal_translate -co TILED=YES',
    });
  }
  const columns = Math.ceil(width / blockWidth);
  const rows = Math.ceil(height / blockHeight);
  const extra = await directory.numbers(TAG.extraSamples, options);
  const alpha = extra ? extra.findIndex((kind) => kind === 1 || kind === 2) : -1;

  const image = {
    directory,
    width,
    height,
    bands,
    sampleType,
    bits,
    tiled,
    blockWidth,
    blockHeight,
    columns,
    rows,
    chunky,
    compression,
    predictor: await directory.number(TAG.predictor, 1),
    subfileType: await directory.number(TAG.newSubfileType, 0),
    photometric,
    alphaBand: alpha >= 0 ? bands - extra!.length + alpha + 1 : undefined,
    lercWrapping: (await directory.numbers(TAG.lercParameters, options))?.[1] ?? 0,
  };
  let places: Promise<BlockPlaces> | undefined;
  return {
    ...image,
    blocks(readOptions) {
      const planes = chunky ? 1 : bands;
      const found = inPieces
        ? () => readPieces(file, directory, { planes, rowBytes, height, pieceRows: blockHeight }, readOptions)
        : () => readPlaces(file, directory, columns * rows * planes, readOptions);
      places ??= found().catch((error) => {
        places = undefined;
        throw error;
      });
      return places;
    },
  };
}

/** Compression of an image by name; those that cannot be decoded are named too. */
export function compressionName(image: TiffImage): string {
  const name = COMPRESSION_NAMES[image.compression] ?? `number ${image.compression}`;
  return name === 'lerc' ? (['lerc', 'lerc+deflate', 'lerc+zstd'][image.lercWrapping] ?? name) : name;
}

/** Bytes of one decoded block of `rows` rows. Rows of samples below one byte are padded to whole bytes. */
export function blockBytes(image: TiffImage, rows: number): number {
  return Math.ceil((image.blockWidth * samplesAcross(image) * image.bits) / 8) * rows;
}

/** Samples that lie side by side for one cell of a block. */
export function samplesAcross(image: TiffImage): number {
  return image.chunky ? image.bands : 1;
}

async function sampleLayout(file: TiffFile, directory: Directory, bands: number) {
  const place = `directory at byte ${directory.offset}`;
  const bitsPerBand = (await directory.numbers(TAG.bitsPerSample)) ?? new Float64Array(bands).fill(1);
  const formats = (await directory.numbers(TAG.sampleFormat)) ?? new Float64Array(bands).fill(1);
  const bits = bitsPerBand[0];
  const letter = FORMATS[formats[0]];
  const mixed = bitsPerBand.some((value) => value !== bits) || formats.some((value) => value !== formats[0]);
  const type = (bits < 8 ? 'u8' : `${letter}${bits}`) as SampleType;
  const known =
    letter !== undefined && (SAMPLE_BYTES[type] * 8 === bits || (letter === 'u' && [1, 2, 4].includes(bits)));
  if (mixed || !known) {
    throw new EcofluxError('Unsupported', 'the sample type of this file is not supported', {
      file: file.source.name,
      place,
      found: mixed ? 'bands of different types' : `${bits}-bit samples of format ${formats[0]}`,
      expected: 'integers of 1, 2, 4, 8, 16, 32 or 64 bits or floats of 16, 32 or 64 bits',
      fix: 'convert it with gdal_translate -ot Float32',
    });
  }
  return { sampleType: type, bits };
}

async function readPlaces(
  file: TiffFile,
  directory: Directory,
  count: number,
  options?: ReadOptions,
): Promise<BlockPlaces> {
  const tiled = directory.has(TAG.tileWidth);
  const offsets = await directory.numbers(tiled ? TAG.tileOffsets : TAG.stripOffsets, options);
  const byteCounts = await directory.numbers(tiled ? TAG.tileByteCounts : TAG.stripByteCounts, options);
  if (!offsets || !byteCounts || offsets.length < count || byteCounts.length < count) {
    const found = `${offsets?.length ?? 0} block offsets and ${byteCounts?.length ?? 0} sizes for ${count} blocks`;
    throw damaged(file, `directory at byte ${directory.offset}`, found);
  }
  return { offsets, byteCounts };
}

/** Places of equal pieces of the one strip that each plane has. */
async function readPieces(
  file: TiffFile,
  directory: Directory,
  { planes, rowBytes, height, pieceRows }: { planes: number; rowBytes: number; height: number; pieceRows: number },
  options?: ReadOptions,
): Promise<BlockPlaces> {
  const strips = await readPlaces(file, directory, planes, options);
  if (rowBytes * height > file.source.size) {
    throw damaged(
      file,
      `directory at byte ${directory.offset}`,
      `a strip of ${rowBytes * height} bytes in a file of ${file.source.size}`,
    );
  }
  const pieces = Math.ceil(height / pieceRows);
  const offsets = new Float64Array(planes * pieces);
  const byteCounts = new Float64Array(planes * pieces);
  for (let plane = 0; plane < planes; plane++) {
    const start = strips.offsets[plane];
    if (start === 0) continue;
    if (start + rowBytes * height > file.source.size) {
      const found = `a strip up to byte ${start + rowBytes * height} in a file of ${file.source.size} bytes`;
      throw damaged(file, `directory at byte ${directory.offset}`, found);
    }
    for (let piece = 0; piece < pieces; piece++) {
      offsets[plane * pieces + piece] = start + piece * pieceRows * rowBytes;
      byteCounts[plane * pieces + piece] = rowBytes * Math.min(pieceRows, height - piece * pieceRows);
    }
  }
  return { offsets, byteCounts };
}
