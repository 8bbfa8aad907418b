/**
 * Instructions of WebAssembly as functions from expressions to expressions, as many as the loops here need. Addresses and offsets are bytes (i32);
 * what is loaded and stored need not be aligned. An expression given twice is worked out twice: give variables where that counts.
 */
import { type Code, signed, unsigned } from './encoding.ts';

const SELECT = 0x1b;

const unary =
  (...opcode: Code) =>
  (a: Code): Code => [...a, ...opcode];
const binary =
  (...opcode: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];
const loading =
  (...opcode: Code) =>
  (at: Code, offset = 0): Code => [...at, ...opcode, 0, ...unsigned(offset)];
const storing =
  (...opcode: Code) =>
  (at: Code, value: Code, offset = 0): Code => [...at, ...value, ...opcode, 0, ...unsigned(offset)];
/** a where the condition (i32) is not 0, else b. */
const choose = (condition: Code, a: Code, b: Code): Code => [...a, ...b, ...condition, SELECT];

/** Comparisons, remainders and right shifts are those of numbers without a sign. */
export const i32 = {
  of: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  add: binary(0x6a),
  sub: binary(0x6b),
  multiply: binary(0x6c),
  remainder: binary(0x70),
  and: binary(0x71),
  or: binary(0x72),
  shiftLeft: binary(0x74),
  shiftRight: binary(0x76),
  equal: binary(0x46),
  below: binary(0x49),
  atMost: binary(0x4d),
  /** The lower half of an i64. */
  from: unary(0xa7),
  /** The smaller of two. */
  least: (a: Code, b: Code): Code => choose(i32.below(a, b), a, b),
  load: loading(0x28),
  loadByte: loading(0x2d),
  store: storing(0x36),
};

export const i64 = {
  of: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  add: binary(0x7c),
  sub: binary(0x7d),
  multiply: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shiftLeft: binary(0x86),
  shiftRight: binary(0x88),
  /** Of the lowest bits, how many are 0; 64 of 0. */
  trailingZeros: unary(0x7a),
  /** An i32 without a sign. */
  from: unary(0xad),
  load: loading(0x29),
  store: storing(0x37),
};

/** Comparisons give an i32, 1 or 0. */
export const f32 = {
  of: (value: number): Code => [0x43, ...bytesOf(Float32Array.of(value))],
  equal: binary(0x5b),
  differ: binary(0x5c),
  below: binary(0x5d),
  above: binary(0x5e),
  atMost: binary(0x5f),
  choose,
  load: loading(0x2a),
  store: storing(0x38),
};

export const f64 = {
  of: (value: number): Code => [0x44, ...bytesOf(Float64Array.of(value))],
  add: binary(0xa0),
  sub: binary(0xa1),
  multiply: binary(0xa2),
  below: binary(0x63),
  above: binary(0x64),
  choose,
  /** An f32. */
  from: unary(0xbb),
  load: loading(0x2b),
  store: storing(0x39),
};

const VECTOR = 0xfd;
const vector = (opcode: number): Code => [VECTOR, ...unsigned(opcode)];
const constant = (numbers: Float32Array | Float64Array): Code => [...vector(0x0c), ...bytesOf(numbers)];

/** Sixteen bytes, whatever they stand for. */
export const v128 = {
  and: binary(...vector(0x4e)),
  /** a without b. */
  without: binary(...vector(0x4f)),
  or: binary(...vector(0x50)),
  /** Bits of a where the mask has them, of b elsewhere. */
  choose: (mask: Code, a: Code, b: Code): Code => [...a, ...b, ...mask, ...vector(0x52)],
  /** Bytes of a (0 to 15) and of b (16 to 31) in the order given. */
  shuffle: (a: Code, b: Code, order: Code): Code => [...a, ...b, ...vector(0x0d), ...order],
  load: loading(...vector(0x00)),
  store: storing(...vector(0x0b)),
  /** One of its four numbers of 32 bits. */
  storeLane: (at: Code, value: Code, lane: number): Code => [...storing(...vector(0x5a))(at, value), lane],
};

/** Sixteen numbers of 8 bits. */
export const i8x16 = { sub: binary(...vector(0x71)) };

/** Four whole numbers of 32 bits. */
export const i32x4 = {
  add: binary(...vector(0xae)),
  sub: binary(...vector(0xb1)),
  /** None is 0: an i32. */
  all: unary(...vector(0xa3)),
};

/** Two whole numbers of 64 bits. */
export const i64x2 = {
  /** The first or the last two of four, with their sign; so masks of four become masks of two. */
  from: { first: unary(...vector(0xc7)), last: unary(...vector(0xc8)) },
};

/** Four numbers of float32. Comparisons give masks: all bits of those of which they hold. */
export const f32x4 = {
  /** The same four times. */
  of: (value: number): Code => constant(new Float32Array(4).fill(value)),
  /** An f32 four times. */
  splat: unary(...vector(0x13)),
  equal: binary(...vector(0x41)),
  differ: binary(...vector(0x42)),
  above: binary(...vector(0x44)),
  atMost: binary(...vector(0x45)),
  /** b where it is smaller, else a; `most`: where it is larger. */
  least: binary(...vector(0xea)),
  most: binary(...vector(0xeb)),
  /** Of two pairs of float64, rounded. */
  from: (a: Code, b: Code): Code => f64x2.firsts(narrow(a), narrow(b)),
};
const narrow = unary(...vector(0x5e));

/** Two numbers of float64. Comparisons give masks. */
export const f64x2 = {
  /** The same twice. */
  of: (value: number): Code => constant(new Float64Array(2).fill(value)),
  add: binary(...vector(0xf0)),
  sub: binary(...vector(0xf1)),
  multiply: binary(...vector(0xf2)),
  divide: binary(...vector(0xf3)),
  absolute: unary(...vector(0xec)),
  atMost: binary(...vector(0x4b)),
  /** b where it is smaller, else a; `most`: where it is larger. */
  least: binary(...vector(0xf6)),
  most: binary(...vector(0xf7)),
  /** The first numbers of two pairs. */
  firsts: (a: Code, b: Code): Code => v128.shuffle(a, b, FIRSTS),
  seconds: (a: Code, b: Code): Code => v128.shuffle(a, b, SECONDS),
  /** The first or the last two of four float32. */
  from: { first: unary(...vector(0x5f)), last: (four: Code): Code => f64x2.from.first(f64x2.seconds(four, four)) },
  /** The number at `at` + `offset`, twice. */
  loadTwice: loading(...vector(0x0a)),
};
const FIRSTS = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const SECONDS = FIRSTS.map((byte) => byte + 8);

function bytesOf({ buffer }: Float32Array | Float64Array): Code {
  return [...new Uint8Array(buffer)];
}
