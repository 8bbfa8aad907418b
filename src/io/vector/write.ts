/** Layers as files that QGIS opens. */
import type { OutputTarget } from '../output.ts';
import { type GeoJsonOptions, writeGeoJson } from './geojson-writer.ts';
import { type GeoPackageOptions, writeGeoPackage } from './geopackage-writer.ts';
import type { VectorLayer } from './layer.ts';

export type VectorFormat = 'geojson' | 'gpkg';

export function writeVector(
  target: OutputTarget,
  layer: VectorLayer,
  format: VectorFormat,
  options: GeoJsonOptions & GeoPackageOptions = {},
): Promise<void> {
  return format === 'geojson' ? writeGeoJson(layer, target, options) : writeGeoPackage(layer, target, options);
}
