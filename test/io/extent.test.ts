/** Rectangles in other CRSs, what they share, and the whole cells inside. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bounds } from '../../src/core/grid.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { extentIn, gridInside, intersectionOf } from '../../src/io/extent.ts';

const utm = await parseCrs('EPSG:32650');
const degrees = await parseCrs('EPSG:4326');

test('the extent in another CRS holds every place of the rectangle, and hardly more', async () => {
  const extent = { west: 300_000, south: 3_300_000, east: 700_000, north: 3_600_000 };
  const image = (await extentIn(extent, utm, degrees))!;
  const { forward } = await transformBetween(utm, degrees);
  const places = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
  const slack = 1e-4; // between two places of the outline the curve may bulge
  fc.assert(
    fc.property(places, ([a, b]) => {
      const [x, y] = forward(300_000 + 400_000 * a, 3_300_000 + 300_000 * b)!;
      expect(x).toBeGreaterThan(image.west - slack);
      expect(x).toBeLessThan(image.east + slack);
      expect(y).toBeGreaterThan(image.south - slack);
      expect(y).toBeLessThan(image.north + slack);
    }),
  );
  // The corners in the north are the farthest from the central meridian; the middle of the northern side is the northernmost.
  expect(image.west).toBeCloseTo(forward(300_000, 3_600_000)![0], 6);
  expect(image.north).toBeCloseTo(forward(500_000, 3_600_000)![1], 6);
});

test('what rectangles share, or nothing', () => {
  const a = { west: 0, south: 0, east: 10, north: 10 };
  expect(intersectionOf([a, { west: 4, south: -5, east: 20, north: 6 }])).toEqual({
    west: 4,
    south: 0,
    east: 10,
    north: 6,
  });
  expect(intersectionOf([a, { west: 10, south: 0, east: 20, north: 10 }])).toBeUndefined();
});

test('whole cells on the lines of another grid', () => {
  const like = { west: 5, north: 100, cellWidth: 10, cellHeight: 20, crs: utm };
  const grid = gridInside({ west: 14, south: 21, east: 46, north: 79.999 }, like)!;
  expect(bounds(grid)).toEqual({ west: 15, south: 40, east: 45, north: 80 });
  expect([grid.width, grid.height]).toEqual([3, 2]);
  expect(gridInside({ west: 14, south: 21, east: 24, north: 80 }, like)).toBeUndefined();
});
