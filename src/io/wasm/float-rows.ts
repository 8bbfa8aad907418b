/**
 * Rows of f32 cells made ready for a file (float-block.ts), in WebAssembly. The same in TypeScript, for other blocks and for reading them again:
 * toFileSamples, statisticsOf, sumCells, applyFloat32Planes.
 */
import { NODATA } from '../../core/cells.ts';
import type { Code } from '../../core/wasm/encoding.ts';
import { FunctionCode } from '../../core/wasm/function-code.ts';
import { f32, f32x4, f64, i8x16, i32, i32x4, v128 } from '../../core/wasm/instructions.ts';

/** The declared nodata value, f32. */
export const DECLARED = 0;
/** Of `measure`, f64 each: the first valid value, sums of differences to it and of their squares, least and largest value. */
export const MEASURES = 16;
export const FREE = 128;

const LARGEST = -NODATA;

/**
 * settle (at, end): cells as the file has them; gives how many are valid.
 * measure (at, end): adds cells that are all valid to MEASURES. measureSome (at, end): the same of those that are.
 * sum (upper, end, lower, sums, counts): two rows, for the row above them in the pyramid.
 * planes (at, end, to, step): a row after predictor 3, its planes `step` bytes apart. Changes the four bytes before the row.
 */
export function floatFunctions(): FunctionCode[] {
  return [settle(), measure('measure', false), measure('measureSome', true), sum(), planes()];
}

const declared = (code: FunctionCode) => code.local('f32', f32.load(i32.of(DECLARED)));

function settle(): FunctionCode {
  const code = new FunctionCode('settle', 2, 'i32');
  const [at, end] = code.parameters;
  const nodata = declared(code);
  const [sentinel, largest, absent] = [f32.of(NODATA), f32.of(LARGEST), nodata].map((value) =>
    code.local('v128', f32x4.splat(value)),
  );
  const valid = code.local('i32', i32.shiftRight(i32.sub(end, at), i32.of(2)));
  const cell = code.local('f32', f32.of(0));
  const four = code.local('v128', f32x4.splat(f32.of(0)));
  const until = code.local('i32', i32.of(0));
  code.while(i32.below(at, end), () => {
    code.set(until, i32.add(at, i32.of(16)));
    code.set(four, v128.load(at));
    const usual = v128.and(f32x4.above(four, sentinel), f32x4.atMost(four, largest));
    code.if(
      i32x4.all(v128.without(usual, f32x4.equal(four, absent))),
      () => code.set(at, until),
      () =>
        code.while(i32.below(at, until), () => {
          code.set(cell, f32.load(at));
          code.if(
            i32.and(f32.above(cell, f32.of(NODATA)), f32.atMost(cell, f32.of(LARGEST))),
            () =>
              code.if(f32.equal(cell, nodata), () => {
                // One step towards zero; from zero one step up.
                const step = i32.sub(i32.load(at), i32.of(1));
                code.if(
                  f32.equal(cell, f32.of(0)),
                  () => code.do(i32.store(at, i32.of(1))),
                  () => code.do(i32.store(at, step)),
                );
              }),
            () => {
              code.do(f32.store(at, nodata));
              code.set(valid, i32.sub(valid, i32.of(1)));
            },
          );
          code.set(at, i32.add(at, i32.of(4)));
        }),
    );
  });
  code.do(valid);
  return code;
}

/** After `settle`: nodata, which may be NaN, or a finite value. */
const isNodata = (cell: Code, nodata: Code) => i32.or(f32.equal(cell, nodata), f32.differ(cell, cell));

function measure(name: string, some: boolean): FunctionCode {
  const code = new FunctionCode(name, 2);
  const [at, end] = code.parameters;
  const nodata = declared(code);
  const base = i32.of(MEASURES);
  const [shift, total, squares, least, most] = [0, 1, 2, 3, 4].map((i) => code.local('f64', f64.load(base, 8 * i)));
  const cell = code.local('f32', f32.of(0));
  const value = code.local('f64', f64.of(0));
  const difference = code.local('f64', f64.of(0));
  const add = () => {
    code.set(value, f64.from(cell));
    code.set(difference, f64.sub(value, shift));
    code.set(total, f64.add(total, difference));
    code.set(squares, f64.add(squares, f64.multiply(difference, difference)));
    code.set(least, f64.choose(f64.below(value, least), value, least));
    code.set(most, f64.choose(f64.above(value, most), value, most));
  };
  code.while(i32.below(at, end), () => {
    code.set(cell, f32.load(at));
    if (some) code.if(isNodata(cell, nodata), () => {}, add);
    else add();
    code.set(at, i32.add(at, i32.of(4)));
  });
  for (const [i, found] of [shift, total, squares, least, most].entries()) code.do(f64.store(base, found, 8 * i));
  return code;
}

function sum(): FunctionCode {
  const code = new FunctionCode('sum', 5);
  const [upper, end, lower, sums, counts] = code.parameters;
  const nodata = declared(code);
  const cell = code.local('f32', f32.of(0));
  const valid = code.local('i32', i32.of(0));
  const total = code.local('f64', f64.of(0));
  const count = code.local('i32', i32.of(0));
  code.while(i32.below(upper, end), () => {
    code.set(total, f64.of(0));
    code.set(count, i32.of(0));
    for (const [row, offset] of [
      [upper, 0],
      [upper, 4],
      [lower, 0],
      [lower, 4],
    ] as const) {
      code.set(cell, f32.load(row, offset));
      code.set(valid, i32.equal(isNodata(cell, nodata), i32.of(0)));
      // The sum is never −0, so that adding 0 changes nothing.
      code.set(total, f64.add(total, f64.choose(valid, f64.from(cell), f64.of(0))));
      code.set(count, i32.add(count, valid));
    }
    code.do(f64.store(sums, total));
    code.do(i32.store(counts, count));
    code.set(upper, i32.add(upper, i32.of(8)));
    code.set(lower, i32.add(lower, i32.of(8)));
    code.set(sums, i32.add(sums, i32.of(8)));
    code.set(counts, i32.add(counts, i32.of(4)));
  });
  return code;
}

/** Highest bytes of four cells, then those below them. */
const BY_PLANE = [3, 7, 11, 15, 2, 6, 10, 14, 1, 5, 9, 13, 0, 4, 8, 12];

function planes(): FunctionCode {
  const code = new FunctionCode('planes', 4);
  const [at, end, first, step] = code.parameters;
  const to = [first];
  for (let plane = 1; plane < 4; plane++) to.push(code.local('i32', i32.add(to[plane - 1], step)));
  const four = code.local('v128', f32x4.splat(f32.of(0)));
  // Where a plane begins, the difference is to the end of the plane before it.
  const last = i32.load(i32.sub(end, i32.of(4)));
  code.do(i32.store(i32.sub(at, i32.of(4)), i32.shiftRight(last, i32.of(8))));
  code.while(i32.below(at, end), () => {
    code.set(four, i8x16.sub(v128.load(at), v128.load(i32.sub(at, i32.of(4)))));
    code.set(four, v128.shuffle(four, four, BY_PLANE));
    for (const [plane, place] of to.entries()) {
      code.do(v128.storeLane(place, four, plane));
      code.set(place, i32.add(place, i32.of(4)));
    }
    code.set(at, i32.add(at, i32.of(16)));
  });
  return code;
}
