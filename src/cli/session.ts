/** What every command starts with and ends with: platform, console, Ctrl-C, exit code. */
import { EcofluxError, ERROR_CODES, isEcofluxError } from '../core/errors.ts';
import { checkScratch, nodePlatform } from '../node/platform.ts';
import type { Platform } from '../pipeline/platform.ts';
import { type Console, openConsole } from './console.ts';
import { type Common, type CommonFlags, commonOptions } from './options.ts';

export interface Session extends Common {
  readonly platform: Platform;
  readonly console: Console;
  readonly signal: AbortSignal;
}

/** Runs a command; its result is the exit code. Errors are said once, on stderr, and decide the code. */
export async function inSession(flags: CommonFlags, command: (session: Session) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(ERROR_CODES.Interrupted.exit); // asked twice
    controller.abort(new EcofluxError('Interrupted', 'interrupted by the user'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  let platform: Platform | undefined;
  let console: Console | undefined;
  try {
    const common = commonOptions(flags);
    if (common.scratch !== undefined) await checkScratch(common.scratch);
    platform = nodePlatform({ scratch: common.scratch });
    console = openConsole(common);
    const code = await command({ ...common, platform, console, signal: controller.signal });
    console.done();
    return code;
  } catch (error) {
    console?.done();
    return report(error, flags.json ?? false, controller.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await platform?.pool.close();
  }
}

/** What went wrong, in words or as JSON; returns the exit code. A mistake of ours shows its stack. */
export function report(error: unknown, json: boolean, signal?: AbortSignal): number {
  const known = isEcofluxError(error) ? error : undefined;
  const code = signal?.aborted ? 'Interrupted' : (known?.code ?? 'Bug');
  const message = error instanceof Error ? error.message : String(error);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ error: { code, message, ...known?.details, cause: undefined } }, undefined, 2)}\n`,
    );
  const stack = code === 'Bug' && error instanceof Error ? `\n${error.stack}` : '';
  process.stderr.write(
    `${
      code === 'Interrupted' && !known?.details.fix?.includes('--resume')
        ? 'Interrupted: nothing was left behind.'
        : message
            .split('\n')
            .map((line) => `${code}: ${line}`)
            .join('\n')
    }${stack}\n`,
  );
  return ERROR_CODES[code].exit;
}
