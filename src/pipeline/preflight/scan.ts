/** Reads a raster's cells in the study area for their statistics: all of them up to a number, beyond it blocks spread over the area, the same ones every time. */
import { allOf } from '../../core/all-of.ts';
import { throwIfAborted } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import type { TaskPool } from '../../core/tasks.ts';
import type { PlaneMapping } from '../../io/plane.ts';
import { mergeSummaries, type PlaneSummary, summarise } from '../../io/plane-summary.ts';
import type { RasterInfo } from '../../io/raster.ts';
import type { SummarisePlaneInput } from '../../io/tasks.ts';
import { burn, windowCover } from '../../io/vector/rasterize-spans.ts';
import type { BoundLayer } from '../layers.ts';
import type { Placement } from './study-area.ts';
import type { Reading } from './types.ts';

/** Cells up to which a raster is read whole: seconds on two cores. */
export const WHOLE_CELLS = 1e8;

export interface ScanSettings {
  readonly wholeCells?: number;
  /** Cells along a side of each of the 64 blocks of a sample; 512 when absent. */
  readonly sampleBlock?: number;
  readonly signal?: AbortSignal;
}

export interface Scanned {
  readonly summary: PlaneSummary;
  readonly reading: Reading;
}

const EDGE = 2048; // cells along a side of a window: 16 MB a plane, and few tasks
const BLOCK = 512; // of the sample: a block of most tiled files
const STRATA = 8; // along a side: 64 blocks, 16 million cells of a raster that is larger than 10^8
const SAMPLE = 65536; // values for quantiles: a standard error of 0.2 percent

/** @throws EcofluxError InvalidInput for cells that cannot be read or are no class codes */
export async function scanRaster(
  { path, info, points }: Pick<BoundLayer, 'path' | 'info' | 'points'>,
  mapping: PlaneMapping,
  placement: Placement,
  pool: TaskPool,
  { wholeCells = WHOLE_CELLS, sampleBlock = BLOCK, signal }: ScanSettings,
): Promise<Scanned> {
  const { window, mask } = placement;
  const sampled = window !== undefined && window.width * window.height > wholeCells;
  const windows = window === undefined ? [] : sampled ? blocksIn(window, info, sampleBlock) : windowsIn(window, info);
  const cells = windows.reduce((sum, { width, height }) => sum + width * height, 0);
  const every = Math.max(1, Math.floor(cells / SAMPLE));
  const parts: PlaneSummary[] = [];
  const waiting = windows.entries();
  // Masks are made here, so that no more of them wait than the workers will soon take.
  const lane = async () => {
    for (const [i, part] of waiting) {
      throwIfAborted(signal);
      const cover = mask ? windowCover(mask, part) : 'all';
      if (cover === 'none') continue;
      const inside = cover === 'some' ? burn(mask!, part, new Uint8Array(part.width * part.height)) : undefined;
      if (points) {
        parts[i] = summarise(points.read(part), inside, every);
        continue;
      }
      const input = { file: path, window: part, mapping, inside, every };
      const transfer = inside && [inside.buffer as ArrayBuffer];
      parts[i] = await pool.run<SummarisePlaneInput, PlaneSummary>('summarise_plane', input, { signal, transfer });
    }
  };
  await allOf(Array.from({ length: pool.size + 1 }, lane));
  const read = parts.filter(Boolean);
  const summary = mergeSummaries(read);
  return { summary, reading: readingOf(summary.cells, read.length, sampled) };
}

function readingOf(cells: number, blocks: number, sampled: boolean): Reading {
  const count = cells.toLocaleString('en').replaceAll(',', ' ');
  const words = sampled ? `sample of ${count} cells in ${blocks} blocks` : `all ${count} cells`;
  return { cells, blocks, sampled, words };
}

/** Whole blocks of the file in each, as near as can be. */
function windowsIn(area: Window, { blockWidth, blockHeight }: RasterInfo): Window[] {
  const across = Math.max(blockWidth, Math.floor(EDGE / blockWidth) * blockWidth);
  const rows = Math.floor(EDGE ** 2 / across);
  const down = rows < blockHeight ? Math.max(1, rows) : rows - (rows % blockHeight);
  const [xs, ys] = [cuts(area.x, area.width, across), cuts(area.y, area.height, down)];
  return ys.flatMap(([y, height]) => xs.map(([x, width]) => ({ x, y, width, height })));
}

/** At the multiples of `step`. */
function cuts(start: number, length: number, step: number): [start: number, length: number][] {
  const out: [number, number][] = [];
  for (let at = start; at < start + length; ) {
    const next = Math.min(start + length, (Math.floor(at / step) + 1) * step);
    out.push([at, next - at]);
    at = next;
  }
  return out;
}

/** One block in each part of a lattice, at a place within it that wanders (the R2 sequence), so that no period of the map is met. */
function blocksIn(area: Window, { blockWidth, blockHeight }: RasterInfo, edge: number): Window[] {
  const [stepX, stepY] = [area.width / STRATA, area.height / STRATA];
  const [width, height] = [stepX, stepY].map((step) => Math.max(1, Math.floor(Math.min(edge, step / 2))));
  const onBlock = (at: number, block: number, low: number) => (block <= edge ? Math.max(low, at - (at % block)) : at);
  return Array.from({ length: STRATA ** 2 }, (_, i) => {
    const [column, row] = [i % STRATA, Math.floor(i / STRATA)];
    const wander = (by: number) => ((i + 1) * by) % 1;
    const left = Math.ceil(area.x + column * stepX);
    const top = Math.ceil(area.y + row * stepY);
    const x = Math.floor(left + wander(0.7548776662466927) * (stepX - width));
    const y = Math.floor(top + wander(0.5698402909980532) * (stepY - height));
    return { x: onBlock(x, blockWidth, left), y: onBlock(y, blockHeight, top), width, height };
  }).map((block) => ({
    ...block,
    x: Math.min(block.x, area.x + area.width - block.width),
    y: Math.min(block.y, area.y + area.height - block.height),
  }));
}
