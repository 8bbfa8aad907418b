/** Tables as people have them: delimiters, encodings, decimal commas, what Excel leaves behind, and every mistake named with its place. */
import { describe, expect, test } from 'vitest';
import { EcofluxError, isEcofluxError, ManyErrors } from '../../src/core/errors.ts';
import { classNamesOf, classRows, describeTable, parseCsv } from '../../src/io/class-table.ts';
import { csvText } from '../../src/io/tables/write-csv.ts';

const COLUMNS = {
  kc: { about: 'crop factor', unit: '1', range: [0, 2] },
  root_depth: { about: 'depth of roots', unit: 'mm' },
} as const;

/** Bytes of text in an encoding that Node cannot write; the characters are listed by hand from the tables of the standards. */
const GB18030: Readonly<Record<string, readonly number[]>> = {
  耕: [0xb8, 0xfb],
  地: [0xb5, 0xd8],
  林: [0xc1, 0xd6],
  水: [0xcb, 0xae],
  域: [0xd3, 0xf2],
};
const LATIN: Readonly<Record<string, readonly number[]>> = {
  ê: [0xea],
  é: [0xe9],
  ö: [0xf6],
  ß: [0xdf],
  '€': [0x80],
  '²': [0xb2],
};

function encode(text: string, table: Readonly<Record<string, readonly number[]>>): Uint8Array {
  return Uint8Array.from([...text].flatMap((c) => table[c] ?? [c.charCodeAt(0)]));
}

function utf16(text: string, little: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length + 2));
  [...`\uFEFF${text}`].forEach((c, i) => {
    bytes.setUint16(2 * i, c.charCodeAt(0), little);
  });
  return new Uint8Array(bytes.buffer);
}

function problems(text: string | Uint8Array): readonly string[] {
  try {
    classRows(parseCsv('t.csv', text), COLUMNS);
  } catch (error) {
    if (error instanceof ManyErrors) return error.errors.map(({ message }) => message);
    if (error instanceof EcofluxError) return [error.message];
    throw error;
  }
  return [];
}

describe('delimiters', () => {
  const cells = [
    ['lucode', 'Kc ', ' ROOT_DEPTH', 'name'],
    ['1', '0.5', '300', 'field'],
    ['2', '1', '1.5e3', 'wood'],
  ];
  for (const [mark, word] of [
    [',', 'commas'],
    [';', 'semicolons'],
    ['\t', 'tabs'],
    ['|', 'vertical bars'],
  ]) {
    for (const end of ['\n', '\r\n', '\r'])
      test(`${word}, lines that end with ${JSON.stringify(end)}`, () => {
        const table = parseCsv('t.csv', cells.map((row) => row.join(mark)).join(end) + end);
        expect([...classRows(table, COLUMNS)]).toEqual([
          [1, { kc: 0.5, root_depth: 300 }],
          [2, { kc: 1, root_depth: 1500 }],
        ]);
        expect(describeTable(table)).toBe(`separated by ${word}, 2 rows`);
      });
  }

  test('marks inside quotes cut nothing', () => {
    const table = parseCsv('t.csv', 'lucode;"a, b, c, d";name\n1;2;"x; ""y"""\n2;3;"two\nlines"\n3;4;z\n');
    expect(table.columns).toEqual(['lucode', 'a, b, c, d', 'name']);
    expect(table.rows.map(({ line, cells }) => [line, cells[2]])).toEqual([
      [2, 'x; "y"'],
      [3, 'two\nlines'],
      [5, 'z'],
    ]);
  });

  test('unquoted commas in the names of a table of tabs', () => {
    expect(parseCsv('t.csv', 'lucode\tcarbon, t/ha\tsoil, t/ha\n1\t2\t3\n').columns).toEqual([
      'lucode',
      'carbon, t/ha',
      'soil, t/ha',
    ]);
  });

  test("Excel's first line sep=", () => {
    const { columns, rows } = parseCsv('t.csv', 'sep=|\nlucode|kc\n1|2\n');
    expect([columns, rows]).toEqual([['lucode', 'kc'], [{ line: 3, cells: ['1', '2'] }]]);
  });

  test('empty columns and rows at the end', () => {
    expect(problems('lucode,kc,root_depth,,\n1,1,2,,\n,,,,\n2,1,2\n,,,,\n')).toEqual([]);
  });
});

