/** A measured piece of work in a process of its own: what it costs in time, processor time and memory is then its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs the module as a process that is given the request and answers with one line of JSON (see `answering`). */
export function inProcess<Request, Measure>(module: string, request: Request, signal?: AbortSignal): Promise<Measure> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(module), JSON.stringify(request)], {
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(out) as Measure) : reject(new Error(`the measured run failed: ${errors}`)),
    );
  });
}

/** What the module does when it is that process, and nothing when it is imported. */
export async function answering<Request, Measure>(
  module: string,
  work: (request: Request) => Promise<Measure>,
): Promise<void> {
  if (process.argv[1] !== fileURLToPath(module)) return;
  const measure = await work(JSON.parse(process.argv[2]) as Request);
  process.stdout.write(JSON.stringify(measure), () => process.exit());
}

/** Of this process since it began, worker threads included. */
export function spentHere(): { readonly cpuSeconds: number; readonly peakMB: number } {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, peakMB: process.resourceUsage().maxRSS / 1024 };
}
