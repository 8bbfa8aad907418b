/** What became what between two maps: classes gathered into groups, counted, and as a table of shares. */
import { formatShare } from './format.ts';
import { heat } from './heat.ts';
import type { Content, Markup } from './markup.ts';
import type { Transitions } from './stories.ts';
import { table } from './table.ts';

/** Cells by group before (rows) and after (columns). Codes without a group are left out. */
export function groupTransitions(
  { codes, cells }: Transitions,
  groups: number,
  groupOf: (code: number) => number | undefined,
): number[][] {
  const counts = Array.from({ length: groups }, () => new Array<number>(groups).fill(0));
  const group = codes.map(groupOf);
  cells.forEach((row, i) => {
    const before = group[i];
    if (before === undefined) return;
    row.forEach((count, j) => {
      const after = group[j];
      if (after !== undefined) counts[before][after] += count;
    });
  });
  return counts;
}

/** Shares of all cells that stayed in their group, went to one before it in the order of groups, and to one after it. */
export function movement(counts: readonly (readonly number[])[]): { same: number; earlier: number; later: number } {
  const total = sumOf(counts.flat());
  const part = (wanted: (i: number, j: number) => boolean) =>
    sumOf(counts.flatMap((row, i) => row.filter((_, j) => wanted(i, j)))) / total;
  return { same: part((i, j) => i === j), earlier: part((i, j) => j < i), later: part((i, j) => j > i) };
}

export interface TransitionWords {
  readonly caption: string;
  /** Above the names of the rows. */
  readonly corner: Content;
  readonly names: readonly string[];
  /** Of cells that went to an earlier group, stayed, and went to a later one. */
  readonly colours: readonly [earlier: readonly number[], same: readonly number[], later: readonly number[]];
}

/** Table of shares of all cells, with sums. */
export function transitionTable(counts: readonly (readonly number[])[], words: TransitionWords): Markup {
  const { caption, corner, names, colours } = words;
  const total = sumOf(counts.flat());
  const share = (count: number) => (total > 0 ? count / total : Number.NaN);
  const number = (head: Content) => ({ head, numeric: true });
  return table({
    caption,
    columns: [{ head: corner }, ...names.map(number), number('All before')],
    rows: [
      ...counts.map((row, i) => [
        names[i],
        ...row.map((count, j) => {
          const colour = colours[Math.sign(j - i) + 1];
          return heat(formatShare(share(count), 1), colour, count > 0 ? 0.12 + 0.88 * Math.sqrt(share(count)) : 0);
        }),
        formatShare(share(sumOf(row)), 1),
      ]),
      [
        'All after',
        ...names.map((_, j) => formatShare(share(sumOf(counts.map((row) => row[j]))), 1)),
        formatShare(share(total), 0),
      ],
    ],
    blocks: new Set([counts.length]),
  });
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
