import { defineModel, type OutputSpec } from '../../core/model.ts';
import { SHARES } from '../routing/classes.ts';

/** Choices of `mode`. */
export const MODES = ['in_situ', 'omnidirectional', 'directional'] as const;
const [IN_SITU, , DIRECTIONAL] = [0, 1, 2];

const amount = (about: string, more: Partial<OutputSpec> = {}): OutputSpec => ({
  about,
  unit: 'any',
  range: [0, Infinity],
  ...more,
});

/** What has no effect in a mode. */
const UNUSED: Readonly<Record<(typeof MODES)[number], readonly string[]>> = {
  in_situ: ['max_distance', 'mass_tolerance', 'retention', 'spill', 'algorithm', 'dem', 'stream', 'permeability'],
  omnidirectional: ['retention', 'algorithm', 'dem', 'stream'],
  directional: ['max_distance', 'mass_tolerance', 'spill'],
};

/** From where a service is supplied to where it is used. */
export const flow = defineModel({
  id: 'flow',
  title: 'Flow of an ecosystem service',
  about:
    'A cell uses its own supply first; the rest goes to cells that lack it: around, or down the slope. What is used, sent on, passed through and left over in each cell, and between zones, without losing a quantum.',
  equations: [
    'local = min(S, D);  consumption = local + inflow;  deficit = D − consumption;  residual = S − local − outflow',
    'net = S − D + inflow;  balance static = S − D;  semi-static = S − D − outflow;  dynamic = S − D − outflow + inflow',
    'ΣS = Σlocal + Σoutflow + Σresidual;  Σoutflow = Σinflow + Σspill + Σlost, to the last quantum',
    'omnidirectional: deficits ask outwards over shortest ways, surplus answers inwards, in epochs (operator flow_omnidirectional)',
    'directional: along the flow over the filled terrain, upstream first (operators fill_depressions, flow_direction, flow_directional)',
    'zone_flows.csv: with zones, at most 64 of them, what went from zone to zone',
  ],
  sources: ['flow.md', 'source 001, section 2.2.2', 'Bagstad et al. 2013, Ecosystem Services 4'],
  inputs: {
    supply: { about: 'supply of the service, per cell', unit: 'any', kind: 'count' },
    demand: { about: 'demand for it, in the same unit', unit: 'any', kind: 'count', unitOf: 'supply' },
    dem: {
      about: 'elevation, for the mode directional',
      unit: 'm',
      kind: 'quantity',
      optional: true,
      plausible: [-500, 9000],
    },
    stream: {
      about: '1 on streams: there supply and demand that are nodata count 0 (mode directional)',
      unit: '1',
      kind: 'classes',
      optional: true,
    },
    permeability: { about: '0 where nothing passes', unit: '1', kind: 'quantity', optional: true },
    zones: { about: 'numbers of zones, for the flow between them', unit: '1', kind: 'classes', optional: true },
  },
  params: {
    mode: { about: 'where the service goes', unit: '1', choices: MODES, default: 1 },
    max_distance: {
      about: 'how far it goes at most (omnidirectional), in whole cells; any way when left out',
      unit: 'm',
      range: [1e-3, 1e9],
      optional: true,
    },
    mass_tolerance: {
      about: 'an epoch that adds no more than this share ends the flow; 0: to the last quantum (omnidirectional)',
      unit: '1',
      range: [0, 1],
      default: 1e-3,
    },
    retention: { about: 'share that is lost in each step (directional)', unit: '1', range: [0, 1], default: 0 },
    spill: {
      about: 'whether surplus that nobody uses leaves over the border (omnidirectional)',
      unit: '1',
      choices: ['none', 'border'],
      default: 0,
    },
    algorithm: {
      about: 'all to the steepest neighbour, or shares to all lower ones (directional)',
      unit: '1',
      choices: ['d8', 'mfd'],
      default: 0,
    },
  },
  outputs: {
    consumption: amount('own supply that is used, and what is received'),
    inflow: amount('what is received and used'),
    outflow: amount('of the own surplus, what leaves'),
    residual: amount('of the own surplus, what stays'),
    deficit: amount('demand that is not met'),
    transit: amount('what passes through'),
    spill: amount('what leaves the study area through the cell'),
    net: amount('supply less demand, and what is received', { range: undefined, centre: 0 }),
    balance_static: amount('supply less demand', { range: undefined, centre: 0 }),
    balance_semi_static: amount('supply less demand and what leaves', { range: undefined, centre: 0 }),
    balance_dynamic: amount('supply less demand and what leaves, and what is received', {
      range: undefined,
      centre: 0,
    }),
    role: {
      about: 'who sends, who passes on, who receives',
      unit: '1',
      classes: true,
      classNames: { 0: 'none', 1: 'supplier', 2: 'transit', 3: 'demander', 4: 'unserved demander' },
      colours: {
        0: [240, 240, 234],
        1: [44, 127, 84],
        2: [244, 196, 80],
        3: [60, 110, 190],
        4: [190, 60, 60],
      },
    },
    filled: { about: 'elevation without depressions', unit: 'm', intermediate: true },
    shares: SHARES,
  },
  metric: ({ max_distance }) => !Number.isNaN(max_distance),
  remarks: (params, { cellWidth, cellHeight }, inputs) => {
    const mode = MODES[params.mode ?? 1];
    const given = new Set([...inputs, ...Object.keys(params)]);
    const remarks = UNUSED[mode]
      .filter((name) => given.has(name))
      .map((name) => `${name} has no effect in mode ${mode}`);
    const cell = Math.max(cellWidth, cellHeight);
    if (mode === 'omnidirectional' && params.max_distance < cell)
      remarks.push(`max_distance ${params.max_distance} m is less than a cell (${cell} m): it becomes one cell`);
    return remarks;
  },
  stages: [
    { solve: 'fill_depressions' },
    { solve: 'flow_direction', bind: { direction: 'shares' } },
    {
      solve: 'flow_directional',
      bind: { direction: 'shares' },
      params: ({ mode, retention }) => ({ retention: mode === DIRECTIONAL ? retention : Number.NaN }),
    },
    {
      solve: 'flow_omnidirectional',
      params: ({ mode, max_distance, spill }, { cellWidth, cellHeight }) => ({
        moves: mode === DIRECTIONAL ? Number.NaN : mode,
        max_distance: Number.isNaN(max_distance)
          ? 0
          : Math.max(1, Math.floor(max_distance / Math.max(cellWidth, cellHeight))),
        spill: mode === IN_SITU ? 0 : spill,
      }),
    },
  ],
  tolerance: { rtol: 0, atol: 0, because: 'whole numbers of a quantum, rounded to float32 once' },
});
