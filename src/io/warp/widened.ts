/**
 * Bilinear and cubic where target cells are larger than source cells: the kernel is widened by the ratio, so that every source cell counts.
 * The ratio is one for the whole raster (kernel-ratio.ts); gdalwarp's is the same where it warps in one chunk, and differs from chunk to
 * chunk where it does not.
 */
import { NODATA } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import type { CellPositions } from '../../core/warp.ts';
import { eachRow } from './position-rows.ts';
import type { Warp } from './warp.ts';

interface Axis {
  /** Taps from −radius to radius around the centre before the place. */
  readonly radius: number;
  readonly scale: number;
  readonly weights: Float64Array;
}

/** `out` comes filled with nodata, and stays so where the source cell that holds the centre is nodata. */
export function interpolateWidened(
  warp: Warp,
  input: { readonly held: Window; readonly cells: Float32Array; readonly positions: CellPositions },
  out: Float32Array,
): void {
  const { held, cells, positions } = input;
  const { width, bits } = positions;
  const cubic = warp.method === 'cubic';
  const [acrossX, acrossY] = warp.ratio.map((ratio) => axisOf(ratio, cubic ? 2 : 1));
  const unit = 2 ** -bits;
  eachRow(positions, 2 ** (bits - 1), (position, start) => {
    for (let column = 0; column < width; column++) {
      const x = position.columns[column];
      const y = position.rows[column];
      const tx = position.xFractions[column] * unit;
      const ty = position.yFractions[column] * unit;
      const [ownX, ownY] = [tx >= 0.5 ? x + 1 : x, ty >= 0.5 ? y + 1 : y];
      if (!(ownX >>> 0 < held.width && ownY >>> 0 < held.height)) continue;
      if (cells[ownY * held.width + ownX] === NODATA) continue;
      weigh(acrossX, tx, cubic);
      weigh(acrossY, ty, cubic);
      out[start + column] = weighted(cells, held, x, y, acrossX, acrossY);
    }
  });
}

function axisOf(ratio: number, radius: number): Axis {
  const wide = Math.max(1, ratio);
  const taps = Math.ceil(radius * wide);
  return { radius: taps, scale: 1 / wide, weights: new Float64Array(2 * taps + 1) };
}

function weigh({ radius, scale, weights }: Axis, t: number, cubic: boolean): void {
  for (let tap = -radius; tap <= radius; tap++) {
    const distance = Math.abs((tap - t) * scale);
    weights[tap + radius] = cubic ? cubicKernel(distance) : Math.max(0, 1 - distance);
  }
}

function cubicKernel(x: number): number {
  if (x <= 1) return x * x * (1.5 * x - 2.5) + 1;
  return x < 2 ? x * (x * (2.5 - 0.5 * x) - 4) + 2 : 0;
}

function weighted(cells: Float32Array, held: Window, x: number, y: number, acrossX: Axis, acrossY: Axis): number {
  const left = Math.max(-acrossX.radius, -x);
  const right = Math.min(acrossX.radius, held.width - 1 - x);
  const top = Math.max(-acrossY.radius, -y);
  const bottom = Math.min(acrossY.radius, held.height - 1 - y);
  let sum = 0;
  let weights = 0;
  for (let j = top; j <= bottom; j++) {
    const first = (y + j) * held.width + x;
    let rowSum = 0;
    let rowWeights = 0;
    for (let i = left; i <= right; i++) {
      const value = cells[first + i];
      if (value === NODATA) continue;
      const weight = acrossX.weights[i + acrossX.radius];
      rowSum += weight * value;
      rowWeights += weight;
    }
    const weight = acrossY.weights[j + acrossY.radius];
    sum += weight * rowSum;
    weights += weight * rowWeights;
  }
  // Lobes of the cubic below 0 may take away what little is valid.
  return Math.abs(weights) < 1e-6 ? NODATA : sum / weights;
}
