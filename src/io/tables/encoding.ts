/**
 * The text of a table from its bytes, whatever program wrote it: byte order marks are believed, then valid UTF-8, then GB18030 where
 * the result reads like Chinese, and Windows-1252 (which contains Latin-1) otherwise. Workbooks are refused by name.
 */
import { EcofluxError } from '../../core/errors.ts';

export type TableEncoding = 'UTF-8' | 'UTF-16' | 'GB18030' | 'Windows-1252';

/** @throws EcofluxError Unsupported for a workbook, InvalidInput for bytes that are no text */
export function decodeTable(name: string, bytes: Uint8Array): { text: string; encoding: TableEncoding } {
  refuseWorkbook(name, bytes);
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return { text: decode('utf-16le', bytes), encoding: 'UTF-16' };
  if (a === 0xfe && b === 0xff) return { text: decode('utf-16be', bytes), encoding: 'UTF-16' };
  const zero = bytes.indexOf(0);
  if (zero >= 0)
    throw new EcofluxError('InvalidInput', 'this is no text: it holds zero bytes', {
      file: name,
      place: `byte ${zero}`,
      fix: 'save the table as CSV in UTF-8; UTF-16 is read where the file starts with its byte order mark',
    });
  const utf8 = decodeStrictly('utf-8', bytes);
  if (utf8 !== undefined) return { text: utf8, encoding: 'UTF-8' };
  if (a === 0xef && b === 0xbb && c === 0xbf)
    throw new EcofluxError('InvalidInput', 'the file says that it is UTF-8, and is not', {
      file: name,
      fix: 'save the table as CSV in UTF-8 again',
    });
  const chinese = readsLikeChinese(bytes) ? decodeStrictly('gb18030', bytes) : undefined;
  if (chinese !== undefined) return { text: chinese, encoding: 'GB18030' };
  return { text: windows1252(bytes), encoding: 'Windows-1252' };
}

/** Decoders drop the byte order mark of their own encoding. */
function decode(label: string, bytes: Uint8Array): string {
  return new TextDecoder(label).decode(bytes);
}

/** What 0x80 to 0x9f stand for; the rest is Latin-1. Node 20 decodes both as Latin-1. */
const BETWEEN = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function windows1252(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes).replace(/[\u0080-\u009f]/g, (c) => BETWEEN[c.charCodeAt(0) - 0x80]);
}

function decodeStrictly(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Of the characters of two bytes and more, at least this share has to be of GB 2312, which holds those of everyday use. */
const CHINESE_SHARE = 0.8;

/**
 * Nearly every sequence of accented letters and ASCII is valid GB18030 too ("Forêt" gives one rare ideograph), so validity says little.
 * Everyday Chinese consists of pairs of bytes from 0xa1; accented letters mostly stand alone, and their pairs stand inside words ("Größe").
 */
function readsLikeChinese(bytes: Uint8Array): boolean {
  let everyday = 0;
  let all = 0;
  for (let i = 0; i < bytes.length; ) {
    if (bytes[i] < 0x80) {
      i++;
      continue;
    }
    const start = i;
    let pairs = 0;
    let others = 0;
    while (i < bytes.length && bytes[i] >= 0x80) {
      const lead = bytes[i];
      const common = (lead >= 0xa1 && lead <= 0xa9) || (lead >= 0xb0 && lead <= 0xf7);
      if (common && bytes[i + 1] >= 0xa1) pairs++;
      else others++;
      i += 2;
    }
    all += pairs + others;
    if (!(isLetter(bytes[start - 1]) && isLetter(bytes[i]))) everyday += pairs;
  }
  return everyday >= CHINESE_SHARE * all;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
}

/** What stands first in the files of spreadsheet programs: a zip archive (.xlsx, .ods), or the container of Excel 97 (.xls). */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
] as const;

function refuseWorkbook(name: string, bytes: Uint8Array): void {
  const workbook =
    /\.(xlsx|xlsm|xlsb|xls|ods)$/i.test(name) || WORKBOOKS.some((magic) => magic.every((byte, i) => bytes[i] === byte));
  if (!workbook) return;
  throw new EcofluxError('Unsupported', 'this is a spreadsheet, not a CSV file', {
    file: name,
    fix: 'save the sheet with the table as CSV (UTF-8) in the program that made it, and name that file',
  });
}
