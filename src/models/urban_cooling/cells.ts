/** Lengths of the urban cooling model in cells, as InVEST counts them. */
import { EcofluxError } from '../../core/errors.ts';
import type { CellSize } from '../../core/stage.ts';
import type { Values } from '../../core/values.ts';

/** Green area that makes a park: 2 ha in m². */
const PARK = 20_000;

/**
 * A distance in cells, halves to the even one.
 * @throws EcofluxError InvalidConfiguration for distances of half a cell or less, and for cells that are not square
 */
export function cellsOf(name: string, params: Values, { cellWidth, cellHeight }: CellSize): number {
  const distance = params[name];
  if (Number.isNaN(distance)) return distance;
  if (Math.abs(cellWidth - cellHeight) > 1e-6 * cellWidth)
    throw new EcofluxError('InvalidInput', 'urban_cooling needs square cells: it counts lengths in cells', {
      found: `${cellWidth} × ${cellHeight}`,
      fix: `resample land cover to one cell size: gdalwarp -tr ${cellWidth} ${cellWidth}`,
    });
  const cells = roundHalfEven(distance / cellWidth);
  if (cells > 0) return cells;
  throw new EcofluxError('InvalidConfiguration', `${name} is too short for the cells`, {
    found: `${distance} m, which rounds to 0 cells of ${cellWidth} m`,
    expected: `more than ${cellWidth / 2} m`,
    fix: 'give a longer distance, or use finer rasters',
  });
}

/** Cells of a whole disc. */
export function discCells(radius: number): number {
  let cells = 0;
  for (let y = Math.floor(radius); y >= -radius; y--) cells += 2 * Math.floor(Math.sqrt(radius * radius - y * y)) + 1;
  return cells;
}

/** As Python's round. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * What the count of green cells is multiplied with before it is compared with 20 000 times the count of valid ones: cells of the disc times
 * area of a cell. A float64, whose two words are parameters of the shader; both products are rounded alike on every device.
 */
export function parkParams(params: Values, cell: CellSize): Values {
  const radius = cellsOf('green_area_cooling_distance', params, cell);
  if (Number.isNaN(radius)) return { disc_cells: Number.NaN, area_low: 0, area_high: 0 };
  const cells = discCells(radius);
  const [area_low, area_high] = new Uint32Array(Float64Array.of(cells * cell.cellWidth * cell.cellHeight).buffer);
  return { disc_cells: cells, area_low, area_high };
}

/** Whether green cells within the cooling distance are more than 2 ha, scaled to a whole disc. Exactly 2 ha is not enough. */
export function isPark(green: number, valid: number, { area_low, area_high }: Values): boolean {
  const [area] = new Float64Array(Uint32Array.of(area_low, area_high).buffer);
  return green * area > valid * PARK;
}

/** @throws EcofluxError InvalidConfiguration for weights of which none is above 0 */
export function checkWeights({ cc_weight_shade, cc_weight_albedo, cc_weight_eti, cc_method }: Values): void {
  if (cc_method !== 0 || cc_weight_shade + cc_weight_albedo + cc_weight_eti !== 0) return;
  throw new EcofluxError('InvalidConfiguration', 'the weights of cooling capacity are all 0', {
    found: 'cc_weight_shade, cc_weight_albedo and cc_weight_eti 0',
    fix: 'give one of them a weight above 0; InVEST’s own are 0.6, 0.2 and 0.2',
  });
}
