/** What values are like, and means from sums, in WebAssembly. */
import { NODATA } from '../../../core/cells.ts';
import { FunctionCode } from '../../../core/wasm/function-code.ts';
import { f32x4, f64x2, i32, i32x4, i64x2, v128 } from '../../../core/wasm/instructions.ts';
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
  const [from, end, about] = code.parameters;
  const [low, high, first, last, valid] = [0, 1, 2, 3, 4].map((i) => code.local('v128', v128.load(about, 16 * i)));
  code.each(from, end, i32.of(16), (at) => {
    const four = code.local('v128', v128.load(at));
    const mask = code.local('v128', f32x4.differ(four, f32x4.of(NODATA)));
    code.set(low, f32x4.least(low, v128.choose(mask, four, f32x4.of(Infinity))));
    code.set(high, f32x4.most(high, four));
    const values = code.local('v128', v128.and(four, mask));
    code.set(first, f64x2.add(first, f64x2.from.first(values)));
    code.set(last, f64x2.add(last, f64x2.from.last(values)));
    code.set(valid, i32x4.sub(valid, mask));
  });
  for (const [i, value] of [low, high, first, last, valid].entries()) code.do(v128.store(about, value, 16 * i));
  return code;
}

/**
 * means (from, end, values, pitch, limits): of LANES rows of sums, records from `from` to before `end`, the means over the values there: rows of float32
 * `pitch` bytes apart, nodata where they are. `limits`: level, low, high, doubt; after them all bits stand where a sum is no larger than that doubt.
 */
function means(): FunctionCode {
  const code = new FunctionCode('means', 5);
  const [from, end, values, pitch, limits] = code.parameters;
  const [level, low, high, doubt] = [0, 1, 2, 3].map((i) => code.local('v128', f64x2.loadTwice(limits, 8 * i)));
  const doubtful = code.local('v128', v128.load(limits, 32));
  const rows = [code.local('i32', values)];
  for (let lane = 1; lane < LANES; lane++) rows.push(code.local('i32', i32.add(rows[lane - 1], pitch)));
  code.each(from, end, i32.of(4 * RECORD), (at) => {
    for (let lane = 0; lane < LANES; lane += 2) {
      const made = [0, 1, 2, 3].map((x) => {
        const contrast = code.local('v128', v128.load(at, x * RECORD + 8 * lane));
        const weight = code.local('v128', v128.load(at, x * RECORD + RECORD / 2 + 8 * lane));
        const mean = code.local(
          'v128',
          f64x2.most(f64x2.least(f64x2.add(level, f64x2.divide(contrast, weight)), high), low),
        );
        const small = code.local(
          'v128',
          f64x2.atMost(f64x2.absolute(f64x2.add(contrast, f64x2.multiply(level, weight))), doubt),
        );
        return { mean, small };
      });
      for (const [i, pick] of [f64x2.firsts, f64x2.seconds].entries()) {
        const row = rows[lane + i];
        const given = code.local('v128', v128.load(row));
        const mask = code.local('v128', f32x4.differ(given, f32x4.of(NODATA)));
        for (const [half, widen] of [i64x2.from.first, i64x2.from.last].entries())
          code.set(
            doubtful,
            v128.or(doubtful, v128.and(widen(mask), pick(made[2 * half].small, made[2 * half + 1].small))),
          );
        const four = f32x4.from(pick(made[0].mean, made[1].mean), pick(made[2].mean, made[3].mean));
        code.do(v128.store(row, v128.choose(mask, four, f32x4.of(NODATA))));
      }
    }
    for (const row of rows) code.set(row, i32.add(row, i32.of(16)));
  });
  code.do(v128.store(limits, doubtful, 32));
  return code;
}
