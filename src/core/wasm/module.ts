/** A module of WebAssembly from the code of its functions. */
import { type Code, sized, TYPES, text, unsigned } from './encoding.ts';
import type { FunctionCode } from './function-code.ts';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const SECTIONS = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 };
const [FUNCTION_TYPE, FUNCTION, MEMORY] = [0x60, 0, 2];

/** Its functions work in the memory that it is given as `env.memory`, a page at least, and are exported by their names. */
export function moduleBytes(functions: readonly FunctionCode[]): Uint8Array<ArrayBuffer> {
  const memory = [...text('env'), ...text('memory'), MEMORY, 0, ...unsigned(1)];
  return Uint8Array.from([
    ...HEADER,
    ...section(SECTIONS.types, functions.map(typeOf)),
    ...section(SECTIONS.imports, [memory]),
    ...section(
      SECTIONS.functions,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      SECTIONS.exports,
      functions.map(({ name }, index) => [...text(name), FUNCTION, ...unsigned(index)]),
    ),
    ...section(
      SECTIONS.code,
      functions.map(({ body }) => body),
    ),
  ]);
}

function typeOf({ parameters, result }: FunctionCode): Code {
  return [FUNCTION_TYPE, ...sized(parameters.map(() => TYPES.i32)), ...sized(result ? [TYPES[result]] : [])];
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...sized([...unsigned(entries.length), ...entries.flat()])];
}
