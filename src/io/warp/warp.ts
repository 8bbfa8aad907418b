/** A resampling as data: which raster grid, to which, how, and how closely places are known. It travels to worker threads inside a mapping. */
import { describeGrid, type Grid } from '../../core/grid.ts';
import type { Interpolation, Resampling } from '../../core/warp.ts';

export interface Warp {
  readonly method: Resampling;
  readonly source: Grid;
  readonly target: Grid;
  /** proj4 definitions of both systems; absent where they are equal. */
  readonly from?: string;
  readonly to?: string;
  /** Target cells between the nodes at which places are reckoned exactly. */
  readonly control: number;
  /** Of the positions of core/warp.ts. */
  readonly step: number;
  readonly bits: number;
  /** Greatest distance measured between positions and exact places, in source cells. */
  readonly error: number;
  /** Distance in source cells from which the places of a patch of the control grid are reckoned exactly, one by one. */
  readonly maxError: number;
  /** Source cells to a target cell, along the columns and rows of the source; above 1 where cells become fewer. */
  readonly ratio: readonly [number, number];
  /** Share of the target's cells whose centre lies in the source, as sampled. */
  readonly overlap: number;
  /** Columns of 360° of a geographic source. */
  readonly period?: number;
  /** The source goes round the globe in whole cells: beyond its last column comes its first. */
  readonly closed: boolean;
}

/** Below this many target cells to a source cell the kernels of `bilinear` and `cubic` are widened, so that every source cell counts. gdalwarp's threshold. */
const WIDENED_BELOW = 0.95;

/** Whether each target cell looks at the few source cells around its centre, which is what the device can do. */
export function runsOnDevice(warp: Warp): warp is Warp & { readonly method: Interpolation } {
  if (warp.method === 'nearest') return true;
  return (warp.method === 'bilinear' || warp.method === 'cubic') && !isWidened(warp);
}

export function isWidened({ ratio: [x, y] }: Warp): boolean {
  return 1 / x < WIDENED_BELOW || 1 / y < WIDENED_BELOW;
}

/** For the log: what is done, from what to what, how exactly. */
export function describeWarp(warp: Warp): string {
  const { method, source, target, from, error } = warp;
  const widened = (method === 'bilinear' || method === 'cubic') && isWidened(warp);
  const kernel = widened ? `${method} (kernel widened to ${warp.ratio.map(short).join(' × ')} cells)` : method;
  const to = from === undefined ? 'in the same system' : `to ${target.crs.name}; positions within ${short(error)} cell`;
  return `${kernel} resampling from ${describeGrid(source)}, ${to}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
