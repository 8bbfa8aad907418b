/** Writes the sample region as a project to run and to edit: rasters as COGs, tables, vectors, project file. */
import { throwIfAborted } from '../core/errors.ts';
import { createRasterWriter } from '../io/raster-writer.ts';
import type { PresetId } from '../sample/presets.ts';
import { regionGrid, regionLayers } from '../sample/region.ts';
import type { OutputFolder, Platform } from './platform.ts';
import { projectJsonSchema } from './schema.ts';

export interface SampleOptions {
  readonly size?: number;
  readonly seed?: number;
  readonly preset?: PresetId;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
}

const YEARS = [2003, 2013, 2023] as const;
const TITLES: Readonly<Record<PresetId, string>> = {
  anhui: 'Sample region, Anhui preset',
  'yangtze-delta': 'Sample region, Yangtze delta preset',
  'xiamen-zhangzhou-quanzhou': 'Sample region, Xiamen-Zhangzhou-Quanzhou preset',
};

/** Writes below `at` of the folder ('' for the folder itself); returns the name of the project file. */
export async function writeSampleProject(
  folder: OutputFolder,
  at: string,
  platform: Platform,
  { size, seed, preset = 'anhui', signal, log }: SampleOptions,
): Promise<string> {
  const grid = regionGrid({ size });
  const steps = regionLayers({ size, seed, preset, years: YEARS, signal });
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
  await folder.writeText(`${prefix}project.yaml`, projectText(TITLES[preset]));
  return `${prefix}project.yaml`;
}

function projectText(title: string): string {
  return `# yaml-language-server: $schema=project.schema.json
# An ecoflux project. Check it with 'ecoflux validate project.yaml', run it with 'ecoflux run project.yaml'.
name: ${title}
grid: { like: data/lulc_2003.tif } # every layer is brought to this grid, and the log says how
area: data/boundary.geojson # outside of it everything is nodata
years: [${YEARS.join(', ')}]
layers: # {year} is replaced by each year; units are checked and converted
  lulc: data/lulc_{year}.tif
  precipitation: { file: "data/precipitation_{year}.tif", unit: mm/yr }
  et0: { file: data/et0.tif, unit: mm/yr }
  soil_depth: { file: data/soil_depth.tif, unit: mm }
  pawc: data/pawc.tif # plant-available water, share of soil depth
  population: { file: "data/population_{year}.tif", unit: people/km2 }
tables: # one row for each land-cover class
  biophysical: data/biophysical.csv
  carbon: data/carbon.csv
services:
  WY: # water yield against what people use; m3 per cell and year
    flow: directional
    supply: { model: annual_water_yield, seasonality_constant: 15 }
    demand: { model: per_capita, amount: 350 m3/yr }
  CS: # carbon stored against what people emit; t of carbon per cell
    flow: omnidirectional
    supply: { model: carbon }
    demand: { model: per_capita, amount: 7 tCO2/yr, over: 1 yr } # a stock against one year's emissions, said explicitly
output: { dir: out }
`;
}
