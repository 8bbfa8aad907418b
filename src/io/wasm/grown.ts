/** Functions in WebAssembly on a memory of their own, which grows with what is asked of it. One for each thread. */
import { type FunctionCode, moduleBytes } from './code.ts';

const PAGE = 2 ** 16;

export type OnMemory<Functions> = Functions & { readonly memory: WebAssembly.Memory };

/**
 * @returns the functions, on at least so many bytes; views of an earlier memory are empty when it has grown
 * @param prepare is told of the memory once, before the first call
 */
export function grownOnDemand<Functions>(
  functions: () => FunctionCode[],
  prepare: (memory: WebAssembly.Memory) => void = () => {},
): (bytes: number) => OnMemory<Functions> {
  let made: OnMemory<Functions> | undefined;
  return (bytes) => {
    made ??= instantiate<Functions>(functions(), prepare);
    const missing = bytes - made.memory.buffer.byteLength;
    if (missing > 0) made.memory.grow(Math.ceil(missing / PAGE));
    return made;
  };
}

function instantiate<Functions>(
  functions: FunctionCode[],
  prepare: (memory: WebAssembly.Memory) => void,
): OnMemory<Functions> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(moduleBytes(functions));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  prepare(memory);
  return { ...(exports as Functions), memory };
}
