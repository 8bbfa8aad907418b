/** What the header of an answer says: which part of which file comes, and whether it is still the file that was opened. */
import { EcofluxError } from '../../core/errors.ts';
import type { WebAddress } from './address.ts';
import { refusal } from './failures.ts';

/** What tells a file from the one that had its address before. */
export interface RemoteFacts {
  readonly size: number;
  readonly etag?: string;
  readonly modified?: string;
}

export interface Announced {
  /** The whole file where the server serves no parts of it. */
  readonly whole: boolean;
  /** Bytes to come; undefined where the server does not say. */
  readonly length: number | undefined;
  /** The size is that of the answer where it is undefined. */
  readonly facts: Omit<RemoteFacts, 'size'> & { readonly size: number | undefined };
}

/** @throws EcofluxError Unsupported for an answer other than asked for, InvalidInput for a refusal; Passing for one that may pass */
export function announcedBy(response: Response, { shown }: WebAddress, first: number, end: number): Announced {
  const { status, headers } = response;
  const facts = {
    etag: headers.get('etag')?.replace(/^W\//, '') ?? undefined,
    modified: headers.get('last-modified') ?? undefined,
  };
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(headers.get('content-range') ?? '');
  // Beyond the end there is nothing: an empty file, or one that has become shorter.
  if (status === 416 && range) return { whole: false, length: 0, facts: { ...facts, size: Number(range[3]) } };
  if (status === 200) {
    const encoded = (headers.get('content-encoding') ?? 'identity') !== 'identity';
    const length = encoded || !headers.has('content-length') ? undefined : Number(headers.get('content-length'));
    return { whole: true, length, facts: { ...facts, size: length } };
  }
  if (status !== 206) throw refusal(shown, response);
  if (!range?.[1])
    throw new EcofluxError('Unsupported', 'the server does not say which part of the file it sends', {
      file: shown,
      fix: 'download the file; for a page of another host its server has to expose the header Content-Range',
    });
  const [from, to, size] = range.slice(1).map(Number);
  if (from !== first || to !== Math.min(end, size) - 1)
    throw new EcofluxError('Unsupported', 'the server sends another part of the file than it was asked for', {
      file: shown,
      found: `bytes ${from} to ${to} of ${size}`,
      expected: `bytes ${first} to ${end - 1}`,
      fix: 'download the file',
    });
  return { whole: false, length: to - from + 1, facts: { ...facts, size } };
}

/** ETag, date and size, as far as the server tells them both times. */
export function checkUnchanged({ shown }: WebAddress, known: RemoteFacts, found: Announced['facts']): void {
  for (const key of ['etag', 'modified', 'size'] as const) {
    const [before, now] = [known[key], found[key]];
    if (before === undefined || now === undefined || before === now) continue;
    throw new EcofluxError('InvalidInput', 'the file changed while it was read', {
      file: shown,
      found: `${NAMES[key]} ${now}`,
      expected: `${before}`,
      fix: 'run again; if it is written to all the time, work on a copy of it',
    });
  }
}

const NAMES = { etag: 'ETag', modified: 'date', size: 'size' } as const;
