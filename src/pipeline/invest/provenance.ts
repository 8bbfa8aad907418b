/** run.json of a workspace: what ran, from which arguments and files, and what was done to each raster. */
import { withoutSecrets } from '../../core/errors.ts';
import { mapValues } from '../../engine/map-values.ts';
import { fingerprintInput, type InputFingerprint } from '../fingerprints.ts';
import type { Platform } from '../platform.ts';
import type { PreparedRun } from './model.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { InvestRun } from './run-invest.ts';

/** Files by argument, the argument file itself among them. */
export type InputFiles = Readonly<Record<string, { readonly file: string } & InputFingerprint>>;

/** Begins at once; whoever waits for it hears of errors. */
export function fingerprintInputs(
  file: string,
  paths: Readonly<Record<string, string>>,
  platform: Platform,
): Promise<InputFiles> {
  const one = async ([name, path]: [string, string]) =>
    [name, { file: withoutSecrets(path), ...(await fingerprintInput(path, platform)) }] as const;
  const all = Promise.all(Object.entries({ arguments: file, ...paths }).map(one)).then(Object.fromEntries);
  all.catch(() => {});
  return all;
}

export function provenanceOf(
  { workspace: _, ...run }: InvestRun,
  set: ParameterSet,
  { layers }: PreparedRun,
  inputs: InputFiles,
  platform: Platform,
): string {
  const shown = (value: unknown) => (typeof value === 'string' ? withoutSecrets(value) : value);
  const alignment = Object.fromEntries([...layers.values()].map(({ layer, alignment: words }) => [layer, words]));
  const { versions } = platform;
  const args = { ...set, args: mapValues(set.args, shown) };
  return `${JSON.stringify({ ...run, versions, arguments: args, inputs, alignment }, undefined, 2)}\n`;
}
