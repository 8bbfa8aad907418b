/** What every part of a WebAssembly binary is made of (WebAssembly Core Specification 2.0, section 5): value types, numbers, names, sized parts. */

/** Bytes. Those of an expression leave its value on the stack; those of a statement leave nothing. */
export type Code = readonly number[];
/** Whole numbers (i32, i64), floating point (f32, f64), and sixteen bytes (v128). */
export type Type = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

export const TYPES: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** LEB128 of a whole number from 0 on. */
export function unsigned(value: number): Code {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** LEB128 of a whole number with a sign. */
export function signed(value: bigint): Code {
  const bytes = [];
  for (let rest = value; ; rest >>= 7n) {
    const byte = Number(rest & 127n);
    if (rest >= -64n && rest < 64n) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}

/** With its length in bytes before it. */
export function sized(code: Code): Code {
  return [...unsigned(code.length), ...code];
}

export function text(value: string): Code {
  return sized([...new TextEncoder().encode(value)]);
}
