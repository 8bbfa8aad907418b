/**
 * WebAssembly written from expressions: as much of its binary format as the loops of this layer need (WebAssembly Core Specification 2.0). An
 * expression is the bytes that leave its value on the stack; a statement leaves nothing.
 */

export type Code = readonly number[];
export type Type = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

const TYPES: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const [BLOCK, LOOP, IF, ELSE, END, BRANCH, BRANCH_IF, NOTHING] = [0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x40];

const unary =
  (opcode: number) =>
  (a: Code): Code => [...a, opcode];
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, opcode];
const loading =
  (opcode: number) =>
  (at: Code, offset = 0): Code => [...at, opcode, 0, ...unsigned(offset)];
const storing =
  (opcode: number) =>
  (at: Code, value: Code, offset = 0): Code => [...at, ...value, opcode, 0, ...unsigned(offset)];

/** Comparisons and right shifts are those of numbers without a sign. */
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
  least: (a: Code, b: Code): Code => [...a, ...b, ...a, ...b, 0x49, 0x1b],
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
  from: unary(0xad),
  load: loading(0x29),
  store: storing(0x37),
};

export const f32 = {
  of: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  equal: binary(0x5b),
  differ: binary(0x5c),
  below: binary(0x5d),
  above: binary(0x5e),
  atMost: binary(0x5f),
  /** a where the condition holds, else b. */
  choose: (condition: Code, a: Code, b: Code): Code => [...a, ...b, ...condition, 0x1b],
  load: loading(0x2a),
  store: storing(0x38),
};

export const f64 = {
  of: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  add: binary(0xa0),
  sub: binary(0xa1),
  multiply: binary(0xa2),
  below: binary(0x63),
  above: binary(0x64),
  choose: f32.choose,
  from: unary(0xbb),
  load: loading(0x2b),
  store: storing(0x39),
};

const VECTOR = 0xfd;
const vectors =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, VECTOR, ...unsigned(opcode)];

/** Sixteen bytes, or four numbers of 32 bits. */
export const v128 = {
  load: (at: Code, offset = 0): Code => [...at, VECTOR, 0x00, 0, ...unsigned(offset)],
  /** One of the four at `at`. */
  storeLane: (at: Code, value: Code, lane: number): Code => [...at, ...value, VECTOR, 0x5a, 0, 0, lane],
  /** Bytes of one vector in another order. */
  shuffle: (a: Code, order: readonly number[]): Code => [...a, ...a, VECTOR, 0x0d, ...order],
  subBytes: vectors(0x71),
  splat: (value: Code): Code => [...value, VECTOR, 0x13],
  equal: vectors(0x41),
  above: vectors(0x44),
  atMost: vectors(0x45),
  and: vectors(0x4e),
  /** a without b. */
  without: vectors(0x4f),
  /** Of 32-bit parts: none is 0. */
  all: (a: Code): Code => [...a, VECTOR, ...unsigned(0xa3)],
};

/** A function of i32 parameters, the last statement's value its result. */
export class FunctionCode {
  readonly name: string;
  readonly parameters: number;
  readonly #locals: Type[] = [];
  readonly #bytes: number[] = [];

  constructor(name: string, parameters: number) {
    this.name = name;
    this.parameters = parameters;
  }

  parameter(index: number): Code {
    return [0x20, ...unsigned(index)];
  }

  /** A variable. */
  local(type: Type, value: Code): Code {
    const name: Code = [0x20, ...unsigned(this.parameters + this.#locals.push(type) - 1)];
    this.set(name, value);
    return name;
  }

  set([, ...index]: Code, value: Code): void {
    this.do([...value, 0x21, ...index]);
  }

  do(code: Code): void {
    for (const byte of code) this.#bytes.push(byte);
  }

  while(condition: Code, body: () => void): void {
    this.do([BLOCK, NOTHING, LOOP, NOTHING, ...condition, 0x45, BRANCH_IF, 1]);
    body();
    this.do([BRANCH, 0, END, END]);
  }

  /** Once, and again while the condition holds. */
  repeat(body: () => void, condition: Code): void {
    this.do([LOOP, NOTHING]);
    body();
    this.do([...condition, BRANCH_IF, 0, END]);
  }

  if(condition: Code, yes: () => void, no?: () => void): void {
    this.do([...condition, IF, NOTHING]);
    yes();
    if (no) {
      this.do([ELSE]);
      no();
    }
    this.do([END]);
  }

  /** As it stands in the section of code. */
  get body(): Code {
    const locals = this.#locals.flatMap((type) => [1, TYPES[type]]);
    return sized([...unsigned(this.#locals.length), ...locals, ...this.#bytes, END]);
  }
}

/** A module of functions, each giving an i32, on the memory `env.memory`. */
export function moduleBytes(functions: readonly FunctionCode[]): Uint8Array<ArrayBuffer> {
  const i32Type = TYPES.i32;
  const types = functions.map(({ parameters }) => [0x60, ...sized(new Array(parameters).fill(i32Type)), 1, i32Type]);
  const exported = functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...text('env'), ...text('memory'), 2, 0, ...unsigned(1)]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(7, exported),
    ...section(
      10,
      functions.map(({ body }) => body),
    ),
  ]);
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...sized([...unsigned(entries.length), ...entries.flat()])];
}

function sized(code: Code): Code {
  return [...unsigned(code.length), ...code];
}

function text(value: string): Code {
  return sized([...new TextEncoder().encode(value)]);
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

function signed(value: bigint): Code {
  const bytes = [];
  for (let rest = value; ; rest >>= 7n) {
    const byte = Number(rest & 127n);
    if (rest >= -64n && rest < 64n) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}
