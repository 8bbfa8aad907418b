/** The process `bundles` on files: rasters to the map of bundles, the distances to their nodes, and tables. */
import { EcofluxError, withoutSecrets } from '../../core/errors.ts';
import { cellCount, describeGrid, type Grid } from '../../core/grid.ts';
import type { WrittenRaster } from '../../io/raster-writer.ts';
import { RISK_NAMES } from '../../models/risk/classes.ts';
import { openDeviceOn } from '../device.ts';
import type { Alignment, BoundLayer } from '../layers.ts';
import { describeFile } from '../layers.ts';
import { bindRasters, tilesFor } from '../own-rasters.ts';
import { filling, type Platform } from '../platform.ts';
import { fileReader } from '../readers.ts';
import type { RunOptions } from '../run-project.ts';
import { featureNames } from './feature-names.ts';
import type { Bundles } from './find-bundles.ts';
import { makeBundles } from './make-bundles.ts';
import { type BundleOptions, bundlePlan } from './plan.ts';
import { rankingOf } from './tables.ts';

export interface BundlesRequest extends BundleOptions {
  /** Rasters; all bands of a single one that has several. */
  readonly features?: readonly string[];
  /** Names of the features, separated by commas. */
  readonly names?: string;
  readonly out: string;
  readonly overwrite?: boolean;
  readonly align?: Alignment;
}

export interface BundlesRun {
  readonly out: string;
  readonly files: readonly string[];
  readonly bundles: Bundles;
  readonly outputs: Readonly<Record<'bundle' | 'distance', WrittenRaster>>;
  readonly cells: number;
  readonly seconds: number;
}

/** @throws EcofluxError; then nothing is left of the output folder */
export async function runBundles(
  request: BundlesRequest,
  platform: Platform,
  options: RunOptions,
): Promise<BundlesRun> {
  const started = performance.now();
  const { log } = options;
  const plan = bundlePlan(request);
  const { grid, layers } = await bindFeatures(request, platform);
  const names = featureNames(layers, request.names);
  for (const line of new Set(layers.map(({ shown, alignment }) => `${shown}: ${alignment}`))) log?.(line);
  const device = await openDeviceOn(platform, {
    choice: options.device ?? 'auto',
    cells: cellCount(grid),
    anyAdapter: options.anyAdapter,
    deviceMemory: options.deviceMemory,
  });
  try {
    log?.(device.sentence);
    const inputs = [...new Set(request.features)];
    const folder = await platform.beginFolder(request.out, { overwrite: request.overwrite ?? false, inputs, log });
    return await filling(folder, async () => {
      const fingerprints = Promise.all(inputs.map((path) => platform.fingerprint(path)));
      fingerprints.catch(() => {}); // heard of where it is awaited
      const readers = layers.map((layer) => fileReader(layer, platform.pool));
      const made = await makeBundles({
        names,
        readers,
        grid,
        tiling: tilesFor(grid, layers[0], options.tile),
        plan,
        gpu: device.executor.solvesOn,
        folder,
        platform,
        memory: (options.memory ?? platform.defaultMemory) / 2,
        ranking: layers.every(holdsRisk) ? rankingOf('risk') : undefined,
        options,
      });
      const { bundles, outputs, features, cells } = made;
      const files = ['bundle.tif', 'distance.tif'];
      for (const [name, text] of Object.entries(made.tables)) {
        await folder.writeText(`${name}.csv`, text);
        files.push(`${name}.csv`);
      }
      const seconds = (performance.now() - started) / 1000;
      const found = await fingerprints;
      const { trainings, numbers, twoStage, scaling, choose } = plan;
      const provenance = {
        process: 'bundles',
        seconds,
        versions: platform.versions,
        device: device.sentence,
        grid: describeGrid(grid),
        inputs: inputs.map((path, i) => ({ input: 'features', file: withoutSecrets(path), ...found[i] })),
        features,
        cells,
        parameters: { trainings, numbers, two_stage: twoStage, scale: scaling, choose },
        found: { turns: bundles.turns, chosen: bundles.chosen, bundles: bundles.bundles.length },
        outputs,
      };
      await folder.writeText('run.json', `${JSON.stringify(provenance, undefined, 2)}\n`);
      await folder.commit();
      return { out: request.out, files, bundles, outputs, cells, seconds };
    });
  } finally {
    await device.close();
  }
}

/** The rasters on one grid; where there is a single one, each of its bands. */
async function bindFeatures(
  { features = [], align }: BundlesRequest,
  platform: Platform,
): Promise<{ readonly grid: Grid; readonly layers: readonly BoundLayer[] }> {
  if (features.length === 0)
    throw new EcofluxError('InvalidConfiguration', 'bundles needs --features FILES (rasters that tell cells apart)');
  const inputs = Object.fromEntries(features.map((path, i) => [`feature ${i + 1}`, path]));
  const { grid, layers } = await bindRasters('bundles', inputs, align, platform);
  const bound = [...layers.values()];
  if (features.length > 1) return { grid, layers: bound };
  const { bands } = await describeFile(platform, features[0]);
  const [layer] = bound;
  return {
    grid,
    layers: Array.from({ length: bands }, (_, i) => ({ ...layer, mapping: { ...layer.mapping, band: i + 1 } })),
  };
}

/** As the rasters of the process `risk` say it. */
function holdsRisk({ info }: BoundLayer): boolean {
  return Object.entries(RISK_NAMES).every(([code, name]) => info.classNames?.[Number(code)] === name);
}
