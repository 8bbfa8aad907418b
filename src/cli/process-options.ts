/** Options of processes: how rasters are aligned, and those that descriptions of processes that are no models name. */
import type { Command } from 'commander';
import { ALIGNMENTS, type Alignment } from '../pipeline/layers.ts';
import type { ProcessDescription } from '../pipeline/process-list.ts';
import { oneOf } from './options.ts';

const ALIGN = `bring rasters on other grids to that of the first: ${ALIGNMENTS.join(', ')}`;

/** Of processes that read several rasters; `alignmentOf` checks what was given. */
export function addAlign(command: Command): Command {
  return command.option('--align <method>', ALIGN);
}

export function alignmentOf(align: string | undefined): Alignment | undefined {
  return align === undefined ? undefined : oneOf('--align', align, ALIGNMENTS);
}

/** `bare`: options that may stand without a value. */
export function addParams(command: Command, { params }: ProcessDescription, bare: readonly string[] = []): void {
  for (const [name, { about, choices, default: fallback }] of Object.entries(params)) {
    const value = bare.includes(name) ? '[value]' : '<value>';
    const among = choices ? `: ${choices.join(' or ')}` : '';
    const usual = fallback === undefined ? '' : ` (default ${choices?.[Number(fallback)] ?? fallback})`;
    command.option(`--${name.replaceAll('_', '-')} ${value}`, `${about}${among}${usual}`);
  }
}
