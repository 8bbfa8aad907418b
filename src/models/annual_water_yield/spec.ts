import { defineModel } from '../../core/model.ts';

/**
 * Water that leaves a cell in a year: precipitation less evapotranspiration, which the Budyko curve limits by both the water
 * and the energy there is.
 */
export const annual_water_yield = defineModel({
  id: 'annual_water_yield',
  title: 'Annual water yield',
  about: 'Precipitation less actual evapotranspiration, by the Budyko curve.',
  equations: [
    '(1) PET = kc · ET0',
    '(2) AWC = min(root_depth, soil_depth) · pawc',
    '(3) w = min(Z · AWC / P + 1.25, 5),  phi = PET / P',
    '(4) B = 1 + phi − (1 + phi^w)^(1/w)',
    '(5) fractp = min(phi, B) where lulc_veg = 1;  min(PET, P) / P elsewhere',
    '(6) aet = fractp · P,  wyield = (1 − fractp) · P;  nodata where P = 0',
  ],
  sources: [
    'InVEST 3.20 Annual Water Yield',
    'Zhang et al. 2004, Water Resources Research 40',
    'Donohue et al. 2012, Journal of Hydrology 436',
  ],
  inputs: {
    lulc: { about: 'land-cover classes', unit: '1', kind: 'classes', invest: 'lulc_path' },
    precipitation: {
      about: 'precipitation P of a year',
      unit: 'mm/yr',
      kind: 'density',
      invest: 'precipitation_path',
      plausible: [1, 12000],
      largest: [50, 12000], // less falls in a year only in the driest deserts; metres and centimetres stay below or near it
    },
    et0: {
      about: 'reference evapotranspiration ET0',
      unit: 'mm/yr',
      kind: 'density',
      invest: 'eto_path',
      plausible: [10, 4000],
      largest: [200, 4000], // of a year even beyond the polar circle; a month has less
      doubtful: {
        upTo: 0,
        words: 'with 0 nothing evaporates there and all precipitation is yield, with a negative value more than that',
      },
    },
    soil_depth: {
      about: 'depth to the layer that stops roots',
      unit: 'mm',
      kind: 'quantity',
      invest: 'depth_to_root_rest_layer_path',
      plausible: [0, 100000],
      largest: [300, 100000], // where no soil is deeper, the file holds centimetres or metres
    },
    pawc: {
      about: 'plant-available water capacity, share of soil depth',
      unit: '1',
      kind: 'quantity',
      invest: 'pawc_path',
      plausible: [0, 1],
    },
  },
  tables: {
    biophysical: {
      about: 'one row for each land-cover class',
      of: ['lulc'],
      invest: 'biophysical_table_path',
      columns: {
        kc: { about: 'evapotranspiration coefficient', unit: '1', range: [0, 5] },
        root_depth: { about: 'rooting depth', unit: 'mm', range: [0, 1e6] },
        lulc_veg: { about: '1 where vegetation evaporates, 0 elsewhere', unit: '1', values: [0, 1] },
      },
    },
  },
  params: {
    seasonality_constant: {
      about: 'Z: how precipitation is spread over the year; about a fifth of the number of rain events',
      unit: '1',
      range: [0, 1000],
      default: 15, // the value supply-demand.md gives for the region of source 002
    },
  },
  outputs: {
    fractp: { about: 'share of precipitation that evaporates', unit: '1', range: [0, 1] },
    aet: { about: 'actual evapotranspiration', unit: 'mm/yr', range: [0, 12000] },
    wyield: { about: 'water yield', service: true, unit: 'mm/yr', range: [0, 12000] },
    pet: { about: 'potential evapotranspiration', unit: 'mm/yr', intermediate: true },
    kc_raster: { about: 'evapotranspiration coefficient by class', unit: '1', intermediate: true },
    root_depth: { about: 'rooting depth by class; 1 where there is no vegetation', unit: 'mm', intermediate: true },
    veg: { about: '1 where vegetation evaporates', unit: '1', intermediate: true },
    clipped_lulc: {
      about: 'land cover on the model grid',
      unit: '1',
      intermediate: true,
      aligned: 'lulc',
      classes: true,
    },
    depth_to_root_rest_layer: {
      about: 'soil depth on the model grid',
      unit: 'mm',
      intermediate: true,
      aligned: 'soil_depth',
    },
    eto: { about: 'reference evapotranspiration on the model grid', unit: 'mm/yr', intermediate: true, aligned: 'et0' },
    precip: { about: 'precipitation on the model grid', unit: 'mm/yr', intermediate: true, aligned: 'precipitation' },
    pawc: { about: 'plant-available water capacity on the model grid', unit: '1', intermediate: true, aligned: 'pawc' },
  },
  stages: [{ local: 'water_yield' }, { local: 'lookup' }, { local: 'potential_evapotranspiration' }],
  tolerance: {
    rtol: 2e-5,
    atol: 2e-5,
    because: 'two powers and three divisions in float32 (invest-models.md section 1)',
  },
  tolerances: {
    wyield: {
      rtol: 2e-5,
      atol: 0.05,
      because: '1 − fractp cancels where fractp is near 1 (invest-models.md section 1)',
    },
    aet: { rtol: 2e-5, atol: 0.05, because: 'as wyield (invest-models.md section 1)' },
  },
});
