/** Messages between the pool and its workers, and errors on their way through. */
import { EcofluxError, type ErrorCode, type ErrorDetails } from '../core/errors.ts';

export type ToWorker =
  | { readonly kind: 'run'; readonly id: number; readonly task: string; readonly input: unknown }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'collect' };

export type FromWorker =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly error: SentError };

/** An error as structured cloning can carry it; of our own errors the code and the facts come through. */
export interface SentError {
  readonly message: string;
  readonly stack?: string;
  readonly code?: ErrorCode;
  readonly what?: string;
  readonly details?: ErrorDetails;
}

export function packError(error: unknown): SentError {
  if (error instanceof EcofluxError) {
    const { cause, ...details } = error.details;
    return {
      message: error.message,
      stack: error.stack,
      code: error.code,
      what: error.what,
      details: { ...details, cause: cause && packCause(cause) },
    };
  }
  const { message = String(error), stack } = error as Error;
  return { message, stack };
}

/** Its code tells whether the run can be continued. */
function packCause(cause: unknown): { readonly message: string; readonly code?: unknown } {
  const { code } = cause as { code?: unknown };
  return { message: String(cause), ...(typeof code === 'string' ? { code } : {}) };
}

export function unpackError({ message, stack, code, what, details }: SentError): Error {
  const error = code && what ? new EcofluxError(code, what, details) : new Error(message);
  if (stack) error.stack = stack;
  return error;
}
