/** A threat to habitat, and the maps on which it is looked for. */

export interface Threat {
  readonly name: string;
  /** Beyond it the threat degrades nothing, metres. */
  readonly maxDistance: number;
  readonly weight: number;
  readonly decay: 'linear' | 'exponential';
  /** Where it is: cells of a raster that are neither nodata nor 0, the same of a raster of whole numbers (`codes`), or classes of the land cover. */
  readonly of: 'raster' | 'codes' | 'classes';
}

/** Current, future and baseline, as InVEST marks their files. */
export type HabitatMap = 'c' | 'f';

/** For descriptions. */
export const TIMES: Readonly<Record<HabitatMap, string>> = { c: '', f: ', future' };
export const SHARE = [0, 1] as const;
