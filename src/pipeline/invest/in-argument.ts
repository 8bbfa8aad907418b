/** Errors about files that an argument names: said with the name of the argument. */
import { EcofluxError, ManyErrors } from '../../core/errors.ts';
import type { CheckedArguments } from './argument.ts';

/** Runs the work; what it throws is said to be about this argument. */
export async function inArgument<T>(
  { file }: Pick<CheckedArguments, 'file'>,
  argument: string,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ManyErrors) throw new ManyErrors(error.errors.map((each) => located(each, file, argument)));
    if (error instanceof EcofluxError) throw located(error, file, argument);
    throw error;
  }
}

function located({ code, what, details }: EcofluxError, file: string, argument: string): EcofluxError {
  const mentioned = `${argument} of ${file}`;
  if (details.file === undefined) return new EcofluxError(code, what, { ...details, file, place: argument });
  return new EcofluxError(code, what, {
    ...details,
    place: details.place === undefined ? mentioned : `${details.place} (${mentioned})`,
  });
}
