/** Files on the web against a server that counts requests and misbehaves: few requests, patience, and no byte of another file. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isEcofluxError } from '../../src/core/errors.ts';
import { httpSource } from '../../src/io/http-source.ts';
import { breakOff, type Mischief, type RangeServer, rangeServer, refuse } from '../support/range-server.ts';

const SIZE = 3 * 2 ** 20 + 17;
const bytes = Uint8Array.from({ length: SIZE }, (_, i) => (i * 2654435761) >>> 24);
/** Short waits; a machine that is busy with other things is no server that stalls. */
const QUICK = { backoff: 4, stall: 20_000 };
const HEAD = 65536;

let server: RangeServer;
beforeAll(async () => {
  server = await rangeServer(bytes);
});
afterEach(() => server.reset());
afterAll(() => server.close());

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'nothing failed',
    (reason: unknown) => reason,
  );
  return isEcofluxError(error) ? `${error.code} ${error.message}` : `not ours: ${error}`;
}

/** Element by element, as toEqual does, takes seconds. */
function expectBytes(found: Uint8Array, start: number, end = SIZE): void {
  expect(Buffer.compare(found, bytes.subarray(start, end)), `bytes ${start} to ${end}`).toBe(0);
}

const ranges = () => server.asked.map(({ start, end }) => [start, end]);

describe('few requests', () => {
  test('opening is one, and what lies at the start costs none', async () => {
    const source = await httpSource(server.url, QUICK);
    expect([source.size, source.identity]).toEqual([SIZE, `ETag "one", ${SIZE} bytes`]);
    expectBytes(await source.fetch(100, 65000), 100, 65100);
    expect(ranges()).toEqual([[0, HEAD]]);
  });

  test('small reads come in pages, and a page comes once', async () => {
    const source = await httpSource(server.url, QUICK);
    for (const at of [2_000_000, 2_000_100, 2_000_500, 2_010_000]) expectBytes(await source.fetch(at, 50), at, at + 50);
    expectBytes(await source.fetch(SIZE - 5, 5), SIZE - 5);
    const page = 2_000_000 - (2_000_000 % 32768);
    expect(ranges()).toEqual([
      [0, HEAD],
      [page, page + 32768],
      [SIZE - (SIZE % 32768), SIZE],
    ]);
  });

  test('neighbours of the same turn become one request, distant ones do not', async () => {
    const source = await httpSource(server.url, QUICK);
    // Ten blocks of 100 000 bytes with gaps of 20 000, and two more beyond a gap of 300 000.
    const starts = [...Array.from({ length: 10 }, (_, i) => 100_000 + i * 120_000), 1_580_000, 1_700_000];
    const read = await Promise.all(starts.map((at) => source.fetch(at, 100_000)));
    for (const [i, at] of starts.entries()) expectBytes(read[i], at, at + 100_000);
    expect(ranges()).toEqual([
      [0, HEAD],
      [100_000, 1_280_000],
      [1_580_000, 1_800_000],
    ]);
    server.asked.length = 0;
    for (const at of starts) await source.fetch(at, 100_000);
    expect(server.asked).toHaveLength(12); // one after the other nothing can be joined
  });

  test('at most six are under way', async () => {
    const source = await httpSource(server.url, QUICK);
    let [open, most] = [0, 0];
    const hold: Mischief = async () => {
      most = Math.max(most, ++open);
      // All wait for the sixth, and a moment for a seventh that should not come.
      while (most < 6) await new Promise((later) => setTimeout(later, 5));
      await new Promise((later) => setTimeout(later, 50));
      open--;
      return false;
    };
    server.mischief = () => hold;
    const starts = Array.from({ length: 9 }, (_, i) => 70_000 + i * 320_000);
    await Promise.all(starts.map((at) => source.fetch(at, 40_000)));
    expect([server.asked.length, most]).toEqual([10, 6]);
  });

  test('a small file is there at once', async () => {
    server.bytes = bytes.subarray(0, 1000);
    const source = await httpSource(server.url, QUICK);
    expectBytes(await source.fetch(990, 10), 990, 1000);
    expect(server.asked).toHaveLength(1);
    expect(await failure(source.fetch(990, 11))).toContain('the file ends before its data does');
  });

  test('an empty file', async () => {
    server.bytes = new Uint8Array();
    expect((await httpSource(server.url, QUICK)).size).toBe(0);
  });
});

