/** Where files are written to: a sink that appears complete or not at all, and a spool for what is not in order yet; in memory here, on disk in src/node/files.ts. */

export interface ByteSink {
  /** Appends. */
  write(bytes: Uint8Array): Promise<void>;
  /** The file appears under its name, replacing an older one. */
  commit(): Promise<void>;
  /** Nothing is left behind. */
  abort(): Promise<void>;
}

export interface Spool {
  /** Resolves to the offset the bytes lie at. */
  append(bytes: Uint8Array): Promise<number>;
  /** Over as many bytes that were appended there. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Lets go of it; only what `openKeptSpool` gave is still there then. */
  close(): Promise<void>;
  /** Nothing is left behind. */
  dispose(): Promise<void>;
}

export interface OutputTarget {
  readonly name: string;
  openSpool(): Promise<Spool>;
  /** A spool that outlives the process, with what an earlier run left in it. Absent where nothing outlives a process. */
  openKeptSpool?(): Promise<Spool>;
  create(): Promise<ByteSink>;
  /** A small file beside the main one: its name and `suffix` (".aux.xml"). Targets without it get no such file. */
  createBeside?(suffix: string): Promise<ByteSink>;
}

/** Keeps the file in memory: browsers and tests. `bytes()` after the commit; `beside` holds the files beside it. */
export function memoryTarget(name = 'memory.tif'): OutputTarget & {
  bytes(): Uint8Array;
  readonly beside: ReadonlyMap<string, Uint8Array>;
} {
  let done: Uint8Array | undefined;
  const beside = new Map<string, Uint8Array>();
  return {
    name,
    beside,
    bytes() {
      if (!done) throw new Error(`${name} has not been written`);
      return done;
    },
    openSpool: async () => memorySpool(),
    create: async () => memorySink((bytes) => (done = bytes)),
    createBeside: async (suffix) => memorySink((bytes) => beside.set(suffix, bytes)),
  };
}

function memorySink(keep: (bytes: Uint8Array) => void): ByteSink {
  let parts: Uint8Array[] = [];
  return {
    async write(bytes) {
      parts.push(bytes.slice());
    },
    async commit() {
      keep(joinBytes(parts));
      parts = [];
    },
    async abort() {
      parts = [];
    },
  };
}

function memorySpool(): Spool {
  const parts = new Map<number, Uint8Array>();
  let size = 0;
  return {
    async append(bytes) {
      const offset = size;
      parts.set(offset, bytes);
      size += bytes.byteLength;
      return offset;
    },
    async write(offset, bytes) {
      parts.set(offset, bytes);
    },
    async read(offset, length) {
      return parts.get(offset)!.subarray(0, length);
    },
    async close() {},
    async dispose() {
      parts.clear();
    },
  };
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}
