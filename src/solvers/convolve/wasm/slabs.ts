/** What lies between the transforms of rows and columns, in WebAssembly: rows turned into columns and back, and the product with a spectrum. */
import type { Code } from '../../../core/wasm/encoding.ts';
import { FunctionCode } from '../../../core/wasm/function-code.ts';
import { f64x2, i32, v128 } from '../../../core/wasm/instructions.ts';
import { LANES, RECORD } from './lines.ts';

const HALF = 8 * LANES;

export function slabFunctions(): FunctionCode[] {
  return [transpose(), multiply(), join(), split()];
}

/**
 * transpose (from, end, to, fromStep, toStep): squares of LANES records turned, so that element b of record a becomes element a of record b. The first
 * is at `from`, the next ones each `fromStep` bytes on, to before `end`; they go to `to` and each `toStep` bytes on.
 */
function transpose(): FunctionCode {
  const code = new FunctionCode('transpose', 5);
  const [from, end, to, fromStep, toStep] = code.parameters;
  code.each(from, end, fromStep, (at) => {
    for (let a = 0; a < LANES; a += 2)
      for (let b = 0; b < LANES; b += 2)
        for (const part of [0, HALF]) {
          const upper = code.local('v128', v128.load(at, a * RECORD + part + 8 * b));
          const lower = code.local('v128', v128.load(at, (a + 1) * RECORD + part + 8 * b));
          code.do(v128.store(to, f64x2.firsts(upper, lower), b * RECORD + part + 8 * a));
          code.do(v128.store(to, f64x2.seconds(upper, lower), (b + 1) * RECORD + part + 8 * a));
        }
    code.set(to, i32.add(to, toStep));
  });
  return code;
}

/** multiply (at, end, spectrum): each record times as many real numbers, for real and imaginary part alike. */
function multiply(): FunctionCode {
  const code = new FunctionCode('multiply', 3);
  const [at, end, spectrum] = code.parameters;
  code.each(at, end, i32.of(RECORD), (record) => {
    for (let offset = 0; offset < HALF; offset += 16) {
      const factor: Code = code.local('v128', v128.load(spectrum, offset));
      for (const part of [0, HALF])
        code.do(v128.store(record, f64x2.multiply(v128.load(record, offset + part), factor), offset + part));
    }
    code.set(spectrum, i32.add(spectrum, i32.of(HALF)));
  });
  return code;
}

/** join (at, end, from): the real parts of the records from `from` on become the imaginary ones of those from `at` to before `end`. */
function join(): FunctionCode {
  const code = new FunctionCode('join', 3);
  const [at, end, from] = code.parameters;
  code.each(at, end, i32.of(RECORD), (record) => {
    for (let offset = 0; offset < HALF; offset += 16)
      code.do(v128.store(record, v128.load(from, offset), HALF + offset));
    code.set(from, i32.add(from, i32.of(RECORD)));
  });
  return code;
}

/** split (at, end, reals, imaginaries): the two parts of records to a place each; the real parts last. */
function split(): FunctionCode {
  const code = new FunctionCode('split', 4);
  const [at, end, reals, imaginaries] = code.parameters;
  code.each(at, end, i32.of(RECORD), (record) => {
    for (let offset = 0; offset < HALF; offset += 16) {
      code.do(v128.store(imaginaries, v128.load(record, HALF + offset), offset));
      code.do(v128.store(reals, v128.load(record, offset), offset));
    }
    for (const place of [reals, imaginaries]) code.set(place, i32.add(place, i32.of(HALF)));
  });
  return code;
}
