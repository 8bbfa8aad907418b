/** The study area of a project out of a vector file of any format. */
import { EcofluxError } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import type { Polygon } from './layer.ts';
import { type PolygonsOptions, polygonsOf } from './polygons-of.ts';
import { type ReadVectorOptions, readVector } from './read.ts';

export interface PolygonArea {
  /** They may overlap. */
  readonly polygons: readonly Polygon[];
}

/**
 * All polygons of a layer together, in the CRS of a grid. Features without a geometry are passed over.
 * @throws EcofluxError as `readVector` and `polygonsOf` do, and InvalidInput where there is no polygon
 */
export async function readArea(
  path: string,
  { crs, ...options }: ReadVectorOptions & PolygonsOptions & { readonly crs: Crs },
): Promise<PolygonArea> {
  const layer = await readVector(path, options);
  const polygons = (await polygonsOf(layer, crs, options)).flatMap((feature) => feature.polygons);
  if (polygons.length > 0) return { polygons };
  throw new EcofluxError('InvalidInput', 'there is no polygon in it', {
    file: layer.file,
    fix: 'give a file with polygons',
  });
}