describe('patience', () => {
  test('a connection that breaks off is taken up where it broke', async () => {
    const source = await httpSource(server.url, QUICK);
    server.mischief = (number) => (number < 4 ? breakOff : undefined);
    server.asked.length = 0;
    expectBytes(await source.fetch(1_000_000, 800_000), 1_000_000, 1_800_000);
    expect(ranges()).toEqual([
      [1_000_000, 1_800_000],
      [1_400_000, 1_800_000],
      [1_600_000, 1_800_000],
      [1_700_000, 1_800_000],
      [1_750_000, 1_800_000],
    ]);
  });

  test('one that breaks off behind the last byte has done its work', async () => {
    const source = await httpSource(server.url, QUICK);
    server.mischief = () => async (response, part) => {
      response.removeHeader('content-length'); // in chunks: only the last one, which is empty, says that it is over
      await new Promise((sent) => response.write(part, sent));
      response.destroy();
      return true;
    };
    server.asked.length = 0;
    expectBytes(await source.fetch(1_000_000, 800_000), 1_000_000, 1_800_000);
    expect(ranges()).toEqual([[1_000_000, 1_800_000]]);
  });

  test('one that always breaks off is given up, and the bytes are named', async () => {
    const source = await httpSource(server.url, { ...QUICK, attempts: 3 });
    server.mischief = () => breakOff;
    server.asked.length = 0;
    const message = await failure(source.fetch(1_000_000, 800_000));
    expect(message).toContain(
      `InvalidInput ${server.url}, bytes 1000000 to 1800000: the file cannot be read to its end`,
    );
    expect(message).toContain('found 700000 of 800000 bytes after 3 attempts: the connection broke off');
    expect(server.asked).toHaveLength(3);
  });

  test.each([429, 500, 502, 503, 504])('status %i is tried again', async (status) => {
    server.mischief = (number) => (number < 2 ? refuse(status) : undefined);
    expect((await httpSource(server.url, QUICK)).size).toBe(SIZE);
    expect(server.asked).toHaveLength(3);
  });

  test('the server says when', async () => {
    server.mischief = (number) => (number === 0 ? refuse(503, { 'retry-after': '1' }) : undefined);
    const before = performance.now();
    await httpSource(server.url, QUICK);
    const waited = performance.now() - before;
    expect(waited).toBeGreaterThan(990);
    expect(waited).toBeLessThan(5000);

    server.reset();
    server.mischief = () => refuse(503, { 'retry-after': '3600' });
    expect(await failure(httpSource(server.url, QUICK))).toMatch(
      /after 1 attempt: the server answered 503.*wait 3600 s/,
    );
    expect(server.asked).toHaveLength(1);
  });

  test('the waits grow', async () => {
    const at: number[] = [];
    server.mischief =
      () =>
      (response, ...rest) => {
        at.push(performance.now());
        return refuse(500)(response, ...rest);
      };
    await failure(httpSource(server.url, { backoff: 40, attempts: 5 }));
    const waits = at.slice(1).map((time, i) => time - at[i]);
    expect(waits).toHaveLength(4);
    for (const [i, wait] of waits.entries()) expect(wait, `wait ${i}`).toBeGreaterThan(40 * 2 ** i * 0.5 - 2);
    expect(waits[3]).toBeLessThan(40 * 2 ** 3 + 300);
  });

  test('a server that stalls is asked again; one that is slow is not', async () => {
    const source = await httpSource(server.url, { ...QUICK, stall: 800 });
    const stall: Mischief = (response, part) => {
      response.write(part.subarray(0, 1000));
      return true; // and nothing more
    };
    const slow: Mischief = async (response, part) => {
      for (let i = 0; i < 5; i++) {
        response.write(part.subarray((i * part.length) / 5, ((i + 1) * part.length) / 5));
        await new Promise((later) => setTimeout(later, 200));
      }
      response.end();
      return true;
    };
    server.mischief = (number) => (number === 0 ? stall : slow);
    server.asked.length = 0;
    const before = performance.now();
    expectBytes(await source.fetch(100_000, 500_000), 100_000, 600_000);
    expect(ranges()).toEqual([
      [100_000, 600_000],
      [101_000, 600_000],
    ]);
    expect(performance.now() - before).toBeGreaterThan(800 + 600);
  });

  test('nobody listens there', async () => {
    const gone = await rangeServer(bytes);
    await gone.close();
    const message = await failure(httpSource(gone.url, { ...QUICK, attempts: 2 }));
    expect(message).toContain('found 0 of 65536 bytes after 2 attempts: the server refuses connections');
  });
});

