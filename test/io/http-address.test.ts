/** Names of files on the web: what is asked for, what is shown, and what other files mean by a relative one. */
import { describe, expect, test } from 'vitest';
import { EcofluxError } from '../../src/core/errors.ts';
import { isWebName, relativeAddress, webAddress } from '../../src/io/http/address.ts';

test.each([
  ['https://example.org/a.tif', 'https://example.org/a.tif', 'https://example.org/a.tif'],
  ['https://example.org/a.tif?sig=x#y', 'https://example.org/a.tif?sig=x', 'https://example.org/a.tif'],
  ['/vsicurl/http://example.org/a.tif', 'http://example.org/a.tif', 'http://example.org/a.tif'],
  ['s3://data/dem/a b#1.tif', 'https://data.s3.amazonaws.com/dem/a%20b%231.tif', 's3://data/dem/a b'],
  ['s3://my.data/a.tif', 'https://s3.amazonaws.com/my.data/a.tif', 's3://my.data/a.tif'],
  ['/vsis3/data/a.tif', 'https://data.s3.amazonaws.com/a.tif', 's3://data/a.tif'],
  ['gs://data/x/a.tif', 'https://storage.googleapis.com/data/x/a.tif', 'gs://data/x/a.tif'],
  ['/vsigs/data/a.tif', 'https://storage.googleapis.com/data/a.tif', 'gs://data/a.tif'],
])('%s', (name, url, shown) => {
  expect(isWebName(name)).toBe(true);
  expect(webAddress(name)).toMatchObject({ url, shown, headers: {} });
});

test('paths are no addresses', () => {
  for (const path of [
    'data/a.tif',
    '/data/a.tif',
    'C:\\data\\a.tif',
    'C:/data/a.tif',
    './http:/a',
    '/vsizip/a.zip/a.tif',
  ])
    expect(isWebName(path), path).toBe(false);
});

test.each([
  ['ftp://example.org/a.tif', 'Unsupported', 'found ftp://'],
  ['file:///data/a.tif', 'Unsupported', 'Give its path'],
  ['s3://data', 'InvalidInput', 'the address names no object'],
  ['https://', 'InvalidInput', 'this is no address'],
])('%s is refused', (name, code, words) => {
  expect(() => webAddress(name)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
});

test('relative to a file on the web', () => {
  const base = 'https://example.org/p/project.yaml?sig=x';
  expect(relativeAddress(base, 'data/a.tif')).toBe('https://example.org/p/data/a.tif');
  expect(relativeAddress(base, 's3://data/a.tif')).toBe('s3://data/a.tif');
  expect(relativeAddress('s3://data/p/project.yaml', '../a.tif')).toBe('https://data.s3.amazonaws.com/a.tif');
});

describe('errors show no secrets, whoever raises them', () => {
  const { message, what, details } = new EcofluxError(
    'InvalidInput',
    'no https://u:p@h.org/a b?k=1 nor https://u:p@i.org/b?k=2 here',
    {
      file: 'https://h.org/a.tif?X-Amz-Signature=2',
      fix: 'gdalwarp /vsicurl/https://h.org/a.tif?k=3 out.tif',
    },
  );
  test('in the message', () => {
    expect(message).toBe(
      'https://h.org/a.tif: no https://h.org/a b nor https://i.org/b here. Gdalwarp /vsicurl/https://h.org/a.tif out.tif',
    );
  });
  test('in what it carries', () => {
    expect(JSON.stringify([what, details])).not.toMatch(/[?@]|u:p/);
  });
});
