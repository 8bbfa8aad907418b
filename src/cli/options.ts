/** Options that the commands share, parsed once: device, memory, tile, scratch, progress, verbosity. */
import type { Command } from 'commander';
import { EcofluxError } from '../core/errors.ts';
import { DEVICE_CHOICES, type DeviceChoice } from '../gpu/choose.ts';
import { nearest } from '../pipeline/nearest.ts';

export interface CommonFlags {
  readonly device: string;
  readonly memory?: string;
  readonly deviceMemory?: string;
  readonly scratch?: string;
  readonly tile?: string;
  readonly overwrite?: boolean;
  readonly progress: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly resume?: boolean;
}

export const PROGRESS_STYLES = ['auto', 'plain', 'json', 'none'] as const;
export type ProgressStyle = (typeof PROGRESS_STYLES)[number];

export interface Common {
  readonly device: DeviceChoice;
  readonly memory?: number;
  readonly deviceMemory?: number;
  readonly scratch?: string;
  readonly tile?: number;
  readonly overwrite: boolean;
  readonly progress: ProgressStyle;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly resume: boolean;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('--device <choice>', `where to compute: ${DEVICE_CHOICES.join(', ')}`, 'auto')
    .option('--memory <size>', 'host memory to use, such as 4GB')
    .option('--device-memory <size>', 'device memory to use, such as 2GB')
    .option('--scratch <dir>', 'folder for what memory cannot hold')
    .option('--tile <cells>', 'cells per tile edge, instead of the planner’s choice')
    .option('--overwrite', 'replace what is there')
    .option('--progress <style>', `how progress is shown: ${PROGRESS_STYLES.join(', ')}`, 'auto')
    .option('--json', 'result on stdout as one JSON document; all else on stderr')
    .option('--quiet', 'only errors');
}

/** Of the commands that fill a folder. */
export function addResumeOption(command: Command): Command {
  return command.option('--resume', 'go on with a run that was interrupted');
}

export function commonOptions(flags: CommonFlags): Common {
  return {
    device: oneOf('--device', flags.device, DEVICE_CHOICES),
    memory: flags.memory === undefined ? undefined : parseBytes('--memory', flags.memory),
    deviceMemory: flags.deviceMemory === undefined ? undefined : parseBytes('--device-memory', flags.deviceMemory),
    scratch: flags.scratch,
    tile: flags.tile === undefined ? undefined : positiveInteger('--tile', flags.tile),
    overwrite: flags.overwrite ?? false,
    progress: oneOf('--progress', flags.progress, PROGRESS_STYLES),
    json: flags.json ?? false,
    quiet: flags.quiet ?? false,
    resume: flags.resume ?? false,
  };
}

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** "512MB", "1.5 GiB", "2000000" */
export function parseBytes(option: string, text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*$/.exec(text);
  const unit = match && BYTES[match[2].toLowerCase()];
  if (!match || !unit || Number(match[1]) === 0)
    throw new EcofluxError('InvalidConfiguration', `${option} is no amount of memory`, {
      found: `'${text}'`,
      expected: 'something like 512MB or 4GiB',
    });
  return Math.floor(Number(match[1]) * unit);
}

export function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new EcofluxError('InvalidConfiguration', `${option} is no whole number above 0`, { found: `'${text}'` });
}

export function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  if ((choices as readonly string[]).includes(text)) return text as T;
  const close = nearest(text, choices);
  throw new EcofluxError('InvalidConfiguration', `${option} does not know '${text}'`, {
    expected: choices.join(', '),
    fix: close ? `write ${close}` : 'choose one of them',
  });
}
