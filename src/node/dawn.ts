/**
 * WebGPU in Node: the `webgpu` package, which is Dawn. Loaded only when asked for, since it may be missing on a platform.
 */
import { findAdapters, type GpuProvider } from '../gpu/provider.ts';

// Dawn's create() gives an object that must stay referenced for the life of the process: once it is collected, the process can abort.
let loaded: Promise<GPU | undefined> | undefined;

/** Undefined when Dawn cannot be loaded here. */
export async function dawnProvider(): Promise<GpuProvider | undefined> {
  loaded ??= load();
  const gpu = await loaded;
  return gpu && { name: 'dawn', adapters: () => findAdapters(gpu) };
}

const NOT_HERE = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

async function load(): Promise<GPU | undefined> {
  try {
    const { create } = await import('webgpu');
    slowDownPolling();
    return create([]);
  } catch (error) {
    // No binary for this platform, or a system library it needs is missing: what runs without a device still runs.
    if (NOT_HERE.has((error as { code?: string }).code ?? '')) return undefined;
    throw error;
  }
}

// While anything is pending, Dawn's binding polls with setImmediate, which keeps a core busy: with two cores, a software driver then
// needs half as long again (480 ms against 325 ms for one kernel on lavapipe), and workers that decode lose as much. Polls are known by
// their callback, a native function without a name; everybody else's setImmediate stays as it is.
const POLL_MS = 1;
// One visit to the event loop and back: what resolves at once (error scopes, compilations in cache) is not made to wait.
const EAGER_POLLS = 4;

function slowDownPolling(): void {
  const immediately = globalThis.setImmediate;
  let polls = 0;
  const paced = (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
    if (!isNativeCallback(callback)) return immediately(callback, ...values);
    polls = (polls + 1) % (EAGER_POLLS + 1);
    return polls === 0 ? setTimeout(callback, POLL_MS) : immediately(callback);
  };
  globalThis.setImmediate = Object.assign(paced, immediately) as unknown as typeof setImmediate;
}

function isNativeCallback(callback: (...values: unknown[]) => void): boolean {
  return callback.name === '' && Function.prototype.toString.call(callback).endsWith('{ [native code] }');
}
