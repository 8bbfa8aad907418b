/** A GeoTIFF opened for reading by window: its description, and native samples of any band and overview. Rows are always given from the north. */
import type { SampleType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Grid, Window } from '../core/grid.ts';
import type { BlockCache } from './block-cache.ts';
import type { ByteSource, ReadOptions } from './byte-source.ts';
import { describeImages, findImages } from './raster-info.ts';
import type { TypedArray } from './samples.ts';
import { openTiff } from './tiff/directory.ts';
import { readImageWindow } from './window-reader.ts';

/** What the file says of one band. */
export interface BandInfo {
  /** value = sample · scale + offset; 1 and 0 when absent. */
  readonly scale: number;
  readonly offset: number;
  readonly unit?: string;
  readonly description?: string;
  readonly statistics?: { readonly min: number; readonly max: number; readonly mean: number; readonly stddev: number };
}

/** The members of `BandInfo` are those of band 1; `bandOf` gives the others. */
export interface RasterInfo extends BandInfo {
  readonly name: string;
  readonly grid: Grid;
  readonly bands: number;
  /** Each band, the first at 0. */
  readonly bandInfo: readonly BandInfo[];
  readonly sampleType: SampleType;
  /** As the file declares it (GDAL_NODATA); undefined when it declares none. */
  readonly nodata: number | undefined;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly tiled: boolean;
  readonly compression: string;
  readonly predictor: number;
  readonly overviews: readonly { readonly width: number; readonly height: number }[];
  /** The file has a mask image or an alpha band. */
  readonly hasMask: boolean;
  /** Rows lie from south to north in the file; reading turns them round. */
  readonly southUp: boolean;
  readonly palette?: Readonly<Record<number, readonly [number, number, number, number]>>;
  readonly classNames?: Readonly<Record<number, string>>;
}

export interface SampleWindow {
  /** `width × height` samples, row-major, from the north-west. */
  readonly samples: TypedArray;
  /** 1 where valid, 0 where not; only where the file has a mask or alpha. */
  readonly mask?: Uint8Array;
}

export interface ReadSamplesOptions extends ReadOptions {
  /** From 1. */
  readonly band?: number;
  /** 0: full resolution; n: the nth overview. */
  readonly level?: number;
}

export interface Raster {
  readonly info: RasterInfo;
  /** The window must lie inside the level; cells of blocks that the file does not store are nodata (0 where none is declared). */
  readSamples(window: Window, options?: ReadSamplesOptions): Promise<SampleWindow>;
  close(): Promise<void>;
}

export interface OpenOptions extends ReadOptions {
  /** Holds blocks that were used in part; without it they are decoded again. */
  readonly cache?: BlockCache;
}

/** What the file says of a band, from 1. @throws EcofluxError InvalidInput where there is no such band */
export function bandOf(info: RasterInfo, band: number): BandInfo {
  const found = info.bandInfo[band - 1];
  if (found) return found;
  throw new EcofluxError('InvalidInput', `there is no band ${band}`, {
    file: info.name,
    found: `${info.bands} band${info.bands === 1 ? '' : 's'}`,
  });
}

let opened = 0;

export async function openRaster(source: ByteSource, { signal, cache }: OpenOptions = {}): Promise<Raster> {
  const file = await openTiff(source, { signal });
  const images = await findImages(file, { signal });
  const info = await describeImages(file, images);
  const id = ++opened;

  return {
    info,
    async readSamples(window, { band = 1, level = 0, signal: readSignal } = {}) {
      const image = images.levels[level];
      if (!image) throw new EcofluxError('Bug', `${info.name} has no overview level ${level}`);
      checkWindow(info, window, image, band);
      const options = { signal: readSignal };
      const { southUp } = info;
      const shown = southUp ? { ...window, y: image.height - window.y - window.height } : window;
      const fill = info.nodata ?? 0;
      const read = { file, cache, southUp, fill, options };
      const samples = await readImageWindow(image, shown, band, { ...read, key: `${id}/${level}` });
      const alpha = image.alphaBand;
      const maskImage = images.masks[level];
      if (maskImage) {
        const mask = await readImageWindow(maskImage, shown, 1, { ...read, fill: 0, key: `${id}/m${level}` });
        return { samples, mask: toMask(mask) };
      }
      if (alpha !== undefined && alpha !== band) {
        return {
          samples,
          mask: toMask(await readImageWindow(image, shown, alpha, { ...read, fill: 0, key: `${id}/${level}` })),
        };
      }
      return { samples };
    },
    async close() {
      await source.close?.();
    },
  };
}

function toMask(values: TypedArray): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) mask[i] = Number(values[i]) > 0 ? 1 : 0;
  return mask;
}

function checkWindow(info: RasterInfo, window: Window, size: { width: number; height: number }, band: number): void {
  const { x, y, width, height } = window;
  if (!(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= size.width && y + height <= size.height)) {
    throw new EcofluxError('Bug', 'a window outside the raster was asked for', {
      file: info.name,
      found: `columns ${x}..${x + width}, rows ${y}..${y + height}`,
      expected: `inside ${size.width} × ${size.height}`,
    });
  }
  bandOf(info, band);
}
