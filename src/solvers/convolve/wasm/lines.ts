/**
 * Stages of Fourier transforms of LANES lines side by side, in WebAssembly. A record is one element of all of them: their real parts, then their
 * imaginary ones. In place, decimation in frequency forward (natural to digit-reversed order) and in time backward, without a reordering.
 */
import type { Code } from '../../../core/wasm/encoding.ts';
import { FunctionCode } from '../../../core/wasm/function-code.ts';
import { f64x2, i32, v128 } from '../../../core/wasm/instructions.ts';

/** Lines at a time. */
export const LANES = 8;
/** Bytes of a record. */
export const RECORD = 2 * 8 * LANES;
const PAIR = 16;
const IMAGINARY = 8 * LANES;

interface Complex {
  readonly re: Code;
  readonly im: Code;
}

type Direction = 'forward' | 'backward';

/**
 * `forward<r>` and `backward<r>` (at, end, span, turns): all butterflies of radix r between records `span` bytes apart, in the lines from `at` to
 * before `end`, with r − 1 turns (cosine, −sine) for each of the span's records. `forward1x<r>`: for a span of one record, without turns.
 */
export function lineFunctions(): FunctionCode[] {
  return (['forward', 'backward'] as const).flatMap((direction) => [
    stage(direction, 4),
    plainStage(direction, 4),
    plainStage(direction, 2),
    stage(direction, 3),
    stage(direction, 5),
  ]);
}

function stage(direction: Direction, radix: 3 | 4 | 5): FunctionCode {
  const code = new FunctionCode(`${direction}${radix}`, 4);
  const [at, end, span, turns] = code.parameters;
  const size = code.local('i32', span);
  for (let i = 1; i < radix; i++) code.set(size, i32.add(size, span));
  code.each(at, i32.add(at, span), i32.of(RECORD), (first) => {
    const factors = Array.from({ length: radix - 1 }, (_, i): Complex => {
      const sine = code.local('v128', f64x2.loadTwice(turns, 16 * i + 8));
      return {
        re: code.local('v128', f64x2.loadTwice(turns, 16 * i)),
        im: direction === 'forward' ? sine : code.local('v128', f64x2.sub(f64x2.of(0), sine)),
      };
    });
    code.set(turns, i32.add(turns, i32.of(16 * (radix - 1))));
    code.each(first, end, size, (start) => butterflies(code, direction, radix, start, span, factors));
  });
  return code;
}

function plainStage(direction: Direction, radix: 2 | 4): FunctionCode {
  const code = new FunctionCode(`${direction}1x${radix}`, 2);
  const [at, end] = code.parameters;
  code.each(at, end, i32.of(RECORD * radix), (start) =>
    butterflies(code, direction, radix, start, i32.of(RECORD), undefined),
  );
  return code;
}

function butterflies(
  code: FunctionCode,
  direction: Direction,
  radix: 2 | 3 | 4 | 5,
  start: Code,
  span: Code,
  factors: readonly Complex[] | undefined,
): void {
  const records = [start];
  for (let i = 1; i < radix; i++) records.push(code.local('i32', i32.add(records[i - 1], span)));
  const turned = (value: Complex, i: number) => (factors && i > 0 ? product(code, value, factors[i - 1]) : value);
  for (let offset = 0; offset < IMAGINARY; offset += PAIR) {
    const loaded = records.map((record) => ({
      re: code.local('v128', v128.load(record, offset)),
      im: code.local('v128', v128.load(record, offset + IMAGINARY)),
    }));
    const made =
      direction === 'forward'
        ? transform(code, loaded, direction).map(turned)
        : transform(code, loaded.map(turned), direction);
    for (const [i, { re, im }] of made.entries()) {
      code.do(v128.store(records[i], re, offset));
      code.do(v128.store(records[i], im, offset + IMAGINARY));
    }
  }
}

function product(code: FunctionCode, a: Complex, b: Complex): Complex {
  return {
    re: code.local('v128', f64x2.sub(f64x2.multiply(a.re, b.re), f64x2.multiply(a.im, b.im))),
    im: code.local('v128', f64x2.add(f64x2.multiply(a.re, b.im), f64x2.multiply(a.im, b.re))),
  };
}

/** A Fourier transform of 2 to 5 numbers. */
function transform(code: FunctionCode, x: readonly Complex[], direction: Direction): Complex[] {
  const sum = (a: Complex, b: Complex): Complex => ({
    re: code.local('v128', f64x2.add(a.re, b.re)),
    im: code.local('v128', f64x2.add(a.im, b.im)),
  });
  const difference = (a: Complex, b: Complex): Complex => ({
    re: code.local('v128', f64x2.sub(a.re, b.re)),
    im: code.local('v128', f64x2.sub(a.im, b.im)),
  });
  const scaled = (a: Complex, by: number): Complex => ({
    re: code.local('v128', f64x2.multiply(a.re, f64x2.of(by))),
    im: code.local('v128', f64x2.multiply(a.im, f64x2.of(by))),
  });
  /** a − i b and a + i b: the order in which a frequency and its opposite have them forward. */
  const apart = (a: Complex, b: Complex): [Complex, Complex] => {
    const minus = { re: code.local('v128', f64x2.add(a.re, b.im)), im: code.local('v128', f64x2.sub(a.im, b.re)) };
    const plusTurned = { re: code.local('v128', f64x2.sub(a.re, b.im)), im: code.local('v128', f64x2.add(a.im, b.re)) };
    return direction === 'forward' ? [minus, plusTurned] : [plusTurned, minus];
  };
  if (x.length === 2) return [sum(x[0], x[1]), difference(x[0], x[1])];
  if (x.length === 3) {
    const both = sum(x[1], x[2]);
    const [first, second] = apart(sum(x[0], scaled(both, -0.5)), scaled(difference(x[1], x[2]), Math.sqrt(3) / 2));
    return [sum(x[0], both), first, second];
  }
  if (x.length === 4) {
    const [a, b] = [sum(x[0], x[2]), difference(x[0], x[2])];
    const [c, d] = [sum(x[1], x[3]), difference(x[1], x[3])];
    const [first, third] = apart(b, d);
    return [sum(a, c), first, difference(a, c), third];
  }
  const turn = (2 * Math.PI) / 5;
  const [a, b] = [sum(x[1], x[4]), sum(x[2], x[3])];
  const [c, d] = [difference(x[1], x[4]), difference(x[2], x[3])];
  const [c1, c2, s1, s2] = [Math.cos(turn), Math.cos(2 * turn), Math.sin(turn), Math.sin(2 * turn)];
  const [first, fourth] = apart(sum(x[0], sum(scaled(a, c1), scaled(b, c2))), sum(scaled(c, s1), scaled(d, s2)));
  const [second, third] = apart(sum(x[0], sum(scaled(a, c2), scaled(b, c1))), difference(scaled(c, s2), scaled(d, s1)));
  return [sum(x[0], sum(a, b)), first, second, third, fourth];
}
