/** proj4 definitions as the objects that proj4 makes of them: what they do with coordinates, and the names of their projections. */
import { EcofluxError } from '../../core/errors.ts';
import { DEGREES_PER_UNIT } from './epsg.ts';

/** The part of a `proj4.Proj` that is used here. Angles in radians, lengths in metres. */
export interface System {
  readonly projName: string;
  readonly names: readonly string[];
  readonly a: number;
  readonly b: number;
  readonly lat0?: number;
  readonly lat1?: number;
  readonly lat2?: number;
  readonly lat_ts?: number;
  readonly long0?: number;
  readonly x0?: number;
  readonly y0?: number;
  readonly k0?: number;
  readonly axis: string;
  readonly to_meter?: number;
  readonly from_greenwich?: number;
  readonly datumCode?: string;
  readonly datum: { readonly datum_type: number; readonly datum_params?: readonly number[] };
  forward(point: { x: number; y: number }): { x: number; y: number } | undefined;
}

/** Constant of proj4 for a datum that lies elsewhere than WGS 84. */
const NOT_SHIFTED = 4;

export async function systemOf(definition: string, shown = definition): Promise<System> {
  const { default: proj4 } = await import('proj4');
  try {
    const system = new proj4.Proj(withDefaults(definition)) as unknown as System;
    // The order of the axes in a definition is not the order of a raster's coordinates; south and west are directions, though.
    return Object.assign(system, { axis: system.axis === 'wsu' ? 'wsu' : 'enu' });
  } catch (cause) {
    throw new EcofluxError('InvalidInput', 'this coordinate reference system cannot be used', {
      found: shorten(shown),
      expected: 'a projection that proj4 knows',
      fix: 'give an EPSG code, or another definition of it',
      cause,
    });
  }
}

/** Origins that a proj string leaves out are 0; proj4 takes some of them for NaN. */
function withDefaults(definition: string): string {
  if (!/^\s*\+/.test(definition) || /\+proj=(longlat|latlong|utm)\b/.test(definition)) return definition;
  const missing = ['lat_0', 'lon_0', 'x_0', 'y_0'].filter((name) => !definition.includes(`+${name}=`));
  return [definition.trim(), ...missing.map((name) => `+${name}=0`)].join(' ');
}

export function isGeographic(system: System): boolean {
  return system.projName === 'longlat' || system.names.includes('longlat');
}

/** Name of the projection as proj strings have it. */
export function projectionName(system: System): string {
  return PROJECTIONS.find((name) => system.projName === name || system.names.includes(name)) ?? String(system.projName);
}

const PROJECTIONS = ['longlat', 'utm', 'tmerc', 'lcc', 'aea', 'laea', 'merc', 'stere', 'sterea', 'cea', 'sinu', 'eqc'];

/** Degrees of a unit of geographic coordinates. */
export function degreesPerUnit(system: System): number {
  return Number((system as unknown as Record<string, unknown>)[DEGREES_PER_UNIT] ?? 1);
}

/** Parameters of the shift to WGS 84, rotations in radians, scale as a factor; empty where there is none that proj4 could apply. */
export function shiftOf({ datum }: System): readonly number[] {
  return datum.datum_type < NOT_SHIFTED ? (datum.datum_params ?? []) : [];
}

export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
