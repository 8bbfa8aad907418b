/** Options of processes that are no models, from their descriptions. */
import type { Command } from 'commander';
import type { ProcessDescription } from '../pipeline/process-list.ts';

/** `bare`: options that may stand without a value. */
export function addParams(command: Command, { params }: ProcessDescription, bare: readonly string[] = []): void {
  for (const [name, { about, choices, default: fallback }] of Object.entries(params)) {
    const value = bare.includes(name) ? '[value]' : '<value>';
    const among = choices ? `: ${choices.join(' or ')}` : '';
    const usual = fallback === undefined ? '' : ` (default ${choices?.[Number(fallback)] ?? fallback})`;
    command.option(`--${name.replaceAll('_', '-')} ${value}`, `${about}${among}${usual}`);
  }
}
