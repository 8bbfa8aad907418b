/** Delimited text cut into records and cells, quotes as in RFC 4180. */

export interface CsvRecord {
  /** Of the file, from 1; the first one where a quoted cell runs over several. */
  readonly line: number;
  /** Trimmed. */
  readonly cells: readonly string[];
}

/** @yields every record, empty ones too; `open` where the text ended inside quotes */
export function* recordsOf(text: string, delimiter: string): Generator<CsvRecord & { readonly open?: boolean }> {
  let line = 1;
  let start = 1;
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const ends = c === '\n' || (c === '\r' && text[i + 1] !== '\n');
    if (ends) line++;
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') cell += text[++i];
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (c === delimiter) {
      cells.push(cell.trim());
      cell = '';
    } else if (ends) {
      yield { line: start, cells: [...cells, cell.trim()] };
      cells = [];
      cell = '';
      start = line;
    } else cell += c; // the \r of \r\n is trimmed off
  }
  yield { line: start, cells: [...cells, cell.trim()], open: quoted };
}
