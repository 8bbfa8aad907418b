/** Polygons with a number each: the watersheds of an argument, in their own CRS for the results and in that of the grid for the cells. */
import { EcofluxError } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import type { Extent } from '../../io/extent.ts';
import type { FeaturePolygons, VectorLayer } from '../../io/vector/layer.ts';
import { polygonsOf } from '../../io/vector/polygons-of.ts';
import { readVector } from '../../io/vector/read.ts';
import type { Platform } from '../platform.ts';

export interface Zones {
  readonly layer: VectorLayer;
  /** The field with the numbers, as the layer spells it; where the polygons need none, there is none. */
  readonly id?: string;
  /** One for each feature of the layer, in its order; none without a CRS to bring them to. */
  readonly features: readonly FeaturePolygons[];
  /** What was changed or left out, for the log. */
  readonly notes: readonly string[];
}

/** @throws EcofluxError InvalidInput for a layer without the field, for numbers that are none or are there twice, for what is no polygon */
export async function readZones(
  path: string,
  id: string | undefined,
  platform: Platform,
  crs: Crs | undefined,
): Promise<Zones> {
  const notes: string[] = [];
  const warn = (text: string) => notes.push(text);
  const layer = await readVector(path, { openSource: platform.openSource, warn });
  if (layer.features.length === 0)
    throw new EcofluxError('InvalidInput', 'the layer has no features', { file: path, expected: 'polygons' });
  const field = layer.fields.find(({ name }) => name.toLowerCase() === id);
  if (!field && id !== undefined)
    throw new EcofluxError('InvalidInput', `the layer has no field '${id}'`, {
      file: path,
      found: layer.fields.map(({ name }) => name).join(', ') || 'no fields',
      fix: `add ${id}, a different whole number for each polygon`,
    });
  if (field) checkNumbers(layer, field.name);
  const features = crs === undefined ? [] : await polygonsOf(layer, crs, { warn, idField: field?.name });
  return { layer, id: field?.name, features, notes };
}

function checkNumbers({ file, features }: VectorLayer, id: string): void {
  const seen = new Map<number, number>();
  for (const { fid, properties } of features) {
    const value = properties[id];
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number))
      throw new EcofluxError('InvalidInput', `${id} is no whole number`, {
        file,
        place: `feature ${fid}`,
        found: value === null || value === '' ? 'nothing' : JSON.stringify(value),
        fix: 'give each polygon a whole number of its own',
      });
    if (seen.has(number))
      throw new EcofluxError('InvalidInput', `${id} ${number} stands there twice`, {
        file,
        place: `features ${seen.get(number)} and ${fid}`,
        fix: 'give each polygon a number of its own, or make the parts one multipolygon',
      });
    seen.set(number, fid);
  }
}

/** The rectangle around all polygons; undefined where there is none. */
export function extentOf({ features }: Pick<Zones, 'features'>): Extent | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { polygons } of features)
    for (const ring of polygons.flat())
      for (const [x, y] of ring) {
        [west, east] = [Math.min(west, x), Math.max(east, x)];
        [south, north] = [Math.min(south, y), Math.max(north, y)];
      }
  return west <= east ? { west, south, east, north } : undefined;
}
