/** Grids: areas and bounds, when two are the same, and how they read. */
import { describe, expect, test } from 'vitest';
import {
  bounds,
  type Crs,
  cellArea,
  cellCount,
  describeGrid,
  type Grid,
  sameCrs,
  sameGrid,
} from '../../src/core/grid.ts';

const utm: Crs = { kind: 'projected', name: 'WGS 84 / UTM zone 50N', epsg: 32650, metresPerUnit: 1 };
const grid: Grid = { width: 100, height: 50, west: 500_000, north: 3_500_000, cellWidth: 30, cellHeight: 20, crs: utm };

describe('a grid', () => {
  test('has cells, an area and bounds', () => {
    expect([cellCount(grid), cellArea(grid)]).toEqual([5000, 600]);
    expect(bounds(grid)).toEqual({ west: 500_000, east: 503_000, north: 3_500_000, south: 3_499_000 });
  });

  test('in feet has its area in metres', () => {
    const feet: Crs = { kind: 'projected', name: 'State plane', metresPerUnit: 0.3048 };
    expect(cellArea({ ...grid, cellWidth: 100, cellHeight: 100, crs: feet })).toBeCloseTo(929.0304, 6);
  });

  test('reads as a sentence with size, cells, CRS and bounds', () => {
    expect(describeGrid(grid)).toBe(
      '100 × 50 cells of 30 × 20, WGS 84 / UTM zone 50N, x 500000..503000, y 3499000..3500000',
    );
    expect(describeGrid({ ...grid, cellHeight: 30 })).toContain('cells of 30, ');
  });
});

describe('sameGrid', () => {
  test('to a thousandth of a cell, at the far edge too', () => {
    expect(sameGrid(grid, { ...grid, west: grid.west + 0.029 })).toBe(true);
    expect(sameGrid(grid, { ...grid, west: grid.west + 0.031 })).toBe(false);
    expect(sameGrid(grid, { ...grid, north: grid.north - 0.021 })).toBe(false);
    // A tenth of a millimetre a cell is 10 mm at the end of a hundred: within 30 mm; a millimetre is not.
    expect(sameGrid(grid, { ...grid, cellWidth: 30.0001 })).toBe(true);
    expect(sameGrid(grid, { ...grid, cellWidth: 30.001 })).toBe(false);
  });

  test('other sizes and other systems are others', () => {
    expect(sameGrid(grid, { ...grid, width: 101 })).toBe(false);
    expect(sameGrid(grid, { ...grid, height: 49 })).toBe(false);
    expect(sameGrid(grid, { ...grid, crs: { ...utm, epsg: 32649 } })).toBe(false);
  });
});

describe('sameCrs', () => {
  const keys = { directory: [1, 1, 0, 0], doubles: [1.5], ascii: 'x|' };
  const own: Crs = { kind: 'projected', name: 'own', geoKeys: keys };

  test('by code where both have one, whatever they are called', () => {
    expect(sameCrs(utm, { ...utm, name: 'EPSG:32650' })).toBe(true);
    expect(sameCrs(utm, { ...utm, epsg: 4326 })).toBe(false);
  });

  test('by keys where there is no code', () => {
    expect(sameCrs(own, { ...own, name: 'another name' })).toBe(true);
    expect(sameCrs(own, { ...own, geoKeys: { ...keys, doubles: [1.6] } })).toBe(false);
  });

  test('by kind and name where there is neither', () => {
    const bare: Crs = { kind: 'unknown', name: 'none' };
    expect(sameCrs(bare, { ...bare })).toBe(true);
    expect(sameCrs(bare, { ...bare, kind: 'geographic' })).toBe(false);
  });
});
