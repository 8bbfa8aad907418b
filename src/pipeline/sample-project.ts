/** Writes the sample region as a project to run and to edit: rasters as COGs, tables, vectors, project file. */
import { throwIfAborted } from '../core/errors.ts';
import { createRasterWriter } from '../io/raster-writer.ts';
import type { PresetId } from '../sample/presets.ts';
import { regionGrid, regionLayers } from '../sample/region.ts';
import type { OutputFolder, Platform } from './platform.ts';
import { PRESET_SERVICES, type SampleService, sampleProjectText } from './sample-text.ts';
import { projectJsonSchema } from './schema.ts';

export interface SampleOptions {
  readonly size?: number;
  readonly seed?: number;
  readonly preset?: PresetId;
  /** Codes of the services in the project file; those that the source of the preset has when absent. */
  readonly services?: readonly SampleService[];
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
}

/** Those of the paper behind the preset with all services; of the others those of a project file as it is documented. */
const YEARS: Readonly<Record<PresetId, readonly number[]>> = {
  anhui: [2003, 2013, 2023],
  'yangtze-delta': [2005, 2010, 2015, 2020],
  'xiamen-zhangzhou-quanzhou': [2003, 2013, 2023],
};

/** Writes below `at` of the folder ('' for the folder itself); returns the name of the project file. */
export async function writeSampleProject(
  folder: OutputFolder,
  at: string,
  platform: Platform,
  { size, seed, preset = 'anhui', services = PRESET_SERVICES[preset], signal, log }: SampleOptions,
): Promise<string> {
  const grid = regionGrid({ size });
  const years = YEARS[preset];
  const steps = regionLayers({ size, seed, preset, years, signal });
  const prefix = at === '' ? '' : `${at}/`;
  for (;;) {
    const step = steps.next();
    if (step.done) {
      for (const [name, text] of Object.entries(step.value)) await folder.writeText(`${prefix}data/${name}`, text);
      break;
    }
    throwIfAborted(signal);
    const { name, year, cells, sampleType, nodata, kind, unit, about, palette, classNames } = step.value;
    const file = year === undefined ? `${name}.tif` : `${name}_${year}.tif`;
    const opaque =
      palette &&
      Object.fromEntries(Object.entries(palette).map(([code, [r, g, b]]) => [code, [r, g, b, 255] as const]));
    const description = { grid, sampleType, nodata, kind, unit, description: about, palette: opaque, classNames };
    const writer = await createRasterWriter(await folder.target(`${prefix}data/${file}`), description, {
      pool: platform.pool,
      signal,
    });
    try {
      await writer.write({ x: 0, y: 0, width: grid.width, height: grid.height }, cells);
      await writer.finish();
    } catch (error) {
      await writer.abort();
      throw error;
    }
    log?.(`wrote data/${file}`);
  }
  await folder.writeText(`${prefix}project.schema.json`, `${JSON.stringify(projectJsonSchema(), undefined, 2)}\n`);
  await folder.writeText(`${prefix}project.yaml`, sampleProjectText({ preset, services, grid, years }));
  return `${prefix}project.yaml`;
}
