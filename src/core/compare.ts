/** Two planes of the same cells, one from a device and one from the reference: how far apart, and where worst. */
import { NODATA, NODATA_CODE } from './cells.ts';
import { EcofluxError } from './errors.ts';

export interface PlaneComparison {
  /** Valid in both. */
  readonly cells: number;
  /** Infinity where a value is no finite number. */
  readonly maxAbsolute: number;
  /** Of the cells whose reference is not 0. */
  readonly maxRelative: number;
  /**
   * The cell of the largest error in units of its tolerance; before all others the first that is valid in one plane only, then the
   * first that is no finite number. Absent where no cell differs.
   */
  readonly worst?: { readonly index: number; readonly device: number; readonly reference: number };
  /** Valid in one of them only. */
  readonly nodataDisagreements: number;
  /** Beyond the tolerance. */
  readonly off: number;
  readonly passed: boolean;
}

/** @throws EcofluxError InvalidInput for planes of different sizes */
export function comparePlanes(
  device: ArrayLike<number>,
  reference: ArrayLike<number>,
  { rtol, atol }: { readonly rtol: number; readonly atol: number },
): PlaneComparison {
  if (device.length !== reference.length)
    throw new EcofluxError('InvalidInput', 'planes of different sizes cannot be compared', {
      found: `${device.length} cells against ${reference.length}`,
    });
  let [cells, maxAbsolute, maxRelative, nodataDisagreements, off] = [0, 0, 0, 0, 0];
  let worst = -1;
  let share = 0;
  for (let index = 0; index < reference.length; index++) {
    const [d, r] = [device[index], reference[index]];
    const missing = isNodata(r);
    if (isNodata(d) !== missing) {
      if (nodataDisagreements++ === 0) worst = index;
      continue;
    }
    if (missing) continue;
    cells++;
    const difference = Math.abs(d - r);
    if (difference === 0) continue;
    const finite = Number.isFinite(difference);
    const error = finite ? difference : Number.POSITIVE_INFINITY;
    const allowed = atol + rtol * Math.abs(r);
    // What is no finite number is beyond every tolerance.
    if (!finite || error > allowed) off++;
    if (error > maxAbsolute) maxAbsolute = error;
    if (r !== 0) maxRelative = Math.max(maxRelative, finite ? error / Math.abs(r) : error);
    const used = finite ? Math.min(error / allowed, Number.MAX_VALUE) : error;
    if (used > share) {
      share = used;
      if (nodataDisagreements === 0) worst = index;
    }
  }
  return {
    cells,
    maxAbsolute,
    maxRelative,
    worst: worst < 0 ? undefined : { index: worst, device: device[worst], reference: reference[worst] },
    nodataDisagreements,
    off,
    passed: off === 0 && nodataDisagreements === 0,
  };
}

function isNodata(value: number): boolean {
  return value === NODATA || value === NODATA_CODE;
}
