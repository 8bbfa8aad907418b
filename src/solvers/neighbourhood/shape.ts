/** The cells around a cell that count as its neighbours: a disc, square or diamond of a distance, or the cells that touch it. */
import { EcofluxError } from '../../core/errors.ts';
import { NEIGHBOURHOODS } from '../../core/neighbourhoods.ts';
import type { RasterShape } from '../../core/solver.ts';
import type { Values } from '../../core/values.ts';

/** Symmetric about the centre, the cell itself included, and without gaps along rows and columns. */
export interface Neighbourhood {
  /** Columns and rows on each side that can meet a cell of the raster. */
  readonly reachX: number;
  readonly reachY: number;
  /** Columns on each side of the centre, in the row that is 0, 1, … reachY away. */
  readonly halfWidths: Int32Array;
  /** Rows on each side of the centre, in the column that is 0, 1, … reachX away. */
  readonly halfHeights: Int32Array;
  readonly cells: number;
}

/** So that 3, 4 and 5 times a cell that is no exact number still make a right angle. */
const ROUNDING = 1 + 1e-12;

/**
 * What no two cells of the raster are apart is left out.
 * @param values `shape` and, for the first three, `radius` in the unit of the cells' size
 * @throws EcofluxError InvalidConfiguration for a radius that reaches no other cell
 */
export function neighbourhoodOf(values: Values, raster: RasterShape): Neighbourhood {
  const { width, height } = raster;
  const { radius, cellWidth, cellHeight, within } = measureOf(values, raster);
  const widest = (dy: number) => furthest(Math.min(width - 1, radius / cellWidth), (dx) => within(dx, dy));
  const highest = (dx: number) => furthest(Math.min(height - 1, radius / cellHeight), (dy) => within(dx, dy));
  const reachX = widest(0);
  const reachY = highest(0);
  const halfWidths = Int32Array.from({ length: reachY + 1 }, (_, dy) => widest(dy));
  const halfHeights = Int32Array.from({ length: reachX + 1 }, (_, dx) => highest(dx));
  const cells = halfWidths.reduce((sum, half, dy) => sum + (dy === 0 ? 1 : 2) * (2 * half + 1), 0);
  return { reachX, reachY, halfWidths, halfHeights, cells };
}

interface Measure {
  readonly radius: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly within: (dx: number, dy: number) => boolean;
}

function measureOf({ shape, radius }: Values, { cellWidth, cellHeight }: RasterShape): Measure {
  const name = NEIGHBOURHOODS[shape];
  const unit = { radius: 1, cellWidth: 1, cellHeight: 1 };
  if (name === 'queen') return { ...unit, within: (dx, dy) => Math.max(dx, dy) <= 1 };
  if (name === 'rook') return { ...unit, within: (dx, dy) => dx + dy <= 1 };
  if (!(radius * ROUNDING >= Math.min(cellWidth, cellHeight)) || !Number.isFinite(radius))
    throw new EcofluxError('InvalidConfiguration', 'the radius reaches no cell beside the centre', {
      found: String(radius),
      expected: `at least ${Math.min(cellWidth, cellHeight)}, the size of a cell`,
      fix: 'give a larger radius, or the shape queen or rook for the cells that touch',
    });
  const size = { radius: radius * ROUNDING, cellWidth, cellHeight };
  if (name === 'square')
    return { ...size, within: (dx, dy) => Math.max(dx * cellWidth, dy * cellHeight) <= size.radius };
  if (name === 'diamond') return { ...size, within: (dx, dy) => dx * cellWidth + dy * cellHeight <= size.radius };
  const square = radius * radius * ROUNDING;
  return { ...size, within: (dx, dy) => (dx * cellWidth) ** 2 + (dy * cellHeight) ** 2 <= square };
}

/** The largest whole number up to about `limit` that is inside; 0 is. */
function furthest(limit: number, inside: (away: number) => boolean): number {
  let [low, high] = [0, Math.floor(limit) + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (inside(middle)) low = middle;
    else high = middle;
  }
  return low;
}