describe('the file that was opened, or none', () => {
  test.each([
    ['its ETag', { etag: '"two"' }, 'found ETag "two", expected "one"'],
    ['its size', { bytes: bytes.subarray(0, 2 ** 21) }, `found size ${2 ** 21}, expected ${SIZE}`],
  ])('%s has changed', async (_, change, words) => {
    const source = await httpSource(server.url, QUICK);
    Object.assign(server, change);
    const message = await failure(source.fetch(1_000_000, 500_000));
    expect(message).toContain('InvalidInput');
    expect(message).toContain('the file changed while it was read');
    expect(message).toContain(words);
    expect(server.asked).toHaveLength(2);
  });

  test('by its date, where there is no ETag', async () => {
    Object.assign(server, { etag: undefined, modified: 'Sat, 21 Nov 2026 20:00:00 GMT' });
    const source = await httpSource(server.url, QUICK);
    expect(source.identity).toBe(`of Sat, 21 Nov 2026 20:00:00 GMT, ${SIZE} bytes`);
    server.modified = 'Sat, 21 Nov 2026 20:00:01 GMT';
    expect(await failure(source.fetch(1_000_000, 500_000))).toContain('the file changed while it was read');
  });

  test('between the two halves of one answer', async () => {
    const source = await httpSource(server.url, QUICK);
    server.asked.length = 0;
    server.mischief = (number) =>
      number === 0
        ? async (...all) => {
            await breakOff(...all);
            server.etag = '"two"';
            return true;
          }
        : undefined;
    expect(await failure(source.fetch(1_000_000, 500_000))).toContain('the file changed while it was read');
  });

  test('another part than was asked for', async () => {
    const source = await httpSource(server.url, QUICK);
    server.mischief = () => (response) => {
      response.setHeader('content-range', `bytes 0-499999/${SIZE}`);
      return false;
    };
    expect(await failure(source.fetch(1_000_000, 500_000))).toContain(
      'the server sends another part of the file than it was asked for',
    );
  });
});

describe('a server without ranges', () => {
  test('gives a small file whole, even if the first try breaks off', async () => {
    server.ranges = false;
    server.mischief = (number) => (number === 0 ? breakOff : undefined);
    const source = await httpSource(server.url, QUICK);
    expectBytes(await source.fetch(0, SIZE), 0);
    expect(server.asked).toHaveLength(2);
  });

  test.each([
    ['says its size', false],
    ['does not', true],
  ])('is refused a large one: it %s', async (_, chunked) => {
    server.ranges = false;
    server.mischief = () => (response) => {
      response.removeHeader('content-length');
      if (!chunked) response.setHeader('content-length', 80 * 2 ** 20);
      for (let i = 0; i < 30; i++) response.write(bytes);
      if (chunked) response.end();
      return true;
    };
    expect(await failure(httpSource(server.url, QUICK))).toContain(
      `Unsupported ${server.url}: the server gives out whole files only, and this one is large`,
    );
    expect(server.asked).toHaveLength(1);
  });
});

