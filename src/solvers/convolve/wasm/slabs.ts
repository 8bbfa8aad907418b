/** What lies between the transforms of rows and columns, in WebAssembly: rows turned into columns and back, and the product with a spectrum. */
import { address, type Code, FunctionCode, firsts, load, mul, plus, seconds } from './code.ts';
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
  const [from, end, to, fromStep, toStep] = [0, 1, 2, 3, 4].map((index) => code.parameter(index));
  code.each(from, end, fromStep, (at) => {
    for (let a = 0; a < LANES; a += 2)
      for (let b = 0; b < LANES; b += 2)
        for (const part of [0, HALF]) {
          const upper = code.pair(load(at, a * RECORD + part + 8 * b));
          const lower = code.pair(load(at, (a + 1) * RECORD + part + 8 * b));
          code.store(to, b * RECORD + part + 8 * a, firsts(upper, lower));
          code.store(to, (b + 1) * RECORD + part + 8 * a, seconds(upper, lower));
        }
    code.set(to, plus(to, toStep));
  });
  return code;
}

/** multiply (at, end, spectrum): each record times as many real numbers, for real and imaginary part alike. */
function multiply(): FunctionCode {
  const code = new FunctionCode('multiply', 3);
  const [at, end, spectrum] = [0, 1, 2].map((index) => code.parameter(index));
  code.each(at, end, address(RECORD), (record) => {
    for (let offset = 0; offset < HALF; offset += 16) {
      const factor: Code = code.pair(load(spectrum, offset));
      for (const part of [0, HALF]) code.store(record, offset + part, mul(load(record, offset + part), factor));
    }
    code.set(spectrum, plus(spectrum, address(HALF)));
  });
  return code;
}

/** join (at, end, from): the real parts of the records from `from` on become the imaginary ones of those from `at` to before `end`. */
function join(): FunctionCode {
  const code = new FunctionCode('join', 3);
  const [at, end, from] = [0, 1, 2].map((index) => code.parameter(index));
  code.each(at, end, address(RECORD), (record) => {
    for (let offset = 0; offset < HALF; offset += 16) code.store(record, HALF + offset, load(from, offset));
    code.set(from, plus(from, address(RECORD)));
  });
  return code;
}

/** split (at, end, reals, imaginaries): the two parts of records to a place each; the real parts last. */
function split(): FunctionCode {
  const code = new FunctionCode('split', 4);
  const [at, end, reals, imaginaries] = [0, 1, 2, 3].map((index) => code.parameter(index));
  code.each(at, end, address(RECORD), (record) => {
    for (let offset = 0; offset < HALF; offset += 16) {
      code.store(imaginaries, offset, load(record, HALF + offset));
      code.store(reals, offset, load(record, offset));
    }
    for (const place of [reals, imaginaries]) code.set(place, plus(place, address(HALF)));
  });
  return code;
}
