/** How far a threat reaches, in cells. */
import type { CellSize } from '../../core/stage.ts';
import type { Values } from '../../core/values.ts';
import type { Threat } from './threats.ts';

/** What a square of a distance can be without being nodata. */
const LARGEST_SQUARE = 0xfffffffe;

/** @param share of the threat's weight in the sum of all */
export function decayParams(
  { maxDistance, decay }: Pick<Threat, 'maxDistance' | 'decay'>,
  share: number,
  { cellWidth }: CellSize,
): Values {
  const reach = maxDistance / cellWidth;
  return { limit: largestSquare(reach), reach, exponential: decay === 'exponential' ? 1 : 0, weight: share };
}

/** The largest square of a distance that counts: InVEST compares both as float32, so that one that rounds to the reach is kept. */
export function largestSquare(reach: number): number {
  const bound = Math.fround(reach);
  let square = Math.min(Math.floor(reach * reach), LARGEST_SQUARE);
  while (square > 0 && Math.fround(Math.sqrt(square)) > bound) square--;
  while (square < LARGEST_SQUARE && Math.fround(Math.sqrt(square + 1)) <= bound) square++;
  return square;
}
