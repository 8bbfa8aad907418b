import { EcofluxError } from '../../core/errors.ts';
import { defineModel } from '../../core/model.ts';
import type { Values } from '../../core/values.ts';

const POOLS = ['c_above', 'c_below', 'c_soil', 'c_dead'] as const;
const pool = (about: string) => ({ about: `carbon in ${about}`, unit: 'tC/ha', range: [0, 1e5] }) as const;
const poolOutput = (about: string) => ({ about, unit: 'tC/ha', intermediate: true }) as const;
const bindPools = (map: 'bas' | 'alt') => ({
  lulc: `lulc_${map}`,
  ...Object.fromEntries(POOLS.map((name) => [name, `${name}_${map}`])),
});

/** Carbon stored in vegetation, soil and dead matter, by land-cover class; its change between two maps and what that is worth. */
/** The sum over years stays one of thousands of terms. */
const YEARS = [0, 9999] as const;

export const carbon = defineModel({
  id: 'carbon',
  title: 'Carbon storage and sequestration',
  about: 'Carbon stored by land-cover class; change to an alternate map and its net present value.',
  equations: [
    '(1) c_storage = c_above + c_below + c_soil + c_dead',
    '(2) c_change = c_storage_alt − c_storage_bas',
    '(3) npv = c_change · V,  V = price / n · Σ_{k=0..n−1} r^k,  r = 1 / ((1 + discount_rate/100)(1 + rate_change/100)),  n = year_alt − year_bas',
  ],
  sources: ['InVEST 3.20 Carbon Storage and Sequestration'],
  inputs: {
    lulc_bas: { about: 'land-cover classes', unit: '1', kind: 'classes', layer: 'lulc', invest: 'lulc_bas_path' },
    lulc_alt: {
      about: 'land-cover classes of the alternate or later map',
      unit: '1',
      kind: 'classes',
      layer: 'lulc_alt',
      invest: 'lulc_alt_path',
      optional: true,
    },
  },
  tables: {
    carbon: {
      about: 'carbon densities, one row for each land-cover class',
      of: ['lulc_bas', 'lulc_alt'],
      invest: 'carbon_pools_path',
      columns: {
        c_above: pool('living matter above ground'),
        c_below: pool('living matter below ground'),
        c_soil: pool('soil'),
        c_dead: pool('dead matter'),
      },
    },
  },
  params: {
    lulc_bas_year: { about: 'year of the map', unit: 'yr', integer: true, range: YEARS, optional: true },
    lulc_alt_year: { about: 'year of the alternate map', unit: 'yr', integer: true, range: YEARS, optional: true },
    price_per_metric_ton_of_c: { about: 'price of carbon', unit: 'currency/tC', optional: true },
    discount_rate: { about: 'discount per year', unit: '%', range: [-99, 1000], default: 0 },
    rate_change: {
      about: 'change of the price per year; InVEST applies it as a second discount',
      unit: '%',
      range: [-99, 1000],
      default: 0,
    },
  },
  outputs: {
    c_storage_bas: { about: 'carbon stored', service: true, unit: 'tC/ha', range: [0, 1e5] },
    c_storage_alt: { about: 'carbon stored, alternate map', unit: 'tC/ha', range: [0, 1e5] },
    c_change_bas_alt: { about: 'change in carbon stored', unit: 'tC/ha', centre: 0 },
    npv_alt: { about: 'net present value of the change', unit: 'currency/ha', centre: 0 },
    c_above_bas: poolOutput('carbon above ground'),
    c_below_bas: poolOutput('carbon below ground'),
    c_soil_bas: poolOutput('carbon in soil'),
    c_dead_bas: poolOutput('carbon in dead matter'),
    c_above_alt: poolOutput('carbon above ground, alternate map'),
    c_below_alt: poolOutput('carbon below ground, alternate map'),
    c_soil_alt: poolOutput('carbon in soil, alternate map'),
    c_dead_alt: poolOutput('carbon in dead matter, alternate map'),
  },
  stages: [
    {
      id: 'storage_bas',
      local: 'storage_total',
      bind: { lulc: 'lulc_bas', pools: 'carbon', c_storage: 'c_storage_bas' },
    },
    {
      id: 'storage_alt',
      local: 'storage_total',
      bind: { lulc: 'lulc_alt', pools: 'carbon', c_storage: 'c_storage_alt' },
    },
    { id: 'pools_bas', local: 'storage_pools', bind: { ...bindPools('bas'), pools: 'carbon' } },
    { id: 'pools_alt', local: 'storage_pools', bind: { ...bindPools('alt'), pools: 'carbon' } },
    { local: 'change', bind: { c_before: 'c_storage_bas', c_after: 'c_storage_alt', c_change: 'c_change_bas_alt' } },
    {
      local: 'valuation',
      bind: { c_before: 'c_storage_bas', c_after: 'c_storage_alt', npv: 'npv_alt' },
      params: (params) => ({ unit_value: presentValue(params) }),
    },
  ],
  tolerance: { rtol: 2e-7, atol: 0, because: 'a table value rounded to float32 once (invest-models.md section 2)' },
  tolerances: {
    c_change_bas_alt: {
      rtol: 2e-7,
      atol: 4e-5,
      because: 'a difference of two totals below 1000 t/ha, each rounded to float32 (half an ulp: 3e-5)',
    },
    npv_alt: { rtol: 1e-6, atol: 2e-3, because: 'c_change times a price of the order of 50 per tonne' },
  },
});

/** V of equation (3): currency per tonne of carbon, spread over the years between the maps. NaN where a parameter is missing.
 * @throws EcofluxError InvalidConfiguration where the alternate map is not of a later year */
export function presentValue(params: Values): number {
  const years = params.lulc_alt_year - params.lulc_bas_year;
  if (Number.isNaN(years)) return Number.NaN;
  if (years <= 0)
    throw new EcofluxError('InvalidConfiguration', 'the alternate map must be of a later year', {
      found: `lulc_bas_year ${params.lulc_bas_year}, lulc_alt_year ${params.lulc_alt_year}`,
      fix: 'correct the years, or exchange the maps',
    });
  const r = 1 / ((1 + params.discount_rate / 100) * (1 + params.rate_change / 100));
  let sum = 0;
  for (let k = 0; k < years; k++) sum += r ** k;
  const value = r === 1 ? params.price_per_metric_ton_of_c : (params.price_per_metric_ton_of_c / years) * sum;
  if (Math.abs(Math.fround(value)) === Infinity)
    throw new EcofluxError('InvalidConfiguration', 'the value of a tonne of carbon has no bounds at these rates', {
      found: `discount_rate ${params.discount_rate}, rate_change ${params.rate_change} over ${years} years`,
      fix: 'correct discount_rate and rate_change: both are percent per year',
    });
  return value;
}
