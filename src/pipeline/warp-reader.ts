/** What devices get of layers in other grids: source cells and positions from the pool, masked by the area of the project. */
import type { TaskPool } from '../core/tasks.ts';
import type { WarpPart } from '../core/warp.ts';
import type { SourceHint } from '../engine/graph.ts';
import type { FieldReader } from '../engine/run.ts';
import type { PlaneMapping } from '../io/plane.ts';
import type { ReadPlaneInput } from '../io/tasks.ts';
import { burn, type CellSpans, windowCover } from '../io/vector/rasterize-spans.ts';
import { runsOnDevice, type Warp } from '../io/warp/index.ts';
import type { BoundLayer } from './layers.ts';

type ReadWarp = NonNullable<FieldReader['readWarp']>;

/** Source cells per target cell from which sending them up costs more than the cells that are made of them. */
const MOST_PER_CELL = 4;
/** Turned windows need a larger one of the source around them. */
const TURNED = 1.5;

/**
 * For the planner. A property of layer and grid, never of a window: which cells a device makes must not depend on tiles. Where every cell
 * has a node of its own, positions alone are more than the cells.
 */
export function warpHint(warp: Warp | undefined): Pick<SourceHint, 'sourceCellsPerCell' | 'warpsOnDevice'> {
  if (!warp) return {};
  const [x, y] = warp.ratio;
  return {
    sourceCellsPerCell: TURNED * x * y,
    warpsOnDevice: runsOnDevice(warp) && warp.step > 1 && x * y <= MOST_PER_CELL,
  };
}

/** What the planner has to know of a layer. */
export function sourceHint({ info, mapping }: Pick<BoundLayer, 'info' | 'mapping'>): SourceHint {
  const { blockWidth, blockHeight } = info;
  return { blockWidth, blockHeight, ...warpHint(mapping.resampling) };
}

/** Undefined for layers in the project's grid, and for those that the workers bring to it. */
export function warpReader(file: string, mapping: PlaneMapping, pool: TaskPool): ReadWarp | undefined {
  if (!warpHint(mapping.resampling).warpsOnDevice) return undefined;
  return async (window, signal) => {
    const input: ReadPlaneInput = { file, window, mapping };
    const parts = await pool.run<ReadPlaneInput, WarpPart[]>('read_warp', input, { signal, priority: 1 });
    return { type: mapping.type, parts };
  };
}

/** Cells of `area` keep their values, all others become nodata. */
export function maskedWarp(readWarp: ReadWarp, area: CellSpans): ReadWarp {
  return async (window, signal) => {
    const warp = await readWarp(window, signal);
    if (!warp || windowCover(area, window) === 'all') return warp;
    const { width, height } = window;
    return { ...warp, mask: { width, height, inside: burn(area, window, new Uint8Array(width * height)) } };
  };
}
