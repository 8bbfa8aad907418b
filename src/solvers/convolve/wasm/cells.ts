/** From values of cells to records of the transforms, and sums of chords, in WebAssembly. */
import { NODATA } from '../../../core/cells.ts';
import {
  address,
  addWhole,
  and,
  constant,
  constantFour,
  differing,
  FunctionCode,
  firsts,
  load,
  loadAddress,
  loadTwice,
  plus,
  seconds,
  sub,
  subWhole,
  toMasks,
  toPair,
} from './code.ts';
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
  const [from, pitch, to, end, level] = [0, 1, 2, 3, 4].map((index) => code.parameter(index));
  const off = code.pair(loadTwice(level));
  const rows = [code.address(from)];
  for (let lane = 1; lane < LANES; lane++) rows.push(code.address(plus(rows[lane - 1], pitch)));
  code.each(to, end, address(4 * RECORD), (at) => {
    for (let lane = 0; lane < LANES; lane += 2) {
      const read = (row: typeof from) => {
        const four = code.pair(load(row));
        const valid = code.pair(differing(four, constantFour(NODATA)));
        return (['first', 'last'] as const).map((half) => {
          const mask = code.pair(toMasks[half](valid));
          return { mask, value: code.pair(and(sub(toPair[half](four), off), mask)) };
        });
      };
      const [upper, lower] = [read(rows[lane]), read(rows[lane + 1])];
      for (const half of [0, 1])
        for (const [place, pick] of [firsts, seconds].entries()) {
          const offset = (2 * half + place) * RECORD + 8 * lane;
          code.store(at, offset, pick(upper[half].value, lower[half].value));
          code.store(at, offset + RECORD / 2, and(pick(upper[half].mask, lower[half].mask), constant(1)));
        }
    }
    for (const row of rows) code.set(row, plus(row, address(16)));
  });
  return code;
}

/**
 * chords (at, end, to, table, tableEnd): sums of whole numbers of 32 bits, modulo 2³²: for each cell between `at` and `end`, over the table, of what stands
 * the first number of an entry further less what stands the second one further, in bytes. They go to `to`.
 */
function chords(): FunctionCode {
  const code = new FunctionCode('chords', 5);
  const [from, end, to, table, tableEnd] = [0, 1, 2, 3, 4].map((index) => code.parameter(index));
  code.each(from, end, address(4 * CHORD_CELLS), (at) => {
    const sums = Array.from({ length: CHORD_CELLS / 4 }, () => code.pair(constant(0)));
    code.each(table, tableEnd, address(8), (entry) => {
      const east = code.address(plus(at, loadAddress(entry)));
      const west = code.address(plus(at, loadAddress(entry, 4)));
      for (const [i, sum] of sums.entries())
        code.set(sum, addWhole(sum, subWhole(load(east, 16 * i), load(west, 16 * i))));
    });
    for (const [i, sum] of sums.entries()) code.store(to, 16 * i, sum);
    code.set(to, plus(to, address(4 * CHORD_CELLS)));
  });
  return code;
}
