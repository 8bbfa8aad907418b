/** A vector layer in memory: features with geometries as GeoJSON has them (x = east, y = north, in the CRS of the layer) and typed attributes. */
import type { Geometry } from 'geojson';
import type { Crs } from '../../core/grid.ts';

export type FieldType = 'integer' | 'real' | 'text' | 'boolean';
export type FieldValue = string | number | boolean | null;

export interface VectorField {
  readonly name: string;
  readonly type: FieldType;
}

export interface VectorFeature {
  /** As the file numbers it, else from 1. */
  readonly fid: number;
  /** Undefined where the feature has none, or an empty one. */
  readonly geometry: Geometry | undefined;
  readonly properties: Readonly<Record<string, FieldValue>>;
}

export interface VectorLayer {
  /** As the user named it; opens every error message. */
  readonly file: string;
  readonly name: string;
  readonly crs: Crs;
  readonly fields: readonly VectorField[];
  readonly features: readonly VectorFeature[];
}

export type Position = readonly [number, number, ...number[]];
/** First and last position are the same, or are taken as joined. */
export type Ring = readonly Position[];
/** An outline and its holes: what the rings enclose by the even-odd rule. */
export type Polygon = readonly Ring[];

/** The polygons of one feature, checked, in the CRS of a grid. */
export interface FeaturePolygons {
  readonly feature: VectorFeature;
  /** None where the feature has no geometry. */
  readonly polygons: readonly Polygon[];
}
