/** From values of cells to records of the transforms, and sums of chords, in WebAssembly. */
import { NODATA } from '../../../core/cells.ts';
import { FunctionCode } from '../../../core/wasm/function-code.ts';
import { f32x4, f64x2, i32, i32x4, i64x2, v128 } from '../../../core/wasm/instructions.ts';
import { LANES, RECORD } from './lines.ts';

/** Cells whose sums are made at once. */
export const CHORD_CELLS = 16;

export function cellFunctions(): FunctionCode[] {
  return [fill(), chords()];
}

/**
 * fill (from, pitch, to, end, level): LANES rows of float32, `pitch` bytes apart, as records from `to` to before `end`, four at a time: real parts are
 * values less the float64 at `level`, imaginary ones 1, and both 0 where a value is nodata.
 */
function fill(): FunctionCode {
  const code = new FunctionCode('fill', 5);
  const [from, pitch, to, end, level] = code.parameters;
  const off = code.local('v128', f64x2.loadTwice(level));
  const rows = [code.local('i32', from)];
  for (let lane = 1; lane < LANES; lane++) rows.push(code.local('i32', i32.add(rows[lane - 1], pitch)));
  code.each(to, end, i32.of(4 * RECORD), (at) => {
    for (let lane = 0; lane < LANES; lane += 2) {
      const read = (row: typeof from) => {
        const four = code.local('v128', v128.load(row));
        const valid = code.local('v128', f32x4.differ(four, f32x4.of(NODATA)));
        return (['first', 'last'] as const).map((half) => {
          const mask = code.local('v128', i64x2.from[half](valid));
          return { mask, value: code.local('v128', v128.and(f64x2.sub(f64x2.from[half](four), off), mask)) };
        });
      };
      const [upper, lower] = [read(rows[lane]), read(rows[lane + 1])];
      for (const half of [0, 1])
        for (const [place, pick] of [f64x2.firsts, f64x2.seconds].entries()) {
          const offset = (2 * half + place) * RECORD + 8 * lane;
          code.do(v128.store(at, pick(upper[half].value, lower[half].value), offset));
          code.do(v128.store(at, v128.and(pick(upper[half].mask, lower[half].mask), f64x2.of(1)), offset + RECORD / 2));
        }
    }
    for (const row of rows) code.set(row, i32.add(row, i32.of(16)));
  });
  return code;
}

/**
 * chords (at, end, to, table, tableEnd): sums of whole numbers of 32 bits, modulo 2³²: for each cell between `at` and `end`, over the table, of what stands
 * the first number of an entry further less what stands the second one further, in bytes. They go to `to`.
 */
function chords(): FunctionCode {
  const code = new FunctionCode('chords', 5);
  const [from, end, to, table, tableEnd] = code.parameters;
  code.each(from, end, i32.of(4 * CHORD_CELLS), (at) => {
    const sums = Array.from({ length: CHORD_CELLS / 4 }, () => code.local('v128', f64x2.of(0)));
    code.each(table, tableEnd, i32.of(8), (entry) => {
      const east = code.local('i32', i32.add(at, i32.load(entry)));
      const west = code.local('i32', i32.add(at, i32.load(entry, 4)));
      for (const [i, sum] of sums.entries())
        code.set(sum, i32x4.add(sum, i32x4.sub(v128.load(east, 16 * i), v128.load(west, 16 * i))));
    });
    for (const [i, sum] of sums.entries()) code.do(v128.store(to, sum, 16 * i));
    code.set(to, i32.add(to, i32.of(4 * CHORD_CELLS)));
  });
  return code;
}
