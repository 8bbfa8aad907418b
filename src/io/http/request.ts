/** One range of a file on the web: asked for until it is complete, patiently, keeping what came already. */
import { EcofluxError, throwIfAborted } from '../../core/errors.ts';
import type { WebAddress } from './address.ts';
import { announcedBy, checkUnchanged, type RemoteFacts } from './answer.ts';
import { pause, readBody, type Watchdog, watchdog } from './body.ts';
import { networkFailure, Passing } from './failures.ts';

export interface HttpOptions {
  /** Times that one range is asked for at most; 6 when absent: with the waits between them a server has some 12 s to recover. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, doubled for each further one; up to a half is taken off at random. 500 when absent. */
  readonly backoff?: number;
  /** Milliseconds without a byte after which an answer is given up; 30 000 when absent. */
  readonly stall?: number;
}

export interface RangeAnswer {
  readonly bytes: Uint8Array;
  readonly facts: RemoteFacts;
  /** The bytes are the whole file: the server serves no parts. */
  readonly whole: boolean;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A file whose server serves no parts is taken whole up to this size, as a table or a small raster has; larger ones are refused. */
const MOST_WHOLE_BYTES = 64 * 2 ** 20;
/** A server that asks for more patience than this is told of rather than waited for. */
const LONGEST_WAIT = 60_000;

/**
 * Bytes `start` to `end`, or to the end of the file if that comes first. Without `known`, when a file is opened, the answer may be the whole file.
 * @throws EcofluxError InvalidInput (refused, changed since it was opened, given up), Unsupported (no parts of a large file), Interrupted
 */
export async function requestRange(
  address: WebAddress,
  range: Range,
  known: RemoteFacts | undefined,
  options: HttpOptions,
  signal?: AbortSignal,
): Promise<RangeAnswer> {
  const { attempts = 6, backoff = 500 } = options;
  const held: Held = { chunks: [], bytes: 0, facts: known };
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal);
    const watch = watchdog(options.stall ?? 30_000, signal);
    try {
      return await ask(address, range, held, known !== undefined, watch);
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof EcofluxError) throw error;
      const failure = watch.stalled() ?? (error instanceof Passing ? error : networkFailure(address.shown, error));
      if (failure instanceof EcofluxError) throw failure;
      const wait = Math.max(backoff * 2 ** (attempt - 1) * (1 - Math.random() / 2), failure.after ?? 0);
      if (attempt >= attempts || wait > LONGEST_WAIT) throw givenUp(address, range, held, attempt, failure);
      watch.stop();
      await pause(wait, signal);
    } finally {
      watch.stop();
    }
  }
}

/** What came of a range so far. */
interface Held {
  chunks: Uint8Array[];
  bytes: number;
  facts: RemoteFacts | undefined;
}

async function ask(
  address: WebAddress,
  range: Range,
  held: Held,
  opened: boolean,
  watch: Watchdog,
): Promise<RangeAnswer> {
  const first = range.start + held.bytes;
  const headers = { ...address.headers, range: `bytes=${first}-${range.end - 1}` };
  const response = await fetch(address.url, { headers, signal: watch.signal });
  watch.reset();
  const { whole, length, facts } = announcedBy(response, address, first, range.end);
  if (held.facts) checkUnchanged(address, held.facts, facts);
  if (whole && (opened || (length ?? 0) > MOST_WHOLE_BYTES)) throw noParts(address, length);
  if (whole) forget(held);
  else if (facts.size !== undefined) held.facts ??= { ...facts, size: facts.size };

  const came = await readBody(
    response,
    length ?? MOST_WHOLE_BYTES,
    (chunk) => {
      held.chunks.push(chunk);
      held.bytes += chunk.byteLength;
    },
    watch,
  ).catch((error: unknown) => {
    // The next attempt gets the whole file again, from its start; of a part it asks for what is missing, which there has to be.
    if (whole) forget(held);
    else if (held.bytes === first - range.start + (length ?? Infinity)) return held.bytes;
    throw error;
  });
  if (whole && length === undefined && came > MOST_WHOLE_BYTES) throw noParts(address, undefined);
  const size = facts.size ?? came;
  if (held.bytes < (whole ? size : Math.min(range.end, size) - range.start))
    throw new Passing('the answer ended early');
  return { bytes: joined(held), facts: held.facts ?? { ...facts, size }, whole };
}

function forget(held: Held): void {
  held.chunks = [];
  held.bytes = 0;
}

function joined({ chunks, bytes }: Held): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const out = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.byteLength;
  }
  return out;
}

function noParts({ shown }: WebAddress, size: number | undefined): EcofluxError {
  return new EcofluxError('Unsupported', 'the server gives out whole files only, and this one is large', {
    file: shown,
    found: size === undefined ? `more than ${MOST_WHOLE_BYTES} bytes` : `${size} bytes`,
    expected: `a server that answers range requests, or a file of up to ${MOST_WHOLE_BYTES / 2 ** 20} MiB`,
    fix: 'download the file and give its path',
  });
}

function givenUp(
  { shown }: WebAddress,
  { start, end }: Range,
  held: Held,
  attempts: number,
  last: Passing,
): EcofluxError {
  const last_byte = Math.min(end, held.facts?.size ?? end);
  const patience = last.after !== undefined && last.after > LONGEST_WAIT;
  return new EcofluxError('InvalidInput', 'the file cannot be read to its end', {
    file: shown,
    place: `bytes ${start} to ${last_byte}`,
    found: `${held.bytes} of ${last_byte - start} bytes after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ${last.message}`,
    fix: patience
      ? `the server asks to wait ${Math.round(last.after! / 1000)} s: try again then`
      : 'try again later, or download the file and give its path',
    cause: Object.assign(new Error(last.message, { cause: last.cause }), { code: 'ETIMEDOUT' }),
  });
}
