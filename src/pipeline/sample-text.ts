/** The project file of a sample region: the services that are wanted, with the layers and tables that they need and no others. */
import { cellArea, type Grid } from '../core/grid.ts';
import type { PresetId } from '../sample/presets.ts';

const TITLES: Readonly<Record<PresetId, string>> = {
  anhui: 'Sample region, Anhui preset',
  'yangtze-delta': 'Sample region, Yangtze delta preset',
  'xiamen-zhangzhou-quanzhou': 'Sample region, Xiamen-Zhangzhou-Quanzhou preset',
};

/** In the order in which they stand in the file. */
const LAYERS = {
  lulc: 'data/lulc_{year}.tif',
  precipitation: '{ file: "data/precipitation_{year}.tif", unit: mm/yr }',
  et0: '{ file: data/et0.tif, unit: mm/yr }',
  soil_depth: '{ file: data/soil_depth.tif, unit: mm }',
  pawc: 'data/pawc.tif # plant-available water, share of soil depth',
  dem: 'data/dem.tif # height, m',
  erosivity: '{ file: data/erosivity.tif, unit: MJ mm/(ha h yr) }',
  erodibility: '{ file: data/erodibility.tif, unit: t ha h/(ha MJ mm) }',
  temperature: '{ file: "data/temperature_{year}.tif", unit: degC } # mean of the hottest month',
  ndvi: 'data/ndvi_{year}.tif',
  population: '{ file: "data/population_{year}.tif", unit: people/km2 }',
  gdp: '{ file: "data/gdp_{year}.tif", unit: 10^4 CNY/km2 }',
  regions: 'data/regions.tif # numbers of counties, as in the statistics',
  attractions:
    '{ file: data/attractions.geojson, field: weight } # sights: points, each with how many visitors it draws',
  access: '{ file: data/access.tif, unit: m } # distance to the nearest road',
} as const;

const TABLES = {
  biophysical: 'data/biophysical.csv # one row for each land-cover class',
  carbon: 'data/carbon.csv',
  threats: 'data/threats.csv # one row for each threat to habitat',
  sensitivity: 'data/sensitivity.csv',
  food: '"data/food_{year}.csv" # harvest, one row for each region',
} as const;

interface Sizes {
  /** Cells whose water makes a stream. */
  readonly streams: number;
  /** Side of a cell, km. */
  readonly cell: number;
}

interface Entry {
  readonly layers: readonly (keyof typeof LAYERS)[];
  readonly tables: readonly (keyof typeof TABLES)[];
  /** Lines below the code. */
  readonly lines: (sizes: Sizes) => string;
}

const SOILS = ['precipitation', 'et0', 'soil_depth', 'pawc'] as const;

