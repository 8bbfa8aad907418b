/** Whether two rasters lie on the same cells. */
import { type Grid, sameGrid } from '../../core/grid.ts';
import { equalCrs } from './transform.ts';

/** To a thousandth of a cell, whatever their systems are called. Two without a known system are taken to share one. */
export async function equalGrids(a: Grid, b: Grid): Promise<boolean> {
  if (!sameGrid(a, { ...b, crs: a.crs })) return false;
  const unknown = [a, b].filter(({ crs }) => crs.kind === 'unknown').length;
  return unknown === 0 ? equalCrs(a.crs, b.crs) : unknown === 2;
}
