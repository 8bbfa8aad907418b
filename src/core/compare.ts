/** Two planes of the same cells, one from a device and one from the reference: how far apart, and where worst. */
import { NODATA, NODATA_CODE } from './cells.ts';

export interface PlaneComparison {
  /** Valid in both. */
  readonly cells: number;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  /** The cell of the largest error in units of its tolerance; a cell valid in one plane only comes before all others. */
  readonly worst?: { readonly index: number; readonly device: number; readonly reference: number };
  /** Valid in one of them only. */
  readonly nodataDisagreements: number;
  /** Beyond the tolerance. */
  readonly off: number;
  readonly passed: boolean;
}

export function comparePlanes(
  device: ArrayLike<number>,
  reference: ArrayLike<number>,
  { rtol, atol }: { readonly rtol: number; readonly atol: number },
): PlaneComparison {
  let [cells, maxAbsolute, maxRelative, nodataDisagreements, off] = [0, 0, 0, 0, 0];
  let worst: PlaneComparison['worst'];
  let share = 0;
  for (let index = 0; index < reference.length; index++) {
    const [d, r] = [device[index], reference[index]];
    const missing = isNodata(r);
    if (isNodata(d) !== missing) {
      nodataDisagreements++;
      if (nodataDisagreements === 1) worst = { index, device: d, reference: r };
      share = Number.POSITIVE_INFINITY;
      continue;
    }
    if (missing) continue;
    cells++;
    const error = Math.abs(d - r);
    if (error > maxAbsolute) maxAbsolute = error;
    if (error > 0 && r !== 0) maxRelative = Math.max(maxRelative, error / Math.abs(r));
    const allowed = atol + rtol * Math.abs(r);
    if (!(error <= allowed)) off++; // NaN is beyond every tolerance
    const used = error === 0 ? 0 : error / allowed;
    if (!(used <= share)) {
      share = used;
      worst = { index, device: d, reference: r };
    }
  }
  return {
    cells,
    maxAbsolute,
    maxRelative,
    worst,
    nodataDisagreements,
    off,
    passed: off === 0 && nodataDisagreements === 0,
  };
}

function isNodata(value: number): boolean {
  return value === NODATA || value === NODATA_CODE;
}
