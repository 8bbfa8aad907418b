/** What a description leaves open is settled, and what cannot be written is refused. */
import type { SampleType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { BlockEncoding, WritableType } from './block-encoder.ts';
import { codecNamed, writableCodecs } from './codecs/index.ts';
import type { RasterDescription } from './raster-writer.ts';
import { integerRange } from './samples.ts';

const WRITABLE: readonly SampleType[] = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'f64'];
/** The sizes TIFF allows are multiples of this. */
const STEP = 16;
export const DEFAULT_BLOCK = 512;

export async function settle(file: string, description: RasterDescription): Promise<BlockEncoding> {
  const { grid, sampleType, nodata, kind, compression = 'deflate', level } = description;
  const refuse = (what: string, details: { found: string; expected: string }) => {
    return new EcofluxError('InvalidConfiguration', what, { file, ...details });
  };
  if (!WRITABLE.includes(sampleType)) {
    throw refuse('this sample type cannot be written', { found: sampleType, expected: WRITABLE.join(', ') });
  }
  if (!(grid.width > 0 && grid.height > 0)) {
    throw refuse('the raster has no cells', { found: `${grid.width} × ${grid.height}`, expected: 'at least 1 × 1' });
  }
  const range = integerRange(sampleType);
  if (range && !(Number.isInteger(nodata) && nodata >= range.min && nodata <= range.max)) {
    throw refuse('the nodata value does not fit the sample type', {
      found: String(nodata),
      expected: `a whole number from ${range.min} to ${range.max} (${sampleType})`,
    });
  }
  if (sampleType === 'f32' && Number.isFinite(nodata) && !Number.isFinite(Math.fround(nodata))) {
    throw refuse('the nodata value does not fit the sample type', {
      found: String(nodata),
      expected: 'a 32-bit float',
    });
  }
  const asked = description.blockSize ?? DEFAULT_BLOCK;
  if (!(asked >= STEP && asked % STEP === 0 && asked <= 65520)) {
    throw refuse('this block size cannot be written', { found: String(asked), expected: `a multiple of ${STEP}` });
  }
  // A small raster gets one block no larger than it needs.
  const needed = Math.ceil(Math.max(grid.width, grid.height) / STEP) * STEP;
  const predictor = description.predictor ?? (kind === 'classes' ? 1 : range ? 2 : 3);
  if (predictor === 3 && range) {
    throw refuse('predictor 3 is for floats', { found: sampleType, expected: 'predictor 1 or 2' });
  }
  if (!(await codecNamed(compression)).encode) {
    throw new EcofluxError('Unsupported', `${compression} compression cannot be written here`, {
      file,
      expected: (await writableCodecs()).join(', '),
      fix: 'use deflate, or for zstd Node 22.15 or newer',
    });
  }
  return {
    file,
    sampleType: sampleType as WritableType,
    nodata,
    kind,
    compression,
    level,
    predictor: compression === 'none' ? 1 : predictor,
    blockSize: Math.min(asked, needed),
  };
}
