/**
 * Memory of large buffers given back at once. A collector learns late that nobody refers to them, and until then they are memory in use: with
 * tiles of megabytes soon more than the tiles themselves.
 */

/** Smaller ones are left to the collector. */
const WORTH_FREEING = 2 ** 16;

let nowhere: MessagePort | undefined;

/** Nobody may look at them any more: they have no bytes from now on. Shared ones stay as they are, and so does what is part of a larger buffer. */
export function freeBuffers(things: Iterable<ArrayBufferLike | ArrayBufferView | undefined>): void {
  const buffers = new Set<ArrayBuffer>();
  for (const thing of things) {
    if (!thing || thing.byteLength < WORTH_FREEING) continue;
    const buffer = ArrayBuffer.isView(thing) ? thing.buffer : thing;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === thing.byteLength) buffers.add(buffer);
  }
  if (buffers.size === 0) return;
  // What is moved to a port that nobody listens to is gone.
  nowhere ??= closedPort();
  nowhere.postMessage(undefined, [...buffers]);
}

/** The buffers in a message between threads, however deep. */
export function* buffersIn(message: unknown): Generator<ArrayBufferLike> {
  if (typeof message !== 'object' || message === null) return;
  if (ArrayBuffer.isView(message)) yield message.buffer;
  else if (message instanceof ArrayBuffer) yield message;
  else if (message instanceof Map) yield* buffersInAll(message.values());
  else if (Array.isArray(message)) yield* buffersInAll(message);
  else yield* buffersInAll(Object.values(message));
}

function* buffersInAll(things: Iterable<unknown>): Generator<ArrayBufferLike> {
  for (const thing of things) if (typeof thing === 'object') yield* buffersIn(thing);
}

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
