/** Bundles as rasters: the bundle of each cell, with names and colours, and how far the cell is from its node. */
import { NODATA } from '../../core/cells.ts';
import type { Grid } from '../../core/grid.ts';
import { createRasterWriter, type RasterDescription, type WrittenRaster } from '../../io/raster-writer.ts';
import { classColour, type Rgb } from '../../report/colours.ts';
import { qmlStyle } from '../../report/index.ts';
import type { Samples } from '../../solvers/som/samples.ts';
import type { LabelResult, LabelTask } from '../../solvers/som/tasks.ts';
import { describeMade, opaque } from '../output-raster.ts';
import type { OutputFolder, Platform } from '../platform.ts';
import type { Bundle, Bundles } from './find-bundles.ts';

export type BundleRasters = Readonly<Record<'bundle' | 'distance', WrittenRaster>>;

/** Writes bundle.tif and distance.tif with their styles; `prefix` stands before these names, such as "bundles/". */
export async function writeBundles(
  samples: Samples,
  { map, codes, bundles }: Bundles,
  grid: Grid,
  folder: Pick<OutputFolder, 'target' | 'writeText'>,
  { pool }: Pick<Platform, 'pool'>,
  signal?: AbortSignal,
  prefix = '',
): Promise<BundleRasters> {
  const spec = bundleSpec(bundles);
  const { classNames, colours } = spec;
  const open = async (name: string, description: Omit<RasterDescription, 'grid'>) =>
    createRasterWriter(await folder.target(`${prefix}${name}.tif`), { grid, ...description }, { pool, signal });
  const made = describeMade(spec);
  const bundleWriter = await open('bundle', { ...made, description: spec.about });
  const distanceWriter = await open('distance', {
    sampleType: 'f32',
    nodata: NODATA,
    kind: 'quantity',
    description: 'distance to the node in scaled features',
  }).catch(async (error) => {
    await bundleWriter.abort();
    throw error;
  });
  try {
    await samples.visit(async (tile, buffer, cellsBuffer) => {
      const length = tile.width * tile.height;
      const task: LabelTask = { buffer, cellsBuffer, quantum: samples.quantum, book: map.codebook, codes, length };
      const transfer = [buffer, cellsBuffer];
      const found = await pool.run<LabelTask, LabelResult>('som_label', task, { signal, transfer });
      await bundleWriter.write(tile, found.labels);
      await distanceWriter.write(tile, found.distances);
      return [found.buffer, found.cellsBuffer];
    });
    const rasters = { bundle: await bundleWriter.finish(), distance: await distanceWriter.finish() };
    const { min = 0, max = 1 } = rasters.distance.statistics ?? {};
    const style = { kind: 'classes', classNames, palette: opaque(colours) } as const;
    await folder.writeText(`${prefix}bundle.qml`, qmlStyle(style));
    await folder.writeText(`${prefix}distance.qml`, qmlStyle({ kind: 'quantity', min, max }));
    return rasters;
  } catch (error) {
    await Promise.all([bundleWriter.abort(), distanceWriter.abort()]);
    throw error;
  }
}

/** What bundle.tif holds. */
export function bundleSpec(bundles: readonly Pick<Bundle, 'code'>[]) {
  const classNames = Object.fromEntries(bundles.map(({ code }) => [code, `bundle ${code}`]));
  const colours = Object.fromEntries(bundles.map(({ code }) => [code, bundleColour(code)]));
  return { about: 'bundle of the cell', unit: '1', classes: true, classNames, colours } as const;
}

/** The colours of classes, beyond their number lighter, then darker. `code` from 1. */
export function bundleColour(code: number): Rgb {
  const colour = classColour(code - 1);
  const towards = [undefined, 255, 0][Math.floor((code - 1) / 10) % 3];
  if (towards === undefined) return colour;
  const [red, green, blue] = colour.map((part) => Math.round(part + 0.45 * (towards - part)));
  return [red, green, blue];
}
