/** Errors about what stands in a project file, with the place where it stands. */
import { EcofluxError, locate } from '../core/errors.ts';
import type { ProjectFile } from './project-file.ts';

export type Path = readonly (string | number)[];

/** Adds file and place to what goes wrong inside. */
export function at<T>(file: ProjectFile, path: Path, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw locate(error, { file: file.name, place: file.place(path) });
  }
}

export function fault(
  file: ProjectFile,
  path: Path,
  what: string,
  details: { found?: string; expected?: string; fix?: string } = {},
): EcofluxError {
  return new EcofluxError('InvalidConfiguration', what, { file: file.name, place: file.place(path), ...details });
}
