/** A line of a journal: JSON that keeps every number, those too that JSON has no word for. */

const WORDS: Readonly<Record<string, number>> = {
  '#-0': -0,
  '#NaN': Number.NaN,
  '#Infinity': Infinity,
  '#-Infinity': -Infinity,
};

/** With the line's end. */
export function writeLine(value: unknown): string {
  const text = JSON.stringify(value, (_, item) => {
    if (typeof item !== 'number') return item;
    if (Object.is(item, -0)) return '#-0';
    return Number.isFinite(item) ? item : `#${item}`;
  });
  return `${text}\n`;
}

/** Undefined for what is no line of ours, as a disk that lost its power may leave it. */
export function parseLine(text: string): unknown {
  try {
    return JSON.parse(text, (_, item) => (typeof item === 'string' && Object.hasOwn(WORDS, item) ? WORDS[item] : item));
  } catch {
    return undefined;
  }
}
