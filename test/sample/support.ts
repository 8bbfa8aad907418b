/** Readings of a sample region that several tests take. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { SampleLayer, SampleRegion } from '../../src/sample/region.ts';

export function layerOf(region: SampleRegion, name: string, year?: number): SampleLayer {
  const layer = region.layers.find((other) => other.name === name && other.year === year);
  if (!layer) throw new Error(`the region has no layer ${name} ${year ?? ''}`);
  return layer;
}

export function isHole(layer: SampleLayer, i: number): boolean {
  return layer.cells[i] === (layer.kind === 'classes' ? NODATA_CODE : NODATA);
}

/** Smallest, largest and sum over the cells that hold a value. */
export function summary(layer: SampleLayer): { count: number; min: number; max: number; sum: number; nan: number } {
  const result = { count: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sum: 0, nan: 0 };
  for (let i = 0; i < layer.cells.length; i++) {
    const value = layer.cells[i];
    if (!Number.isFinite(value)) result.nan++;
    if (isHole(layer, i)) continue;
    result.count++;
    result.min = Math.min(result.min, value);
    result.max = Math.max(result.max, value);
    result.sum += value;
  }
  return result;
}

export function classShare(layer: SampleLayer, code: number): number {
  let count = 0;
  let all = 0;
  for (let i = 0; i < layer.cells.length; i++) {
    if (isHole(layer, i)) continue;
    all++;
    if (layer.cells[i] === code) count++;
  }
  return count / all;
}

/** FNV-1a over the bytes of every layer and text. */
export function fingerprint(region: SampleRegion): string {
  let h = 0x811c9dc5;
  const eat = (bytes: Uint8Array) => {
    for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
  };
  for (const { name, year, cells } of region.layers) {
    eat(new TextEncoder().encode(`${name}${year ?? ''}`));
    eat(new Uint8Array(cells.buffer));
  }
  for (const [name, text] of Object.entries(region.texts)) eat(new TextEncoder().encode(name + text));
  return (h >>> 0).toString(16);
}

export interface ReadFeature {
  readonly properties: Record<string, number | string>;
  readonly geometry: { readonly type: string; readonly coordinates: never };
}

export function featuresOf(region: SampleRegion, file: string): ReadFeature[] {
  return JSON.parse(region.texts[file]).features;
}

/** How many polygons' interiors hold each cell centre, by the even-odd rule over all rings, independent of how they were traced. */
export function coverCount(
  region: SampleRegion,
  features: readonly ReadFeature[],
  each?: (feature: number, i: number) => void,
): Uint8Array {
  const { width, height, west, north, cellWidth, cellHeight } = region.grid;
  const count = new Uint8Array(width * height);
  features.forEach(({ geometry }, feature) => {
    const polygons: number[][][][] = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const rings = polygons.flat();
    for (let row = 0; row < height; row++) {
      const y = north - (row + 0.5) * cellHeight;
      const crossings: number[] = [];
      for (const ring of rings) {
        for (let k = 0; k + 1 < ring.length; k++) {
          const [ax, ay] = ring[k];
          const [bx, by] = ring[k + 1];
          if (ay > y !== by > y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
        }
      }
      crossings.sort((a, b) => a - b);
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        for (let column = 0; column < width; column++) {
          const x = west + (column + 0.5) * cellWidth;
          if (x < crossings[k] || x >= crossings[k + 1]) continue;
          count[row * width + column]++;
          each?.(feature, row * width + column);
        }
      }
    }
  });
  return count;
}
