/** Steps of a transform in bands of rows and groups of columns. A piece holds, for each slab of its group, a record for each row of its band. */
import { NODATA } from '../../core/cells.ts';
import { type Bands, bandAt, groupAt, type Span } from './bands.ts';
import type { BlockOutput } from './block.ts';
import type { ResultCells } from './block-results.ts';
import { hasValue, makeResults, takeRows } from './block-rows.ts';
import { areWhole, type BlockValues, describeRows, type RowValues } from './block-values.ts';
import { keptFor } from './kept.ts';
import type { Kernel } from './kernels.ts';
import { kernelColumns, kernelRows } from './spectrum.ts';
import type { ThinCell } from './thin-cells.ts';
import { LANES, makeColumns, makeRows, multiplySlabs, type RowTransform, STEP } from './transform.ts';
import { type Extent, extentOf } from './zero-cells.ts';

/** A rows' transform of a band, with a place for each of its slabs. */
function rowsOf({ lengthX }: Bands, rows: number): RowTransform {
  return keptFor(`rows ${lengthX} ${rows}`, () => makeRows(lengthX, rows));
}

/** Where the slabs of a group stand in the numbers of a band. */
function slabsIn({ slabs, height }: RowTransform, bands: Bands, group: number): [number, number] {
  const { first, end } = groupAt(bands, group);
  return [slabs / 8 + first * height * STEP, slabs / 8 + end * height * STEP];
}

function piecesOf(transform: RowTransform, bands: Bands): ArrayBuffer[] {
  return Array.from({ length: bands.groups }, (_, group) => {
    return transform.numbers.slice(...slabsIn(transform, bands, group)).buffer;
  });
}

export interface RowsInput {
  readonly values: Float32Array;
  readonly pitch: number;
}

export interface BandValues extends RowValues {
  /** Whether all are whole numbers. */
  readonly whole: boolean;
}

export function describeBand({ values, pitch }: RowsInput): BandValues {
  return { ...describeRows(values, pitch), whole: areWhole(values) };
}

export interface ForwardInput extends RowsInput {
  readonly bands: Bands;
  readonly band: number;
  readonly level: number;
  readonly kernel: Kernel;
  /** Whether it matters which cells have a source. */
  readonly covers: boolean;
}

/** Pieces for each group; none where no row has a value, which are all 0. */
export interface ForwardOutput {
  readonly pieces: readonly ArrayBuffer[];
  readonly extent?: Extent;
}

export function bandForward(input: ForwardInput): ForwardOutput {
  const { values, pitch, bands, band, level, kernel, covers } = input;
  if (!hasValue(values)) return { pieces: [] };
  const { first, end } = bandAt(bands, band);
  const transform = rowsOf(bands, end - first);
  takeRows(transform, level, values, pitch, values.length / pitch);
  const pieces = piecesOf(transform, bands);
  return { pieces, ...(covers && { extent: extentOf(values, pitch, kernel, first) }) };
}

export interface KernelInput {
  readonly bands: Bands;
  readonly band: number;
  readonly kernel: Kernel;
  /** The kernel's sum. */
  readonly total: number;
}

/** Of rows of the kernel from its centre on, as many as a band has: a piece for each group. */
export function bandOfKernel({ bands, band, kernel, total }: KernelInput): ArrayBuffer[] {
  const { first, end } = bandAt(bands, band);
  const transform = rowsOf(bands, end - first);
  const { numbers, slabs, limits } = transform;
  numbers.fill(0, slabs / 8, limits / 8);
  kernelRows(transform, kernel, total, 1 / (bands.lengthX * bands.lengthY), first);
  return piecesOf(transform, bands);
}

export interface SpectrumOfGroup {
  readonly bands: Bands;
  readonly group: number;
  readonly reachY: number;
  /** Of the bands that have rows of the kernel. */
  readonly pieces: readonly ArrayBuffer[];
}

