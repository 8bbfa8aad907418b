/** Files of a zip archive (stored or deflated), unpacked one at a time and checked against their checksums. */
import { EcofluxError } from '../../core/errors.ts';
import { checkSize } from './input.ts';

export interface ZipEntry {
  /** With folders, as the archive has it. */
  readonly name: string;
  unpack(): Promise<Uint8Array>;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record is 22 bytes and a comment of at most 64 KiB. */
const FARTHEST_END = 22 + 65535;

export function zipEntries(file: string, bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (found: string, cause?: unknown) =>
    new EcofluxError('InvalidInput', 'the zip archive is damaged', {
      file,
      found,
      fix: 'copy or download it again',
      cause,
    });
  const end = endRecord(view);
  if (end === undefined) throw damaged('no end of archive: it is cut short');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff)
    throw new EcofluxError('Unsupported', 'zip archives of more than 4 GiB or 65534 files (zip64) are not read', {
      file,
      fix: 'unpack it',
    });
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw damaged(`no entry ${i + 1} of ${count}`);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const local = view.getUint32(at + 42, true);
    const name = nameOf(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + extra + comment;
    entries.push({
      name,
      async unpack() {
        const shown = `${file}/${name}`;
        const unsupported = (what: string) =>
          new EcofluxError('Unsupported', what, { file: shown, fix: 'unpack the archive' });
        if (flags & 1) throw unsupported('the archive is encrypted');
        if (method !== 0 && method !== 8) throw unsupported(`compression method ${method} is not understood`);
        checkSize(shown, size);
        if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL) throw damaged(`no data of ${name}`);
        const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
        if (start + packed > bytes.length) throw damaged(`the data of ${name} are cut short`);
        const data = bytes.subarray(start, start + packed);
        const out =
          method === 0
            ? data
            : await inflate(data, size).catch((cause) => {
                throw damaged(`the data of ${name} cannot be unpacked`, cause);
              });
        if (out.length !== size || checksum(out) !== crc) throw damaged(`${name} does not match its checksum`);
        return out;
      },
    });
  }
  return entries;
}

function endRecord(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - FARTHEST_END); at--)
    if (view.getUint32(at, true) === END) return at;
  return undefined;
}

/** UTF-8, or what Chinese versions of Windows write. */
function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Not followed beyond the size that the archive states. */
async function inflate(data: Uint8Array, size: number): Promise<Uint8Array> {
  const stream = new Blob([data as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const out = new Uint8Array(size);
  let at = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (at + part.value.length > size) {
      await reader.cancel();
      throw new RangeError('more data than the archive states');
    }
    out.set(part.value, at);
    at += part.value.length;
  }
  return out.subarray(0, at);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
