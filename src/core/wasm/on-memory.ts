/** Functions in WebAssembly on a memory of their own: a new one for each use, or one for each thread that grows with what is asked of it. */
import type { FunctionCode } from './function-code.ts';
import { moduleBytes } from './module.ts';

const PAGE = 2 ** 16;

export interface OnMemory<Functions> {
  readonly functions: Functions;
  readonly memory: WebAssembly.Memory;
}

/**
 * @param code is asked for when they are needed first, and compiled once for a thread
 * @returns the functions, on a new memory of at least so many bytes, all 0; it throws a RangeError where there is no such memory
 */
export function onNewMemory<Functions>(code: () => readonly FunctionCode[]): (bytes: number) => OnMemory<Functions> {
  let module: WebAssembly.Module | undefined;
  return (bytes) => {
    module ??= new WebAssembly.Module(moduleBytes(code()));
    const memory = new WebAssembly.Memory({ initial: pages(bytes) });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { functions: exports as Functions, memory };
  };
}

/**
 * @param prepare is told of the memory once, before the first call
 * @returns the functions, always on the same memory, of at least so many bytes; views of it are empty when it has grown. It throws a RangeError where
 * there is no such memory
 */
export function onGrowingMemory<Functions>(
  code: () => readonly FunctionCode[],
  prepare: (memory: WebAssembly.Memory) => void = () => {},
): (bytes: number) => OnMemory<Functions> {
  const make = onNewMemory<Functions>(code);
  let made: OnMemory<Functions> | undefined;
  return (bytes) => {
    if (!made) {
      made = make(bytes);
      prepare(made.memory);
    }
    const missing = bytes - made.memory.buffer.byteLength;
    if (missing > 0) made.memory.grow(pages(missing));
    return made;
  };
}

/** One at least, which the modules ask for. */
function pages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PAGE));
}
