/** The models: one line each. Parity and tiling tests, the command line and the reference docs loop over them. */
export { entry as annual_water_yield } from './annual_water_yield/reference.ts';
export { entry as balance } from './balance/reference.ts';
export { entry as carbon } from './carbon/reference.ts';
export { entry as composite } from './composite/reference.ts';
export { entry as per_capita } from './per_capita/reference.ts';
export { entry as per_cell } from './per_cell/reference.ts';
export { entry as slope } from './slope/reference.ts';
export { entry as statistics } from './statistics/reference.ts';
