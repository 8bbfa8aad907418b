/**
 * How a transform too large for one task is cut: into bands of rows for the lines along x, and groups of columns for those along y. What is in both is a
 * piece. The cut changes no bit: the arithmetic is that of the whole transform.
 */
import type { BlockPlan } from './block-plan.ts';
import { LANES } from './transform.ts';

export interface Bands {
  readonly lengthX: number;
  readonly lengthY: number;
  /** Of a band, the last one aside: a multiple of LANES. */
  readonly rows: number;
  /** Of a group, the last one aside: whole pairs of slabs. */
  readonly columns: number;
  readonly bands: number;
  readonly groups: number;
}

/** From `first` to before `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** For each point of a band: its complex number here and in a piece, a value, three results. */
const BAND_BYTES = 16 + 16 + 4 + 3 * 4;
/** For each point of a group: its complex number and the spectrum. */
const GROUP_BYTES = 16 + 8;
/** For each row of a group, beside its points: two slabs and their spectra. */
const SLAB_BYTES = 3 * LANES * 16;
/** At most, of bands and of groups: pieces should not be too many. */
const MOST = 512;

/** @param bytes that a task may take, which it does not exceed where the pieces are not too many for it */
export function planBands({ lengthX, lengthY }: Pick<BlockPlan, 'lengthX' | 'lengthY'>, bytes: number): Bands {
  const rows = steps(bytes / (BAND_BYTES * lengthX), lengthY, LANES);
  const columns = steps(bytes / (GROUP_BYTES * lengthY) - SLAB_BYTES / GROUP_BYTES, lengthX, 2 * LANES);
  return {
    lengthX,
    lengthY,
    rows,
    columns,
    bands: Math.ceil(lengthY / rows),
    groups: Math.ceil(lengthX / columns),
  };
}

/** A multiple of `step`. */
function steps(wanted: number, length: number, step: number): number {
  return Math.max(Math.floor(Math.min(wanted, length) / step), Math.ceil(length / MOST / step), 1) * step;
}

/** Of one task. */
export function taskBytes({ lengthX, lengthY, rows, columns }: Bands): number {
  return Math.max(BAND_BYTES * lengthX * rows, (GROUP_BYTES * columns + SLAB_BYTES) * lengthY);
}

export function bandAt({ rows, lengthY }: Bands, band: number): Span {
  return { first: band * rows, end: Math.min((band + 1) * rows, lengthY) };
}

/** In slabs. */
export function groupAt({ columns, lengthX }: Bands, group: number): Span {
  return { first: (group * columns) / LANES, end: Math.min((group + 1) * columns, lengthX) / LANES };
}

/** Keys of what is kept: pieces, spectra of groups, rows of the kernel (until there are spectra), covers of bands. */
export function pieceKey({ groups }: Bands, band: number, group: number): number {
  return band * groups + group;
}

export function spectrumKey({ bands, groups }: Bands, group: number): number {
  return bands * groups + group;
}

export function kernelKey({ bands, groups }: Bands, band: number, group: number): number {
  return (bands + 1 + band) * groups + group;
}

export function coverKey({ bands, groups }: Bands, band: number): number {
  return (2 * bands + 1) * groups + band;
}
