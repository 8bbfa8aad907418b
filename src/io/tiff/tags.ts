/** Numbers of the TIFF 6.0, BigTIFF, GeoTIFF and GDAL tags, field types and compressions that ecoflux knows. */

export const TAG = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subIfds: 330,
  extraSamples: 338,
  sampleFormat: 339,
  modelPixelScale: 33550,
  modelTiepoint: 33922,
  modelTransformation: 34264,
  geoKeyDirectory: 34735,
  geoDoubleParams: 34736,
  geoAsciiParams: 34737,
  gdalMetadata: 42112,
  gdalNodata: 42113,
  lercParameters: 50674,
} as const;

/** Field types by their number: how many bytes one value has. */
export const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

export const TYPE = { byte: 1, ascii: 2, short: 3, long: 4, double: 12, long8: 16 } as const;

export const COMPRESSION = {
  none: 1,
  lzw: 5,
  deflate: 8,
  packbits: 32773,
  deflateOld: 32946,
  lerc: 34887,
  zstd: 50000,
} as const;

/** Names of compressions, those ecoflux refuses included, so that a refusal can name them. */
export const COMPRESSION_NAMES: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'CCITT RLE',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  5: 'lzw',
  6: 'old JPEG',
  7: 'JPEG',
  8: 'deflate',
  32773: 'packbits',
  32946: 'deflate',
  34712: 'JPEG 2000',
  34887: 'lerc',
  34925: 'LZMA',
  50000: 'zstd',
  50001: 'WebP',
  50002: 'JPEG XL',
};
