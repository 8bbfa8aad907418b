/** Comparison of planes against tolerances: says where and by how much they differ worst. Tested to fail in compare.test.ts. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

export interface Comparison {
  readonly cells: number;
  /** Cells valid in one plane only. */
  readonly nodataMismatches: number;
  /** Cells beyond the tolerance. */
  readonly off: number;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  /** Words for the worst cell. */
  readonly worst: string;
}

export function comparePlanes(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  width: number,
  { rtol, atol }: Tolerance,
): Comparison {
  if (actual.length !== expected.length) throw new Error(`${actual.length} cells against ${expected.length}`);
  let [cells, nodataMismatches, off, maxAbsolute, maxRelative, worstExcess, worst] = [
    0,
    0,
    0,
    0,
    0,
    Number.NEGATIVE_INFINITY,
    '',
  ];
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i], expected[i]];
    const place = () => `row ${Math.floor(i / width)}, column ${i % width}: ${a} against ${e}`;
    if (isNodata(a) !== isNodata(e)) {
      if (nodataMismatches++ === 0) worst = `nodata at ${place()}`;
      continue;
    }
    if (isNodata(e)) continue;
    cells++;
    const error = Math.abs(a - e);
    const excess = error - (atol + rtol * Math.abs(e));
    maxAbsolute = Math.max(maxAbsolute, error);
    if (error > 0) maxRelative = Math.max(maxRelative, error / Math.abs(e));
    if (!(excess <= 0)) off++;
    if (!(excess <= worstExcess) && nodataMismatches === 0) {
      worstExcess = excess;
      worst = place();
    }
  }
  return { cells, nodataMismatches, off, maxAbsolute, maxRelative, worst };
}

function isNodata(value: number): boolean {
  return value === NODATA || value === NODATA_CODE;
}
