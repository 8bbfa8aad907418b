/** A web server for tests: gives out one file in ranges, counts what it is asked for, and misbehaves as told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly start: number;
  readonly end: number;
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
}

/** Answers in place of the server where it returns true. `left`: bytes of the range that was asked for. */
export type Mischief = (response: ServerResponse, bytes: Uint8Array, asked: Asked) => boolean | Promise<boolean>;

export interface RangeServer {
  readonly url: string;
  readonly asked: Asked[];
  bytes: Uint8Array;
  etag: string | undefined;
  modified: string | undefined;
  ranges: boolean;
  /** Called for each request, with its number from 0 since the last `reset`. */
  mischief: ((number: number) => Mischief | undefined) | undefined;
  reset(): void;
  close(): Promise<void>;
}

export async function rangeServer(bytes: Uint8Array): Promise<RangeServer> {
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const server: RangeServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/file.tif`,
    asked: [],
    bytes,
    etag: '"one"',
    modified: undefined,
    ranges: true,
    mischief: undefined,
    reset() {
      Object.assign(server, { bytes, etag: '"one"', modified: undefined, ranges: true, mischief: undefined });
      server.asked.length = 0;
    },
    async close() {
      http.closeAllConnections();
      await new Promise((closed) => http.close(closed));
    },
  };

  async function answer({ headers, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { length } = server.bytes;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [undefined, '0', String(length - 1)];
    const asked = { start: Number(from), end: Math.min(length, Number(to) + 1), headers, url: url! };
    const number = server.asked.push(asked) - 1;
    const part = server.ranges && headers.range !== undefined;
    const body = part ? server.bytes.subarray(asked.start, asked.end) : server.bytes;
    if (server.etag) response.setHeader('etag', server.etag);
    if (server.modified) response.setHeader('last-modified', server.modified);
    const empty = part && asked.start >= length;
    if (part) response.setHeader('content-range', `bytes ${empty ? '*' : `${asked.start}-${asked.end - 1}`}/${length}`);
    response.setHeader('content-length', empty ? 0 : body.length);
    response.statusCode = empty ? 416 : part ? 206 : 200;
    if (!(await server.mischief?.(number)?.(response, body, asked))) response.end(empty ? undefined : body);
  }
  return server;
}

/** Sends the first half and breaks the connection. */
export const breakOff: Mischief = async (response, bytes) => {
  await new Promise((sent) => response.write(bytes.subarray(0, bytes.length >> 1), sent));
  response.destroy();
  return true;
};

export function refuse(status: number, headers: Readonly<Record<string, string>> = {}): Mischief {
  return (response) => {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.writeHead(status, headers).end('not now');
    return true;
  };
}
