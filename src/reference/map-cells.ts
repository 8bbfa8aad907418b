/** The loop over the cells of a tile that every local and focal reference shares. */
import type { TileContext } from '../core/model.ts';

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
  for (const name of names) out[name] = new Float64Array(width * height);
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
