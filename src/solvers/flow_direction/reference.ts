/** Flow directions by their definition, over the whole raster. */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { DX, DY, INVERSE_DIAGONAL } from '../routing/directions.ts';
import { type Directions, keysOf, towardsSmallerKeys } from './reference-free.ts';
import { asInvestMeetsThem } from './reference-invest.ts';

const DIRECTIONS = [0, 1, 2, 3, 4, 5, 6, 7];

export const reference: SolverReference = ({ filled }, { algorithm, order }, { width, height }) => {
  const weights = algorithm === 1 ? proportional : steepest;
  const isData = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && filled[y * width + x] !== NODATA;
  const map: Directions = {
    width,
    height,
    level: (x, y) => (isData(x, y) ? filled[y * width + x] : undefined),
    // A plateau cell's way is a set of directions, of which D8 has one.
    code: (chosen) => codeOf(weights(DIRECTIONS.map((d) => (chosen.includes(d) ? (d % 2 ? INVERSE_DIAGONAL : 1) : 0)))),
    codes: new Float64Array(width * height).fill(NODATA_CODE),
    mfd: algorithm === 1,
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = map.level(x, y);
      if (here === undefined) continue;
      const drops = DIRECTIONS.map((d) => {
        const next = map.level(x + DX[d], y + DY[d]);
        const drop = next === undefined ? 0 : Math.max(here - next, 0);
        return d % 2 ? drop * INVERSE_DIAGONAL : drop;
      });
      map.codes[y * width + x] = codeOf(weights(drops));
    }
  if (order === 1) asInvestMeetsThem(map);
  else towardsSmallerKeys(map, keysOf(map));
  return { direction: map.codes };
};

/** All to the first of the largest. */
function steepest(drops: readonly number[]): number[] {
  const largest = Math.max(...drops);
  const first = drops.indexOf(largest);
  return drops.map((_, d) => (largest > 0 && d === first ? 1 : 0));
}

function proportional(drops: readonly number[]): number[] {
  const sum = drops.reduce((total, drop) => total + drop, 0);
  return drops.map((drop) => (drop > 0 ? Math.floor(0.5 + (drop / sum) * 15) : 0));
}

function codeOf(shares: readonly number[]): number {
  return shares.reduce((code, share, d) => code + share * 16 ** d, 0);
}
