/** The project file: one zod schema, from which come the messages, the JSON Schema and the documentation. interface.md section 4. */
import { z } from 'zod';
import { RESAMPLINGS } from '../core/warp.ts';
import { bundles, flow, hotspots, risk, serviceFlow, zones } from './step-schema.ts';

const file = z.string().min(1).describe('path relative to the project file; {year} is replaced');

const layer = z.union([
  file,
  z.strictObject({
    file,
    unit: z.string().optional().describe('unit of the values, where the file does not say it'),
    band: z.int().min(1).optional(),
    nodata: z
      .union([z.number(), z.array(z.number())])
      .optional()
      .describe('values that mean nodata although the file does not say so'),
    resampling: z
      .enum(RESAMPLINGS)
      .optional()
      .describe('instead of nearest for classes, sum for counts and bilinear for all else'),
    crs: z.string().optional().describe('EPSG code, WKT or proj string of a raster that does not say its own'),
    field: z
      .string()
      .optional()
      .describe('of a file of points: the number of each that is summed in its cell, instead of counting points'),
  }),
]);

const crs = z.string().min(1).describe('EPSG:32650, WKT or proj string');

const grid = z.union([
  z.strictObject({ like: file.describe('a layer, or a raster file, whose grid is taken') }),
  z.strictObject({
    crs,
    resolution: z.number().positive().describe('side of a cell, in units of the CRS'),
    bounds: z
      .tuple([z.number(), z.number(), z.number(), z.number()])
      .optional()
      .describe('west, south, east, north; where all layers overlap when absent'),
  }),
  z.strictObject({
    extent: z.literal('intersection').describe('where all layers overlap'),
    cell: z.enum(['coarsest', 'finest']).default('coarsest').describe('the layer whose cells are taken'),
    crs: crs.optional(),
  }),
]);

const source = z.union([
  z.looseObject({ model: z.string().describe('id of a model; its parameters stand beside it') }),
  z.strictObject({
    layer: z.string().describe('a layer that is the supply or the demand itself'),
    unit: z.string().optional(),
    normalise: z.enum(['minmax', 'none']).optional(),
  }),
]);

const service = z.strictObject({
  name: z.string().optional(),
  category: z.enum(['supporting', 'regulating', 'provisioning', 'cultural']).optional(),
  flow: serviceFlow.optional().describe('how the service reaches people; settings of its own stand beside mode'),
  unit: z.string().optional().describe('unit in which supply and demand of a cell are counted'),
  normalise: z
    .enum(['minmax', 'none'])
    .optional()
    .describe(
      'minmax: supply and demand are scaled to 0..1 over all years; beside a model or layer it is for that side',
    ),
  inputs: z.record(z.string(), z.string()).optional().describe('another layer for an input of the models'),
  supply: source,
  demand: source,
});

export const projectSchema = z.strictObject({
  name: z.string().min(1),
  grid: grid.default({ extent: 'intersection', cell: 'coarsest' }),
  area: file.optional().describe('polygons outside of which everything is nodata'),
  years: z.array(z.int()).min(1),
  layers: z.record(z.string(), layer),
  tables: z.record(z.string(), file.describe('CSV; {year} is replaced')).default({}),
  services: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/), service)
    .refine((services) => Object.keys(services).length > 0, 'at least one service'),
  zones: zones.optional().describe('places that flows go between and shares are counted in'),
  flow: flow.optional().describe('from where services are supplied to where they are used'),
  risk: risk.optional().describe('how supply and demand moved over a period, and what risk that is'),
  hotspots: hotspots.optional().describe('where composite supply, demand and their ratio gather'),
  bundles: bundles.optional().describe('places where services go together'),
  composite: z.strictObject({ weights: z.record(z.string(), z.number().min(0)).optional() }).optional(),
  output: z
    .strictObject({
      dir: z.string().default('out'),
      compression: z.enum(['deflate', 'zstd', 'none']).optional(),
      level: z.int().min(1).max(22).optional(),
    })
    .default({ dir: 'out' }),
});

export type Project = z.infer<typeof projectSchema>;
export type Layer = z.infer<typeof layer>;
export type Service = z.infer<typeof service>;

/** Sections whose settings all have defaults. */
export const STEP_SECTIONS: readonly string[] = ['flow', 'risk', 'hotspots', 'bundles'];

/** Sections of the project file that interface.md names and this version does not compute. */
export const LATER_SECTIONS = ['pattern', 'zoning'] as const;

/** JSON Schema of project files, for editors that complete and check while one types. */
export function projectJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(projectSchema, { io: 'input' });
}
