/** Tilings cover the grid once, in row-major order; windows grow and meet. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grow, intersect, tileAt, tilesOf, tilesUnder, tilingOf } from '../../src/core/tiles.ts';

const sizes = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) });
const edge = fc.integer({ min: 1, max: 50 });
const anywhere = fc.record({
  x: fc.integer({ min: -60, max: 60 }),
  y: fc.integer({ min: -60, max: 60 }),
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
});

describe('tilingOf', () => {
  test('cuts the last column and row short', () => {
    const tiling = tilingOf({ width: 10, height: 5 }, 4);
    expect(tiling).toMatchObject({ columns: 3, rows: 2, count: 6 });
    expect(tileAt(tiling, 0)).toEqual({ index: 0, x: 0, y: 0, width: 4, height: 4 });
    expect(tileAt(tiling, 5)).toEqual({ index: 5, x: 8, y: 4, width: 2, height: 1 });
  });

  test('cuts nothing short where the edges divide the grid', () => {
    expect([...tilesOf(tilingOf({ width: 8, height: 4 }, 4))].map(({ width, height }) => [width, height])).toEqual([
      [4, 4],
      [4, 4],
    ]);
  });

  test('makes strips', () => {
    expect(tilingOf({ width: 100, height: 7 }, 100, 2)).toMatchObject({ columns: 1, rows: 4, tileHeight: 2 });
  });

  test('a tile larger than the grid is the grid', () => {
    expect([...tilesOf(tilingOf({ width: 3, height: 2 }, 4096))]).toEqual([
      { index: 0, x: 0, y: 0, width: 3, height: 2 },
    ]);
  });

  test('every cell lies in exactly one tile', () => {
    fc.assert(
      fc.property(sizes, edge, edge, (size, tileWidth, tileHeight) => {
        const seen = new Uint8Array(size.width * size.height);
        for (const { x, y, width, height } of tilesOf(tilingOf(size, tileWidth, tileHeight)))
          for (let row = y; row < y + height; row++)
            for (let column = x; column < x + width; column++) seen[row * size.width + column]++;
        expect(seen.every((times) => times === 1)).toBe(true);
      }),
    );
  });
});

describe('windows', () => {
  test('grow beyond the grid on every side', () => {
    expect(grow({ x: 0, y: 3, width: 2, height: 1 }, 2)).toEqual({ x: -2, y: 1, width: 6, height: 5 });
    expect(grow({ x: 1, y: 1, width: 2, height: 2 }, 0)).toEqual({ x: 1, y: 1, width: 2, height: 2 });
  });

  test('that only touch share nothing', () => {
    expect(intersect({ x: 0, y: 0, width: 2, height: 2 }, { x: 2, y: 0, width: 2, height: 2 })).toBeUndefined();
    expect(intersect({ x: 0, y: 0, width: 2, height: 2 }, { x: 1, y: 1, width: 5, height: 1 })).toEqual({
      x: 1,
      y: 1,
      width: 1,
      height: 1,
    });
  });

  test('share the same whichever comes first', () => {
    fc.assert(
      fc.property(anywhere, anywhere, (a, b) => {
        expect(intersect(a, b)).toEqual(intersect(b, a));
      }),
    );
  });

  test('touch the tiles that they share cells with', () => {
    fc.assert(
      fc.property(sizes, edge, edge, anywhere, (size, tileWidth, tileHeight, window) => {
        const tiling = tilingOf(size, tileWidth, tileHeight);
        const expected = [...tilesOf(tiling)].filter((tile) => intersect(window, tile)).map(({ index }) => index);
        expect(tilesUnder(tiling, window)).toEqual(expected);
      }),
    );
  });
});
