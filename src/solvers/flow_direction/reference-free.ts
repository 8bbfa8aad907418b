/** Plateaus order free, by the definition of keys: sweeps over the raster until no key becomes smaller. */
import { NODATA_CODE } from '../../core/cells.ts';
import { DX, DY } from '../routing/directions.ts';

export interface Directions {
  readonly width: number;
  readonly height: number;
  /** Height of a cell; undefined outside. */
  readonly level: (x: number, y: number) => number | undefined;
  /** Code of a plateau cell that drains to these. */
  readonly code: (directions: readonly number[]) => number;
  /** Of each cell; 0 where there is no lower neighbour, as far as it is not known better. */
  readonly codes: Float64Array;
  readonly mfd: boolean;
}

const DIRECTIONS = [0, 1, 2, 3, 4, 5, 6, 7];
const STEP = (d: number) => (d % 2 ? 19601 : 13860);
const OUTSIDE = 2 ** 31;

export function keysOf({ width, height, level, codes }: Directions): Float64Array {
  const keys = Float64Array.from(codes, (code) => (code === 0 || code === NODATA_CODE ? Number.POSITIVE_INFINITY : 0));
  const improve = (x: number, y: number): boolean => {
    const i = y * width + x;
    const here = level(x, y);
    if (here === undefined || keys[i] === 0) return false;
    let key = keys[i];
    for (const d of DIRECTIONS) {
      const [nx, ny] = [x + DX[d], y + DY[d]];
      const next = level(nx, ny);
      if (next === undefined) key = Math.min(key, OUTSIDE);
      else if (next === here) key = Math.min(key, keys[ny * width + nx] + STEP(d));
    }
    const better = key < keys[i];
    keys[i] = key;
    return better;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) changed = improve(x, y) || changed;
    for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) changed = improve(x, y) || changed;
  }
  return keys;
}

/** Codes of plateau cells from their keys. */
export function towardsSmallerKeys(map: Directions, keys: Float64Array): void {
  const { width, height, level, code, codes, mfd } = map;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const here = level(x, y);
      if (here === undefined || keys[i] === 0 || keys[i] === Number.POSITIVE_INFINITY) continue;
      if (keys[i] === OUTSIDE) {
        codes[i] = code(outsideWays(map, x, y));
        continue;
      }
      const keyOf = (d: number) =>
        level(x + DX[d], y + DY[d]) === here ? keys[(y + DY[d]) * width + x + DX[d]] : Number.POSITIVE_INFINITY;
      const nearer = DIRECTIONS.filter((d) => keyOf(d) < keys[i]);
      const nearest = Math.min(...nearer.map((d) => keyOf(d) + STEP(d)));
      codes[i] = code(mfd ? nearer : nearer.filter((d) => keyOf(d) + STEP(d) === nearest).slice(0, 1));
    }
}

/** MFD: all directions to the outside; D8: the first orthogonal one, or else the first. */
function outsideWays({ level, mfd }: Directions, x: number, y: number): number[] {
  const ways = DIRECTIONS.filter((d) => level(x + DX[d], y + DY[d]) === undefined);
  return mfd ? ways : [ways.find((d) => d % 2 === 0) ?? ways[0]];
}
