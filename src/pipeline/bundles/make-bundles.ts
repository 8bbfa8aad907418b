/** From rasters to bundles: samples, maps, the rasters of bundles and distances, tables. Shared by the process and by projects. */
import { cellArea, type Grid, isMetric } from '../../core/grid.ts';
import type { Tiling } from '../../core/tiles.ts';
import type { FieldReader } from '../../engine/run.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { openSamples } from '../../solvers/som/open-samples.ts';
import type { FeatureFacts, Samples } from '../../solvers/som/samples.ts';
import type { OutputFolder, Platform } from '../platform.ts';
import type { RunOptions } from '../run-project.ts';
import { listed } from '../zonal/zones.ts';
import { epochsOn } from './epochs.ts';
import { type Bundles, findBundles } from './find-bundles.ts';
import type { BundlePlan } from './plan.ts';
import { type BundleRasters, writeBundles } from './rasters.ts';
import { type BundleTables, bundleTables, type Ranking } from './tables.ts';

export interface BundlesToMake {
  readonly names: readonly string[];
  /** Of each feature, on the grid. */
  readonly readers: readonly Pick<FieldReader, 'read'>[];
  readonly grid: Grid;
  readonly tiling: Tiling;
  readonly plan: BundlePlan;
  /** Where epochs run; worker threads without it. */
  readonly gpu: Gpu | undefined;
  readonly folder: Pick<OutputFolder, 'target' | 'writeText'>;
  readonly platform: Pick<Platform, 'pool' | 'openScratch'>;
  /** Bytes for the rows. */
  readonly memory: number;
  /** Before the names of the rasters, such as "bundles/". */
  readonly prefix?: string;
  /** What comes first in a bundle; the largest mean when absent. */
  readonly ranking?: Ranking;
  /** A last look at the samples before maps are trained on them; it throws. */
  readonly check?: (samples: Samples) => void;
  readonly options: Pick<RunOptions, 'signal' | 'log' | 'progress'>;
}

export interface MadeBundles {
  readonly bundles: Bundles;
  readonly outputs: BundleRasters;
  readonly tables: BundleTables;
  readonly features: readonly FeatureFacts[];
  /** Cells with a value in every feature. */
  readonly cells: number;
}

/** @throws EcofluxError as `openSamples` and `findBundles` */
export async function makeBundles(wanted: BundlesToMake): Promise<MadeBundles> {
  const { names, readers, grid, tiling, plan, gpu, folder, platform, memory, prefix, options } = wanted;
  const { signal, log, progress } = options;
  const samples = await openSamples({
    names,
    read: async (feature, window) => (await readers[feature].read(window, signal)) as Float32Array,
    tiling,
    scaling: plan.scaling,
    pool: platform.pool,
    memory,
    openScratch: platform.openScratch,
    signal,
    progress: (done, total) => progress?.({ pass: 0, passes: 2, tilesDone: done, tiles: total }),
  });
  try {
    wanted.check?.(samples);
    const epochs = epochsOn(gpu, log);
    const bundles = await findBundles(samples, plan, {
      epochs,
      progress: (done, total) => progress?.({ pass: 1, passes: 2, tilesDone: done, tiles: total }),
    }).finally(epochs.close);
    for (const line of remarks(bundles)) log?.(line);
    const outputs = await writeBundles(samples, bundles, grid, folder, platform, signal, prefix);
    const tables = bundleTables(samples, bundles, isMetric(grid) ? cellArea(grid) : undefined, wanted.ranking);
    return { bundles, outputs, tables, features: samples.features, cells: samples.count };
  } finally {
    await samples.close();
  }
}

function remarks({ curve, turns, chosen, bundles }: Bundles): string[] {
  const partly = curve.filter(({ nonEmpty, bundles }) => nonEmpty < bundles);
  const lines =
    partly.length > 3
      ? [`some nodes have no cells with ${listed(partly.map(({ bundles }) => String(bundles)))} nodes`]
      : partly.map(({ bundles, nonEmpty }) => `${bundles} nodes: only ${nonEmpty} have cells`);
  if (turns)
    lines.push(
      `pseudo-F first turns at ${turns.firstTurn} and is largest at ${turns.maximum}; ${chosen.bundles} chosen: ${bundles.length} bundles`,
    );
  return lines;
}