/** For each slab of the group, LANES numbers for each row. */
export function groupSpectrum({ bands, group, reachY, pieces }: SpectrumOfGroup): ArrayBuffer {
  const { lengthY } = bands;
  const { first, end } = groupAt(bands, group);
  const found = new Float64Array((end - first) * lengthY * LANES);
  for (let slab = 0; slab < end - first; slab += 2) {
    const count = Math.min(2, end - first - slab);
    const transform = keptFor(`columns ${lengthY} ${count}`, () => makeColumns(lengthY, count));
    const { numbers, slabs, spectrum } = transform;
    numbers.fill(0, slabs / 8, spectrum / 8);
    for (let each = 0; each < count; each++)
      for (const [band, piece] of pieces.entries()) {
        const rows = bandAt(bands, band);
        const size = (rows.end - rows.first) * STEP;
        const records = new Float64Array(piece, 8 * (slab + each) * size, size);
        numbers.set(records, slabs / 8 + (each * lengthY + rows.first) * STEP);
      }
    kernelColumns(transform, reachY);
    found.set(numbers.subarray(spectrum / 8, spectrum / 8 + count * lengthY * LANES), slab * lengthY * LANES);
  }
  return found.buffer;
}

export interface GroupInput {
  readonly bands: Bands;
  readonly group: number;
  readonly spectrum: ArrayBuffer;
  /** Of the bands that have values. */
  readonly pieces: ReadonlyMap<number, ArrayBuffer>;
  /** Bands whose pieces are wanted, from the first to before the end. */
  readonly wanted: Span;
}

/** Their pieces, transformed along y and back. */
export interface GroupOutput {
  readonly pieces: ReadonlyMap<number, ArrayBuffer>;
  readonly spectrum: ArrayBuffer;
}

export function multiplyGroup({ bands, group, spectrum, pieces, wanted }: GroupInput): GroupOutput {
  const { lengthY } = bands;
  const { first, end } = groupAt(bands, group);
  const transform = keptFor(`columns ${lengthY} 1`, () => makeColumns(lengthY, 1));
  const { numbers, slabs } = transform;
  const factors = new Float64Array(spectrum);
  const given = new Map([...pieces].map(([band, piece]) => [band, new Float64Array(piece)]));
  const made = new Map<number, Float64Array<ArrayBuffer>>();
  for (let band = wanted.first; band < wanted.end; band++) {
    const rows = bandAt(bands, band);
    made.set(band, given.get(band) ?? new Float64Array((end - first) * (rows.end - rows.first) * STEP));
  }
  for (let slab = 0; slab < end - first; slab++) {
    const eachBand = (use: (band: number, at: number, from: number, to: number) => void) => {
      for (let band = 0; band < bands.bands; band++) {
        const rows = bandAt(bands, band);
        const numbersOfSlab = (rows.end - rows.first) * STEP;
        use(band, slabs / 8 + rows.first * STEP, slab * numbersOfSlab, (slab + 1) * numbersOfSlab);
      }
    };
    numbers.fill(0, slabs / 8, slabs / 8 + lengthY * STEP);
    eachBand((band, at, from, to) => {
      const piece = given.get(band);
      if (piece) numbers.set(piece.subarray(from, to), at);
    });
    numbers.set(factors.subarray(slab * lengthY * LANES, (slab + 1) * lengthY * LANES), transform.spectrum / 8);
    multiplySlabs(transform);
    eachBand((band, at, from, to) => {
      made.get(band)?.set(numbers.subarray(at, at + to - from), from);
    });
  }
  return { pieces: new Map([...made].map(([band, piece]) => [band, piece.buffer])), spectrum };
}

export interface BackwardInput extends ResultCells {
  readonly bands: Bands;
  readonly band: number;
  readonly about: BlockValues;
  /** For each group. */
  readonly pieces: readonly ArrayBuffer[];
  readonly part: NonNullable<ResultCells['part']>;
}

/** Planes, and cells that are still to be summed: rows count in the transform. */
export interface BackwardOutput {
  readonly planes: BlockOutput;
  readonly thin: ThinCell[];
}

export function bandBackward(input: BackwardInput): BackwardOutput {
  const { bands, band, about, pieces, width, height, wanted, part } = input;
  const { first, end } = bandAt(bands, band);
  const transform = rowsOf(bands, end - first);
  for (const [group, piece] of pieces.entries())
    transform.numbers.set(new Float64Array(piece), slabsIn(transform, bands, group)[0]);
  const named = wanted.map((name) => [name, new Float32Array(width * height).fill(NODATA)] as const);
  const planes: BlockOutput = Object.fromEntries(named);
  const thin = makeResults(transform, input, about, planes);
  return { planes, thin: thin.map((cell) => ({ ...cell, y: cell.y + part.top })) };
}
