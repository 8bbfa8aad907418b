/** Files on the web as byte sources: HTTP range requests, few and patient ones. For Node and browsers. */
import { EcofluxError, throwIfAborted } from '../core/errors.ts';
import { type ByteSource, checkRange, memorySource, type ReadOptions } from './byte-source.ts';
import { webAddress } from './http/address.ts';
import type { RemoteFacts } from './http/answer.ts';
import { gathered } from './http/gather.ts';
import { PAGE_BYTES, pageCache } from './http/pages.ts';
import { type HttpOptions, requestRange } from './http/request.ts';

export { isWebName, relativeAddress, webAddress } from './http/address.ts';
export type { HttpOptions } from './http/request.ts';

export interface HttpSource extends ByteSource {
  /** What the server says of the version that is read: its ETag, or its date, and its size. In place of a checksum, for which all of it would have to be read. */
  readonly identity: string;
}

/** Read when a file is opened: what a GeoTIFF is opened with, and its directories where they come first. */
const HEAD_BYTES = 2 * PAGE_BYTES;

/**
 * Opens a file by its address (`webAddress`). A read is complete or fails: passing trouble is tried again, and what comes must be of the file that was opened.
 * @throws EcofluxError InvalidInput (no such file, not given out, changed, given up), Unsupported (no ranges of a large file, other protocols), Interrupted
 */
export async function httpSource(name: string, options: HttpOptions & ReadOptions = {}): Promise<HttpSource> {
  const address = webAddress(name);
  const head = await requestRange(address, { start: 0, end: HEAD_BYTES }, undefined, options, options.signal);
  const { facts } = head;
  const { size } = facts;
  const identity = identityOf(facts);
  if (head.whole || head.bytes.length === size) return { ...memorySource(address.shown, head.bytes), identity };

  const pages = pageCache();
  pages.put(0, head.bytes, size);
  const read = gathered(
    async (start, end, signal) => (await requestRange(address, { start, end }, facts, options, signal)).bytes,
  );
  return {
    name: address.shown,
    size,
    identity,
    async fetch(offset, length, { signal } = {}) {
      throwIfAborted(signal);
      checkRange(address.shown, size, offset, length);
      const held = pages.get(offset, offset + length);
      if (held) return held;
      if (length > PAGE_BYTES) return read(offset, offset + length, signal);
      const start = offset - (offset % PAGE_BYTES);
      const end = Math.min(size, Math.ceil((offset + length) / PAGE_BYTES) * PAGE_BYTES);
      const bytes = await read(start, end, signal);
      pages.put(start, bytes, size);
      return bytes.subarray(offset - start, offset - start + length);
    },
  };
}

function identityOf({ etag, modified, size }: RemoteFacts): string {
  return [etag ? `ETag ${etag}` : modified ? `of ${modified}` : '', `${size} bytes`].filter(Boolean).join(', ');
}

/** Files that are read in one piece (tables, vectors, project files) up to this size. */
const MOST_AT_ONCE = 512 * 2 ** 20;

/** All bytes of a file on the web. @throws EcofluxError as `httpSource`, OutOfCapacity for a very large one */
export async function downloadBytes(name: string, options: HttpOptions & ReadOptions = {}): Promise<Uint8Array> {
  const source = await httpSource(name, options);
  if (source.size > MOST_AT_ONCE)
    throw new EcofluxError('OutOfCapacity', 'the file is too large to be read in one piece from the web', {
      file: source.name,
      found: `${source.size} bytes`,
      expected: `up to ${MOST_AT_ONCE / 2 ** 20} MiB`,
      fix: 'download the file and give its path',
    });
  return source.fetch(0, source.size, options);
}
