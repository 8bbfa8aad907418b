/** Whether this thread may compile WebAssembly: a page whose policy does not say 'wasm-unsafe-eval' may not. */

let allowed: boolean | undefined;

/** Asked once for a thread: each refusal is an entry in the browser's console. */
export function mayCompile(): boolean {
  allowed ??= compiles();
  return allowed;
}

const EMPTY_MODULE = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

function compiles(): boolean {
  try {
    new WebAssembly.Module(Uint8Array.from(EMPTY_MODULE));
    return true;
  } catch {
    return false;
  }
}
