/**
 * A neighbourhood as few spans: sums over them are differences of running sums, so that a window costs two reads for each of some 1.2 R spans of a
 * disc, and for a square a few reads whatever its size. Where memory is scarce it is taken band by band of its rows.
 */
import type { Neighbourhood } from './shape.ts';

/** Rows `from` to `to` about the centre, columns −half to half. */
export interface Bar {
  readonly half: number;
  readonly from: number;
  readonly to: number;
}

/** Rows −half to half in the columns `at` and −`at`. */
export interface Column {
  readonly at: number;
  readonly half: number;
}

/** The part of a neighbourhood in some rows: no cell in two of its bars and columns. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly bars: readonly Bar[];
  readonly columns: readonly Column[];
  readonly cells: number;
}

/** Reads for the running sums along columns, per cell. */
const COST_OF_COLUMNS = 4;

/** All of it: a rectangle, the rows above and below it, the columns beside it. */
export function wholePiece({ reachX, reachY, halfWidths, halfHeights, cells }: Neighbourhood): Piece {
  let [best, least] = [0, Infinity];
  for (let half = 0; half <= reachY; half++) {
    const beside = reachX - halfWidths[half];
    const cost = 2 * (reachY - half) + 2 * beside + (beside > 0 ? COST_OF_COLUMNS : 0);
    if (cost < least) [best, least] = [half, cost];
  }
  const bars: Bar[] = [{ half: halfWidths[best], from: -best, to: best }];
  for (let away = best + 1; away <= reachY; away++)
    for (const row of [-away, away]) bars.push({ half: halfWidths[away], from: row, to: row });
  const columns: Column[] = [];
  for (let at = halfWidths[best] + 1; at <= reachX; at++) columns.push({ at, half: halfHeights[at] });
  return { from: -reachY, to: reachY, bars, columns, cells };
}

/** Bands of at most so many rows, the one with the centre last. */
export function bandsOf({ reachY, halfWidths }: Neighbourhood, rows: number): Piece[] {
  const bands: Piece[] = [];
  for (let from = -reachY; from <= reachY; from += rows) {
    const to = Math.min(from + rows - 1, reachY);
    const bars: Bar[] = [];
    let cells = 0;
    for (let row = from; row <= to; row++) {
      const half = halfWidths[Math.abs(row)];
      const last = bars.at(-1);
      if (last?.half === half) bars[bars.length - 1] = { ...last, to: row };
      else bars.push({ half, from: row, to: row });
      cells += 2 * half + 1;
    }
    bands.push({ from, to, bars, columns: [], cells });
  }
  const central = bands.findIndex(({ from, to }) => from <= 0 && to >= 0);
  return [...bands.filter((_, i) => i !== central), bands[central]];
}