describe('refusals', () => {
  test.each([
    [401, 'the server wants to know who asks (found status 401)'],
    [403, 'the server does not give out the file (found status 403)'],
    [404, 'there is no such file on the server (found status 404). Check the address'],
    [418, 'the server does not give out the file (found status 418)'],
  ])('%i is final', async (status, words) => {
    server.mischief = () => refuse(status);
    expect(await failure(httpSource(server.url, QUICK))).toBe(
      `InvalidInput ${server.url}: ${words}`.concat(
        {
          401: '. Give an address that needs no login, or a signed one',
          403: '. Check the address; a signed one may have expired',
          418: '. Check the address',
        }[status] ?? '',
      ),
    );
    expect(server.asked).toHaveLength(1);
  });

  test('redirects are followed, circles are not', async () => {
    server.mischief = (number) => (number === 0 ? refuse(302, { location: '/elsewhere.tif' }) : undefined);
    expect((await httpSource(server.url, QUICK)).size).toBe(SIZE);
    expect(server.asked.map(({ url }) => url)).toEqual(['/file.tif', '/elsewhere.tif']);
    server.mischief = () => refuse(302, { location: '/file.tif' });
    expect(await failure(httpSource(server.url, QUICK))).toContain('the server sends us in a circle');
  });

  test('a bucket of another region', async () => {
    server.mischief = () => refuse(301, { 'x-amz-bucket-region': 'eu-central-1' });
    expect(await failure(httpSource(server.url, QUICK))).toContain('https://BUCKET.s3.eu-central-1.amazonaws.com/KEY');
  });
});

describe('secrets', () => {
  const signed = () => `${server.url.replace('//', '//anna:gehe%20im@')}?X-Amz-Signature=5ec7e7#part`;
  test('are sent', async () => {
    const source = await httpSource(signed(), QUICK);
    await source.fetch(1_000_000, 500_000);
    expect(source.name).toBe(server.url);
    for (const { url, headers } of server.asked) {
      expect(url).toBe('/file.tif?X-Amz-Signature=5ec7e7');
      expect(atob(headers.authorization!.replace('Basic ', ''))).toBe('anna:gehe im');
    }
    expect(server.asked).toHaveLength(2);
  });
  test.each([404, 500])('are not told (status %i)', async (status) => {
    server.mischief = () => refuse(status);
    const error = await httpSource(signed(), { ...QUICK, attempts: 2 }).catch((reason: unknown) => reason);
    expect(isEcofluxError(error)).toBe(true);
    const all = JSON.stringify(error) + String((error as Error).stack) + String((error as Error).cause);
    expect(all).toContain(server.url);
    expect(all).not.toMatch(/5ec7e7|gehe|anna/);
  });
});

describe('an interruption', () => {
  test('ends a read that stalls and a wait between attempts', async () => {
    const source = await httpSource(server.url, { backoff: 60_000, stall: 60_000 });
    for (const mischief of [() => true, refuse(503)]) {
      server.mischief = () => mischief;
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      const before = performance.now();
      expect(await failure(source.fetch(1_000_000, 500_000, { signal: controller.signal }))).toContain('Interrupted');
      expect(performance.now() - before).toBeLessThan(2000);
    }
  });

  test('of one reader leaves its neighbour alone', async () => {
    const source = await httpSource(server.url, QUICK);
    const controller = new AbortController();
    const both = [
      failure(source.fetch(1_000_000, 100_000, { signal: controller.signal })),
      source.fetch(1_100_000, 100_000),
    ];
    server.mischief = () => async () => {
      controller.abort();
      await new Promise((later) => setTimeout(later, 20));
      return false;
    };
    const [first, second] = await Promise.all(both);
    expect(first).toContain('Interrupted');
    expectBytes(second, 1_100_000, 1_200_000);
    expect(server.asked).toHaveLength(2);
  });
});
