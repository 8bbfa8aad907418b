/** Z of the cells of one block, and what follows from it alone. */
import { NODATA } from '../../core/cells.ts';
import { twoSidedP32 } from '../../reference/normal.ts';
import type { Moments } from '../neighbourhood/moments.ts';
import { addWindowSums, type Reached } from '../neighbourhood/window-sums.ts';
import { binsOf, CRITICAL, UNDEFINED } from './levels.ts';
import { type Scale, spreadOf } from './scale.ts';
import { addSizes, newTally } from './tally.ts';

/** Sums of a block as far as they have come; `counts` only where the scale has no unit. */
export interface BlockSums {
  readonly sums: Float64Array;
  readonly counts?: Float64Array;
}

export interface SumsInput {
  /** Of what is reached. */
  readonly values: Float32Array;
  readonly reached: Reached;
  readonly scale: Scale;
  /** Of the pieces before. */
  readonly before?: BlockSums;
}

export interface ScoresInput extends SumsInput {
  readonly moments: Moments;
  /** Cells of the whole neighbourhood. */
  readonly most: number;
  readonly wanted: { readonly p: boolean; readonly bin: boolean; readonly tally: boolean };
}

export interface Scores {
  /** With UNDEFINED in valid cells that have none. */
  readonly z: Float32Array;
  readonly p?: Float32Array;
  readonly bin?: Float32Array;
  /** How many |Z| there are of each size. */
  readonly tally?: Uint32Array;
}

export function sumBlock({ values, reached, scale, before }: SumsInput): BlockSums {
  const { width, height, piece } = reached;
  const { mean, quantum, unit } = scale;
  const sums = before?.sums ?? new Float64Array(width * height);
  addWindowSums(sums, values, { mean, inverse: 1 / quantum, unit }, reached);
  if (unit > 0) return { sums };
  const counts = before?.counts ?? new Float64Array(width * height);
  if (!values.includes(NODATA)) for (let i = 0; i < counts.length; i++) counts[i] += piece.cells;
  else addWindowSums(counts, values, { mean, inverse: 0, unit: 1 }, reached);
  return { sums, counts };
}

/** The last piece of a block has its own cells. */
export function scoreBlock(input: ScoresInput): Scores {
  return scoresOf(input, sumBlock(input));
}

export function scoresOf(input: Omit<ScoresInput, 'before'>, { sums, counts }: BlockSums): Scores {
  const { values, reached, scale, moments, most, wanted } = input;
  const { width, height, reachX, piece } = reached;
  const { quantum, unit } = scale;
  const z = new Float32Array(width * height);
  const spreadFor = spreads(moments, most);
  for (let y = 0, i = 0; y < height; y++) {
    let from = (y - piece.from) * (width + 2 * reachX) + reachX;
    for (let x = 0; x < width; x++, i++, from++) {
      if (values[from] === NODATA) {
        z[i] = NODATA;
        continue;
      }
      const count = counts ? counts[i] : Math.floor(sums[i] / unit + 0.5);
      const spread = spreadFor(count);
      const sum = counts ? sums[i] : sums[i] - count * unit;
      z[i] = spread > 0 ? (sum * quantum) / spread : UNDEFINED;
    }
  }
  return {
    z,
    p: wanted.p ? chancesOf(z) : undefined,
    bin: wanted.bin ? binsOf(z, CRITICAL) : undefined,
    tally: wanted.tally ? addSizes(newTally(), z) : undefined,
  };
}

/** p of planes of Z with UNDEFINED in them. */
export function chancesOf(z: Float32Array): Float32Array {
  const p = new Float32Array(z.length);
  for (let i = 0; i < z.length; i++) {
    const value = z[i];
    p[i] = value === NODATA || value === UNDEFINED ? NODATA : twoSidedP32(value);
  }
  return p;
}

const MOST_KEPT = 2 ** 16;

/** `spreadOf` by the number of cells, worked out once for each that is met. */
function spreads(moments: Moments, most: number): (cells: number) => number {
  if (most >= MOST_KEPT) return (cells) => spreadOf(cells, moments);
  const known = new Float64Array(most + 1).fill(-1);
  return (cells) => {
    if (known[cells] < 0) known[cells] = spreadOf(cells, moments);
    return known[cells];
  };
}
