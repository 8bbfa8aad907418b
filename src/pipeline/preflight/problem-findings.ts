/** Errors that were raised, as findings beside the others. */
import { type EcofluxError, ManyErrors } from '../../core/errors.ts';
import type { Finding } from './types.ts';

export function findingsOf(error: EcofluxError): Finding[] {
  return error instanceof ManyErrors ? error.errors.flatMap(findingsOf) : [findingOf(error)];
}

export function findingOf({ code, what, details }: EcofluxError): Finding {
  const { file, place, found, expected, fix } = details;
  return { level: 'error', code, file, place, what, found, expected, fix };
}
