/** Rasters and tables for tests, from seeds: the same everywhere and every time. */
import { allocatePlane, type CellType, nodataOf, type Plane } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { cellCount } from '../../src/core/grid.ts';
import { inputType, type Model } from '../../src/core/model.ts';
import type { Stage } from '../../src/core/stage.ts';
import type { ClassRows } from '../../src/core/values.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import { bindingsOf } from '../../src/engine/model-stages.ts';
import type { ModelInputs } from '../../src/engine/run-model.ts';

export const CODES = [0, 1, 2, 5, 8, 21];

export function gridOf(width: number, height: number, cellWidth = 30, cellHeight = cellWidth): Grid {
  const crs = { kind: 'projected', name: 'WGS 84 / UTM zone 50N', epsg: 32650, metresPerUnit: 1 } as const;
  return { width, height, west: 500_000, north: 3_500_000, cellWidth, cellHeight, crs };
}

/** Uniform numbers in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

export type Pattern = 'noise' | 'slopes' | 'holes';

/** `noise`: a tenth of the cells missing, one by one. `slopes`: waves, whole. `holes`: waves with a missing corner, rows and a frame. */
export function plane(
  grid: Grid,
  type: CellType,
  pattern: Pattern,
  [low, high]: readonly [number, number],
  seed: number,
): Plane {
  const random = randomNumbers(seed);
  const out = allocatePlane(type, cellCount(grid));
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [i % grid.width, Math.floor(i / grid.width)];
    const wave = 0.5 + 0.25 * Math.sin(x / 7 + seed) + 0.25 * Math.cos(y / 5 - seed);
    const share = pattern === 'noise' ? random() : wave;
    out[i] = type === 'u32' ? CODES[Math.floor(share * 0.999 * CODES.length)] : low + share * (high - low);
    const hole = (x < 3 && y < 3) || y % 11 === 6 || x === grid.width - 1;
    if (pattern === 'noise' ? random() < 0.1 : pattern === 'holes' && hole) out[i] = nodataOf(type);
  }
  return out;
}

// Where a model has no default: values of the usual size.
const PARAMS: Readonly<Record<string, number>> = {
  lulc_bas_year: 2003,
  lulc_alt_year: 2023,
  price_per_metric_ton_of_c: 43,
  supply_max: 90,
  demand_max: 60,
  amount: 120,
  c_max: 1e-3,
  uhi_max: 3.5,
  t_ref: 27,
  avg_rel_humidity: 75.6,
  population_max: 90_000,
  density_low: 2,
  density_high: 70,
  years: 10,
  half_saturation: 0.3,
  // Fewer than the usual cells: the samples are small.
  threshold: 6,
  threshold_flow_accumulation: 6,
  radius: 150,
  // Of flows: all that they do, over short ways.
  spill: 1,
  max_distance: 200,
  mass_tolerance: 0.05,
};
// Columns may be very large; what is usual is below this.
const LARGEST_COLUMN = 200;

/** Outputs that a model can make with its defaults: those of stages that run only with another choice are left out. */
export function outputsOf(model: Model): string[] {
  const idle = model.stages.filter(({ when }) => when !== undefined && model.params[when].default === 0);
  const busy = model.stages.filter((stage) => !idle.includes(stage));
  const made = (stages: readonly Stage[]) => stages.flatMap((stage) => Object.values(bindingsOf(model, stage).writes));
  const never = made(idle).filter((output) => !made(busy).includes(output));
  return Object.keys(model.outputs).filter((output) => !never.includes(output));
}

/** Inputs, tables and parameters for any model of the registry, from its spec. */
export function sampleOf(model: Model, grid: Grid, pattern: Pattern, seed: number): ModelInputs {
  const random = randomNumbers(seed);
  const inputs = mapValues(model.inputs, ({ plausible }, name) =>
    plane(grid, inputType(model, name), pattern, plausible ?? [0, 100], Math.floor(random() * 1e6)),
  );
  const tables = mapValues(model.tables ?? {}, ({ columns }): ClassRows => {
    const cell = ({ values, choices, range: [low, high] = [0, 1] }: (typeof columns)[string]) =>
      choices
        ? Math.floor(random() * choices.length)
        : values
          ? values[Math.floor(random() * values.length)]
          : low + random() * (Math.min(high, LARGEST_COLUMN) - low);
    return new Map(CODES.map((code) => [code, mapValues(columns, cell)]));
  });
  const params = mapValues(model.params, ({ default: usual }, name) => PARAMS[name] ?? usual);
  return { grid, inputs, tables, params };
}
