/** The bytes of an answer as they come, watched so that one that stalls is given up. */
import { Passing } from './failures.ts';

/** Aborts with the user's signal, and when nothing has happened for `stall` milliseconds. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Something has come: the time starts again. */
  reset(): void;
  /** The failure to report where it was the watchdog that gave up. */
  stalled(): Passing | undefined;
  stop(): void;
}

export function watchdog(stall: number, user: AbortSignal | undefined): Watchdog {
  const controller = new AbortController();
  let failure: Passing | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => controller.abort(user?.reason);
  const reset = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      failure = new Passing(`nothing came for ${stall / 1000} s`);
      controller.abort(failure);
    }, stall);
  };
  user?.addEventListener('abort', abort, { once: true });
  reset();
  return {
    signal: controller.signal,
    reset,
    stalled: () => failure,
    stop() {
      clearTimeout(timer);
      user?.removeEventListener('abort', abort);
      controller.abort(); // what is left of the answer is not wanted; after its end this does nothing
    },
  };
}

/** Hands on chunk by chunk to the end, which lets the connection be used again, or until there are more than `most` bytes. @returns the bytes that came */
export async function readBody(
  { body }: Response,
  most: number,
  use: (chunk: Uint8Array) => void,
  watch: Watchdog,
): Promise<number> {
  const reader = body?.getReader();
  let came = 0;
  while (reader && came <= most) {
    const { done, value } = await reader.read();
    if (done) break;
    watch.reset();
    came += value.byteLength;
    use(value);
  }
  return came;
}

/** Waits, unless the user interrupts it. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
  });
}
