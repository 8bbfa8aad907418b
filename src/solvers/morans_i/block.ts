/** Local I of the cells of one block, and what they add to the sums over the whole raster. */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import { sumBlock } from '../getis_ord/block.ts';
import type { Scale } from '../getis_ord/scale.ts';
import type { Moments } from '../neighbourhood/moments.ts';
import type { Piece } from '../neighbourhood/pieces.ts';
import { addWindowSums } from '../neighbourhood/window-sums.ts';
import { BINARY, localOf, productOf, quadrantOf } from './cells.ts';
import { FixedSum, type FixedWords } from './fixed-sum.ts';

export interface MoranInput {
  /** x, and y where there are two rasters: of the block and `margins` windows around it. */
  readonly values: Float32Array;
  readonly other?: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly reachX: number;
  readonly reachY: number;
  readonly margins: 1 | 2;
  readonly piece: Piece;
  readonly scale: Scale;
  readonly ofX: Moments;
  readonly ofY: Moments;
  readonly weights: number;
  readonly largest: Largest;
}

/** Bounds of what one cell adds to each sum. */
export interface Largest {
  readonly product: number;
  readonly first: number;
  readonly second: number;
}

/** What the cells of a part of the raster add up to. */
export interface MoranSums {
  /** Σ w, by which S0 is known: neighbours of all cells, and cells with any. */
  readonly neighbours: number;
  readonly linked: number;
  readonly product: FixedWords;
  /** Of S1 and S2. */
  readonly first: FixedWords;
  readonly second: FixedWords;
}

export interface MoranOutput {
  readonly local: Float32Array;
  readonly quadrant: Uint32Array;
  readonly sums: MoranSums;
}

export function moranBlock(input: MoranInput): MoranOutput {
  const { values, width, height, reachX, reachY, margins, piece, scale, ofX, ofY, weights, largest } = input;
  const ofNeighbours = maskedBy(values, input.other);
  // Counts are wanted one window beyond the block where weights depend on them.
  const [beyondX, beyondY] = [(margins - 1) * reachX, (margins - 1) * reachY];
  const [wide, high] = [width + 2 * beyondX, height + 2 * beyondY];
  const reached = { width: wide, height: high, reachX, piece };
  const { sums, counts } = sumBlock({ values: ofNeighbours, reached, scale });
  const countOf = (i: number) => (counts ? counts[i] : Math.floor(sums[i] / scale.unit + 0.5));
  const pitch = wide + 2 * reachX;
  const cellOf = (i: number) => (Math.floor(i / wide) + reachY) * pitch + (i % wide) + reachX;
  const shares =
    weights === BINARY
      ? undefined
      : shareSums(input, wide, high, (i) => {
          return ofNeighbours[cellOf(i)] === NODATA ? 0 : countOf(i) - 1;
        });
  const product = new FixedSum(largest.product);
  const first = new FixedSum(largest.first);
  const second = new FixedSum(largest.second);
  const local = new Float32Array(width * height).fill(NODATA);
  const quadrant = new Uint32Array(width * height).fill(NODATA_CODE);
  let [allNeighbours, linked] = [0, 0];
  for (let y = 0, o = 0; y < height; y++)
    for (let x = 0; x < width; x++, o++) {
      const i = (y + beyondY) * wide + x + beyondX;
      const cell = (y + beyondY + reachY) * pitch + x + beyondX + reachX;
      if (ofNeighbours[cell] === NODATA) continue;
      const count = countOf(i);
      const own = Math.floor((ofNeighbours[cell] - scale.mean) / scale.quantum + 0.5);
      const sum = ((counts ? sums[i] : sums[i] - count * scale.unit) - own) * scale.quantum;
      const neighbours = count - 1;
      const each = productOf(values[cell], sum, neighbours, weights, ofX, ofY);
      local[o] = localOf(each, ofX.count);
      quadrant[o] = quadrantOf(values[cell], sum, ofX);
      product.add(each);
      allNeighbours += neighbours;
      if (neighbours > 0) linked++;
      if (shares) {
        if (neighbours > 0) first.add((1 + shares[o]) / neighbours);
        second.add(((neighbours > 0 ? 1 : 0) + shares[o]) ** 2);
      } else {
        first.add(2 * neighbours);
        second.add(4 * neighbours * neighbours);
      }
    }
  return {
    local,
    quadrant,
    sums: { neighbours: allNeighbours, linked, product: product.words, first: first.words, second: second.words },
  };
}

/** y where both are valid; x itself where it is alone. */
function maskedBy(x: Float32Array, y: Float32Array | undefined): Float32Array {
  if (!y) return x;
  for (let i = 0; i < y.length; i++) if (x[i] === NODATA) y[i] = NODATA;
  return y;
}

/** Parts in which 1 / k is counted, in two words that float32 holds. */
const SHARES = 2 ** 40;
const WORD = 2 ** 20;

/** Of each cell of the block: the sum of 1 / k over its neighbours, which is the sum of its column of weights. */
function shareSums(
  { width, height, reachX, piece }: MoranInput,
  wide: number,
  high: number,
  neighboursOf: (i: number) => number,
): Float64Array {
  const words = [new Float32Array(wide * high), new Float32Array(wide * high)];
  for (let i = 0; i < wide * high; i++) {
    const neighbours = neighboursOf(i);
    if (neighbours <= 0) continue;
    const share = Math.floor(SHARES / neighbours + 0.5);
    words[0][i] = Math.floor(share / WORD);
    words[1][i] = share % WORD;
  }
  const reached = { width, height, reachX, piece };
  const [upper, lower] = words.map((plane) => {
    const sums = new Float64Array(width * height);
    addWindowSums(sums, plane, { mean: 0, inverse: 1, unit: 0 }, reached);
    return sums;
  });
  const reachY = (high - height) / 2;
  return upper.map((sum, o) => {
    const own = (Math.floor(o / width) + reachY) * wide + (o % width) + reachX;
    return ((sum - words[0][own]) * WORD + lower[o] - words[1][own]) / SHARES;
  });
}
