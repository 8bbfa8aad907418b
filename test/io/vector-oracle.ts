/** GDAL as a second opinion on vector files: layers made or described by `vector-cases.py`. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Geometry } from 'geojson';
import type { ReadVectorOptions } from '../../src/io/vector/read.ts';
import { readVector } from '../../src/io/vector/read.ts';
import { fileSource } from '../../src/node/files.ts';

const SCRIPT = fileURLToPath(new URL('./vector-cases.py', import.meta.url));
const PYTHON = '/usr/bin/python3';

/** Of a file to be made: what `vector-cases.py` takes. */
export interface LayerToMake {
  readonly name: string;
  /** Anything GDAL understands; none is written when absent. */
  readonly crs?: string;
  /** A constant of OGR. */
  readonly geometry?: string;
  readonly options?: readonly string[];
  readonly fields: readonly (readonly [name: string, type: string])[];
  /** WKT (null: none), then the values of the fields. */
  readonly features: readonly (readonly (string | number | boolean | null)[])[];
}

export interface FileToMake {
  readonly file: string;
  readonly driver: string;
  readonly database?: readonly string[];
  readonly layers: readonly LayerToMake[];
}

export interface GdalLayer {
  readonly name: string;
  readonly epsg: string | null;
  readonly crs: string | null;
  readonly proj: string | null;
  /** Whether the CRS is the one it was asked to compare with. */
  readonly same: boolean;
  readonly kind: string;
  readonly key: string;
  /** West, east, south, north. */
  readonly extent: readonly number[] | null;
  readonly fields: readonly (readonly [name: string, type: string, boolean: boolean])[];
  readonly features: readonly {
    readonly fid: number;
    readonly wkt: string | null;
    readonly geometry: Geometry | null;
    readonly area: number | null;
    readonly values: readonly unknown[];
  }[];
}

function run(what: 'make' | 'read' | 'validate', cases: readonly object[], folder: string): unknown {
  const list = join(folder, `vector-${what}.json`);
  writeFileSync(list, JSON.stringify(cases));
  const done = spawnSync(PYTHON, [SCRIPT, what, list, folder], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(`vector-cases.py: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

export function makeWithGdal(folder: string, files: readonly FileToMake[]): void {
  run('make', files, folder);
}

export function readWithGdal(
  folder: string,
  files: readonly { readonly file: string; readonly layer?: string; readonly compare?: string }[],
): GdalLayer[] {
  return run('read', files, folder) as GdalLayer[];
}

/** What is wrong with GeoPackages by the standard; "valid" for those with which nothing is. */
export function validateWithGdal(folder: string, files: readonly string[]): string[] {
  return run(
    'validate',
    files.map((file) => ({ file })),
    folder,
  ) as string[];
}

/** `readVector` of a file on disk, with what it warned of. */
export async function readFile(path: string, options: Partial<ReadVectorOptions> = {}) {
  const warnings: string[] = [];
  const layer = await readVector(path, {
    openSource: (name) => fileSource(name),
    warn: (text) => warnings.push(text),
    ...options,
  });
  return { layer, warnings };
}
