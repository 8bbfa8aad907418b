/** proj strings as lists of their parameters. */

/** By name, without the plus; a flag has the value ''. */
export type ProjParameters = ReadonlyMap<string, string>;

export function parseProj(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const word of text.trim().split(/\s+/)) {
    const [, name, value = ''] = /^\+?([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name) parameters.set(name, value);
  }
  return parameters;
}

export function formatProj(parameters: ProjParameters): string {
  return [...parameters].map(([name, value]) => (value === '' ? `+${name}` : `+${name}=${value}`)).join(' ');
}
