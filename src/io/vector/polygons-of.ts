/** The polygons of a layer, checked and brought to the CRS of a grid: what is rasterised and what areas are taken of. */

import type { Geometry } from 'geojson';
import { EcofluxError, locate, throwIfAborted } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { hasJump } from './antimeridian.ts';
import type { FeaturePolygons, Polygon, Position, Ring, VectorFeature, VectorLayer } from './layer.ts';
import { remarks } from './remarks.ts';
import { type Projector, type ProjectorOptions, projectorBetween } from './reproject.ts';
import { crossesItself } from './ring-crossings.ts';
import { closed } from './rings.ts';

export interface PolygonsOptions extends ProjectorOptions {
  /** A field by whose value errors and warnings name features, beside their number. */
  readonly idField?: string;
  /** Told what was mended, left out or is doubtful, in whole sentences that name the file. */
  readonly warn?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * One entry for each feature, in their order; with no polygons for a feature that has no geometry. Rings are closed; those that enclose
 * nothing are left out, with a warning; outlines that cross themselves stay, for the even-odd rule says what they enclose.
 * @throws EcofluxError InvalidInput for points and lines, coordinates that are no numbers, and places that the CRS does not show
 */
export async function polygonsOf(
  layer: VectorLayer,
  crs: Crs,
  options: PolygonsOptions = {},
): Promise<readonly FeaturePolygons[]> {
  const { file } = layer;
  const notes = remarks(file);
  const projector = await projectorBetween(layer.crs, crs, options).catch((error) => {
    throw locate(error, { file });
  });
  const found: FeaturePolygons[] = [];
  for (const [i, feature] of layer.features.entries()) {
    if (i % 256 === 0) throwIfAborted(options.signal);
    const place = nameOf(feature, i, options.idField);
    const note = (what: string) => notes.add(what, place);
    try {
      const polygons = feature.geometry ? flatten(feature.geometry) : [];
      const checked = polygons.map((polygon, k) =>
        check(polygon, polygons.length > 1 ? k : undefined, layer.crs, note),
      );
      const kept = checked.filter((polygon) => polygon.length > 0);
      const projected = kept.flatMap((polygon) => project(projector, polygon, layer.crs, crs, note));
      found.push({ feature, polygons: projected });
    } catch (error) {
      throw error instanceof Fault ? refused(file, place, error) : error;
    }
  }
  notes.tell(options.warn);
  return found;
}

function nameOf(feature: VectorFeature, i: number, idField: string | undefined): string {
  const id = idField === undefined ? undefined : feature.properties[idField];
  return id === undefined || id === null ? `feature ${i + 1}` : `feature ${i + 1} (${idField} ${id})`;
}

/** What is wrong with one feature; `where` within it. */
class Fault extends Error {
  readonly details: {
    readonly where?: string;
    readonly found?: string;
    readonly expected?: string;
    readonly fix?: string;
  };
  constructor(what: string, details: Fault['details']) {
    super(what);
    this.details = details;
  }
}

function refused(file: string, feature: string, { message, details }: Fault): EcofluxError {
  const { where, ...rest } = details;
  return new EcofluxError('InvalidInput', message, { file, place: where ? `${feature}, ${where}` : feature, ...rest });
}

function flatten(geometry: Geometry): Polygon[] {
  if (geometry.type === 'Polygon') return [geometry.coordinates as unknown as Polygon];
  if (geometry.type === 'MultiPolygon') return geometry.coordinates as unknown as Polygon[];
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(flatten);
  throw new Fault('only polygons have an area', {
    found: geometry.type,
    expected: 'Polygon or MultiPolygon',
    fix: 'leave the feature out, or draw a buffer around it',
  });
}

function whereIs(polygon: number | undefined, ring: number, vertex?: number): string {
  const parts = [polygon === undefined ? '' : `polygon ${polygon + 1}`, `ring ${ring + 1}`];
  if (vertex !== undefined) parts.push(`vertex ${vertex + 1}`);
  return parts.filter(Boolean).join(', ');
}

/** Closed rings; without those that enclose nothing, and none at all if that is the outline. */
function check(polygon: Polygon, number: number | undefined, crs: Crs, note: (what: string) => void): Polygon {
  const rings: Ring[] = [];
  for (const [r, ring] of polygon.entries()) {
    const bad = ring.findIndex(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y));
    if (bad >= 0)
      throw new Fault('a coordinate is not a finite number', {
        where: whereIs(number, r, bad),
        found: ring[bad].slice(0, 2).join(', '),
        fix: 'mend the geometry',
      });
    // A parallel around a pole is a line in degrees, and encloses the pole.
    const aroundGlobe = crs.kind === 'geographic' && hasJump(ring);
    if (!aroundGlobe && !enclosesSomething(ring)) {
      note(r === 0 ? 'polygons without area are left out' : 'holes without area are left out');
      if (r === 0) return [];
      continue;
    }
    rings.push(closed(ring));
  }
  const jumps = crs.kind === 'geographic' && rings.some(hasJump);
  if (!jumps && crossesItself(rings)) note('outlines that cross themselves enclose what the even-odd rule says');
  return rings;
}

/** Whether the vertices are not all on one line. */
function enclosesSomething(ring: Ring): boolean {
  if (ring.length < 3) return false;
  const [x0, y0] = ring[0];
  const other = ring.find(([x, y]) => x !== x0 || y !== y0);
  if (!other) return false;
  const [dx, dy] = [other[0] - x0, other[1] - y0];
  return ring.some(([x, y]) => dx * (y - y0) - dy * (x - x0) !== 0);
}

function project(
  projector: Projector,
  polygon: Polygon,
  from: Crs,
  to: Crs,
  note: (what: string) => void,
): readonly Polygon[] {
  const found = projector.project(polygon, () =>
    note('edges of more than 180 degrees of longitude are taken the short way, across the antimeridian'),
  );
  if (!('what' in found)) return found;
  const { what, ring, vertex } = found;
  const position: Position | undefined = ring === undefined || vertex === undefined ? undefined : polygon[ring][vertex];
  throw new Fault(`the polygon cannot be brought to ${to.name}: ${what}`, {
    where: ring === undefined ? undefined : whereIs(undefined, ring, vertex),
    found: position && `${position[0]}, ${position[1]} in ${from.name}`,
    fix: 'check the coordinates and their CRS, or cut the polygon to the surroundings of the study area',
  });
}
