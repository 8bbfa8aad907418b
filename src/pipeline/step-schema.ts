/** Sections of the project file about what follows supply and demand: zones, flow, risk, hot spots, bundles. interface.md section 4. */
import { z } from 'zod';
import { NEIGHBOURHOODS } from '../core/neighbourhoods.ts';
import { MODES } from '../models/flow/spec.ts';

const text = z.string().min(1);
/** A number, or one with its unit. */
const amount = z.union([z.number(), text]);

const flowSettings = {
  max_distance: amount.optional().describe('how far it goes at most (omnidirectional): 100 km'),
  mass_tolerance: z
    .number()
    .optional()
    .describe('an epoch that adds no more than this share ends it (omnidirectional)'),
  spill: z
    .enum(['none', 'border'])
    .optional()
    .describe('whether unused surplus leaves over the border (omnidirectional)'),
  retention: amount.optional().describe('share that is lost in each step (directional)'),
  algorithm: z.enum(['d8', 'mfd']).optional().describe('to the steepest neighbour, or to all lower ones (directional)'),
};
const { max_distance, mass_tolerance, spill, retention, algorithm } = flowSettings;

export const serviceFlow = z.union([z.enum(MODES), z.strictObject({ mode: z.enum(MODES), ...flowSettings })]);

export const zones = z.strictObject({
  file: text.describe('polygons, or a raster of zone numbers on the grid'),
  id: text.optional().describe('column that names a zone in tables'),
  name: text.optional().describe('column with its name for people'),
  layer: text.optional().describe('of a file with several layers'),
});

export const flow = z.strictObject({
  omnidirectional: z.strictObject({ max_distance, mass_tolerance, spill }).optional(),
  directional: z
    .strictObject({ retention, algorithm, dem: text.default('dem').describe('the layer of heights') })
    .optional(),
  permeability: text.optional().describe('a layer: 0 where nothing passes'),
});

export const risk = z.strictObject({
  from: z.int().optional().describe('first year of the period; the first of all when left out'),
  to: z.int().optional().describe('last year of it'),
  trend: z.enum(['net', 'strict']).optional(),
  surplus: z.enum(['net', 'outflow']).optional(),
  tolerance: z.number().min(0).optional().describe('what counts as zero; a millionth of the largest when left out'),
});

export const COMPOSITES = ['supply', 'demand', 'ratio'] as const;

export const hotspots = z.strictObject({
  of: z.union([z.enum(COMPOSITES), z.array(z.enum(COMPOSITES)).min(1)]).default([...COMPOSITES]),
  shape: z.enum(NEIGHBOURHOODS).optional(),
  radius: amount.optional().describe('of a disc, square or diamond: 5 km'),
  correction: z.enum(['none', 'fdr']).optional(),
});

/** What a bundle is made of: one raster a service. */
export const BUNDLED = ['risk', 'supply', 'demand', 'ratio', 'balance_static', 'net', 'balance_dynamic'] as const;

export const bundles = z.strictObject({
  of: z.enum(BUNDLED).default('risk'),
  year: z.int().optional().describe('of what has one; the last when left out'),
  nodes: amount.optional().describe('a number of bundles, or 2..30'),
  rows: z.int().optional(),
  columns: z.int().optional(),
  topology: z.enum(['hexagonal', 'rectangular']).optional(),
  epochs: z.int().optional(),
  sigma: z.union([text, z.array(z.number()).length(2)]).optional(),
  cooling: z.enum(['exponential', 'linear']).optional(),
  init: z.enum(['pca', 'sample']).optional(),
  seed: z.int().optional(),
  scale: z.enum(['zscore', 'minmax', 'none']).optional(),
  two_stage: z.union([z.boolean(), amount]).optional(),
  choose: z.enum(['first_turn', 'maximum']).optional(),
});

export type FlowMode = (typeof MODES)[number];
export type Composite = (typeof COMPOSITES)[number];
