/** Rasters of codes that routing makes, wherever it is part of a model. */
import type { OutputSpec } from '../../core/model.ts';

export const STREAM = {
  about: '1 on streams, 0 elsewhere',
  unit: '1',
  classes: true,
  classNames: { 0: 'land', 1: 'stream' },
  colours: { 0: [236, 236, 230], 1: [38, 110, 190] },
  uniform: {
    0: 'no cell is a stream, so that what depends on streams is nodata everywhere; a smaller threshold gives some',
    1: 'every cell is a stream, so that no land is left to drain into one; a larger threshold leaves some',
  },
} as const satisfies OutputSpec;

/** Codes of the eight directions, counted against the clock; opposite ones have opposite colours. */
export const D8 = {
  about: 'flow direction: to which neighbour the water goes',
  classNames: {
    0: 'east',
    1: 'north-east',
    2: 'north',
    3: 'north-west',
    4: 'west',
    5: 'south-west',
    6: 'south',
    7: 'south-east',
  },
  colours: {
    0: [217, 95, 95],
    1: [217, 156, 80],
    2: [201, 201, 80],
    3: [122, 190, 90],
    4: [80, 190, 180],
    5: [90, 145, 215],
    6: [115, 100, 205],
    7: [200, 100, 180],
  },
} as const satisfies Partial<OutputSpec>;

export const DRAINS = {
  about: '1 where water reaches a stream, 0 where it leaves the grid before',
  unit: '1',
  classes: true,
  intermediate: true,
  classNames: { 0: 'leaves', 1: 'drains' },
} as const satisfies OutputSpec;

/** As it was asked for: codes of D8, or shares of MFD. */
export const FLOW_DIRECTION = {
  about: 'flow direction: D8 0 to 7 from east; MFD eight shares of four bits',
  unit: '1',
  classes: true,
} as const satisfies OutputSpec;

export const SHARES = {
  about: 'parts of the flow, four bits for each direction',
  unit: '1',
  classes: true,
  intermediate: true,
} as const satisfies OutputSpec;

export const REACH = {
  about: 'accumulation against the threshold, 3 above it',
  unit: '1',
  classes: true,
  intermediate: true,
  largestCode: 3,
} as const satisfies OutputSpec;
