/** InVEST's raster of the watersheds: 1 in cells with their centre inside, 0 elsewhere. */
import { tilesOf, tilingOf } from '../../core/tiles.ts';
import { createRasterWriter } from '../../io/raster-writer.ts';
import { burn, spanCells } from '../../io/vector/rasterize-spans.ts';
import type { FinishedRun } from './model.ts';

const TILE = 2048;

/** @param place path in the workspace without suffix and ending */
export async function writeMask(
  { prepared: { grid, mask, checked }, folder, platform: { pool }, signal }: FinishedRun,
  place: string,
): Promise<Record<string, unknown>> {
  const file = `${place}${checked.suffix}.tif`;
  const description = 'cells inside the watersheds';
  const writer = await createRasterWriter(
    await folder.target(file),
    { grid, sampleType: 'u8', nodata: 255, kind: 'classes', description, classNames: { 0: 'outside', 1: 'inside' } },
    { pool, signal },
  );
  for (const window of tilesOf(tilingOf(grid, TILE))) {
    const cells = new Uint32Array(window.width * window.height);
    burn(mask!, window, cells);
    await writer.write(window, cells);
  }
  await writer.finish();
  return { [file]: { cells: spanCells(mask!) } };
}
