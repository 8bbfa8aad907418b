/** How many rows are worked on at once. */
import type { Tiling } from '../../core/tiles.ts';

/** Fewer would spend their time on what lies above and below them. */
const FEWEST = 32;
/** For each worker, so that none has to wait long for the last. */
const STRIPS_PER_WORKER = 4;

/**
 * Rows of a strip; those of a tile row are equal, but for the last one. Half of the memory is for strips under way: of each, rows with bits of
 * the source, the nearest row above and the outputs, whole and cut into tiles.
 */
export function stripRows(
  { width, height, tileHeight }: Tiling,
  workers: number,
  memory: number,
  outputs: number,
): number {
  const bytesPerRow = width * (1 + 4 + 8 * outputs);
  const room = Math.floor(memory / 2 / (workers + 1) / bytesPerRow);
  const share = Math.ceil(height / (STRIPS_PER_WORKER * workers));
  const most = Math.max(1, Math.min(tileHeight, height, room, Math.max(FEWEST, share)));
  const count = Math.ceil(Math.min(tileHeight, height) / most);
  return Math.ceil(Math.min(tileHeight, height) / count);
}
