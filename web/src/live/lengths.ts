/** Lengths that a slider offers: round ones, about evenly apart to the eye. */
import { drawing, type Grid } from '../../../src/index.ts';

const { formatNumber } = drawing;

const ROUND = [1, 1.5, 2, 3, 4, 5, 7];
/** Half a promille, so that a cell of 30.0001 m still has a first step of 30 m. */
const CLOSE = 1 - 5e-4;

/** Metres along the side of a cell; undefined where cells have no length, as in degrees. */
export function cellMetres({ crs, cellWidth, cellHeight }: Grid): number | undefined {
  const { kind, metresPerUnit } = crs;
  return kind === 'projected' && metresPerUnit !== undefined
    ? metresPerUnit * Math.max(cellWidth, cellHeight)
    : undefined;
}

/** Round lengths from a cell to the longer side of the grid, the side included: metres. */
export function lengthsOn(grid: Grid): number[] {
  const cell = cellMetres(grid);
  if (cell === undefined) return [];
  const longest = cell * Math.max(grid.width, grid.height);
  const lengths = [cell];
  for (let power = Math.floor(Math.log10(cell)); 10 ** power <= longest; power++)
    for (const round of ROUND) {
      const length = Number((round * 10 ** power).toPrecision(3));
      if (length * CLOSE > cell && length < longest * CLOSE) lengths.push(length);
    }
  if (longest > cell) lengths.push(longest);
  return lengths;
}

/** The one of them that is nearest by its ratio. */
export function nearestLength(lengths: readonly number[], wanted: number): number {
  const away = (length: number) => Math.abs(Math.log(length / wanted));
  return lengths.reduce((best, length) => (away(length) < away(best) ? length : best), lengths[0]);
}

export function lengthInWords(metres: number): string {
  return metres >= 1000 ? `${formatNumber(metres / 1000)} km` : `${formatNumber(metres)} m`;
}
