/** What the process `zonal` takes and gives, in words. */
import type { ProcessDescription } from '../process-list.ts';

/** What may be asked for, with its definition over the valid cells x of a zone, n in number. */
export const STATISTICS = {
  count: 'number of valid cells',
  nodata: 'number of cells of the zone without a value',
  area: 'area of the valid cells, m²',
  sum: 'Σx',
  mean: 'Σx / n',
  std: 'standard deviation of the population, √(Σ(x − mean)² / n)',
  min: 'least value',
  max: 'largest value',
  median: 'quantile 0.5',
  majority: 'the class of most cells, of several the lowest',
  shares: 'share_CODE: for each class its share of the valid cells',
} as const;

export type Statistic = keyof typeof STATISTICS;

/** Where nothing is said: of quantities, and of class rasters (those with a palette or class names). */
export const QUANTITY_STATISTICS: readonly Statistic[] = [
  'count',
  'nodata',
  'area',
  'sum',
  'mean',
  'std',
  'min',
  'max',
  'median',
];
export const CLASS_STATISTICS: readonly Statistic[] = ['count', 'nodata', 'area', 'majority', 'shares'];

export const ZONAL: ProcessDescription = {
  id: 'zonal',
  title: 'Zonal statistics',
  about: 'Statistics of a raster in each zone of a vector file or of a raster of zone numbers',
  equations: [
    ...Object.entries(STATISTICS).map(([name, definition]) => `${name.padEnd(8)}  ${definition}`),
    'A cell belongs to a polygon if its centre lies inside, each polygon by itself, so that zones may overlap; a polygon that holds no centre',
    'takes the cells under the rectangle around it. Quantile q lies at rank q (n − 1), from 0, between two values in proportion.',
    'Sums are exact and rounded once. Without a valid cell all but count and nodata are empty.',
  ],
  inputs: {
    values: { about: 'raster; statistics are taken on its own grid', unit: 'any' },
    zones: {
      about:
        'polygons (GeoJSON, GeoPackage, Shapefile, FlatGeobuf) in any CRS, or a raster of whole numbers on the same grid',
      unit: '',
    },
  },
  params: {
    statistics: { about: 'names, separated by commas', unit: '', default: 'those that suit the raster' },
    quantiles: { about: 'further quantiles, separated by commas', unit: '1', range: [0, 1], default: 'none' },
    id: { about: 'field that names the polygons', unit: '', default: 'their number in the file' },
    all_touched: { about: 'also the cells that an outline runs through', unit: '', default: 'no' },
    band: { about: 'of the raster of values', unit: '', default: 1 },
    layer: { about: 'of a file of several layers of polygons', unit: '', default: 'the only one' },
  },
  outputs: {
    statistics: {
      about: 'a row for each zone: statistics.csv; for polygons statistics.gpkg and statistics.geojson too',
      unit: '',
    },
  },
  sources: ['spec/zoning.md, step 1', 'Shewchuk1997 (exact sums)'],
};
