/**
 * WebAssembly written from expressions: as much of its binary format as the transforms need (WebAssembly Core Specification 2.0). An expression is the
 * bytes that leave its value on the stack; addresses are i32, numbers come in pairs of float64 (v128).
 */

export type Code = readonly number[];
type Type = 'i32' | 'v128';

const TYPES: Readonly<Record<Type, number>> = { i32: 0x7f, v128: 0x7b };
const VECTOR = 0xfd;
const [NOTHING, END] = [0x40, 0x0b];

const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];

/** Of two pairs, number by number. */
export const add = binary(VECTOR, ...unsigned(0xf0));
export const sub = binary(VECTOR, ...unsigned(0xf1));
export const mul = binary(VECTOR, ...unsigned(0xf2));

export const div = binary(VECTOR, ...unsigned(0xf3));
/** The smaller and the larger of each two numbers. */
export const least = binary(VECTOR, ...unsigned(0xf6));
export const most = binary(VECTOR, ...unsigned(0xf7));
export const leastOfFours = binary(VECTOR, ...unsigned(0xea));
export const mostOfFours = binary(VECTOR, ...unsigned(0xeb));
/** All bits of those numbers of the first pair that are no larger than those of the second. */
export const noLarger = binary(VECTOR, ...unsigned(0x4b));

/** Of two fours of whole numbers. */
export const addWhole = binary(VECTOR, ...unsigned(0xae));
export const subWhole = binary(VECTOR, ...unsigned(0xb1));

/** All bits of those numbers of two fours of float32 that differ. */
export const differing = binary(VECTOR, ...unsigned(0x42));
export const and = binary(VECTOR, ...unsigned(0x4e));
export const or = binary(VECTOR, ...unsigned(0x50));

export function absolute(pair: Code): Code {
  return [...pair, VECTOR, ...unsigned(0xec)];
}

/** Bits of `a` where the mask has them, of `b` elsewhere. */
export function choose(a: Code, b: Code, mask: Code): Code {
  return [...a, ...b, ...mask, VECTOR, ...unsigned(0x52)];
}

/** Four of float32 from two pairs. */
export function toFour(a: Code, b: Code): Code {
  const narrow = (pair: Code) => [...pair, VECTOR, ...unsigned(0x5e)];
  return firsts(narrow(a), narrow(b));
}

/** Of two addresses. */
export const plus = binary(0x6a);
const below = binary(0x49);

/** A number for both of a pair. */
export function constant(value: number): Code {
  const bytes = new Uint8Array(new Float64Array([value, value]).buffer);
  return [VECTOR, ...unsigned(0x0c), ...bytes];
}

export function address(value: number): Code {
  return [0x41, ...signed(value)];
}

/** The pair at `at` + `offset` bytes. */
export function load(at: Code, offset = 0): Code {
  return [...at, VECTOR, ...unsigned(0x00), 3, ...unsigned(offset)];
}

/** The number at `at` + `offset` bytes, twice. */
export function loadTwice(at: Code, offset = 0): Code {
  return [...at, VECTOR, ...unsigned(0x0a), 3, ...unsigned(offset)];
}

/** The address at `at` + `offset` bytes. */
export function loadAddress(at: Code, offset = 0): Code {
  return [...at, 0x28, 2, ...unsigned(offset)];
}

/** A float32 for all of a four. */
export function constantFour(value: number): Code {
  return [VECTOR, ...unsigned(0x0c), ...new Uint8Array(new Float32Array(4).fill(value).buffer)];
}

/** First or last two of a four of float32 as a pair of float64; of a four of masks as a pair of them. */
export const toPair = {
  first: (four: Code): Code => [...four, VECTOR, ...unsigned(0x5f)],
  last: (four: Code): Code => toPair.first(firstsAreLasts(four)),
};
export const toMasks = {
  first: (four: Code): Code => [...four, VECTOR, ...unsigned(0xc7)],
  last: (four: Code): Code => [...four, VECTOR, ...unsigned(0xc8)],
};

function firstsAreLasts(four: Code): Code {
  return seconds(four, four);
}

/** The first numbers of two pairs. */
export function firsts(a: Code, b: Code): Code {
  return [...a, ...b, VECTOR, ...unsigned(0x0d), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
}

/** The second numbers of two pairs. */
export function seconds(a: Code, b: Code): Code {
  return [...a, ...b, VECTOR, ...unsigned(0x0d), 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];
}

/** A function of addresses that returns nothing. */
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

  /** A name for a pair. */
  pair(value: Code): Code {
    return this.#name('v128', value);
  }

  /** A name for an address that may be set again. */
  address(value: Code): Code {
    return this.#name('i32', value);
  }

  set(name: Code, value: Code): void {
    this.#bytes.push(...value, 0x21, ...name.slice(1));
  }

  store(at: Code, offset: number, value: Code): void {
    this.#bytes.push(...at, ...value, VECTOR, ...unsigned(0x0b), 3, ...unsigned(offset));
  }

  /** Runs `body` for `from`, `from` + `step` and so on as long as that is below `end`, once at least. */
  each(from: Code, end: Code, step: Code, body: (at: Code) => void): void {
    const at = this.address(from);
    this.#bytes.push(0x03, NOTHING);
    body(at);
    this.set(at, plus(at, step));
    this.#bytes.push(...below(at, end), 0x0d, 0, END);
  }

  toBytes(): number[] {
    const locals = this.#locals.flatMap((type) => [1, TYPES[type]]);
    const body = [...unsigned(this.#locals.length), ...locals, ...this.#bytes, END];
    return [...unsigned(body.length), ...body];
  }

  #name(type: Type, value: Code): Code {
    const index = this.parameters + this.#locals.push(type) - 1;
    const name = [0x20, ...unsigned(index)];
    this.set(name, value);
    return name;
  }
}

/** A module that works in a memory that it is given, as `memory` of `env`, and exports its functions. */
export function moduleBytes(functions: readonly FunctionCode[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...unsigned(parameters),
    ...Array(parameters).fill(TYPES.i32),
    0,
  ]);
  const exports = functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...text('env'), ...text('memory'), 2, 0, 1]]),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(7, exports),
    ...section(
      10,
      functions.map((each) => each.toBytes()),
    ),
  ]);
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 63 || rest < -64; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest & 127];
}
