/** Where bytes are read from: one method, implemented for memory and blobs here and for files in src/node/files.ts. */
import { EcofluxError, throwIfAborted } from '../core/errors.ts';

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

export interface ByteSource {
  /** What the user called it; opens every error message about it. */
  readonly name: string;
  readonly size: number;
  /** Exactly `length` bytes from `offset`; a range beyond the end is InvalidInput ("the file is cut short"). */
  fetch(offset: number, length: number, options?: ReadOptions): Promise<Uint8Array>;
  close?(): Promise<void>;
}

/** Opens a source by name; the one `services.openSource` of a task context is of this type. */
export type SourceOpener = (name: string) => Promise<ByteSource>;

/** Tells a file from the one that had its name before: `services.identify` of a task context. */
export type FileIdentity = (name: string) => string;

export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    async fetch(offset, length, { signal } = {}) {
      throwIfAborted(signal);
      checkRange(name, bytes.byteLength, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A `File` or `Blob` of the browser. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    async fetch(offset, length, { signal } = {}) {
      throwIfAborted(signal);
      checkRange(name, blob.size, offset, length);
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
  };
}

/** Refuses a range that is not inside the file: what a truncated or damaged file leads to. */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new EcofluxError('InvalidInput', 'the file ends before its data does', {
    file: name,
    place: `bytes ${offset} to ${offset + length}`,
    found: `a file of ${size} bytes`,
    fix: 'copy or download the file again; it is truncated or damaged',
  });
}
