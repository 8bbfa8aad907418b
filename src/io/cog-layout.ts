/**
 * The head of a Cloud Optimized GeoTIFF and the place of every block: header, what GDAL calls the structural metadata, all directories, then
 * the blocks of the smallest overview, of the next, and last those of the full image, each level row by row.
 */
import { SAMPLE_BYTES } from '../core/cells.ts';
import type { RasterDescription } from './raster-writer.ts';
import type { RasterStatistics } from './statistics.ts';
import {
  directoryBytes,
  doubleTag,
  longTag,
  offsetTag,
  roundUp8,
  shortTag,
  type Tag,
  textTag,
  writeDirectory,
} from './tiff/directory-writer.ts';
import { escapeXml, formatGdalMetadata, type MetadataItem } from './tiff/gdal-metadata.ts';
import { geoKeysOf } from './tiff/geo-keys.ts';
import { COMPRESSION, TAG } from './tiff/tags.ts';

export interface LevelLayout {
  readonly width: number;
  readonly height: number;
  /** Compressed bytes of every block, row by row; 0: nothing but nodata, not stored. */
  readonly sizes: ArrayLike<number>;
}

export interface FileLayout {
  readonly head: Uint8Array;
  readonly bytes: number;
  readonly big: boolean;
}

/** Around every block: its size before it, its last four bytes again behind it, so that GDAL can read it in one request. */
export const LEADER_BYTES = 4;
export const TRAILER_BYTES = 4;

const STRUCTURE = `LAYOUT=IFDS_BEFORE_DATA
BLOCK_ORDER=ROW_MAJOR
BLOCK_LEADER=SIZE_AS_UINT4
BLOCK_TRAILER=LAST_4_BYTES_REPEATED
KNOWN_INCOMPATIBLE_EDITION=NO
 `;
const GHOST = `GDAL_STRUCTURAL_METADATA_SIZE=${String(STRUCTURE.length).padStart(6, '0')} bytes\n${STRUCTURE}`;
/** Offsets of a classic TIFF have 32 bits. */
const CLASSIC_BYTES = 2 ** 32 - 1;

/** `blockSize` and `predictor` as they were settled for the file; `levels` from the full image to the smallest overview. */
export function layOut(
  description: RasterDescription,
  settled: {
    readonly blockSize: number;
    readonly predictor: number;
    readonly compression: 'deflate' | 'zstd' | 'none';
  },
  levels: readonly LevelLayout[],
  statistics: RasterStatistics | undefined,
): FileLayout {
  const classic = description.bigTiff !== 'yes' && layOutAs(false, description, settled, levels, statistics);
  if (classic && classic.bytes <= CLASSIC_BYTES) return classic;
  return layOutAs(true, description, settled, levels, statistics);
}

function layOutAs(big: boolean, ...[description, settled, levels, statistics]: Parameters<typeof layOut>): FileLayout {
  const headerBytes = big ? 16 : 8;
  const first = roundUp8(headerBytes + GHOST.length);
  const tagsOf = (level: number, offsets: Float64Array) =>
    tagsOfLevel(big, description, settled, levels, level, offsets, statistics);

  const starts: number[] = [];
  let at = first;
  levels.forEach((level, index) => {
    starts.push(at);
    at += directoryBytes(tagsOf(index, new Float64Array(level.sizes.length)), big);
  });
  const headBytes = at;
  const offsets = levels.map((level) => new Float64Array(level.sizes.length));
  for (let index = levels.length - 1; index >= 0; index--) {
    const { sizes } = levels[index];
    for (let block = 0; block < sizes.length; block++) {
      if (sizes[block] === 0) continue;
      offsets[index][block] = at + LEADER_BYTES;
      at += LEADER_BYTES + sizes[block] + TRAILER_BYTES;
    }
  }

  const head = new Uint8Array(headBytes);
  const view = new DataView(head.buffer);
  head.set([0x49, 0x49, big ? 43 : 42, 0]);
  if (big) {
    view.setUint16(4, 8, true);
    view.setBigUint64(8, BigInt(first), true);
  } else {
    view.setUint32(4, first, true);
  }
  head.set(new TextEncoder().encode(GHOST), headerBytes);
  // Past 4 GB as a classic file the offsets do not fit, and the caller takes the other layout.
  if (big || at <= CLASSIC_BYTES) {
    levels.forEach((_, index) => {
      writeDirectory(view, starts[index], tagsOf(index, offsets[index]), big, starts[index + 1] ?? 0);
    });
  }
  return { head, bytes: at, big };
}

const SAMPLE_FORMAT: Readonly<Record<string, number>> = { u: 1, i: 2, f: 3 };
const PALETTE = 3;
const MIN_IS_BLACK = 1;

