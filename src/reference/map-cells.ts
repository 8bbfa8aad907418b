/** The loop over the cells of a tile that every local and focal reference shares. */
import type { TileContext } from '../core/model-reference.ts';

/**
 * Calls `cell(i, out, o)` for each cell of the tile's interior: `i` is its element in the (padded) input planes, `o` in the
 * outputs, which have no padding.
 */
export function mapCells<Name extends string>(
  tile: TileContext,
  names: readonly Name[],
  cell: (i: number, out: Record<Name, Float64Array>, o: number) => void,
): Record<Name, Float64Array> {
  const { width, height, pitch, halo } = tile;
  const out = {} as Record<Name, Float64Array>;
  for (const name of names) out[name] = cellsOf(width * height);
  for (let y = 0, o = 0; y < height; y++) {
    const row = (y + halo) * pitch + halo;
    for (let x = 0; x < width; x++, o++) cell(row + x, out, o);
  }
  return out;
}

/** Visits the interior of a tile without making anything: for reductions. */
export function eachCell(tile: TileContext, cell: (i: number) => void): void {
  const { width, height, pitch, halo } = tile;
  for (let y = 0; y < height; y++) {
    const row = (y + halo) * pitch + halo;
    for (let x = 0; x < width; x++) cell(row + x);
  }
}

/** Outputs that nobody looks at any more, all of one length: the tiles of a run are mostly equal. */
const spare = new Set<Float64Array>();
const MOST_SPARE = 4;
const ours = new WeakSet<Float64Array>();

/** What `mapCells` gave may be given again, for whoever calls this has taken what it wanted. */
export function reuseCells(outputs: Iterable<Float64Array>): void {
  for (const output of outputs) if (ours.has(output) && spare.size < MOST_SPARE) spare.add(output);
}

function cellsOf(length: number): Float64Array {
  for (const cells of spare) {
    spare.delete(cells);
    if (cells.length === length) return cells.fill(0);
  }
  const cells = new Float64Array(length);
  ours.add(cells);
  return cells;
}
