/** Visits of a tile by sediment deposition, for worker threads, in float64. */
import { NODATA, type Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { DX, DY, opposite, sumOfShares } from '../routing/directions.ts';
import { lowestDirection, lowestSide, nonZeroShares } from '../routing/share-bits.ts';
import { type TileFrame, withoutRing } from '../routing/tile-frame.ts';
import { type Computation, type Recursion, visitTask } from '../routing/tile-visit.ts';

const SHIFT_TO_US = Int32Array.from({ length: 8 }, (_, side) => 4 * opposite(side));

const recursion: Recursion = {
  travel: 'downslope',
  sent: 1,
  compute(of, order) {
    const [flux, deposition] = of.values;
    deposit(of, order, of.planes.sdr as Float32Array, of.planes.e_prime as Float32Array, flux, deposition);
  },
  outputs({ frame, values: [flux, deposition], wanted }) {
    const { width, height } = frame.tile;
    const planes: Record<string, Plane> = {};
    if (wanted.includes('flux')) planes.flux = withoutRing(frame, flux, new Float32Array(width * height));
    if (wanted.includes('deposition'))
      planes.deposition = withoutRing(frame, deposition, new Float32Array(width * height));
    return planes;
  },
};

function deposit(
  { frame, codes, inbound }: Computation,
  order: Uint32Array,
  sdr: Float32Array,
  ePrime: Float32Array,
  flux: Float64Array,
  deposition: Float64Array,
): void {
  const { offsets } = frame;
  for (let k = 0; k < order.length; k++) {
    const cell = order[k];
    const ratio = sdr[cell];
    const eroded = ePrime[cell];
    if (ratio === NODATA || eroded === NODATA) continue;

    let arrived = 0;
    let defined = true;
    for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
      const side = lowestSide(sides);
      const upslope = cell + offsets[side];
      const from = flux[upslope];
      if (from === NODATA) defined = false;
      const code = codes[upslope];
      arrived += (from * ((code >>> SHIFT_TO_US[side]) & 15)) / sumOfShares(code);
    }
    if (!defined) continue;

    const code = codes[cell];
    let sum = 0;
    let shares = sumOfShares(code);
    for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
      const towards = lowestDirection(bits);
      const share = (code >>> (4 * towards)) & 15;
      const below = sdr[cell + offsets[towards]];
      if (below !== NODATA) sum += (below === 0 ? 1 : below) * share;
      else if (leavesGrid(frame, cell, towards)) shares -= share; // it does not count in the mean ratio downslope
    }
    const below = Math.max(shares > 0 ? sum / shares : 0, ratio);
    const kept = ratio === 1 ? 1 : (below - ratio) / (1 - ratio);
    deposition[cell] = Math.max(0, kept * arrived);
    flux[cell] = Math.max(0, (1 - kept) * arrived + eroded);
  }
}

/** Whether the neighbour in that direction lies beyond the grid. */
function leavesGrid({ tile, tiling, stride }: TileFrame, cell: number, towards: number): boolean {
  const x = tile.x + (cell % stride) - 1 + DX[towards];
  const y = tile.y + Math.floor(cell / stride) - 1 + DY[towards];
  return x < 0 || y < 0 || x >= tiling.width || y >= tiling.height;
}

export const sedimentTasks: TaskTable = { deposit_sediment: visitTask(recursion) };
