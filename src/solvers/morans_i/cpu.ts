/** Moran's I in worker threads, out of core: moments of all cells, then block by block. */
import { allOf } from '../../core/all-of.ts';
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import { EcofluxError } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import { tilesOf } from '../../core/tiles.ts';
import { TilePieces } from '../convolve/tile-pieces.ts';
import { eachTile } from '../each-tile.ts';
import { LONGEST_BLOCK, scaleOf } from '../getis_ord/scale.ts';
import { blocksOf } from '../neighbourhood/blocks.ts';
import { type Moments, MomentsOfParts, type PartialMoments } from '../neighbourhood/moments.ts';
import { wholePiece } from '../neighbourhood/pieces.ts';
import { type Neighbourhood, neighbourhoodOf } from '../neighbourhood/shape.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import type { Largest, MoranInput, MoranOutput } from './block.ts';
import { BINARY } from './cells.ts';
import { MoranTotals } from './global.ts';
import { MORAN_BLOCK, MORAN_MOMENTS, type MomentsInput } from './tasks.ts';

/**
 * Facts beside the usual: n, s0, islands, i, and for one raster expected, variance, z and p.
 * @throws EcofluxError InvalidConfiguration for a radius that reaches no other cell, OutOfCapacity for one that memory has no room for
 */
export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { shape, tiling, inputs, params, pool, memory, signal, progress } = request;
  const { weights } = params;
  const neighbourhood = neighbourhoodOf(params, shape);
  const { ofX, ofY } = await momentsOf(request);
  const scale = scaleOf(ofY, neighbourhood);
  if (!scale || ofX.deviation === 0) return withoutI(request, ofX.count);
  const margins = weights === BINARY ? 1 : 2;
  const room = (memory * 3) / 4 / (pool.size + 1);
  const edge = edgeFor(neighbourhood, margins, room);
  const { reachX, reachY } = neighbourhood;
  const piece = wholePiece(neighbourhood);
  const largest = largestOf(neighbourhood, weights, ofX, ofY);
  const totals = new MoranTotals(largest);
  const pieces = new TilePieces({ ...request, memory: memory / 4 });
  const blocks = [...blocksOf(tiling, edge)];
  let done = 0;
  try {
    await eachTile(blocks, request, async (block) => {
      const around = windowAround(block, margins * reachX, margins * reachY);
      const [values, other] = (await allOf([inputs.values.read(around), inputs.other?.read(around)])) as [
        Float32Array,
        Float32Array | undefined,
      ];
      const { width, height } = block;
      const rest = { width, height, reachX, reachY, margins, piece, scale, ofX, ofY, weights, largest } as const;
      const transfer = [values, other].flatMap((plane) => (plane?.buffer ?? []) as ArrayBuffer);
      const made = await pool.run<MoranInput, MoranOutput>(
        MORAN_BLOCK,
        { values, other, ...rest },
        { transfer, signal },
      );
      totals.add(made.sums);
      await pieces.add(block, { local: made.local, quadrant: made.quadrant });
      progress?.(++done, blocks.length);
    });
  } finally {
    await pieces.close();
  }
  return { ...totals.global(ofX.count, weights, inputs.other !== undefined), blocks: blocks.length, edge };
}

/** Of the cells that are valid in all rasters. */
async function momentsOf(request: SolveRequest): Promise<{ ofX: Moments; ofY: Moments }> {
  const { tiling, inputs, pool, signal } = request;
  const all = [new MomentsOfParts(), new MomentsOfParts()];
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const [values, other] = (await allOf([inputs.values.read(tile), inputs.other?.read(tile)])) as [
      Float32Array,
      Float32Array | undefined,
    ];
    const transfer = [values, other].flatMap((plane) => (plane?.buffer ?? []) as ArrayBuffer);
    const parts = await pool.run<MomentsInput, PartialMoments[]>(
      MORAN_MOMENTS,
      { values, other },
      { transfer, signal },
    );
    for (const [i, part] of parts.entries()) all[i].add(part);
  });
  const [ofX, ofY] = all.map(({ moments }) => moments);
  return { ofX, ofY: inputs.other ? ofY : ofX };
}

/** What two rasters, sums, counts and shares of what is reached take, in bytes a cell. */
const BYTES_REACHED = 80;
const SMALLEST = 64;

function edgeFor({ reachX, reachY }: Neighbourhood, margins: number, memory: number): number {
  const bytesOf = (edge: number) => (edge + 2 * margins * reachX) * (edge + 2 * margins * reachY) * BYTES_REACHED;
  let edge = LONGEST_BLOCK;
  while (edge > SMALLEST && bytesOf(edge) > memory) edge /= 2;
  if (bytesOf(edge) <= memory || edge + 2 * margins * Math.max(reachX, reachY) <= 4 * SMALLEST) return edge;
  throw new EcofluxError('OutOfCapacity', "Moran's I: the windows around a block of cells do not fit the memory", {
    found: `${Math.floor(memory / 1e6)} MB for a block`,
    expected: `${Math.ceil(bytesOf(edge) / 1e6)} MB for windows that reach ${Math.max(reachX, reachY)} cells`,
    fix: 'give more --memory, a smaller radius, or binary weights',
  });
}

function largestOf({ cells }: Neighbourhood, weights: number, ofX: Moments, ofY: Moments): Largest {
  const far = ({ high, low, mean, deviation }: Moments) => Math.max(high - mean, mean - low) / deviation;
  const product = far(ofX) * far(ofY) * (weights === BINARY ? cells : 1);
  return { product: 2 * product, first: 4 * cells, second: 4 * (cells + 1) ** 2 };
}

function windowAround({ x, y, width, height }: Window, dx: number, dy: number): Window {
  return { x: x - dx, y: y - dy, width: width + 2 * dx, height: height + 2 * dy };
}

/** All cells are the same, or fewer than two: nothing can be said. */
async function withoutI({ tiling, outputs, ...request }: SolveRequest, n: number): Promise<SolveFacts> {
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const cells = tile.width * tile.height;
    await outputs.local?.write(tile, new Float32Array(cells).fill(NODATA));
    await outputs.quadrant?.write(tile, new Uint32Array(cells).fill(NODATA_CODE));
  });
  return { n };
}
