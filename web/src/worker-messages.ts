/** What the page and its workers say to each other. */
import type { ErrorCode } from '../../src/index.ts';

export interface ToWorker {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
}

export type FromWorker =
  | { readonly kind: 'progress'; readonly id: number; readonly words: string; readonly share: number }
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: ErrorCode | undefined; readonly message: string };