function tagsOfLevel(
  big: boolean,
  description: RasterDescription,
  { blockSize, predictor, compression }: Parameters<typeof layOut>[1],
  levels: readonly LevelLayout[],
  level: number,
  offsets: Float64Array,
  statistics: RasterStatistics | undefined,
): Tag[] {
  const { width, height, sizes } = levels[level];
  const { sampleType } = description;
  const colours = colourMap(description);
  const tags: Tag[] = [
    longTag(TAG.newSubfileType, level === 0 ? 0 : 1),
    longTag(TAG.imageWidth, width),
    longTag(TAG.imageLength, height),
    shortTag(TAG.bitsPerSample, 8 * SAMPLE_BYTES[sampleType]),
    shortTag(TAG.compression, COMPRESSION[compression]),
    shortTag(TAG.photometric, colours ? PALETTE : MIN_IS_BLACK),
    shortTag(TAG.samplesPerPixel, 1),
    shortTag(TAG.planarConfiguration, 1),
    shortTag(TAG.predictor, predictor),
    ...(colours ? [shortTag(TAG.colorMap, ...colours)] : []),
    shortTag(TAG.tileWidth, blockSize),
    shortTag(TAG.tileLength, blockSize),
    offsetTag(TAG.tileOffsets, big, offsets),
    { ...longTag(TAG.tileByteCounts), values: sizes },
    shortTag(TAG.sampleFormat, SAMPLE_FORMAT[sampleType[0]]),
  ];
  if (level === 0)
    tags.push(
      ...georeferenceTags(description),
      textTag(TAG.gdalMetadata, formatGdalMetadata(itemsOf(description, statistics))),
    );
  tags.push(textTag(TAG.gdalNodata, Number.isNaN(description.nodata) ? 'nan' : String(description.nodata)));
  return tags;
}

function georeferenceTags({ grid }: RasterDescription): Tag[] {
  const keys = geoKeysOf(grid.crs);
  const tags = [
    doubleTag(TAG.modelPixelScale, [grid.cellWidth, grid.cellHeight, 0]),
    doubleTag(TAG.modelTiepoint, [0, 0, 0, grid.west, grid.north, 0]),
  ];
  if (keys) {
    tags.push(shortTag(TAG.geoKeyDirectory, ...keys.directory));
    if (keys.doubles.length > 0) tags.push(doubleTag(TAG.geoDoubleParams, keys.doubles));
    if (keys.ascii) tags.push(textTag(TAG.geoAsciiParams, keys.ascii));
  }
  return tags;
}

function itemsOf(description: RasterDescription, statistics: RasterStatistics | undefined): MetadataItem[] {
  const items: MetadataItem[] = Object.entries(description.metadata ?? {}).map(([name, value]) => ({ name, value }));
  if (description.description)
    items.push({ name: 'DESCRIPTION', value: description.description, band: 1, role: 'description' });
  if (description.unit) items.push({ name: 'UNITTYPE', value: description.unit, band: 1, role: 'unittype' });
  for (const [code, name] of Object.entries(description.classNames ?? {}))
    items.push({ name: `CLASS_${code}`, value: name, band: 1 });
  if (statistics) {
    const { grid } = description;
    const percent = (100 * statistics.valid) / (grid.width * grid.height);
    const values = {
      MINIMUM: statistics.min,
      MAXIMUM: statistics.max,
      MEAN: statistics.mean,
      STDDEV: statistics.stddev,
      VALID_PERCENT: percent,
    };
    for (const [name, value] of Object.entries(values))
      items.push({ name: `STATISTICS_${name}`, value: String(value), band: 1 });
  }
  return items;
}

/** Red, green and blue of every code of an 8- or 16-bit class raster; codes without a colour are black. */
function colourMap({ palette, sampleType }: RasterDescription): number[] | undefined {
  if (!palette || (sampleType !== 'u8' && sampleType !== 'u16')) return undefined;
  const size = 2 ** (8 * SAMPLE_BYTES[sampleType]);
  const map = new Array<number>(3 * size).fill(0);
  for (const [code, colour] of Object.entries(palette)) {
    if (Number(code) < size)
      for (let channel = 0; channel < 3; channel++) map[channel * size + Number(code)] = colour[channel] * 257;
  }
  return map;
}

/** Category names may be listed from code 0 on; beyond this many only the attribute table is written. */
const MOST_CATEGORIES = 4096;

/** The names of classes as GDAL and QGIS read them: the `.aux.xml` beside the file. */
export function classNamesXml(classNames: Readonly<Record<number, string>>): string {
  const codes = Object.keys(classNames)
    .map(Number)
    .sort((a, b) => a - b);
  const largest = codes.at(-1) ?? 0;
  const categories = Array.from({ length: largest < MOST_CATEGORIES ? largest + 1 : 0 }, (_, code) => {
    return `      <Category>${escapeXml(classNames[code] ?? '')}</Category>\n`;
  });
  const rows = codes.map((code, index) => {
    return `      <Row index="${index}"><F>${code}</F><F>${escapeXml(classNames[code])}</F></Row>\n`;
  });
  return `<PAMDataset>
  <PAMRasterBand band="1">
${categories.length > 0 ? `    <CategoryNames>\n${categories.join('')}    </CategoryNames>\n` : ''}    <GDALRasterAttributeTable tableType="thematic">
      <FieldDefn index="0"><Name>Value</Name><Type>0</Type><Usage>5</Usage></FieldDefn>
      <FieldDefn index="1"><Name>Class</Name><Type>2</Type><Usage>2</Usage></FieldDefn>
${rows.join('')}    </GDALRasterAttributeTable>
  </PAMRasterBand>
</PAMDataset>
`;
}