describe('decimal commas', () => {
  test('are read where no comma separates', () => {
    const table = parseCsv('t.csv', 'lucode;kc;root_depth\n1;0,5;1000\n2;-1,25e1;3\n');
    expect(table.decimalComma).toBe(true);
    expect(classRows(table, { kc: { about: '', unit: '1' } }).get(2)).toEqual({ kc: -12.5 });
    expect(describeTable(table)).toBe('separated by semicolons, decimal commas, 2 rows');
  });

  test('are refused beside points, and in thousands', () => {
    expect(problems('lucode;kc;root_depth\n1;0,5;1000.5\n2;1;2\n')).toEqual([
      "t.csv, line 2, column kc: this is not a number (found '0,5'). Use one decimal mark in the whole table: it has numbers with a point too",
    ]);
    expect(problems('lucode;kc;root_depth\n1;0,5;1.000,5\n')[0]).toContain(
      "line 2, column root_depth: this is not a number (found '1.000,5')",
    );
    expect(problems('lucode,kc,root_depth\n1,"0,5",3\n')[0]).toContain(
      "line 2, column kc: this is not a number (found '0,5')",
    );
  });

  test('in a table of commas shift the cells, which is told', () => {
    expect(problems('lucode,kc,root_depth\n1,0,5,300\n2,1,300\n')[0]).toContain(
      "line 2, column 4: the row has more cells than there are columns (found 4 cells, '300' the first beyond, expected 3)",
    );
  });
});

describe('encodings', () => {
  const chinese = 'lucode,kc,root_depth,name\n1,1,2,耕地\n2,1,2,林地\n3,1,2,水域\n';
  const french = 'lucode,kc,root_depth,name\n1,1,2,Forêt\n2,1,2,prés\n3,1,2,créée\n';
  const names = (bytes: Uint8Array) => {
    const table = parseCsv('t.csv', bytes);
    expect(classRows(table, COLUMNS).size).toBe(3);
    return [table.encoding, ...Object.values(classNamesOf(table))];
  };

  test('UTF-8, with and without a mark', () => {
    const utf8 = new TextEncoder();
    expect(names(utf8.encode(chinese))).toEqual(['UTF-8', '耕地', '林地', '水域']);
    expect(names(utf8.encode(`\uFEFF${french}`))).toEqual(['UTF-8', 'Forêt', 'prés', 'créée']);
  });
  test('UTF-16 with a mark', () => {
    expect(names(utf16(chinese, true))).toEqual(['UTF-16', '耕地', '林地', '水域']);
    expect(names(utf16(chinese, false))).toEqual(['UTF-16', '耕地', '林地', '水域']);
  });
  test('GB18030', () => {
    expect(names(encode(chinese, GB18030))).toEqual(['GB18030', '耕地', '林地', '水域']);
  });
  test('Windows-1252 and Latin-1, which are valid GB18030 too', () => {
    const bytes = encode(french, LATIN);
    expect(new TextDecoder('gb18030', { fatal: true }).decode(bytes)).toContain('For');
    expect(names(bytes)).toEqual(['Windows-1252', 'Forêt', 'prés', 'créée']);
    expect(names(encode('lucode,kc,root_depth,name\n1,1,2,Größe\n2,1,2,m²\n3,1,2,5 €\n', LATIN))).toEqual([
      'Windows-1252',
      'Größe',
      'm²',
      '5 €',
    ]);
  });

  test('the log can say it', () => {
    expect(describeTable(parseCsv('t.csv', encode('lucode;name\n1;林地\n', GB18030)))).toBe(
      'GB18030, separated by semicolons, 1 row',
    );
  });
});

