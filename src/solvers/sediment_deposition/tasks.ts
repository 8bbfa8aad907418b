/** Visits of a tile by sediment deposition, for worker threads, in float64. */
import { NODATA, type Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { opposite, sumOfShares } from '../routing/directions.ts';
import { lowestDirection, lowestSide, nonZeroShares } from '../routing/share-bits.ts';
import { withoutRing } from '../routing/tile-frame.ts';
import { type Recursion, visitTask } from '../routing/tile-visit.ts';

const SHIFT_TO_US = Int32Array.from({ length: 8 }, (_, side) => 4 * opposite(side));

const recursion: Recursion = {
  travel: 'downslope',
  sent: 1,
  compute({ frame, codes, inbound, planes, values: [flux, deposition] }, order) {
    const { offsets, stride, tile, tiling } = frame;
    const sdr = planes.sdr as Float32Array;
    const ePrime = planes.e_prime as Float32Array;
    // Columns and rows of the frame that lie beyond the grid: what goes there has no share of the mean ratio downslope.
    const [west, east] = [tile.x === 0, tile.x + tile.width === tiling.width];
    const [north, south] = [tile.y === 0, tile.y + tile.height === tiling.height];
    for (let k = 0; k < order.length; k++) {
      const cell = order[k];
      const ratio = sdr[cell];
      const eroded = ePrime[cell];
      if (ratio === NODATA || eroded === NODATA) continue;
      const code = codes[cell];
      let beyond = 0;
      const x = cell % stride;
      if (west && x === 1) beyond |= WEST;
      if (east && x === tile.width) beyond |= EAST;
      if (north && cell < 2 * stride) beyond |= NORTH;
      if (south && cell >= tile.height * stride) beyond |= SOUTH;

      let arrived = 0;
      let defined = true;
      for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
        const side = lowestSide(sides);
        const upslope = cell + offsets[side];
        const from = flux[upslope];
        if (from === NODATA) defined = false;
        const given = (codes[upslope] >>> SHIFT_TO_US[side]) & 15;
        arrived += (from * given) / sumOfShares(codes[upslope]);
      }
      if (!defined) continue;
      let [sum, shares] = [0, 0];
      for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
        const towards = lowestDirection(bits);
        if ((beyond & (1 << towards)) !== 0) continue;
        const share = (code >>> (4 * towards)) & 15;
        const below = sdr[cell + offsets[towards]];
        shares += share;
        if (below !== NODATA) sum += (below === 0 ? 1 : below) * share;
      }
      const below = Math.max(shares > 0 ? sum / shares : 0, ratio);
      const kept = ratio === 1 ? 1 : (below - ratio) / (1 - ratio);
      deposition[cell] = Math.max(0, kept * arrived);
      flux[cell] = Math.max(0, (1 - kept) * arrived + eroded);
    }
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

/** Directions, one bit each, that lead to the east, north, west and south. */
const EAST = bits(0, 1, 7);
const NORTH = bits(1, 2, 3);
const WEST = bits(3, 4, 5);
const SOUTH = bits(5, 6, 7);

function bits(...directions: number[]): number {
  return directions.reduce((all, direction) => all | (1 << direction), 0);
}

export const sedimentTasks: TaskTable = { deposit_sediment: visitTask(recursion) };
