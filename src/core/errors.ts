/**
 * Every error that ecoflux raises on purpose: one class, a closed set of codes, and the table from which the exit codes of the
 * command line and the statuses of the HTTP service come. A message says what, where, found against expected, and what to do.
 */

export const ERROR_CODES = {
  InvalidInput: { exit: 2, http: 400 },
  InvalidConfiguration: { exit: 2, http: 400 },
  Unsupported: { exit: 2, http: 501 },
  NoDevice: { exit: 3, http: 503 },
  DeviceLost: { exit: 3, http: 503 },
  OutOfCapacity: { exit: 3, http: 507 },
  NotConverged: { exit: 4, http: 422 },
  VerificationFailed: { exit: 5, http: 500 },
  Interrupted: { exit: 130, http: 499 },
  Bug: { exit: 1, http: 500 },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** File the problem is in, as the user named it. */
  readonly file?: string;
  /** Where no file is known: the plane of an operator or the field of a run, "2003/WY/supply". */
  readonly field?: string;
  /** Line and column (from 1) or row and column of a raster, already in words: "line 4, column 3". */
  readonly place?: string;
  readonly found?: string;
  readonly expected?: string;
  readonly fix?: string;
  readonly cause?: unknown;
}

export class EcofluxError extends Error {
  readonly code: ErrorCode;
  /** What is wrong, without the details. */
  readonly what: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, what: string, details: ErrorDetails = {}) {
    const shown = Object.fromEntries(
      Object.entries(details).map(([key, value]) => [key, typeof value === 'string' ? withoutSecrets(value) : value]),
    ) as ErrorDetails;
    super(sentence(withoutSecrets(what), shown), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = code;
    this.code = code;
    this.what = withoutSecrets(what);
    this.details = shown;
  }
}

/** Addresses in a text without what may be secret in them: user, password, and the query, where signatures stand. */
export function withoutSecrets(text: string): string {
  // A path may have blanks: up to its query it is everything that is not the start of another address.
  return text.replace(
    /([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#@]+@)?((?:(?![a-z][a-z0-9+.-]*:\/\/)[^?#\n])*)(?:[?#]\S*)?/gi,
    '$1$2',
  );
}

/** The same error, said to be in a file (or at a place in it) that whoever raised it could not know. */
export function locate(error: unknown, where: Pick<ErrorDetails, 'file' | 'place'>): unknown {
  if (!(error instanceof EcofluxError) || error.details.file !== undefined) return error;
  return new EcofluxError(error.code, error.what, { ...error.details, ...where });
}

/** The same error, or each of many, with other details; what is no EcofluxError stays as it is. */
export function changeDetails(error: unknown, change: (details: ErrorDetails) => ErrorDetails): unknown {
  if (error instanceof ManyErrors)
    return new ManyErrors(error.errors.map((each) => changeDetails(each, change) as EcofluxError));
  if (!(error instanceof EcofluxError)) return error;
  const details = change(error.details);
  if (details === error.details) return error;
  const changed = new EcofluxError(error.code, error.what, details);
  changed.stack = error.stack?.replace(error.message, () => changed.message); // where it was raised
  return changed;
}

export function isEcofluxError(value: unknown, code?: ErrorCode): value is EcofluxError {
  return value instanceof EcofluxError && (code === undefined || value.code === code);
}

/** Several problems found at once; the first one gives the code. */
export class ManyErrors extends EcofluxError {
  readonly errors: readonly EcofluxError[];

  constructor(errors: readonly EcofluxError[]) {
    super(errors[0].code, errors.map((error) => error.message).join('\n'));
    this.errors = errors;
  }
}

export function throwAll(errors: readonly EcofluxError[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new ManyErrors(errors);
}

/** Raised where an AbortSignal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EcofluxError('Interrupted', 'the run was interrupted', { cause: signal.reason });
}

function sentence(what: string, { file, field, place, found, expected, fix }: ErrorDetails): string {
  const where = [file ?? field, place].filter((part) => part !== undefined).join(', ');
  const facts = [found && `found ${found}`, expected && `expected ${expected}`].filter(Boolean).join(', ');
  return [where && `${where}: `, what, facts && ` (${facts})`, fix && `. ${fix[0].toUpperCase()}${fix.slice(1)}`]
    .filter(Boolean)
    .join('');
}
