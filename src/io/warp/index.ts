/** Bringing a raster to another grid, in whatever coordinate reference system. */
export { affineWarp, type WarpOptions, warpBetween } from './plan-warp.ts';
export { describeWarp, runsOnDevice, type Warp } from './warp.ts';
export { heldWindow, warpInput, warpPlane } from './warp-plane.ts';
