/** TIFF files put together by hand, for what GDAL does not write: 64-bit integers, damaged structures, odd tags. Little-endian, one strip, not compressed. */
import { SAMPLE_BYTES, type SampleType } from '../../src/core/cells.ts';
import {
  directoryBytes,
  doubleTag,
  longTag,
  shortTag,
  type Tag,
  textTag,
  writeDirectory,
} from '../../src/io/tiff/directory-writer.ts';
import { TAG } from '../../src/io/tiff/tags.ts';

const FORMAT = { u: 1, i: 2, f: 3 } as const;

export interface HandMade {
  readonly width: number;
  readonly height: number;
  readonly type: SampleType;
  readonly samples: Uint8Array;
  readonly nodata?: string;
  /** Replace or add tags. */
  readonly tags?: readonly Tag[];
}

const DATA = 8;

export function tiffBytes({ width, height, type, samples, nodata, tags: own = [] }: HandMade): Uint8Array {
  const standard = [
    longTag(TAG.imageWidth, width),
    longTag(TAG.imageLength, height),
    shortTag(TAG.bitsPerSample, SAMPLE_BYTES[type] * 8),
    shortTag(TAG.compression, 1),
    longTag(TAG.stripOffsets, DATA),
    longTag(TAG.rowsPerStrip, height),
    longTag(TAG.stripByteCounts, samples.length),
    shortTag(TAG.sampleFormat, FORMAT[type[0] as 'u']),
    doubleTag(TAG.modelPixelScale, [30, 30, 0]),
    doubleTag(TAG.modelTiepoint, [0, 0, 0, 500000, 4000000, 0]),
    ...(nodata === undefined ? [] : [textTag(TAG.gdalNodata, nodata)]),
  ];
  const tags = [...standard.filter(({ tag }) => !own.some((other) => other.tag === tag)), ...own].sort(
    (a, b) => a.tag - b.tag,
  );
  const start = Math.ceil((DATA + samples.length) / 8) * 8;
  const bytes = new Uint8Array(start + directoryBytes(tags, false));
  bytes.set([0x49, 0x49, 42, 0]);
  bytes.set(samples, DATA);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, start, true);
  writeDirectory(view, start, tags, false, 0);
  return bytes;
}

export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
