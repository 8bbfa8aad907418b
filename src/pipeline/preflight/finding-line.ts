/** A finding in words: where, what, what was found and expected, the cure. */
import type { Finding } from './types.ts';

export function findingLine({ about, file, place, what, found, expected, fix }: Finding): string {
  const where = [about && file ? `${about} (${file})` : (about ?? file), place].filter(Boolean).join(', ');
  const facts = [found && `found ${found}`, expected && `expected ${expected}`].filter(Boolean).join('; ');
  return `${where && `${where}: `}${what}${facts && ` (${facts})`}${fix ? `.\n      Cure: ${fix}` : ''}`;
}
