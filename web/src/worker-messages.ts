/** What the page and its workers say to each other. */
import type { ErrorCode } from '../../src/index.ts';

export interface TaskMessage {
  readonly kind: 'task';
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
}

/** The user's own files by name, in place of those that were lent before; their content stays where it is until it is read. */
export interface FilesMessage {
  readonly kind: 'files';
  readonly files: ReadonlyMap<string, Blob>;
}

export type ToWorker = TaskMessage | FilesMessage;

export type FromWorker =
  | { readonly kind: 'progress'; readonly id: number; readonly words: string; readonly share: number }
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: ErrorCode | undefined; readonly message: string };
