/** Which encoding the text of a .dbf file is in: what its .cpg says, else its language driver, else UTF-8 where it can be no other. */
import { EcofluxError } from '../../core/errors.ts';

export interface DbfText {
  decode(bytes: Uint8Array): string;
  /** Whether some text did not fit the encoding. */
  readonly misfits: () => boolean;
}

/** Language drivers of dBASE whose code pages a TextDecoder knows. 0x57 is what GDAL writes for ISO 8859-1. */
const DRIVERS: Readonly<Record<number, string>> = {
  3: 'windows-1252',
  19: 'shift_jis',
  38: 'ibm866',
  77: 'gb18030',
  78: 'euc-kr',
  79: 'big5',
  80: 'windows-874',
  87: 'windows-1252',
  88: 'windows-1252',
  89: 'windows-1252',
  101: 'ibm866',
  120: 'big5',
  121: 'euc-kr',
  122: 'gb18030',
  123: 'shift_jis',
  124: 'windows-874',
  125: 'windows-1255',
  126: 'windows-1256',
  200: 'windows-1250',
  201: 'windows-1251',
  202: 'windows-1254',
  203: 'windows-1253',
  204: 'windows-1257',
};

/** Names of code pages as .cpg files have them, where a TextDecoder has others. */
const PAGES: Readonly<Record<string, string>> = {
  '932': 'shift_jis',
  '936': 'gb18030',
  '949': 'euc-kr',
  '950': 'big5',
  '54936': 'gb18030',
  '65001': 'utf-8',
  '866': 'ibm866',
  '874': 'windows-874',
};

export function dbfText(file: string, cpg: string | undefined, driver: number): DbfText {
  const stated = cpg?.trim();
  const label = stated ? labelOf(stated) : DRIVERS[driver];
  if (stated && label === undefined)
    throw new EcofluxError('InvalidInput', 'the .cpg file names an encoding that is not known', {
      file,
      found: stated,
      expected: 'UTF-8, GBK, GB18030, ISO-8859-1 or another that browsers know',
      fix: 'correct the .cpg file, which is text',
    });
  if (label !== undefined) return decoderOf(label);
  return guessed(file, driver);
}

function labelOf(text: string): string | undefined {
  const bare = text.replace(/^(?:ansi|oem|cp|ibm|windows|ms)[\s_-]*(?=\d)/i, '');
  const iso = /^(?:iso[\s_-]?)?8859[\s_-]?(\d{1,2})$/i.exec(text)?.[1];
  const candidates = [
    PAGES[bare],
    iso && `iso-8859-${iso}`,
    /^125\d$/.test(bare) ? `windows-${bare}` : undefined,
    text,
  ];
  return candidates.find((each) => {
    if (!each) return false;
    try {
      new TextDecoder(each);
      return true;
    } catch {
      return false;
    }
  });
}

function decoderOf(label: string): DbfText {
  const decoder = new TextDecoder(label);
  let misfit = false;
  return {
    decode(bytes) {
      // A field that is full may end within a character.
      const text = decoder.decode(bytes).replace(/\ufffd+$/, '');
      misfit ||= text.includes('\ufffd');
      return text;
    },
    misfits: () => misfit,
  };
}

/** ASCII is the same in all; other text that is not UTF-8 may be anything. */
function guessed(file: string, driver: number): DbfText {
  const strict = new TextDecoder('utf-8', { fatal: true });
  const loose = new TextDecoder('utf-8');
  return {
    decode(bytes) {
      try {
        return strict.decode(bytes);
      } catch {
        const text = loose.decode(bytes).replace(/\ufffd$/, '');
        if (!text.includes('\ufffd')) return text;
        throw new EcofluxError('InvalidInput', 'nothing says in which encoding the text of the .dbf file is', {
          file,
          found: `language driver ${driver}, no .cpg file, and text that is not UTF-8`,
          fix: 'put a text file beside it with the same name, extension .cpg, that says GBK, ISO-8859-1 or what it is',
        });
      }
    },
    misfits: () => false,
  };
}
