/** What the engine reads: a window of a raster as one plane of its cells (NODATA sentinels, units converted), resampled to another grid where asked. */
import { allocatePlane, type CellType, nodataOf, type Plane } from '../core/cells.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import { intersect } from '../core/tiles.ts';
import type { ReadOptions } from './byte-source.ts';
import { nodataRanges } from './nodata.ts';
import { countCodes, type MappingRule, mapCodes, mapQuantities, toValues } from './plane-mapping.ts';
import { bandOf, type Raster, type RasterInfo } from './raster.ts';
import type { Warp } from './warp/warp.ts';
import { warpPlane } from './warp/warp-plane.ts';

/** How samples become cells. */
export interface PlaneMapping {
  /** `f32`: (sample · scale + offset of the file) · factor + addend. `u32`: class codes from 0 to 2^20 − 1. */
  readonly type: CellType;
  /** From 1. */
  readonly band?: number;
  readonly factor?: number;
  readonly addend?: number;
  /** Samples, as they are in the file, that are nodata although the file does not say so. */
  readonly extraNodata?: readonly number[];
  /** How the raster is brought to another grid, as `warpBetween` decides. */
  readonly resampling?: Warp;
}

/**
 * Cells of a window of the raster's grid, or of `mapping.resampling.target`; cells beyond the raster are nodata. A sample is nodata where it
 * equals a declared value (exactly for integers, |x − nd| ≤ 1e-8 + 1e-5·|nd| for floats), is NaN or infinite, or is masked out.
 */
export async function readPlane(
  raster: Raster,
  window: Window,
  mapping: PlaneMapping,
  options: ReadOptions = {},
): Promise<Plane> {
  throwIfAborted(options.signal);
  if (mapping.resampling) return warpPlane(raster, window, mapping, mapping.resampling, options);
  return readAligned(raster, window, mapping, options);
}

/** `readPlane` on the raster's own grid. */
export async function readAligned(
  raster: Raster,
  window: Window,
  mapping: PlaneMapping,
  options: ReadOptions,
): Promise<Plane> {
  const { info } = raster;
  const { type, band = 1 } = mapping;
  const inside = intersect(window, { x: 0, y: 0, width: info.grid.width, height: info.grid.height });
  const whole = inside?.width === window.width && inside.height === window.height;
  if (!inside) return allocatePlane(type, window.width * window.height).fill(nodataOf(type));

  const { samples, mask } = await raster.readSamples(inside, { band, signal: options.signal });
  const rule = ruleOf(info, band, mapping);
  const placing = { file: info.name, x: inside.x, y: inside.y, width: inside.width };
  let cells: Plane;
  if (type === 'f32') {
    // In place where the samples are f32 already and no second nodata value needs the raw ones.
    const values = toValues(samples);
    cells = values instanceof Float32Array && rule.ranges.length < 2 ? values : new Float32Array(values.length);
    mapQuantities(values, cells, rule, mask, placing);
  } else {
    cells = new Uint32Array(samples.length);
    mapCodes(samples, cells, rule, mask, placing);
  }
  return whole ? cells : embed(cells, inside, window, type);
}

function ruleOf(
  info: RasterInfo,
  band: number,
  { factor = 1, addend = 0, extraNodata = [] }: Omit<PlaneMapping, 'type' | 'band'>,
): MappingRule {
  const { scale, offset } = bandOf(info, band);
  return {
    scale: scale * factor,
    offset: offset * factor + addend,
    ranges: nodataRanges(info.sampleType, [info.nodata, ...extraNodata]),
  };
}

function embed(cells: Plane, inside: Window, window: Window, type: CellType): Plane {
  const out = allocatePlane(type, window.width * window.height).fill(nodataOf(type));
  for (let row = 0; row < inside.height; row++) {
    const to = (inside.y - window.y + row) * window.width + inside.x - window.x;
    out.set(cells.subarray(row * inside.width, (row + 1) * inside.width), to);
  }
  return out;
}

/** Class codes of a raster with the number of their cells, by ascending code; nodata left out. */
export async function countClasses(
  raster: Raster,
  options: ReadOptions & Pick<PlaneMapping, 'band' | 'extraNodata'> & { readonly window?: Window } = {},
): Promise<Map<number, number>> {
  const { grid, blockHeight } = raster.info;
  const { x, y, width, height } = options.window ?? { x: 0, y: 0, width: grid.width, height: grid.height };
  const counts = new Map<number, number>();
  // Some four million cells at a time, in whole rows of blocks where they fit.
  const fitting = Math.max(1, Math.floor(2 ** 22 / width));
  const step = fitting >= blockHeight ? fitting - (fitting % blockHeight) : fitting;
  const { band = 1, extraNodata = [], signal } = options;
  const rule = ruleOf(raster.info, band, { extraNodata });
  for (let row = 0; row < height; row += step) {
    const window = { x, y: y + row, width, height: Math.min(step, height - row) };
    throwIfAborted(signal);
    const { samples, mask } = await raster.readSamples(window, { band, signal });
    countCodes(samples, rule, mask, { file: raster.info.name, ...window }, counts);
  }
  counts.delete(nodataOf('u32'));
  return new Map([...counts].sort(([a], [b]) => a - b));
}
