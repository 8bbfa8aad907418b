/** The course of Gi* wherever windows are summed: moments of all cells, scores block by block, then bins by a cut over all scores. */
import { NODATA, type Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import { type Tile, tilesOf } from '../../core/tiles.ts';
import { TilePieces } from '../convolve/tile-pieces.ts';
import { eachTile } from '../each-tile.ts';
import { type Moments, MomentsOfParts, type PartialMoments } from '../neighbourhood/moments.ts';
import { type Neighbourhood, neighbourhoodOf } from '../neighbourhood/shape.ts';
import type { SolveFacts, SolveOutput, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import type { Scores, ScoresInput } from './block.ts';
import { discoveryThresholds } from './false-discovery.ts';
import { binsOf, CRITICAL, UNDEFINED } from './levels.ts';
import { type Scale, scaleOf } from './scale.ts';
import { type ExactSizes, newTally } from './tally.ts';
import { type BinsInput, GETIS_BINS, GETIS_SIZES, RASTER_MOMENTS, type SizesInput, type SizesOutput } from './tasks.ts';

export interface Scoring {
  readonly neighbourhood: Neighbourhood;
  readonly moments: Moments;
  readonly scale: Scale;
  readonly wanted: ScoresInput['wanted'];
}

/** How blocks are scored: which ones, how many at a time, and what it took. */
export interface BlockScorer {
  readonly blocks: readonly Window[];
  readonly lanes: number;
  readonly score: (block: Window) => Promise<Scores>;
  readonly facts: () => SolveFacts;
}

/** @throws EcofluxError InvalidConfiguration for a radius that reaches no other cell */
export async function solveWith(
  request: SolveRequest,
  scorerFor: (request: SolveRequest, scoring: Scoring) => Promise<BlockScorer>,
): Promise<SolveFacts> {
  const { shape, tiling, outputs, params, memory, openScratch, signal, progress } = request;
  const neighbourhood = neighbourhoodOf(params, shape);
  const moments = await momentsOfRaster(request);
  const scale = scaleOf(moments, neighbourhood);
  if (!scale) return withoutScores(request);
  const discovers = outputs.bin_fdr !== undefined;
  const wanted = { p: outputs.p !== undefined, bin: outputs.bin !== undefined, tally: discovers };
  const scorer = await scorerFor(request, { neighbourhood, moments, scale, wanted });
  const kept = new TileStates(memory / 4, openScratch);
  const keep: SolveOutput = { type: 'f32', write: ({ index }, z) => kept.put(index, [z.buffer as ArrayBuffer]) };
  const { bin_fdr: _, z, ...rest } = outputs;
  const everywhere = neighbourhood.cells < moments.count;
  const pieces = new TilePieces({
    tiling,
    outputs: {
      ...rest,
      ...(z && { z: { ...z, write: (tile, plane) => z.write(tile, everywhere ? plane : definedOnly(plane)) } }),
      ...(discovers && { keep }),
    },
    memory: memory / 4,
    openScratch,
  });
  const tally = new Float64Array(newTally().length);
  const total = scorer.blocks.length;
  let done = 0;
  try {
    await eachTile(scorer.blocks, { signal, pool: { ...request.pool, size: scorer.lanes - 1 } }, async (block) => {
      const scores = await scorer.score(block);
      for (const [i, count] of scores.tally?.entries() ?? []) tally[i] += count;
      await pieces.add(block, { ...scores, keep: scores.z } as unknown as Record<string, Plane>);
      progress?.(++done, total);
    });
    const passes = discovers ? await binDiscoveries(request, kept, tally) : 0;
    return {
      ...scorer.facts(),
      blocks: total,
      count: moments.count,
      mean: moments.mean,
      deviation: moments.deviation,
      passes,
    };
  } finally {
    await pieces.close();
    await kept.close();
  }
}

export async function momentsOfRaster(request: SolveRequest, input = 'values'): Promise<Moments> {
  const { tiling, inputs, pool, signal } = request;
  const all = new MomentsOfParts();
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const values = (await inputs[input].read(tile)) as Float32Array;
    const transfer = [values.buffer as ArrayBuffer];
    all.add(await pool.run<Float32Array, PartialMoments>(RASTER_MOMENTS, values, { transfer, signal }));
  });
  return all.moments;
}

/** Bins by the share of false discoveries, once all scores are there. @returns how often all of them were looked at before */
async function binDiscoveries(request: SolveRequest, kept: TileStates, tally: Float64Array): Promise<number> {
  const { tiling, outputs, pool, signal } = request;
  const everyTile = (visit: (tile: Tile, z: Float32Array<ArrayBuffer>) => Promise<void>) =>
    eachTile(tilesOf(tiling), request, async (tile) => {
      const [buffer] = await kept.take(tile.index);
      await visit(tile, new Float32Array(buffer));
    });
  let passes = 0;
  const thresholds = await discoveryThresholds(tally, async (classes) => {
    passes++;
    const counts = new Map(classes.map((index) => [index, new Map<number, number>()]));
    await everyTile(async ({ index }, z) => {
      const found = await pool.run<SizesInput, SizesOutput>(GETIS_SIZES, { z, classes }, { signal });
      await kept.put(index, [z.buffer]);
      for (const [each, sizes] of found) {
        const known = counts.get(each)!;
        for (const [size, count] of sizes) known.set(size, (known.get(size) ?? 0) + count);
      }
    });
    const ascending = (sizes: Map<number, number>): ExactSizes => [...sizes].sort(([a], [b]) => a - b);
    return new Map([...counts].map(([index, sizes]) => [index, ascending(sizes)]));
  });
  await everyTile(async (tile, z) => {
    const transfer = [z.buffer];
    const bins = await pool.run<BinsInput, Float32Array>(GETIS_BINS, { z, thresholds }, { signal, transfer });
    kept.drop(tile.index);
    await outputs.bin_fdr.write(tile, bins);
  });
  return passes;
}

/** All cells are the same, or there are none: no cell has a score. */
async function withoutScores(request: SolveRequest): Promise<SolveFacts> {
  const { tiling, inputs, outputs } = request;
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const values = (await inputs.values.read(tile)) as Float32Array;
    const none = values.map((value) => (value === NODATA ? NODATA : UNDEFINED));
    for (const name of ['z', 'p']) await outputs[name]?.write(tile, new Float32Array(values.length).fill(NODATA));
    for (const name of ['bin', 'bin_fdr']) await outputs[name]?.write(tile, binsOf(none, CRITICAL));
  });
  return { blocks: 0, passes: 0 };
}

function definedOnly(z: Plane): Plane {
  for (let i = 0; i < z.length; i++) if (z[i] === UNDEFINED) z[i] = NODATA;
  return z;
}
