/** What ecoflux itself says of two planes, with the worst cell in words for the message of a failed test. */
import * as core from '../../src/core/compare.ts';

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

export interface Comparison extends Omit<core.PlaneComparison, 'worst'> {
  /** Row, column and both values of the worst cell. */
  readonly worst: string;
}

export function comparePlanes(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  width: number,
  tolerance: Tolerance,
): Comparison {
  const { worst, ...rest } = core.comparePlanes(actual, expected, tolerance);
  if (!worst) return { ...rest, worst: 'no cell differs' };
  const { index, device, reference } = worst;
  const place = `row ${Math.floor(index / width)}, column ${index % width}: ${device} against ${reference}`;
  return { ...rest, worst: rest.nodataDisagreements > 0 ? `nodata at ${place}` : place };
}
