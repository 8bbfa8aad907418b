/** What the process `habitat_quality` takes and gives, in words. */
import { habitat_quality } from '../../models/habitat_quality/spec.ts';
import type { ProcessDescription } from '../process-list.ts';

const { id, title, about, equations, sources, params } = habitat_quality;

export const HABITAT_QUALITY: ProcessDescription = {
  id,
  title,
  about,
  equations: [
    ...equations,
    'Table threats: threat, max_dist (m), weight, decay (linear or exponential), and where each is: cur_path (and fut_path), rasters relative to the',
    'table, or classes, codes of the land cover. Table sensitivity: lucode, habitat, and a column called like each threat, all from 0 to 1.',
  ],
  inputs: {
    lulc: { about: 'current land cover: the grid', unit: '1', invest: 'lulc_cur_path' },
    lulc_fut: { about: 'future land cover', unit: '1', invest: 'lulc_fut_path', optional: true },
    lulc_bas: { about: 'baseline land cover, for the rarity', unit: '1', invest: 'lulc_bas_path', optional: true },
    threats: { about: 'table of threats', unit: '', invest: 'threats_table_path' },
    sensitivity: { about: 'table of classes', unit: '', invest: 'sensitivity_table_path' },
    threat_rasters: {
      about: 'list: the raster of each threat in the order of the table, instead of cur_path',
      unit: '1',
      optional: true,
    },
    access: {
      about: 'how far threats reach, 0 to 1: a raster, or polygons with a field access',
      unit: '1',
      invest: 'access_vector_path',
      optional: true,
    },
  },
  params: {
    half_saturation: {
      about: params.half_saturation.about,
      unit: params.half_saturation.unit,
      range: params.half_saturation.range,
    },
  },
  outputs: {
    deg_sum_c: { about: 'degradation by all threats', unit: '1', range: [0, 1] },
    quality_c: { about: 'habitat quality', unit: '1', range: [0, 1] },
    rarity_c: { about: 'how rare the land cover has become, with lulc_bas', unit: '1', range: [0, 1] },
    deg_sum_f: { about: 'degradation by all threats in the future, with lulc_fut', unit: '1', range: [0, 1] },
    quality_f: { about: 'habitat quality in the future', unit: '1', range: [0, 1] },
    rarity_f: { about: 'how rare the land cover of the future is', unit: '1', range: [0, 1] },
    degradation_THREAT_c: { about: 'by each threat', unit: '1', range: [0, 1], intermediate: true },
    filtered_DECAY_THREAT_c: {
      about: 'what reaches a cell of each threat',
      unit: '1',
      range: [0, 1],
      intermediate: true,
    },
    THREAT_distance_transform_c: { about: 'distance to each threat', unit: 'cells', intermediate: true },
    sens_THREAT_c: { about: 'sensitivity to each threat', unit: '1', range: [0, 1], intermediate: true },
    habitat_c: { about: 'suitability as habitat', unit: '1', range: [0, 1], intermediate: true },
  },
  sources,
};
