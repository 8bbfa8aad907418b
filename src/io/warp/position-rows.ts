/** Positions between nodes, row by row, in the 32-bit arithmetic of core/warp.ts. */
import { type CellPositions, NO_POSITION } from '../../core/warp.ts';

/** Cells and fractions of one row of target cells. Cells without an image get cells far outside of any source. */
export interface PositionRow {
  readonly columns: Int32Array;
  readonly xFractions: Int32Array;
  readonly rows: Int32Array;
  readonly yFractions: Int32Array;
  /** In 2^-bits of a cell, taken off all positions: half a cell makes them count from the centres of cells. */
  readonly shift: number;
  readonly positions: CellPositions;
  /** Along the rows of nodes above and below, from the cell of the node above and to the left. */
  readonly baseX: Int32Array;
  readonly baseY: Int32Array;
  readonly aboveX: Int32Array;
  readonly aboveY: Int32Array;
  readonly belowX: Int32Array;
  readonly belowY: Int32Array;
  /** Row of nodes that these are of. */
  nodeRow: number;
}

const NOWHERE = -(2 ** 29);

/** Calls `take` with the positions of each row of the window and the index of its first cell. */
export function eachRow(
  positions: CellPositions,
  shift: number,
  take: (position: PositionRow, start: number) => void,
): void {
  const position = positionRows(positions, shift);
  for (let row = 0; row < positions.height; row++) {
    loadRow(position, row);
    take(position, row * positions.width);
  }
}

function positionRows(positions: CellPositions, shift: number): PositionRow {
  const make = () => new Int32Array(positions.width);
  return {
    columns: make(),
    xFractions: make(),
    rows: make(),
    yFractions: make(),
    shift,
    positions,
    baseX: make(),
    baseY: make(),
    aboveX: make(),
    aboveY: make(),
    belowX: make(),
    belowY: make(),
    nodeRow: -1,
  };
}

/** Fills columns, rows and fractions for a row of the window. */
function loadRow(at: PositionRow, row: number): void {
  const { step, originY, bits } = at.positions;
  const nodeRow = Math.floor((row - originY) / step);
  if (nodeRow !== at.nodeRow) {
    loadNodes(at, nodeRow);
    at.nodeRow = nodeRow;
  }
  const b = (row - originY) & (step - 1);
  between(at.aboveX, at.belowX, at.baseX, b, step, at.shift, bits, at.columns, at.xFractions);
  between(at.aboveY, at.belowY, at.baseY, b, step, at.shift, bits, at.rows, at.yFractions);
}

function between(
  above: Int32Array,
  below: Int32Array,
  base: Int32Array,
  b: number,
  step: number,
  shift: number,
  bits: number,
  cells: Int32Array,
  fractions: Int32Array,
): void {
  const s = 31 - Math.clz32(step);
  const half = step >> 1;
  const mask = (1 << bits) - 1;
  const width = cells.length;
  for (let column = 0; column < width; column++) {
    const p = above[column];
    const place = (p + ((Math.imul(below[column] - p, b) + half) >> s) - shift) | 0;
    cells[column] = base[column] + (place >> bits);
    fractions[column] = place & mask;
  }
}

function loadNodes(at: PositionRow, nodeRow: number): void {
  const { baseX, baseY, aboveX, aboveY, belowX, belowY } = at;
  const { width, step, originX, columns: across, bits, nodes } = at.positions;
  const s = 31 - Math.clz32(step);
  const half = step >> 1;
  for (let column = 0; column < width; ) {
    const inBlock = (column - originX) & (step - 1);
    const end = Math.min(width, column + step - inBlock);
    const n00 = 4 * (nodeRow * across + ((column - originX) >> s));
    const n10 = n00 + 4;
    const n01 = n00 + 4 * across;
    const n11 = n01 + 4;
    const x = nodes[n00];
    const y = nodes[n00 + 2];
    const lacking = nodes[n10] === NO_POSITION || nodes[n01] === NO_POSITION || nodes[n11] === NO_POSITION;
    // A node for every cell: what its neighbours have does not matter.
    if (x === NO_POSITION || (lacking && step > 1)) {
      for (; column < end; column++) {
        baseX[column] = NOWHERE;
        baseY[column] = NOWHERE;
        aboveX[column] = belowX[column] = aboveY[column] = belowY[column] = 0;
      }
      continue;
    }
    const x00 = nodes[n00 + 1];
    const y00 = nodes[n00 + 3];
    const x10 = (((nodes[n10] - x) << bits) + nodes[n10 + 1]) | 0;
    const y10 = (((nodes[n10 + 2] - y) << bits) + nodes[n10 + 3]) | 0;
    const x01 = (((nodes[n01] - x) << bits) + nodes[n01 + 1]) | 0;
    const y01 = (((nodes[n01 + 2] - y) << bits) + nodes[n01 + 3]) | 0;
    const x11 = (((nodes[n11] - x) << bits) + nodes[n11 + 1]) | 0;
    const y11 = (((nodes[n11 + 2] - y) << bits) + nodes[n11 + 3]) | 0;
    for (let a = inBlock; column < end; column++, a++) {
      baseX[column] = x;
      baseY[column] = y;
      aboveX[column] = x00 + ((Math.imul(x10 - x00, a) + half) >> s);
      belowX[column] = x01 + ((Math.imul(x11 - x01, a) + half) >> s);
      aboveY[column] = y00 + ((Math.imul(y10 - y00, a) + half) >> s);
      belowY[column] = y01 + ((Math.imul(y11 - y01, a) + half) >> s);
    }
  }
}
