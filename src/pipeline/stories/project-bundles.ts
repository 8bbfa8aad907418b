/** Bundles of what a project made: rasters in its output folder, one a service, to bundle.tif, distance.tif and tables. */
import { EcofluxError } from '../../core/errors.ts';
import type { Grid } from '../../core/grid.ts';
import type { OpenDevice } from '../../engine/open-device.ts';
import { nodesOf } from '../../solvers/som/map.ts';
import { ConstantFeatures } from '../../solvers/som/open-samples.ts';
import type { Samples } from '../../solvers/som/samples.ts';
import { type MadeBundles, makeBundles } from '../bundles/make-bundles.ts';
import type { BundlePlan } from '../bundles/plan.ts';
import { type Ranking, rankingOf } from '../bundles/tables.ts';
import { describeFile } from '../layers.ts';
import { tilesFor } from '../own-rasters.ts';
import type { OutputFolder, Platform } from '../platform.ts';
import { fileReader } from '../readers.ts';
import type { RunOptions } from '../run-project.ts';

export interface BundleFeature {
  /** In the output folder, such as "risk/WY.tif". */
  readonly file: string;
  readonly service: string;
  readonly serviceName: string;
}

export interface ProjectBundlesRequest {
  readonly features: readonly BundleFeature[];
  /** What the rasters show: risk, net, demand, … */
  readonly quantity: string;
  readonly plan: BundlePlan;
  readonly grid: Grid;
  readonly folder: Pick<OutputFolder, 'path' | 'target' | 'writeText'>;
  readonly device: Pick<OpenDevice, 'executor'>;
  readonly platform: Platform;
  readonly run: Pick<RunOptions, 'memory' | 'tile' | 'signal' | 'log' | 'progress'>;
}

export interface ProjectBundles extends MadeBundles {
  /** Those that tell cells apart, in the order of `means`. */
  readonly used: readonly BundleFeature[];
  readonly ranking: Ranking;
}

/**
 * Writes bundles/bundle.tif and bundles/distance.tif. Features without a value, or the same everywhere, are left out with a warning;
 * undefined where none is left.
 * @throws EcofluxError InvalidInput where there are fewer cells than nodes, naming services and files
 */
export async function runProjectBundles(request: ProjectBundlesRequest): Promise<ProjectBundles | undefined> {
  const { folder, platform, run, grid, plan } = request;
  const scaled = plan.scaling !== 'none';
  const warn = (text: string) => run.log?.(`warning: ${text}`);
  let used: BundleFeature[] = [];
  for (const feature of request.features) {
    const { statistics } = await describeFile(platform, pathOf(folder, feature));
    if (!statistics) warn(`bundles: ${named(feature)} has no value and is left out`);
    else if (scaled && statistics.min === statistics.max) warn(leftOut(feature, 'everywhere'));
    else used.push(feature);
  }
  const ranking = rankingOf(request.quantity);
  while (used.length > 0) {
    const features = used;
    const info = await describeFile(platform, pathOf(folder, features[0]));
    const mapping = { type: 'f32' } as const;
    try {
      const made = await makeBundles({
        names: features.map(({ service }) => service),
        readers: features.map((feature) => fileReader({ path: pathOf(folder, feature), mapping }, platform.pool)),
        grid,
        tiling: tilesFor(grid, { info, mapping }, run.tile),
        plan,
        gpu: request.device.executor.solvesOn,
        folder,
        platform,
        memory: (run.memory ?? platform.defaultMemory) / 2,
        prefix: 'bundles/',
        ranking,
        check: (samples) => checkNodes(samples, Math.max(...plan.trainings.map(({ map }) => nodesOf(map))), features),
        options: run,
      });
      return { ...made, used: features, ranking };
    } catch (error) {
      // Found out only where all features together have a value.
      if (!(error instanceof ConstantFeatures)) throw error;
      for (const feature of features)
        if (error.names.includes(feature.service)) warn(leftOut(feature, 'where all have a value'));
      used = features.filter(({ service }) => !error.names.includes(service));
    }
  }
  warn('bundles: no service is left that tells cells apart, so there are none');
  return undefined;
}

function checkNodes({ count }: Samples, nodes: number, features: readonly BundleFeature[]): void {
  if (nodes <= count) return;
  throw new EcofluxError('InvalidInput', 'bundles: there are fewer cells than nodes', {
    file: features.map(({ file }) => file).join(', '),
    found: `${count} cells with a value in every one of ${features.map(({ service }) => service).join(', ')}`,
    expected: `at least ${nodes}`,
    fix: 'ask for fewer bundles (bundles: nodes), or for a smaller map',
  });
}

function pathOf({ path }: Pick<OutputFolder, 'path'>, { file }: BundleFeature): string {
  return `${path}/${file}`;
}

function named({ service, file }: BundleFeature): string {
  return `${service} (${file})`;
}

function leftOut(feature: BundleFeature, where: string): string {
  return `bundles: ${named(feature)} is the same ${where}, tells no cells apart and is left out`;
}
