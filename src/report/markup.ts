/** Text that becomes markup: a template tag that escapes whatever is put into it, so nothing of the data can act as HTML. */

export interface Markup {
  readonly markup: string;
}

export type Content = string | number | Markup | undefined | null | false | readonly Content[];

/** `html\`<p>${text}</p>\`` — values are escaped, Markup is kept, arrays are joined, undefined and false vanish. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  let markup = strings[0];
  for (let i = 0; i < values.length; i++) markup += render(values[i]) + strings[i + 1];
  return { markup };
}

/** Markup from a text that is known to be markup. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** Safe as text and inside quoted attributes of HTML and XML; characters that XML forbids are dropped. */
export function escapeText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids exactly these
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
  );
}

/** A value as JSON that may stand inside a script element. */
export function scriptJson(value: unknown): Markup {
  return trusted(
    JSON.stringify(value)
      .replace(/</g, '\\u003c')
      .replace(/\u2028/g, '\\u2028')
      .replace(/\u2029/g, '\\u2029'),
  );
}

/** Address of a file relative to the report, or undefined where the text is not such a path. */
export function relativeLink(path: string): string | undefined {
  const clean = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  if (clean === '' || clean.startsWith('/') || clean.split('/')[0].includes(':')) return undefined;
  return `./${clean.split('/').map(encodeSegment).join('/')}`;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function render(value: Content): string {
  if (value === undefined || value === null || value === false) return '';
  if (Array.isArray(value)) return value.map(render).join('');
  if (typeof value === 'object') return (value as Markup).markup;
  return escapeText(String(value));
}
