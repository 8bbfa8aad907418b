/** The same job as a user would do it without ecoflux: a script of blocks of numpy between reads and writes of GDAL. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Peer {
  readonly script: string;
  readonly python: string;
  readonly versions: string;
}

export interface PeerMeasure {
  /** As the script itself counts: without imports. */
  readonly seconds: number;
  /** Processor time of the whole process, imports included. */
  readonly cpuSeconds: number;
  readonly peakMB: number;
  /** How the script did it, where it says so. */
  readonly what?: string;
}

/** Modules of Python by what people call them. */
const CALLED: Readonly<Record<string, string>> = { 'osgeo.gdal': 'GDAL', sklearn: 'scikit-learn' };
const called = (module: string) => CALLED[module] ?? module;

const probeOf = (modules: readonly string[]) =>
  `import ${modules.join(', ')}; print(', '.join([${modules.map((module) => `'${called(module)} ' + ${module}.__version__`).join(', ')}]))`;

/** The script `name` of the folder, and a Python that has what it imports; undefined, with the reason logged, where one is missing. */
export function findPeer(
  folder: string | undefined,
  name: string,
  log: (line: string) => void,
  modules: readonly string[] = ['osgeo.gdal', 'numpy'],
): Peer | undefined {
  if (folder === undefined) log('no folder of peer scripts was given (--peers, ECOFLUX_PEERS): only ours is timed');
  if (folder === undefined) return undefined;
  const script = join(folder, name);
  if (!existsSync(script)) {
    log(`there is no ${script}: only ours is timed`);
    return undefined;
  }
  for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    const probe = python === undefined ? undefined : spawnSync(python, ['-c', probeOf(modules)], { encoding: 'utf8' });
    if (probe?.status === 0) return { script, python: python!, versions: probe.stdout.trim() };
  }
  log(
    `no Python with ${modules.map(called).join(' and ')} was found (Debian: python3-gdal, python3-numpy, python3-sklearn): only ours is timed`,
  );
  return undefined;
}

// Runs the script and says what it took of the processor: rusage of a child is known to Python, not to Node.
const WRAPPER = `
import json, resource, subprocess, sys
out = subprocess.run([sys.executable, '-W', 'ignore', *sys.argv[1:]], capture_output=True, text=True)
if out.returncode: sys.exit(out.stderr)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({**json.loads(out.stdout.splitlines()[-1]), 'cpu': used.ru_utime + used.ru_stime}))`;

export function measurePeer(
  { script, python }: Peer,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<PeerMeasure> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, ['-c', WRAPPER, script, ...args], { signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (errors += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`${script} failed: ${errors}`));
      const said = JSON.parse(out) as { what?: string; seconds: number; cpu: number; peak_mb: number };
      const { what, seconds, cpu, peak_mb } = said;
      resolve({ seconds, cpuSeconds: cpu, peakMB: peak_mb, what });
    });
  });
}
