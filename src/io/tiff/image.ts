/** One image of a TIFF file: its size, how its samples are stored and cut into blocks, checked when it is opened. */
import { SAMPLE_BYTES, type SampleType } from '../../core/cells.ts';
import { EcofluxError } from '../../core/errors.ts';
import type { ReadOptions } from '../byte-source.ts';
import { type Directory, damaged, type TiffFile } from './directory.ts';
import { COMPRESSION_NAMES, TAG } from './tags.ts';

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
  blocks(options?: ReadOptions): Promise<{ readonly offsets: Float64Array; readonly byteCounts: Float64Array }>;
}

const FORMATS: Readonly<Record<number, string>> = { 1: 'u', 2: 'i', 3: 'f', 4: 'u' };
/** A block of more than 2 GiB cannot be one buffer. */
const MOST_BLOCK_BYTES = 2 ** 31;

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
  const blockHeight = tiled
    ? await directory.number(TAG.tileLength, 0)
    : Math.min(height, await directory.number(TAG.rowsPerStrip, height));
  if (!(blockWidth > 0 && blockHeight > 0))
    throw damaged(file, place, `blocks of ${blockWidth} × ${blockHeight} cells`);
  const chunky = bands === 1 || (await directory.number(TAG.planarConfiguration, 1)) !== 2;
  const blockBytes = Math.ceil((blockWidth * (chunky ? bands : 1) * bits) / 8) * blockHeight;
  if (blockBytes > MOST_BLOCK_BYTES && compression !== 1) {
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
  let places: Promise<{ offsets: Float64Array; byteCounts: Float64Array }> | undefined;
  return {
    ...image,
    blocks(readOptions) {
      places ??= readPlaces(file, directory, tiled, columns * rows * (chunky ? 1 : bands), readOptions).catch(
        (error) => {
          places = undefined;
          throw error;
        },
      );
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

async function readPlaces(file: TiffFile, directory: Directory, tiled: boolean, count: number, options?: ReadOptions) {
  const offsets = await directory.numbers(tiled ? TAG.tileOffsets : TAG.stripOffsets, options);
  const byteCounts = await directory.numbers(tiled ? TAG.tileByteCounts : TAG.stripByteCounts, options);
  if (!offsets || !byteCounts || offsets.length < count || byteCounts.length < count) {
    const found = `${offsets?.length ?? 0} block offsets and ${byteCounts?.length ?? 0} sizes for ${count} blocks`;
    throw damaged(file, `directory at byte ${directory.offset}`, found);
  }
  return { offsets, byteCounts };
}
