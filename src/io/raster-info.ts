/** Which images of a TIFF are the raster, its overviews and its masks, and what its tags say about the values. */
import { EcofluxError } from '../core/errors.ts';
import type { ReadOptions } from './byte-source.ts';
import { canDecode } from './codecs/index.ts';
import { readGeoreference } from './georeference.ts';
import type { BandInfo, RasterInfo } from './raster.ts';
import { damaged, readDirectory, type TiffFile } from './tiff/directory.ts';
import { type MetadataItem, parseGdalMetadata } from './tiff/gdal-metadata.ts';
import { compressionName, readImage, type TiffImage } from './tiff/image.ts';
import { TAG } from './tiff/tags.ts';

export interface RasterImages {
  /** Full resolution, then overviews from the largest. */
  readonly levels: readonly TiffImage[];
  /** Mask of each level, where it has one. */
  readonly masks: readonly (TiffImage | undefined)[];
}

const REDUCED = 1;
const MASK = 4;
const PALETTE = 3;
/** A chain of more directories than this goes round in a circle. */
const MOST_DIRECTORIES = 1000;

export async function findImages(file: TiffFile, options?: ReadOptions): Promise<RasterImages> {
  const images: TiffImage[] = [];
  const seen = new Set<number>();
  const open = async (offset: number) => {
    if (seen.has(offset) || seen.size > MOST_DIRECTORIES)
      throw damaged(file, `directory at byte ${offset}`, 'directories that go round in a circle');
    seen.add(offset);
    const directory = await readDirectory(file, offset, options);
    const image = await readImage(file, directory, options);
    images.push(image);
    return directory;
  };
  for (let offset = file.firstDirectory; offset !== 0; ) {
    const directory = await open(offset);
    if (images.length === 1) for (const child of (await directory.numbers(TAG.subIfds)) ?? []) await open(child);
    offset = directory.next;
  }

  const full = images[0];
  const reduced = images
    .filter((image) => image !== full && image.subfileType & REDUCED && !(image.subfileType & MASK))
    .filter((image) => image.sampleType === full.sampleType && image.width <= full.width)
    .sort((a, b) => b.width - a.width);
  const levels = [full, ...reduced];
  const masks = images.filter((image) => image.subfileType & MASK);
  for (const image of levels) {
    const name = compressionName(image);
    if (!canDecode(name)) {
      throw new EcofluxError('Unsupported', `${name} compression is not supported`, {
        file: file.source.name,
        fix: 'convert the file with gdal_translate -co COMPRESS=DEFLATE',
      });
    }
  }
  return {
    levels,
    masks: levels.map((level) => masks.find((mask) => mask.width === level.width && mask.height === level.height)),
  };
}

export async function describeImages(file: TiffFile, { levels, masks }: RasterImages): Promise<RasterInfo> {
  const full = levels[0];
  const { grid, southUp } = await readGeoreference(file, full.directory, { width: full.width, height: full.height });
  const items = parseGdalMetadata(await full.directory.text(TAG.gdalMetadata));
  const bandInfo = Array.from({ length: full.bands }, (_, i) => describeBand(items, i + 1));
  return {
    ...bandInfo[0],
    name: file.source.name,
    grid,
    bands: full.bands,
    bandInfo,
    sampleType: full.sampleType,
    nodata: parseNodata(file, await full.directory.text(TAG.gdalNodata)),
    blockWidth: full.blockWidth,
    blockHeight: full.blockHeight,
    tiled: full.tiled,
    compression: compressionName(full),
    predictor: full.predictor,
    overviews: levels.slice(1).map(({ width, height }) => ({ width, height })),
    hasMask: masks[0] !== undefined || full.alphaBand !== undefined,
    southUp,
    palette: await paletteOf(full),
    classNames: classNamesOf(items),
  };
}

/** Items of no band are taken for those of the first. */
function describeBand(items: readonly MetadataItem[], band: number): BandInfo {
  const own = items.filter((item) => (item.band ?? 1) === band);
  const role = (name: string) => own.find((item) => item.role === name)?.value;
  const number = (text: string | undefined, fallback: number) => (text?.trim() ? Number(text) : fallback);
  const statistic = (name: string) => own.find((item) => item.name === `STATISTICS_${name}`)?.value;
  const value = (name: string) => Number(statistic(name));
  return {
    scale: number(role('scale'), 1),
    offset: number(role('offset'), 0),
    unit: role('unittype'),
    description: role('description'),
    statistics:
      statistic('MEAN') === undefined
        ? undefined
        : { min: value('MINIMUM'), max: value('MAXIMUM'), mean: value('MEAN'), stddev: value('STDDEV') },
  };
}

function parseNodata(file: TiffFile, text: string | undefined): number | undefined {
  const word = text?.trim().toLowerCase();
  if (!word) return undefined;
  if (/^[+-]?nan/.test(word)) return Number.NaN;
  const value = /^[+-]?inf/.test(word) ? (word[0] === '-' ? -Infinity : Infinity) : Number(word);
  if (!Number.isNaN(value)) return value;
  throw new EcofluxError('InvalidInput', 'the declared nodata value is not a number', {
    file: file.source.name,
    found: `'${text}'`,
    fix: 'declare one with gdal_edit.py -a_nodata',
  });
}

/** Colours of the TIFF colour map, 8 bits each; opaque. */
async function paletteOf(image: TiffImage): Promise<RasterInfo['palette']> {
  const map = image.photometric === PALETTE ? await image.directory.numbers(TAG.colorMap) : undefined;
  if (!map) return undefined;
  const count = map.length / 3;
  const palette: Record<number, [number, number, number, number]> = {};
  for (let code = 0; code < count; code++) {
    palette[code] = [map[code] >> 8, map[count + code] >> 8, map[2 * count + code] >> 8, 255];
  }
  return palette;
}

/** Names that the writer keeps as items CLASS_<code>; GDAL keeps its own in a file beside (see class-names.ts). */
function classNamesOf(items: readonly MetadataItem[]): RasterInfo['classNames'] {
  const names: Record<number, string> = {};
  for (const { name, value } of items) {
    const code = /^CLASS_(-?\d+)$/.exec(name)?.[1];
    if (code !== undefined) names[Number(code)] = value;
  }
  return Object.keys(names).length > 0 ? names : undefined;
}
