/**
 * Stages of Fourier transforms of LANES lines side by side, in WebAssembly. A record is one element of all of them: their real parts, then their
 * imaginary ones. In place, decimation in frequency forward (natural to digit-reversed order) and in time backward, without a reordering.
 */
import { add, address, type Code, constant, FunctionCode, load, loadTwice, mul, plus, sub } from './code.ts';

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
  const [at, end, span, turns] = [0, 1, 2, 3].map((index) => code.parameter(index));
  const size = code.address(span);
  for (let i = 1; i < radix; i++) code.set(size, plus(size, span));
  code.each(at, plus(at, span), address(RECORD), (first) => {
    const factors = Array.from({ length: radix - 1 }, (_, i): Complex => {
      const sine = code.pair(loadTwice(turns, 16 * i + 8));
      return {
        re: code.pair(loadTwice(turns, 16 * i)),
        im: direction === 'forward' ? sine : code.pair(sub(constant(0), sine)),
      };
    });
    code.set(turns, plus(turns, address(16 * (radix - 1))));
    code.each(first, end, size, (start) => butterflies(code, direction, radix, start, span, factors));
  });
  return code;
}

function plainStage(direction: Direction, radix: 2 | 4): FunctionCode {
  const code = new FunctionCode(`${direction}1x${radix}`, 2);
  const [at, end] = [0, 1].map((index) => code.parameter(index));
  code.each(at, end, address(RECORD * radix), (start) =>
    butterflies(code, direction, radix, start, address(RECORD), undefined),
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
  for (let i = 1; i < radix; i++) records.push(code.address(plus(records[i - 1], span)));
  const turned = (value: Complex, i: number) => (factors && i > 0 ? product(code, value, factors[i - 1]) : value);
  for (let offset = 0; offset < IMAGINARY; offset += PAIR) {
    const loaded = records.map((record) => ({
      re: code.pair(load(record, offset)),
      im: code.pair(load(record, offset + IMAGINARY)),
    }));
    const made =
      direction === 'forward'
        ? transform(code, loaded, direction).map(turned)
        : transform(code, loaded.map(turned), direction);
    for (const [i, { re, im }] of made.entries()) {
      code.store(records[i], offset, re);
      code.store(records[i], offset + IMAGINARY, im);
    }
  }
}

function product(code: FunctionCode, a: Complex, b: Complex): Complex {
  return {
    re: code.pair(sub(mul(a.re, b.re), mul(a.im, b.im))),
    im: code.pair(add(mul(a.re, b.im), mul(a.im, b.re))),
  };
}

/** A Fourier transform of 2 to 5 numbers. */
function transform(code: FunctionCode, x: readonly Complex[], direction: Direction): Complex[] {
  const sum = (a: Complex, b: Complex): Complex => ({ re: code.pair(add(a.re, b.re)), im: code.pair(add(a.im, b.im)) });
  const difference = (a: Complex, b: Complex): Complex => ({
    re: code.pair(sub(a.re, b.re)),
    im: code.pair(sub(a.im, b.im)),
  });
  const scaled = (a: Complex, by: number): Complex => ({
    re: code.pair(mul(a.re, constant(by))),
    im: code.pair(mul(a.im, constant(by))),
  });
  /** a − i b and a + i b: the order in which a frequency and its opposite have them forward. */
  const apart = (a: Complex, b: Complex): [Complex, Complex] => {
    const minus = { re: code.pair(add(a.re, b.im)), im: code.pair(sub(a.im, b.re)) };
    const plusTurned = { re: code.pair(sub(a.re, b.im)), im: code.pair(add(a.im, b.re)) };
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
