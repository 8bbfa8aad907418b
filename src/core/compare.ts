/** Two planes of the same cells, one from a device and one from the reference: how far apart, and where worst. */
import { NODATA, NODATA_CODE } from './cells.ts';

export interface PlaneComparison {
  /** Valid in both. */
  readonly cells: number;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  /** Farthest beyond (or nearest to) its tolerance. */
  readonly worst?: { readonly index: number; readonly device: number; readonly reference: number };
  /** Valid in one of them only. */
  readonly nodataDisagreements: number;
  /** Beyond the tolerance. */
  readonly off: number;
  readonly passed: boolean;
}

export function comparePlanes(device: ArrayLike<number>, reference: ArrayLike<number>, { rtol, atol }: { readonly rtol: number; readonly atol: number }): PlaneComparison {
  let [cells, maxAbsolute, maxRelative, nodataDisagreements, off] = [0, 0, 0, 0, 0];
  let worst: PlaneComparison['worst'];
  let excess = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < reference.length; index++) {
    const [d, r] = [device[index], reference[index]];
    const missing = isNodata(r);
    if (isNodata(d) !== missing) {
      nodataDisagreements++;
      if (nodataDisagreements === 1) worst = { index, device: d, reference: r };
      excess = Number.POSITIVE_INFINITY;
      continue;
    }
    if (missing) continue;
    cells++;
    const error = Math.abs(d - r);
    if (error > maxAbsolute) maxAbsolute = error;
    if (error > 0 && r !== 0) maxRelative = Math.max(maxRelative, error / Math.abs(r));
    const beyond = error - (atol + rtol * Math.abs(r));
    if (!(beyond <= 0)) off++; // NaN is beyond every tolerance
    if (!(beyond <= excess)) {
      excess = beyond;
      worst = { index, device: d, reference: r };
    }
  }
  return { cells, maxAbsolute, maxRelative, worst, nodataDisagreements, off, passed: off === 0 && nodataDisagreements === 0 };
}

function isNodata(value: number): boolean {
  return value === NODATA || value === NODATA_CODE;
}
