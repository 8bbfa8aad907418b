/** The InVEST cases of the shared reference folder, where it is present: inputs, arguments and outputs as planes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe } from 'vitest';
import type { CellType, Plane } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import type { ClassRows } from '../../src/core/values.ts';
import { readPlane } from '../../src/io/plane.ts';
import { openRaster } from '../../src/io/raster.ts';
import { fileSource } from '../../src/node/files.ts';

export const REFERENCE = resolve(import.meta.dirname, '../../../shared/reference');
const INVEST = join(REFERENCE, 'invest');

function investCases(): string[] {
  return existsSync(INVEST) ? readdirSync(INVEST).map((name) => join(INVEST, name)) : [];
}

/** A `describe` that needs the rasters that InVEST wrote: they are not part of the repository, and without them it says so. */
export function describeWithInvest(title: string, body: (folders: readonly string[]) => void): void {
  const folders = investCases();
  if (folders.length > 0) {
    describe(title, () => body(folders));
    return;
  }
  const reason = `no rasters of InVEST in ${relative(process.cwd(), INVEST)}`;
  console.warn(`skipped: ${title}: ${reason}; test/models/hand-made.test.ts covers the same models`);
  describe.skip(`${title} (skipped: ${reason})`, () => body(['']));
}

export interface InvestRun {
  readonly args: Readonly<Record<string, string | number | boolean>>;
  readonly files: Readonly<Record<string, { readonly dtype?: string }>>;
}

export function investRun(folder: string, model: string): InvestRun {
  const { args, files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).runs[model];
  return { args, files };
}

export async function loadPlane(path: string, type: CellType): Promise<{ grid: Grid; plane: Plane }> {
  const raster = await openRaster(await fileSource(path));
  const { grid } = raster.info;
  const plane = await readPlane(raster, { x: 0, y: 0, width: grid.width, height: grid.height }, { type });
  await raster.close();
  return { grid, plane };
}

/** A table by class code. */
export function loadRows(path: string): ClassRows {
  const [head, ...lines] = readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  return new Map(
    lines.map((cells) => {
      const row = Object.fromEntries(head.map((name, i) => [name.toLowerCase(), Number(cells[i])]));
      return [row.lucode, row];
    }),
  );
}
