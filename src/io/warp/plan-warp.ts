/** Decides how a raster is brought to another grid: spacing of the control grid and of the nodes, bits, widths of kernels. From the two grids only. */
import { EcofluxError } from '../../core/errors.ts';
import { type Grid, sameCrs } from '../../core/grid.ts';
import { RESAMPLINGS, type Resampling } from '../../core/warp.ts';
import { equalCrs, projectionOf } from '../crs/index.ts';
import { kernelRatio } from './kernel-ratio.ts';
import { affine, locatorOf, type WarpGrids } from './locator.ts';
import { sampleOverlap, withSmallSource } from './sample-overlap.ts';
import { COARSE, lookAtPatches } from './sample-patches.ts';
import type { Warp } from './warp.ts';

export interface WarpOptions {
  readonly method: Resampling;
  /** Greatest distance between positions and exact places, in source cells; 0.125 when absent. What is reached is far less as a rule. */
  readonly maxError?: number;
}

/** Spacings tried for the control grid, and the error in source cells at which one is fine enough. */
const SPACINGS = [64, 32, 16, 8, 4] as const;
const FINE = 1e-6;
const STEPS = [16, 8, 4, 2] as const;
/** What linear interpolation between nodes may add, in source cells. */
const LINEAR = 1e-5;
const MOST_BITS = 22;
/** Fewer would show: 2⁻²⁰ of a cell is 10⁻⁶. */
const FEWEST_BITS = 20;

/** `nearest` has no small errors: a place on the wrong side of a border is another cell. Unless a bound is given it is reckoned as closely as 32 bits hold. */
const NEAREST = { fine: 1e-9, linear: 1e-9, bits: 28 } as const;

/** Throws InvalidInput where a system is missing or unknown, InvalidConfiguration for an unknown method. */
export async function warpBetween(source: Grid, target: Grid, options: WarpOptions): Promise<Warp> {
  const { method, maxError = 0.125 } = options;
  if (!RESAMPLINGS.includes(method)) {
    throw new EcofluxError('InvalidConfiguration', 'unknown resampling', {
      found: String(method),
      expected: RESAMPLINGS.join(', '),
    });
  }
  const bound = Math.min(maxError, COARSE);
  const {
    fine,
    linear: most,
    bits: mostBits,
  } = method === 'nearest' && options.maxError === undefined
    ? NEAREST
    : { fine: FINE, linear: LINEAR, bits: MOST_BITS };
  const grids = await systemsOf(source, target);
  if (grids.from === undefined) return affineWarp(source, target, method);
  const locate = await locatorOf(grids);
  const seen = await withSmallSource(grids, sampleOverlap(grids, locate));
  const closed = isClosed(grids);
  const ratio = kernelRatio({ ...grids, closed }, locate, seen.ratio, method);
  const base = { method, ...grids, closed, maxError: bound, ratio, overlap: seen.overlap };
  let chosen = lookAtPatches(grids, locate, SPACINGS[0], seen.places);
  for (const spacing of SPACINGS.slice(1)) {
    if (chosen.error <= fine && chosen.whole) break;
    const finer = lookAtPatches(grids, locate, spacing, seen.places);
    // Where finer does not help, at a pole or the edge of a map, the places there are reckoned one by one instead.
    if (finer.error > chosen.error / 2 && chosen.error <= fine) break;
    chosen = finer;
  }
  const smooth =
    chosen.whole && chosen.missed === 0 && !(await holdsPole(grids)) && isOpenOrClosed(grids, closed, chosen.reach);
  const linear = (each: number) => (each * each * chosen.curvature) / 8;
  const step =
    (smooth &&
      STEPS.find((each) => linear(each) <= Math.min(most, maxError) && bitsFor(chosen.reach, each) >= FEWEST_BITS)) ||
    1;
  const bits = step === 1 ? mostBits : bitsFor(chosen.reach, step);
  const error = chosen.error + (step > 1 ? linear(step) : 0) + 2 ** -bits;
  return { ...base, control: chosen.control, step, bits, error };
}

/** Between grids of one system, whatever they call it. */
export function affineWarp(source: Grid, target: Grid, method: Resampling): Warp {
  const locate = affine(source, target);
  const slopes = [target.cellWidth / source.cellWidth, target.cellHeight / source.cellHeight] as const;
  const ratio = kernelRatio({ source, target }, locate, slopes, method);
  const [[west, north], [east, south]] = [locate(0, 0)!, locate(target.width, target.height)!];
  const across = Math.max(0, Math.min(east, source.width) - Math.max(west, 0)) / (east - west);
  const down = Math.max(0, Math.min(south, source.height) - Math.max(north, 0)) / (south - north);
  const step = STEPS.find((each) => bitsFor(Math.max(...slopes), each) >= FEWEST_BITS) ?? 1;
  const bits = bitsFor(Math.max(...slopes), step);
  const exact = { error: 2 ** -bits, maxError: 2 ** -bits, closed: false };
  return { method, source, target, control: SPACINGS[0], step, bits, ...exact, ratio, overlap: across * down };
}

async function systemsOf(source: Grid, target: Grid): Promise<WarpGrids> {
  const unknown = source.crs.kind === 'unknown' && target.crs.kind === 'unknown';
  if (unknown || sameCrs(source.crs, target.crs) || (await equalCrs(source.crs, target.crs))) return { source, target };
  const [from, to] = [await projectionOf(source.crs), await projectionOf(target.crs)];
  if (source.crs.kind !== 'geographic') return { source, target, from, to };
  const unit = Number(/\+degrees_per_unit=(\S+)/.exec(from)?.[1] ?? 1);
  return { source, target, from, to, period: 360 / unit / source.cellWidth };
}

/** To a thousandth of a cell, as sources are written: 1/120° has no end in decimals. */
function isClosed({ source, period }: WarpGrids): boolean {
  return period !== undefined && Math.abs(period - Math.round(period)) < 1e-3 && source.width >= Math.round(period);
}

/** With t up to 16, (q − p)·t stays within 32 bits for differences twice as large as those seen. */
function bitsFor(reach: number, step: number): number {
  if (step === 1) return MOST_BITS;
  return Math.min(MOST_BITS, Math.floor(30 - Math.log2(2 * Math.max(reach, 0.5) * step * step)));
}

/** Whether the cut of the longitudes lies where the source has nothing, so that no cells between nodes reach across it into the source. */
function isOpenOrClosed({ source, period }: WarpGrids, closed: boolean, reach: number): boolean {
  return period === undefined || closed || source.width + 2 * cutMargin(reach) < period;
}

/** Columns on both sides of the cut in which nodes have no position. */
export function cutMargin(reach: number): number {
  return 4 * Math.ceil(2 * reach * STEPS[0]) + 8;
}

/** A pole of a geographic source inside of the target: longitudes run all around it. */
async function holdsPole(grids: WarpGrids): Promise<boolean> {
  const { source, target, from, to, period } = grids;
  if (period === undefined || from === undefined || to === undefined) return false;
  const back = await locatorOf({ source: target, target: source, from: to, to: from });
  const rows = [-1, 1].map(
    (side) => (source.north - (side * 90 * period * source.cellWidth) / 360) / source.cellHeight,
  );
  return rows.some((row) => {
    const [x, y] = back(source.width / 2, row) ?? [Number.NaN, Number.NaN];
    return x >= -1 && y >= -1 && x <= target.width + 1 && y <= target.height + 1;
  });
}
