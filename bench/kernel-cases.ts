/** What `bench kernels` times: dispatches over planes that stay on the device. Bindings of one name share a buffer. */
import type { Plane } from '#ecoflux/core/cells.js';
import type { Values } from '#ecoflux/core/values.js';

export interface KernelStep {
  readonly shader: string;
  readonly entry: string;
  /** Field of each binding that is not called as in the shader. */
  readonly bind?: Readonly<Record<string, string>>;
  readonly params?: Values;
}

export interface KernelCase {
  readonly name: string;
  readonly halo: number;
  readonly steps: readonly KernelStep[];
}

const yieldStep: KernelStep = {
  shader: 'annual_water_yield',
  entry: 'water_yield',
  params: { seasonality_constant: 15 },
};
const demandStep: KernelStep = {
  shader: 'per_capita',
  entry: 'per_capita',
  bind: { population: 'et0' },
  params: { amount: 350 },
};

export const CASES: readonly KernelCase[] = [
  { name: 'annual_water_yield', halo: 0, steps: [yieldStep] },
  { name: 'carbon', halo: 0, steps: [{ shader: 'carbon', entry: 'storage_total' }] },
  { name: 'per_capita', halo: 0, steps: [demandStep] },
  {
    name: 'balance',
    halo: 0,
    steps: [
      {
        shader: 'balance',
        entry: 'difference',
        bind: { supply: 'precipitation', demand: 'et0' },
        params: { supply_max: 1, demand_max: 1 },
      },
    ],
  },
  {
    name: 'statistics: range',
    halo: 0,
    steps: [
      { shader: 'statistics', entry: 'range', bind: { values: 'precipitation' }, params: { inverse_quantum: 1 } },
    ],
  },
  {
    name: 'statistics: sum',
    halo: 0,
    steps: [
      { shader: 'statistics', entry: 'sum', bind: { values: 'precipitation' }, params: { inverse_quantum: 65536 } },
    ],
  },
  { name: 'slope', halo: 1, steps: [{ shader: 'slope', entry: 'slope', bind: { dem: 'precipitation' } }] },
  {
    name: 'yield, demand and balance',
    halo: 0,
    steps: [
      yieldStep,
      demandStep,
      {
        shader: 'balance',
        entry: 'difference',
        bind: { supply: 'wyield', demand: 'demand' },
        params: { supply_max: 1, demand_max: 1 },
      },
    ],
  },
];

/** Planes to read, by field. */
export type Fields = ReadonlyMap<string, Plane>;
