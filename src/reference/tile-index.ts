/** Twin of shaders/lib/tile.wgsl: where the cells of a visit are in its planes. */

/** The fields of the WGSL struct Tile that address cells. */
export interface TileShape {
  /** Cells of the interior. */
  readonly width: number;
  readonly height: number;
  /** Elements per row of a plane, padding included. */
  readonly pitch: number;
  /** Cells of padding on each side. */
  readonly halo: number;
}

export function inTile(x: number, y: number, tile: TileShape): boolean {
  return x < tile.width && y < tile.height;
}

/** Element of interior cell (x, y). */
export function tileIndex(x: number, y: number, tile: TileShape): number {
  return (y + tile.halo) * tile.pitch + x + tile.halo;
}
