/** How rare each class has become: cells of the current map where the baseline has a value, against the cells of the whole baseline. */
import { NODATA_CODE } from '../../core/cells.ts';
import type { Grid } from '../../core/grid.ts';
import { tilesOf, tilingOf } from '../../core/tiles.ts';
import type { ClassRows } from '../../core/values.ts';
import type { FieldReader } from '../../engine/run.ts';

const TILE = 2048;

/** Rows for the table `rarity_<map>` of the model: the classes of the current map, where the baseline has any. Both maps lie on the grid. */
export async function rarityOf(
  current: FieldReader,
  baseline: FieldReader,
  grid: Grid,
  signal?: AbortSignal,
): Promise<ClassRows> {
  const [now, then] = [new Map<number, number>(), new Map<number, number>()];
  for (const window of tilesOf(tilingOf(grid, TILE))) {
    const [codes, before] = await Promise.all([current.read(window, signal), baseline.read(window, signal)]);
    for (let i = 0; i < codes.length; i++) {
      if (before[i] === NODATA_CODE) continue;
      then.set(before[i], (then.get(before[i]) ?? 0) + 1);
      if (codes[i] !== NODATA_CODE) now.set(codes[i], (now.get(codes[i]) ?? 0) + 1);
    }
  }
  const rarity = (code: number, cells: number) => (then.has(code) ? 1 - cells / (then.get(code)! + cells) : 0);
  return new Map([...now].sort(([a], [b]) => a - b).map(([code, cells]) => [code, { rarity: rarity(code, cells) }]));
}
