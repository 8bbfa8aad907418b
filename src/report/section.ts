/** A section of the report, as the page and its table of contents take it. */
import type { Markup } from './markup.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
  /** Entries below this one in the table of contents. */
  readonly parts?: readonly { readonly id: string; readonly title: string }[];
}
