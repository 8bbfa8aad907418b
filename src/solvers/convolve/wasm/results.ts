/** What values are like, and means from sums, in WebAssembly. */
import { NODATA } from '../../../core/cells.ts';
import {
  absolute,
  add,
  address,
  and,
  choose,
  constantFour,
  differing,
  div,
  FunctionCode,
  firsts,
  least,
  leastOfFours,
  load,
  loadTwice,
  most,
  mostOfFours,
  mul,
  noLarger,
  or,
  plus,
  seconds,
  subWhole,
  toFour,
  toMasks,
  toPair,
} from './code.ts';
import { LANES, RECORD } from './lines.ts';

export function resultFunctions(): FunctionCode[] {
  return [describe(), means()];
}

/**
 * describe (from, end, about): takes fours of float32 into what stands at `about`: four smallest and four largest values, twice two sums of float64, four
 * counts of valid cells. Nodata, the smallest number, is no value.
 */
function describe(): FunctionCode {
  const code = new FunctionCode('describe', 3);
  const [from, end, about] = [0, 1, 2].map((index) => code.parameter(index));
  const [low, high, first, last, valid] = [0, 1, 2, 3, 4].map((i) => code.pair(load(about, 16 * i)));
  code.each(from, end, address(16), (at) => {
    const four = code.pair(load(at));
    const mask = code.pair(differing(four, constantFour(NODATA)));
    code.set(low, leastOfFours(low, choose(four, constantFour(Infinity), mask)));
    code.set(high, mostOfFours(high, four));
    const values = code.pair(and(four, mask));
    code.set(first, add(first, toPair.first(values)));
    code.set(last, add(last, toPair.last(values)));
    code.set(valid, subWhole(valid, mask));
  });
  for (const [i, value] of [low, high, first, last, valid].entries()) code.store(about, 16 * i, value);
  return code;
}

/**
 * means (from, end, values, pitch, limits): of LANES rows of sums, records from `from` to before `end`, the means over the values there: rows of float32
 * `pitch` bytes apart, nodata where they are. `limits`: level, low, high, doubt; after them all bits stand where a sum is no larger than that doubt.
 */
function means(): FunctionCode {
  const code = new FunctionCode('means', 5);
  const [from, end, values, pitch, limits] = [0, 1, 2, 3, 4].map((index) => code.parameter(index));
  const [level, low, high, doubt] = [0, 1, 2, 3].map((i) => code.pair(loadTwice(limits, 8 * i)));
  const doubtful = code.pair(load(limits, 32));
  const rows = [code.address(values)];
  for (let lane = 1; lane < LANES; lane++) rows.push(code.address(plus(rows[lane - 1], pitch)));
  code.each(from, end, address(4 * RECORD), (at) => {
    for (let lane = 0; lane < LANES; lane += 2) {
      const made = [0, 1, 2, 3].map((x) => {
        const contrast = code.pair(load(at, x * RECORD + 8 * lane));
        const weight = code.pair(load(at, x * RECORD + RECORD / 2 + 8 * lane));
        const mean = code.pair(most(least(add(level, div(contrast, weight)), high), low));
        const small = code.pair(noLarger(absolute(add(contrast, mul(level, weight))), doubt));
        return { mean, small };
      });
      for (const [i, pick] of [firsts, seconds].entries()) {
        const row = rows[lane + i];
        const given = code.pair(load(row));
        const mask = code.pair(differing(given, constantFour(NODATA)));
        for (const [half, widen] of [toMasks.first, toMasks.last].entries())
          code.set(doubtful, or(doubtful, and(widen(mask), pick(made[2 * half].small, made[2 * half + 1].small))));
        const four = toFour(pick(made[0].mean, made[1].mean), pick(made[2].mean, made[3].mean));
        code.store(row, 0, choose(four, constantFour(NODATA), mask));
      }
    }
    for (const row of rows) code.set(row, plus(row, address(16)));
  });
  code.store(limits, 32, doubtful);
  return code;
}
