/** A strict little XML reader for tests: it throws at the first thing that is not well-formed. */

const NAME = '[A-Za-z_][A-Za-z0-9_.:-]*';
const OPEN = new RegExp(`^<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`);
const CLOSE = new RegExp(`^</(${NAME})\\s*>`);
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)/;
const VOID = new Set(['img', 'meta', 'br']);

export interface WellFormed {
  /** How often each element occurs. */
  readonly elements: ReadonlyMap<string, number>;
  readonly ids: ReadonlySet<string>;
}

/** @param html void elements need no end, and script and style hold raw text. */
export function checkWellFormed(text: string, html = false): WellFormed {
  const elements = new Map<string, number>();
  const ids = new Set<string>();
  const open: string[] = [];
  let rest = text.replace(/^<\?xml[^?]*\?>\s*/, '').replace(/^<!DOCTYPE [^>]*>/i, '');
  const fail = (why: string): never => {
    throw new Error(`${why} at: ${rest.slice(0, 120)}`);
  };
  while (rest.length > 0) {
    const next = rest.indexOf('<');
    const words = next < 0 ? rest : rest.slice(0, next);
    if (ENTITY.test(words)) fail(`bare & in "${words}"`);
    if (open.length === 0 && words.trim() !== '') fail('text outside the root');
    rest = rest.slice(words.length);
    if (rest === '') break;
    const close = CLOSE.exec(rest);
    if (close) {
      const expected = open.pop();
      if (expected !== close[1]) fail(`</${close[1]}> where </${expected}> was expected`);
      rest = rest.slice(close[0].length);
      continue;
    }
    const begin = OPEN.exec(rest);
    if (!begin) return fail('not a tag');
    const [whole, name, attributes, selfClosed] = begin;
    elements.set(name, (elements.get(name) ?? 0) + 1);
    const names = new Set<string>();
    for (const [, key, double, single] of attributes.matchAll(
      new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g'),
    )) {
      if (names.has(key)) fail(`attribute ${key} twice`);
      names.add(key);
      const value = double ?? single;
      if (ENTITY.test(value)) fail(`bare & in ${key}`);
      if (key === 'id') {
        if (ids.has(value)) fail(`id ${value} twice`);
        ids.add(value);
      }
    }
    rest = rest.slice(whole.length);
    if (selfClosed || (html && VOID.has(name))) continue;
    open.push(name);
    if (html && (name === 'script' || name === 'style')) rest = rest.slice(rest.indexOf(`</${name}>`));
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return { elements, ids };
}
