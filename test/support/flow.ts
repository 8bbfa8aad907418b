/** Flow directions for tests, that go in no circles: by heights, pits and flats left as they are; one river that passes every cell; random ones. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { DIAGONAL, DX, DY, d8Code, isDiagonal } from '../../src/solvers/routing/directions.ts';
import { randomNumbers } from './rasters.ts';

export type Algorithm = 'd8' | 'mfd';

/** To the steepest lower neighbour, or to all of them by shares of 15; else outside where there is one; else nowhere. */
export function directionsOf(dem: Float32Array, width: number, algorithm: Algorithm): Uint32Array {
  const height = dem.length / width;
  return Uint32Array.from(dem, (own, cell) => {
    if (own === NODATA) return NODATA_CODE;
    const [x, y] = [cell % width, Math.floor(cell / width)];
    const heights = DX.map((dx, d) => {
      const [nx, ny] = [x + dx, y + DY[d]];
      return nx < 0 || ny < 0 || nx >= width || ny >= height ? NODATA : dem[ny * width + nx];
    });
    const drops = heights.map((below, d) =>
      below === NODATA || below >= own ? 0 : (own - below) / (isDiagonal(d) ? DIAGONAL : 1),
    );
    const steepest = drops.indexOf(Math.max(...drops));
    if (drops[steepest] === 0) return heights.includes(NODATA) ? d8Code(heights.indexOf(NODATA)) : 0;
    if (algorithm === 'd8') return d8Code(steepest);
    const sum = drops.reduce((all, drop) => all + drop);
    return drops.reduce((code, drop, d) => (code | (Math.floor(0.5 + (15 * drop) / sum) << (4 * d))) >>> 0, 0);
  });
}

/** East and west in turns, from north to south; MFD leaves a fifteenth to the row below. */
export function windingRiver(width: number, height: number, algorithm: Algorithm): Uint32Array {
  const [EAST, WEST, SOUTH] = [0, 4, 6];
  return Uint32Array.from({ length: width * height }, (_, cell) => {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    const along = y % 2 === 0 ? EAST : WEST;
    if (x === (along === EAST ? width - 1 : 0)) return d8Code(SOUTH);
    if (algorithm === 'd8') return d8Code(along);
    return ((14 << (4 * along)) | (1 << (4 * SOUTH))) >>> 0;
  });
}

/** Shares at random to the east and the three cells of the row below, beyond the raster and into holes too; a few cells have none. */
export function randomShares(width: number, height: number, algorithm: Algorithm, seed: number): Uint32Array {
  const next = randomNumbers(seed);
  const towards = [0, 5, 6, 7]; // never back, so in no circle
  return Uint32Array.from({ length: width * height }, () => {
    const kind = next();
    if (kind < 0.04) return NODATA_CODE;
    if (kind < 0.06) return 0;
    if (algorithm === 'd8') return d8Code(towards[Math.floor(4 * next())]);
    return towards.reduce((code, d) => (code | (Math.floor(16 * next()) << (4 * d))) >>> 0, 0);
  });
}
