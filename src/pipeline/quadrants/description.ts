/** What the process `quadrants` takes and gives, in words. */
import { quadrants } from '../../models/quadrants/spec.ts';
import type { ProcessDescription } from '../process-list.ts';

const { id, title, about, equations, outputs, sources } = quadrants;

export const QUADRANTS: ProcessDescription = {
  id,
  title,
  about,
  equations: [...equations, 'Of zones: the same of their mean supply and demand, over the zones that have both.'],
  inputs: {
    supply: { about: 'supply', unit: 'any' },
    demand: { about: 'demand, on the same grid', unit: 'any' },
    zones: { about: 'polygons, or a raster of whole numbers on the same grid', unit: '', optional: true },
  },
  params: { id: { about: 'field that names the polygons', unit: '', default: 'their number in the file' } },
  outputs: {
    ...outputs,
    zones: {
      about:
        'with zones: means, z-scores and quadrant of each: zones.csv; for polygons zones.gpkg and zones.geojson too',
      unit: '',
    },
  },
  sources,
};
