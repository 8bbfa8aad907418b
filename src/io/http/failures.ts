/** What goes wrong on the web, in words: which of it passes by itself and is tried again, and what the user can do about the rest. */
import { EcofluxError } from '../../core/errors.ts';

/** Worth another try: the server is busy, the connection broke, nothing came. */
export class Passing extends Error {
  /** Milliseconds that the server asks to wait. */
  readonly after: number | undefined;
  constructor(what: string, after?: number, cause?: unknown) {
    super(what, { cause });
    this.after = after;
  }
}

/** Statuses that a later try may not give: too early, too many requests, and trouble of servers and gateways. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

const FINAL: Readonly<Record<number, readonly [what: string, fix: string]>> = {
  400: ['the server does not understand the request', 'check the address, and whether its signature is complete'],
  401: ['the server wants to know who asks', 'give an address that needs no login, or a signed one'],
  403: ['the server does not give out the file', 'check the address; a signed one may have expired'],
  404: ['there is no such file on the server', 'check the address'],
  405: ['the server does not give out files here', 'check the address'],
  410: ['the file is no longer on the server', 'ask its owner where it has gone'],
};

/** What an answer that carries no data means. */
export function refusal(shown: string, response: Response): EcofluxError | Passing {
  const { status } = response;
  if (PASSING.has(status)) return new Passing(`the server answered ${status}`, waitAsked(response));
  const region = response.headers.get('x-amz-bucket-region');
  if (status >= 300 && status < 400)
    return new EcofluxError('InvalidInput', 'the file is somewhere else, and the server does not say where', {
      file: shown,
      found: `status ${status}${region ? `, a bucket in ${region}` : ''}`,
      fix: region
        ? `write the address with its region: https://BUCKET.s3.${region}.amazonaws.com/KEY`
        : 'give the address of the file itself',
    });
  const [what, fix] = FINAL[status] ?? ['the server does not give out the file', 'check the address'];
  return new EcofluxError('InvalidInput', what, { file: shown, found: `status ${status}`, fix });
}

/** Seconds or a date, as the header allows. */
function waitAsked({ headers }: Response): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the server refuses connections',
  ECONNRESET: 'the connection broke off',
  UND_ERR_SOCKET: 'the connection broke off',
  EAI_AGAIN: 'the name of the server cannot be looked up',
  ETIMEDOUT: 'the server does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the server does not answer',
};

/** What a failed `fetch` or a body that broke off means. */
export function networkFailure(shown: string, error: unknown): EcofluxError | Passing {
  // Node says in the cause, with a code; browsers keep it to themselves.
  const { cause = error } = error as { cause?: unknown };
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  if (code === 'ENOTFOUND')
    return new EcofluxError('InvalidInput', 'there is no such server', { file: shown, fix: 'check the address' });
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code))
    return new EcofluxError('InvalidInput', 'the server has no certificate that can be trusted', {
      file: shown,
      found: code,
    });
  if (/redirect/i.test(message))
    return new EcofluxError('InvalidInput', 'the server sends us in a circle', {
      file: shown,
      fix: 'check the address',
    });
  return new Passing(NETWORK[code] ?? `the connection failed${code ? ` (${code})` : ''}`, undefined, error);
}
