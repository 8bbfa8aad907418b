/** Coordinate reference systems: reading what they are, and taking coordinates from one to another. */
export { equalGrids } from './equal-grids.ts';
export { parseCrs } from './parse-crs.ts';
export { projectionOf } from './projection.ts';
export { equalCrs, type Transform, transformBetween, transformOf } from './transform.ts';
