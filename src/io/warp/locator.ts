/** Where places of the target lie in the source, exactly: columns and rows as continuous numbers, cell c from c to c + 1. */
import type { Grid } from '../../core/grid.ts';
import { transformOf } from '../crs/index.ts';
import type { Warp } from './warp.ts';

/** Source column and row of a target column and row; undefined where there is no image. Columns lie within half a turn of the source's middle. */
export type Locator = (column: number, row: number) => readonly [number, number] | undefined;

export type WarpGrids = Pick<Warp, 'source' | 'target' | 'from' | 'to' | 'period'>;

export async function locatorOf(grids: WarpGrids): Promise<Locator> {
  const { source, target, from, to, period } = grids;
  if (from === undefined || to === undefined) return affine(source, target);
  const { forward, inverse } = await transformOf(to, from);
  const geographic = /\+proj=(longlat|latlong)\b/.test(to);
  const first = firstColumn(grids);
  const metre = geographic ? METRE_OF_ARC : 1 / (target.crs.metresPerUnit ?? 1);
  const astray = Math.max(ASTRAY, metre / Math.min(target.cellWidth, target.cellHeight));
  return (column, row) => {
    const x = target.west + column * target.cellWidth;
    const y = target.north - row * target.cellHeight;
    const image = forward(x, y);
    if (!image) return undefined;
    // Formulas give numbers beyond the edge of a map too; they do not lead back to where they came from.
    const back = inverse(image[0], image[1]);
    if (!back || !(Math.abs(back[1] - y) <= astray * target.cellHeight)) return undefined;
    // Longitudes may come back a turn away.
    if (!geographic && !(Math.abs(back[0] - x) <= astray * target.cellWidth)) return undefined;
    const place = (image[0] - source.west) / source.cellWidth;
    return [
      period === undefined ? place : place - period * Math.floor((place - first) / period),
      (source.north - image[1]) / source.cellHeight,
    ];
  };
}

/** What a place may be off after going there and back: a hundredth of a target cell, and a metre, or its like in degrees, where cells are small. */
const ASTRAY = 0.01;
const METRE_OF_ARC = 1e-5;

/** The column, half a turn to the west of the source's middle, from which its columns count. */
export function firstColumn({ source, period = 0 }: Pick<Warp, 'source' | 'period'>): number {
  return source.width / 2 - period / 2;
}

export function affine(source: Grid, target: Grid): Locator {
  const east = target.west - source.west;
  const south = source.north - target.north;
  return (column, row) => [
    (east + column * target.cellWidth) / source.cellWidth,
    (south + row * target.cellHeight) / source.cellHeight,
  ];
}
