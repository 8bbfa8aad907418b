/** A small project on disk to break: the sample region at 64 × 64 cells, copied for each test. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { openRaster } from '../../src/io/raster.ts';
import type { RasterDescription } from '../../src/io/raster-writer.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { fileTarget } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { type ProjectFile, readProject } from '../../src/pipeline/project-file.ts';
import { writeSampleProject } from '../../src/pipeline/sample-project.ts';
import type { SampleService } from '../../src/pipeline/sample-text.ts';
import { regionGrid } from '../../src/sample/region.ts';

export const platform = nodePlatform({ workers: 2 });
export const SIZE = 64;
export const GRID: Grid = regionGrid({ size: SIZE });

let original: Promise<string> | undefined;

async function sample(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ecoflux-sample-'));
  const output = await platform.beginFolder(join(folder, 'project'), { overwrite: false });
  await writeSampleProject(output, '', platform, { size: SIZE, seed: 7, services: ['WY', 'CS'] });
  await output.commit();
  withoutSteps(join(folder, 'project'));
  return join(folder, 'project');
}

/** The sample project with these services, written before the tests of the file; it is removed and the workers are closed after them. */
export function sampleWith(
  services: readonly SampleService[],
  take: (dir: string) => void | Promise<void>,
  { steps = false }: { readonly steps?: boolean } = {},
): void {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ecoflux-services-'));
    const output = await platform.beginFolder(join(folder, 'project'), { overwrite: false });
    await writeSampleProject(output, '', platform, { size: SIZE, seed: 7, services });
    await output.commit();
    if (!steps) withoutSteps(join(folder, 'project'));
    await take(join(folder, 'project'));
  }, 180_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await platform.pool.close();
  });
}

/** Only supply and demand: takes flow and what follows it out of a project file. */
export function withoutSteps(dir: string): void {
  const path = join(dir, 'project.yaml');
  const text = readFileSync(path, 'utf8');
  const steps = /^(zones|flow|risk|hotspots|bundles):.*\n( {2}.*\n)*/gm;
  if (!steps.test(text)) throw new Error(`${path} has no steps`);
  const left = text.replace(steps, '');
  writeFileSync(path, /model: (sdr|ndr)/.test(left) ? left : left.replace(/^ {2}dem: .*\n/m, ''));
}

/** The cells of a raster file of quantities. */
export async function readPlane(path: string): Promise<Float32Array> {
  const raster = await openRaster(await platform.openSource(path));
  try {
    const { width, height } = raster.info.grid;
    const { samples } = await raster.readSamples({ x: 0, y: 0, width, height }, {});
    return Float32Array.from(samples as Float32Array);
  } finally {
    await raster.close();
  }
}

/** A fresh copy of the sample project; returns its folder. `dispose` removes it. */
export async function copyProject(): Promise<{ dir: string; dispose(): void }> {
  original ??= sample();
  const from = await original;
  const dir = mkdtempSync(join(tmpdir(), 'ecoflux-test-'));
  cpSync(from, dir, { recursive: true });
  return { dir, dispose: () => rmSync(dir, { recursive: true, force: true }) };
}

export async function removeSample(): Promise<void> {
  if (original) rmSync(join(await original, '..'), { recursive: true, force: true });
}

/** A fresh copy before each test of the file; everything is removed and closed after them. */
export function freshProjects(take: (dir: string) => void): void {
  let copy: Awaited<ReturnType<typeof copyProject>>;
  beforeEach(async () => {
    copy = await copyProject();
    take(copy.dir);
  });
  afterEach(() => copy.dispose());
  afterAll(async () => {
    await removeSample();
    await platform.pool.close();
  });
}

export function openProject(dir: string): ProjectFile {
  const path = join(dir, 'project.yaml');
  return readProject(path, readFileSync(path, 'utf8'));
}

/** Changes the text of a file of the project; the change must find what it replaces. */
export function edit(dir: string, file: string, from: string, to: string): void {
  const path = join(dir, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
  writeFileSync(path, text.replace(from, to));
}

/** Replaces a raster of the project. `value` by cell, from the north-west. */
export async function replaceRaster(
  dir: string,
  file: string,
  value: (x: number, y: number) => number,
  change: { grid?: Partial<Grid> } & Partial<Omit<RasterDescription, 'grid'>> = {},
): Promise<void> {
  const { grid: part, ...rest } = change;
  const grid = { ...GRID, ...part };
  const classes = rest.kind === 'classes';
  const cells = classes ? new Uint32Array(grid.width * grid.height) : new Float32Array(grid.width * grid.height);
  for (let y = 0, i = 0; y < grid.height; y++) for (let x = 0; x < grid.width; x++, i++) cells[i] = value(x, y);
  const type = classes
    ? ({ sampleType: 'u8', nodata: 255 } as const)
    : ({ sampleType: 'f32', nodata: NODATA } as const);
  await writeRaster(fileTarget(join(dir, file)), { grid, kind: 'quantity', ...type, ...rest }, cells, {
    pool: platform.pool,
  });
}
