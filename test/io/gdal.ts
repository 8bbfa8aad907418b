/** GDAL as a second opinion: batches of rasters made or read by `gdal-cases.py`. Without GDAL the tests skip and say so; REQUIRE_GPU=1 makes that a failure. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./gdal-cases.py', import.meta.url));
/** Debian installs GDAL for the system's python, which need not be the first on the path. */
const PYTHON = '/usr/bin/python3';

const probe = spawnSync(PYTHON, ['-c', 'import numpy, osgeo.gdal, osgeo_utils'], { encoding: 'utf8' });
const missing =
  probe.status === 0 ? undefined : `no GDAL for ${PYTHON}: ${probe.stderr?.trim().split('\n').at(-1) ?? probe.error}`;

export interface GdalCase {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** A `describe` that needs GDAL. */
export function describeWithGdal(title: string, body: () => void): void {
  if (!missing) {
    describe(title, body);
    return;
  }
  if (process.env.REQUIRE_GPU === '1') throw new Error(`${title}: ${missing}`);
  console.warn(`skipped: ${title}: ${missing}`);
  describe.skip(`${title} (${missing})`, body);
}

// biome-ignore lint/suspicious/noExplicitAny: what GDAL reports, as JSON
export function runGdal(what: 'make' | 'read', cases: readonly GdalCase[], folder: string): any[] {
  const list = join(folder, `${what}.json`);
  writeFileSync(list, JSON.stringify(cases));
  const run = spawnSync(PYTHON, [SCRIPT, what, list, folder], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(`gdal-cases.py: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ecoflux-io-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function rawBytes(folder: string, file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, file)));
}
