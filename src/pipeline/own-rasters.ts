/** Rasters of a process that reads them itself: brought to the grid of the first, and cut into tiles of whole blocks. */
import type { Grid } from '../core/grid.ts';
import type { Model } from '../core/model.ts';
import { type Tiling, tilingOf } from '../core/tiles.ts';
import type { Alignment, BoundLayer } from './layers.ts';
import type { Platform } from './platform.ts';
import { bindInputs } from './process-inputs.ts';

export interface OwnRasters {
  readonly grid: Grid;
  /** By name of the input. */
  readonly layers: ReadonlyMap<string, BoundLayer>;
}

/** Quantities in any unit, by name of the input. @throws EcofluxError as `bindInputs` */
export function bindRasters(
  id: string,
  inputs: Readonly<Record<string, string>>,
  align: Alignment | undefined,
  platform: Platform,
): Promise<OwnRasters> {
  const input = { about: 'raster', unit: 'any', kind: 'quantity' } as const;
  const model: Model = {
    id,
    title: '',
    about: '',
    equations: [],
    sources: [],
    inputs: Object.fromEntries(Object.keys(inputs).map((name) => [name, input])),
    params: {},
    outputs: {},
    stages: [],
    tolerance: { rtol: 0, atol: 0, because: '' },
  };
  return bindInputs({ model, inputs, tables: {}, params: {}, out: '', align }, platform);
}

/** Cells of a tile, more or less: enough for a worker, and several for each of them on rasters of a million cells. */
const TILE_CELLS = 2 ** 17;
const MOST_CELLS = 2 ** 20;

/** Tiles of whole blocks of a raster, where these are not too large; never more than 2^20 cells. */
export function tilesFor(
  grid: Grid,
  { info, mapping }: Pick<BoundLayer, 'info' | 'mapping'>,
  tile: number | undefined,
): Tiling {
  if (tile !== undefined) return tilingOf(grid, Math.min(tile, 1024));
  const { tiled, blockWidth, blockHeight } = info;
  if (mapping.resampling) return tilingOf(grid, 512, 256);
  const up = (cells: number, block: number) => Math.max(1, Math.round(cells / block)) * block;
  const width = Math.min(grid.width, MOST_CELLS, tiled ? up(Math.sqrt(TILE_CELLS), blockWidth) : MOST_CELLS);
  const height = Math.min(up(TILE_CELLS / width, blockHeight), Math.floor(MOST_CELLS / width));
  return tilingOf(grid, width, Math.max(1, height));
}
