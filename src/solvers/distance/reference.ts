import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';

/**
 * For each cell the nearest source of its own column, of those beside it, and so on outward, until a column itself is farther away than what
 * was found.
 */
export const reference: SolverReference = ({ source }, _params, { width, height }) => {
  const cells = width * height;
  const squared = new Float64Array(cells).fill(NODATA_CODE);
  const distance = new Float64Array(cells).fill(NODATA);
  const allocation = new Float64Array(cells).fill(NODATA_CODE);
  const columns = columnsOf(source, width, height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      let [best, index] = [Infinity, Infinity];
      const look = (column: number) => {
        if (column < 0 || column >= width) return;
        const row = columns[column][y];
        if (row === undefined) return;
        const square = (x - column) ** 2 + (y - row) ** 2;
        if (square < best || (square === best && row * width + column < index))
          [best, index] = [square, row * width + column];
      };
      for (let away = 0; away < width && away * away <= best; away++) {
        look(x - away);
        look(x + away);
      }
      if (best === Infinity) continue;
      squared[i] = best;
      distance[i] = Math.sqrt(best);
      allocation[i] = index;
    }
  return { squared, distance, allocation };
};

/** Of each column and row: the row of the nearest source in that column, the upper one of two; undefined without one. */
function columnsOf(source: { readonly [i: number]: number }, width: number, height: number): (number | undefined)[][] {
  return Array.from({ length: width }, (_, x) => {
    const sources = Array.from({ length: height }, (_, y) => y).filter((y) => {
      const value = source[y * width + x];
      return value !== 0 && value !== NODATA_CODE;
    });
    let k = 0;
    return Array.from({ length: height }, (_, y) => {
      while (k + 1 < sources.length && Math.abs(sources[k + 1] - y) < Math.abs(sources[k] - y)) k++;
      return sources[k];
    });
  });
}
