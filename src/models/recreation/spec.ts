import { defineModel } from '../../core/model.ts';

/** What a place offers to those who seek rest or sights. */
export const recreation = defineModel({
  id: 'recreation',
  title: 'Recreation opportunity',
  about: 'Weighted sum of the naturalness of the land cover, the density of attractions and the ease of access.',
  equations: [
    '(1) recreation = (w_naturalness · naturalness(class) + w_attractions · a + w_access · exp(−access / reach)) / (w_naturalness + w_attractions + w_access)',
    '(2) a = (density − density_low) / (density_high − density_low);  0 where density_high = density_low',
  ],
  sources: ['supply-demand.md'],
  inputs: {
    lulc: { about: 'land-cover classes', unit: '1', kind: 'classes' },
    density: {
      about: 'density of attractions',
      unit: '1',
      kind: 'quantity',
      plausible: [0, 1e6],
      from: { model: 'attraction_density', output: 'density' },
    },
    access: { about: 'distance to the nearest road', unit: 'm', kind: 'quantity', plausible: [0, 1e6] },
  },
  tables: {
    biophysical: {
      about: 'properties of each land-cover class',
      of: ['lulc'],
      columns: { naturalness: { about: 'naturalness of the class', unit: '1', range: [0, 1] } },
    },
  },
  params: {
    w_naturalness: { about: 'weight of naturalness', unit: '1', range: [0, 1e6], default: 1 / 3 },
    w_attractions: { about: 'weight of attractions', unit: '1', range: [0, 1e6], default: 1 / 3 },
    w_access: { about: 'weight of access', unit: '1', range: [0, 1e6], default: 1 / 3 },
    reach: { about: 'distance at which access has fallen to 1/e', unit: 'm', range: [1, 1e7], default: 5000 },
    density_low: {
      about: 'smallest density of attractions',
      unit: '1',
      optional: true,
      found: { of: 'density', as: 'low' },
    },
    density_high: {
      about: 'largest density of attractions',
      unit: '1',
      optional: true,
      found: { of: 'density', as: 'high' },
    },
  },
  outputs: { recreation: { about: 'recreation opportunity', service: 'supply', unit: '1', range: [0, 1] } },
  stages: [{ local: 'opportunity' }],
  tolerance: { rtol: 2e-6, atol: 1e-6, because: 'a sum of three terms up to 1 in float32' },
});
