/** Errors about files that an argument names: said with the name of the argument. */
import { EcofluxError, ManyErrors } from '../../core/errors.ts';
import type { CheckedArguments } from './argument.ts';

type Named = Pick<CheckedArguments, 'file' | 'origins'>;

/** Runs the work; what it throws is said to be about this argument. */
export async function inArgument<T>(checked: Named, argument: string, work: () => T | Promise<T>): Promise<T> {
  return naming(work, (error) => located(error, checked, argument));
}

/** Runs the work; what it throws about a file is said to be about the argument that names it, where that is not said already. */
export async function inArguments<T>(
  checked: Named & Pick<CheckedArguments, 'paths'>,
  work: () => T | Promise<T>,
): Promise<T> {
  return naming(work, (error) => {
    const { file, place } = error.details;
    const names = Object.keys(checked.paths).filter((name) => file !== undefined && checked.paths[name] === file);
    const said = place?.includes(` of ${checked.file}`);
    return names.length === 0 || said ? error : located(error, checked, ...names);
  });
}

async function naming<T>(work: () => T | Promise<T>, named: (error: EcofluxError) => EcofluxError): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ManyErrors) throw new ManyErrors(error.errors.map(named));
    if (error instanceof EcofluxError) throw named(error);
    throw error;
  }
}

function located({ code, what, details }: EcofluxError, { file, origins = {} }: Named, ...names: string[]) {
  const words = names.map((name) => origins[name] ?? name).join(', ');
  const mentioned = `${words} of ${file}`;
  if (details.file === undefined) return new EcofluxError(code, what, { ...details, file, place: words });
  return new EcofluxError(code, what, {
    ...details,
    place: details.place === undefined ? mentioned : `${details.place} (${mentioned})`,
  });
}
