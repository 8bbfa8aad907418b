/** What `validate` and `plan` share: the checks, their errors on stderr, the exit code. */
import { ERROR_CODES, type ErrorCode, isEcofluxError } from '../core/errors.ts';
import { findingLine } from '../pipeline/preflight/finding-line.ts';
import { type Preflight, preflight } from '../pipeline/preflight/preflight.ts';
import { findingsOf } from '../pipeline/preflight/problem-findings.ts';
import { readProject } from '../pipeline/project-file.ts';

import { report, type Session } from './session.ts';

const LARGE = 1e7; // cells from which reading takes so long that something should be seen to happen

/** Runs the checks, lets `show` print them, and gives the exit code. With --json what stops the checks is part of the document too. */
export async function withPreflight(
  project: string,
  session: Session,
  show: (result: Preflight) => void,
): Promise<number> {
  const { platform, console, signal, json } = session;
  try {
    const file = readProject(project, await platform.readText(project));
    const result = await preflight(file, platform, {
      device: session.device,
      memory: session.memory,
      deviceMemory: session.deviceMemory,
      tile: session.tile,
      signal,
      progress({ file: raster, cells, done, of }) {
        if (cells > LARGE) console.log(`Reading ${raster} (${done + 1} of ${of})`);
      },
    });
    show(result);
    return complain(result);
  } catch (error) {
    if (!json || signal.aborted || !isEcofluxError(error)) throw error;
    const { code, message, details } = error;
    const said = { code, message, ...details, cause: undefined };
    console.result('', { valid: false, findings: findingsOf(error), error: said });
    return report(error, false);
  }
}

/** Errors on stderr, as every command says them. */
function complain({ findings }: Preflight): number {
  const codes: ErrorCode[] = [];
  for (const finding of findings) {
    if (finding.level !== 'error') continue;
    const code = finding.code ?? 'InvalidInput';
    codes.push(code);
    process.stderr.write(`${code}: ${findingLine(finding)}\n`);
  }
  if (codes.length === 0) return 0;
  // Want of room matters only where nothing else is wrong.
  return ERROR_CODES[codes.find((code) => code !== 'OutOfCapacity') ?? 'OutOfCapacity'].exit;
}
