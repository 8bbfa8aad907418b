/**
 * The cut of Benjamini and Hochberg over all cells, without sorting them: a coarse tally of |Z| leaves a few classes in which it may lie, and only
 * these are counted number by number. The cut is the |Z| of a cell, so its p is one of those that there are.
 */
import { twoSidedP } from '../../reference/normal.ts';
import { LEVELS, type Thresholds } from './levels.ts';
import { ALL, classRange, type ExactSizes } from './tally.ts';

/** Classes counted number by number in one pass over the cells. */
const AT_ONCE = 32;

/** The |Z| of each level from which on cells have it; Infinity where none has. `exactly` counts the numbers of some classes. */
export async function discoveryThresholds(
  tally: Float64Array,
  exactly: (classes: readonly number[]) => Promise<ReadonlyMap<number, ExactSizes>>,
): Promise<Thresholds> {
  const known = new Map<number, ExactSizes>();
  const cuts: number[] = [];
  for (const level of LEVELS) {
    const candidates = candidatesOf(tally, level);
    let cut = Infinity;
    for (const [k, { index, above }] of candidates.entries()) {
      if (!known.has(index)) {
        const next = candidates.slice(k, k + AT_ONCE).map((each) => each.index);
        for (const [found, sizes] of await exactly(next.filter((each) => !known.has(each)))) known.set(found, sizes);
      }
      cut = cutWithin(known.get(index)!, above, level / tally[ALL]);
      if (cut < Infinity) break;
    }
    cuts.push(cut);
  }
  return cuts as unknown as Thresholds;
}

interface Candidate {
  readonly index: number;
  /** Cells of the classes above. */
  readonly above: number;
}

/** Classes that may have a number that meets the level, ascending, up to the first that must have one. */
function candidatesOf(tally: Float64Array, level: number): Candidate[] {
  const share = level / tally[ALL];
  let above = 0;
  const all: Candidate[] = [];
  for (let index = ALL - 1; index >= 0; index--) {
    if (tally[index] > 0) all.push({ index, above });
    above += tally[index];
  }
  const candidates: Candidate[] = [];
  for (const each of all.reverse()) {
    const [low, high] = classRange(each.index);
    if (twoSidedP(high) <= share * (each.above + tally[each.index])) candidates.push(each);
    if (twoSidedP(low) <= share * (each.above + 1)) break;
  }
  return candidates;
}

/** The smallest number of a class that meets the level. */
function cutWithin(sizes: ExactSizes, above: number, share: number): number {
  let rank = above + sizes.reduce((sum, [, count]) => sum + count, 0);
  for (const [size, count] of sizes) {
    if (twoSidedP(size) <= share * rank) return size;
    rank -= count;
  }
  return Infinity;
}