const ENTRIES = {
  WY: {
    layers: [...SOILS, 'dem', 'population'],
    tables: ['biophysical'],
    lines: () => `# water yield against what people use; m3 per cell and year
    flow: directional
    supply: { model: annual_water_yield, seasonality_constant: 15 }
    demand: { model: per_capita, amount: 350 m3/yr }`,
  },
  CS: {
    layers: ['population'],
    tables: ['carbon'],
    lines: () => `# carbon stored against what people emit; t of carbon per cell
    flow: omnidirectional
    supply: { model: carbon }
    demand: { model: per_capita, amount: 7 tCO2/yr, over: 1 yr } # a stock against one year's emissions, said explicitly`,
  },
  BC: {
    layers: ['population', 'gdp'],
    tables: ['biophysical', 'threats', 'sensitivity'],
    lines: () => `# quality of habitat against how much people wear on it; 0 to 1
    flow: omnidirectional
    supply: { model: habitat_quality }
    demand: { model: habitat_demand, window: 1 km } # scaled to 0..1 over all years`,
  },
  SR: {
    layers: ['dem', 'erosivity', 'erodibility'],
    tables: ['biophysical'],
    lines: ({ streams }) => `# soil that plants and terraces keep against soil that erodes; t per cell and year
    flow: directional
    supply: { model: sdr, threshold_flow_accumulation: ${streams} }
    demand: { model: sdr } # the same run: what is said above holds here too`,
  },
  NP: {
    layers: [...SOILS, 'dem'],
    tables: ['biophysical'],
    lines: ({ streams }) => `# nitrogen kept from the streams against what is too much for them; kg per cell and year
    flow: directional
    supply: { model: ndr, nutrient: n, threshold_flow_accumulation: ${streams} }
    demand: { model: nutrient_demand, nutrient: n, c_max: 1 g/m3, seasonality_constant: 15 }`,
  },
  PP: {
    layers: [...SOILS, 'dem'],
    tables: ['biophysical'],
    lines: ({ streams }) => `# the same for phosphorus
    flow: directional
    supply: { model: ndr, nutrient: p, threshold_flow_accumulation: ${streams} }
    demand: { model: nutrient_demand, nutrient: p, c_max: 0.2 g/m3, seasonality_constant: 15 }`,
  },
  HTR: {
    layers: ['et0', 'temperature', 'population'],
    tables: ['biophysical'],
    lines: ({ cell }) => `# cooling by shade, water and parks against heat that people bear; degrees
    flow: omnidirectional
    supply: { model: urban_cooling, uhi_max: 3 degC, green_area_cooling_distance: ${Math.max(1, cell)} km }
    demand: { model: heat_demand, comfort: 26 degC }`,
  },
  FP: {
    layers: ['ndvi', 'regions', 'population'],
    tables: ['biophysical', 'food'],
    lines: () => `# harvests of the counties on their fields against what people eat; t per cell and year
    flow: omnidirectional
    supply: { model: food_supply }
    demand: { model: per_capita, amount: 400 kg/yr }`,
  },
  TC: {
    layers: ['attractions', 'access', 'population'],
    tables: ['biophysical'],
    lines: () => `# what a place offers to those who seek rest and sights against how many they are; 0 to 1
    flow: omnidirectional
    supply: { model: recreation, bandwidth: 20 km, reach: 5 km }
    demand: { model: per_capita, amount: 1 } # scaled to 0..1 over all years`,
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type SampleService = keyof typeof ENTRIES;
export const SAMPLE_SERVICES = Object.keys(ENTRIES) as readonly SampleService[];

/** Those of the paper behind each preset. */
export const PRESET_SERVICES: Readonly<Record<PresetId, readonly SampleService[]>> = {
  anhui: ['WY', 'CS', 'BC', 'SR'],
  'yangtze-delta': SAMPLE_SERVICES,
  'xiamen-zhangzhou-quanzhou': ['WY', 'CS', 'BC', 'SR'],
};

/** m² whose water makes a stream. */
const STREAM_AREA = 25e6;

export function sampleProjectText({
  preset,
  services,
  grid,
  years,
}: {
  readonly preset: PresetId;
  readonly services: readonly SampleService[];
  readonly grid: Grid;
  readonly years: readonly number[];
}): string {
  const entries = services.map((code): Entry => ENTRIES[code]);
  const layers = new Set<string>(['lulc', ...entries.flatMap((entry) => entry.layers)]);
  const tables = new Set<string>(entries.flatMap((entry) => entry.tables));
  const listed = (all: Readonly<Record<string, string>>, wanted: ReadonlySet<string>) =>
    Object.keys(all)
      .filter((name) => wanted.has(name))
      .map((name) => `  ${name}: ${all[name]}`)
      .join('\n');
  const streams = Math.max(8, Math.round(STREAM_AREA / cellArea(grid)));
  const sizes = { streams, cell: grid.cellWidth / 1000 };
  return `# yaml-language-server: $schema=project.schema.json
# An ecoflux project. Check it with 'ecoflux validate project.yaml', run it with 'ecoflux run project.yaml'.
name: ${TITLES[preset]}
grid: { like: data/lulc_${years[0]}.tif } # every layer is brought to this grid, and the log says how
area: data/boundary.geojson # outside of it everything is nodata
years: [${years.join(', ')}]
layers: # {year} is replaced by each year; units are checked and converted
${listed(LAYERS, layers)}
tables:
${listed(TABLES, tables)}
services:
${services.map((code, k) => `  ${code}: ${entries[k].lines(sizes)}`).join('\n')}
zones: { file: data/counties.geojson, id: code, name: name } # places that services flow between and shares are counted in
flow: # from where a service is supplied to where it is used; the mode of each stands above
  omnidirectional: { max_distance: ${Math.max(50, sizes.cell)} km }
risk: { from: ${years[0]}, to: ${years[years.length - 1]} } # how supply and demand moved, in 18 classes
hotspots: { of: [supply, demand, ratio], radius: ${Math.max(5, 2 * sizes.cell)} km, correction: fdr } # of all services together
${services.length > 1 ? 'bundles: { of: risk, nodes: 2..30 } # places where services go together\n' : ''}output: { dir: out }
`;
}