describe('what is no table', () => {
  const refusal = (name: string, bytes: Uint8Array) => {
    try {
      parseCsv(name, bytes);
    } catch (error) {
      if (isEcofluxError(error)) return `${error.code} ${error.message}`;
    }
    return 'read';
  };
  test('a workbook, by its name or its content', () => {
    const cure = /^Unsupported t\.\w+: this is a spreadsheet, not a CSV file\. Save the sheet with the table as CSV/;
    expect(refusal('t.xlsx', new TextEncoder().encode('a,b'))).toMatch(cure);
    expect(refusal('t.csv', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))).toMatch(cure);
    expect(refusal('t.csv', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1))).toMatch(cure);
  });
  test('bytes that are no text, and UTF-16 without its mark', () => {
    expect(refusal('t.csv', Uint8Array.of(97, 44, 0, 3))).toContain('InvalidInput t.csv, byte 2: this is no text');
  });
  test('nothing', () => {
    expect(refusal('t.csv', new TextEncoder().encode('\uFEFF\r\n,,\r\n'))).toContain('the table is empty');
  });
});

describe('mistakes', () => {
  test('all at once, with line and column', () => {
    const text = 'LUCODE,kc,root_depth,Kc\n1,x,2,\n\n2,,3,\n1,1,"4"\n2.5,9,0x10,\n,1,1,\n-1,1,Infinity\n';
    expect(problems(text).map((message) => message.replace(/\. [A-Z].*/, ''))).toEqual([
      "t.csv, line 1, column 4: column 'kc' stands there twice (found 'Kc', and 'kc' in column 2)",
      "t.csv, line 2, column kc: this is not a number (found 'x')",
      't.csv, line 4, column kc: a number is missing (found nothing)',
      't.csv, line 5, column lucode: class 1 stands there twice (found the same code in line 2)',
      't.csv, line 6, column lucode: a class code is a whole number from 0 (found 2.5)',
      't.csv, line 6, column kc: kc is out of range (found 9, expected 0 to 2)',
      "t.csv, line 6, column root_depth: this is not a number (found '0x10')",
      't.csv, line 7, column lucode: a number is missing (found nothing)',
      't.csv, line 8, column lucode: a class code is a whole number from 0 (found -1)',
      "t.csv, line 8, column root_depth: this is not a number (found 'Infinity')",
    ]);
  });
  test('missing columns do not hide wrong cells', () => {
    expect(problems('\nid,kc\n1,many\n')).toEqual([
      "t.csv, line 2: there is no column 'lucode' (found id, kc). Name the column with the class codes lucode",
      "t.csv, line 2: column 'root_depth' missing (found id, kc). Add root_depth (depth of roots)",
      "t.csv, line 3, column kc: this is not a number (found 'many'). Write a number with a decimal point and without marks between thousands",
    ]);
  });
  test('a quotation mark that is never closed', () => {
    expect(problems('lucode,kc,root_depth,name\n1,1,2,a\n2,1,2,"b\n3,1,2,c\n')[0]).toContain(
      'the row that starts in line 3: a quotation mark is never closed',
    );
  });
  test('thousands of them are counted', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `${i},no,2`).join('\n');
    const told = problems(`lucode,kc,root_depth\n${rows}`);
    expect([told.length, told.at(-1)]).toEqual([101, 't.csv: 900 more mistakes of this kind']);
  });
});

test('what is written is read again', () => {
  const text = csvText([
    ['name', 'value', 'note'],
    ['a, b', 1.5, 'said "no"'],
    ['two\nlines', Number.NaN, null],
    ['c', -0.25, undefined],
    ['d', 12345678901234567890n, true],
  ]);
  expect(text.startsWith('name,value,note\n"a, b",1.5,"said ""no"""\n')).toBe(true);
  expect(parseCsv('t.csv', text).rows.map(({ cells }) => cells)).toEqual([
    ['a, b', '1.5', 'said "no"'],
    ['two\nlines', '', ''],
    ['c', '-0.25', ''],
    ['d', '12345678901234567890', 'true'],
  ]);
});
