/** Remarks about features, gathered by what they say, so that a log has one line for a thousand features. */
export interface Remarks {
  /** `what` reads on from the file: "rings without area were left out". */
  add(what: string, feature: string): void;
  tell(warn: ((text: string) => void) | undefined): void;
}

const NAMED = 5;

export function remarks(file: string): Remarks {
  const found = new Map<string, { count: number; named: Set<string> }>();
  return {
    add(what, feature) {
      const known = found.get(what) ?? { count: 0, named: new Set<string>() };
      known.count++;
      if (known.named.size < NAMED) known.named.add(feature);
      found.set(what, known);
    },
    tell(warn) {
      for (const [what, { count, named }] of found) {
        const more = count > named.size ? `, ${count} in all` : '';
        warn?.(`${file}: ${what} (${[...named].join(', ')}${more})`);
      }
    },
  };
}
