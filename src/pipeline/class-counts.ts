/** Class codes of a raster and how many cells have each: what a table has to cover. Counted before anything is computed. */
import type { TaskPool } from '../core/tasks.ts';
import type { CountClassesInput } from '../io/tasks.ts';
import type { BoundLayer } from './layers.ts';

/** Pairs of code and count by ascending code. The workers share the raster, a band of whole rows of blocks each. */
export async function countCodes(
  pool: TaskPool,
  { path, mapping, info }: Pick<BoundLayer, 'path' | 'mapping' | 'info'>,
): Promise<readonly (readonly [number, number])[]> {
  const { blockHeight, grid } = info;
  const { width, height } = grid;
  const rows = Math.ceil(Math.ceil(height / pool.size) / blockHeight) * blockHeight;
  const bands = Array.from({ length: Math.ceil(height / rows) }, (_, band) => {
    const window = { x: 0, y: band * rows, width, height: Math.min(rows, height - band * rows) };
    const input = { file: path, window, band: mapping.band, extraNodata: mapping.extraNodata };
    return pool.run<CountClassesInput, readonly (readonly [number, number])[]>('count_classes', input);
  });
  const sums = new Map<number, number>();
  for (const counts of await Promise.all(bands)) {
    for (const [code, count] of counts) sums.set(code, (sums.get(code) ?? 0) + count);
  }
  return [...sums].sort(([a], [b]) => a - b);
}
