/**
 * Names of files on the web: http and https, objects of S3 and Google Cloud Storage as plain HTTPS, and GDAL's prefixes for them.
 * A query may be a signature and a user part a password: both are sent, and never shown.
 */
import { EcofluxError, withoutSecrets } from '../../core/errors.ts';

export interface WebAddress {
  /** Without user and password. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For messages, logs and provenance: without query, fragment, user and password. */
  readonly shown: string;
}

/** Whether a name is an address rather than a path. */
export function isWebName(name: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(name) || /^\/vsi(curl|s3|gs)\//.test(name);
}

/**
 * The address that is asked for. s3://bucket/key means https://bucket.s3.amazonaws.com/key, which serves public objects; for a bucket
 * that answers only in its own region the error names the address to write instead.
 * @throws EcofluxError InvalidInput for what is no address, Unsupported for other protocols
 */
export function webAddress(name: string): WebAddress {
  const plain = name.replace(/^\/vsicurl\//, '').replace(/^\/vsi(s3|gs)\//, '$1://');
  const shown = withoutSecrets(plain);
  const [, scheme = '', bucket = '', key = ''] = /^([a-z0-9]+):\/\/([^/]*)\/?(.*)$/i.exec(plain) ?? [];
  if ((scheme === 's3' || scheme === 'gs') && (!bucket || !key))
    throw new EcofluxError('InvalidInput', 'the address names no object', {
      file: shown,
      expected: `${scheme}://bucket/path/of/file.tif`,
    });
  if (scheme === 's3') return { url: `${bucketAddress(bucket)}/${escapeKey(key)}`, headers: {}, shown };
  if (scheme === 'gs') return { url: `https://storage.googleapis.com/${bucket}/${escapeKey(key)}`, headers: {}, shown };
  if (!/^https?$/i.test(scheme))
    throw new EcofluxError('Unsupported', 'files are read from http and https addresses only', {
      file: shown,
      found: `${scheme}://`,
      fix: scheme === 'file' ? 'give its path' : 'give the https address of the file',
    });
  return plainAddress(plain, shown);
}

/** The certificate of S3 covers no bucket with a dot in its name. */
function bucketAddress(bucket: string): string {
  return bucket.includes('.') ? `https://s3.amazonaws.com/${bucket}` : `https://${bucket}.s3.amazonaws.com`;
}

function escapeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

function plainAddress(text: string, shown: string): WebAddress {
  if (!URL.canParse(text)) throw new EcofluxError('InvalidInput', 'this is no address', { file: shown });
  const url = new URL(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  // fetch refuses addresses with credentials; the header says the same, and is dropped when another host takes over.
  const headers: Record<string, string> = username ? { authorization: `Basic ${base64(credentials)}` } : {};
  return { url: url.href, headers, shown };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** A path or address that the file `base`, itself on the web, mentions. */
export function relativeAddress(base: string, path: string): string {
  if (isWebName(path)) return path;
  const { url } = webAddress(base);
  return new URL(path, url).href;
}
