/** Tables: a caption, column heads with scope, the first cell of a row as its head, numbers to the right. */
import { type Content, html, type Markup } from './markup.ts';

export interface Column {
  readonly head: Content;
  readonly numeric?: boolean;
  /** Takes what width is left and breaks long words. */
  readonly wide?: boolean;
  /** Is not broken into lines. */
  readonly tight?: boolean;
}

export interface TableText {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Content[])[];
  /** Rows that begin a new block of rows. */
  readonly blocks?: ReadonlySet<number>;
}

export function table({ caption, columns, rows, blocks }: TableText): Markup {
  if (rows.length === 0) return html`<p class="empty">${caption}: nothing to list.</p>`;
  const kind = ({ numeric, wide, tight }: Column) => (numeric ? 'number' : wide ? 'wide' : tight ? 'tight' : '');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells, row) => html`<tr${blocks?.has(row) && html` class="block"`}>${cells.map((cell, i) =>
      i === 0
        ? html`<th scope="row" class="${kind(columns[i])}">${cell}</th>`
        : html`<td class="${kind(columns[i])}">${cell}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>`;
}

/** Indices of the rows whose key differs from that of the row before. */
export function blockStarts(keys: readonly unknown[]): Set<number> {
  return new Set(keys.flatMap((key, i) => (i > 0 && key !== keys[i - 1] ? [i] : [])));
}
