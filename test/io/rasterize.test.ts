/** Polygons on a grid: cell for cell what GDAL burns, the same in every window, each cell of a partition in exactly one polygon. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Grid, Window } from '../../src/core/grid.ts';
import type { Polygon } from '../../src/io/vector/layer.ts';
import { rasterize } from '../../src/io/vector/rasterize.ts';
import { burn, type CellSpans, forEachSpan, spanCells, windowCover } from '../../src/io/vector/rasterize-spans.ts';
import { randomNumbers } from '../support/rasters.ts';
import { describeWithGdal, temporaryFolder } from './gdal.ts';

const SCRIPT = fileURLToPath(new URL('./rasterize-cases.py', import.meta.url));
const CRS = { kind: 'projected', name: 'WGS 84 / UTM zone 50N', epsg: 32650, metresPerUnit: 1 } as const;

function gridOf(width: number, height: number, cell: number): Grid {
  const [west, north] = cell === 1 ? [0, height] : [123.37 * cell, 4567.81 * cell];
  return { width, height, west, north, cellWidth: cell, cellHeight: cell, crs: CRS };
}

const whole = ({ width, height }: Grid): Window => ({ x: 0, y: 0, width, height });
const cellsOf = (spans: CellSpans, window: Window) => burn(spans, window, new Uint8Array(window.width * window.height));

/** Columns and rows of the grid to coordinates. */
function placed(rings: readonly (readonly [number, number])[][], { west, north, cellWidth }: Grid): Polygon {
  return rings.map((ring) => ring.map(([x, y]) => [west + x * cellWidth, north - y * cellWidth] as const));
}

/** A closed ring round a place, its corners at random distances, snapped to a lattice by `snap`; either way round. */
function star(
  random: () => number,
  [x, y, radius]: readonly [number, number, number],
  corners: number,
  snap: (place: number) => number,
): [number, number][] {
  const turn = random() < 0.5 ? 1 : -1;
  const ring = Array.from({ length: corners }, (_, i): [number, number] => {
    const angle = (turn * 2 * Math.PI * (i + 0.8 * random())) / corners;
    const reach = radius * (0.3 + 0.7 * random());
    return [snap(x + reach * Math.cos(angle)), snap(y + reach * Math.sin(angle))];
  });
  return [...ring, ring[0]];
}

/** One or two stars, some with a hole, some reaching beyond the grid. */
function randomPolygons(random: () => number, grid: Grid, snap: (place: number) => number): Polygon[] {
  return Array.from({ length: random() < 0.6 ? 1 : 2 }, () => {
    const place = [random() * grid.width, random() * grid.height] as const;
    const radius = 2 + 15 * random();
    const corners = 3 + Math.floor(random() * (random() < 0.2 ? 200 : 9));
    const rings = [star(random, [...place, radius], corners, snap)];
    if (random() < 0.4) rings.push(star(random, [...place, radius / 4], 3 + Math.floor(6 * random()), snap));
    return placed(rings, grid);
  });
}

/** Corners anywhere; on centres and borders of cells; on a quarter and a tenth of them; within a hundredth of a border. */
const SNAPS: Readonly<Record<string, (place: number, random: () => number) => number>> = {
  anywhere: (place) => place,
  'on centres and borders': (place) => Math.round(2 * place) / 2,
  'on quarters': (place) => Math.round(4 * place) / 4,
  'on tenths': (place) => Math.round(10 * place) / 10,
  'beside borders': (place, random) => Math.round(place) + 0.004 * (Math.round(6 * random()) - 3),
};

describeWithGdal('polygons burnt as GDAL burns them', () => {
  const folder = temporaryFolder();

  function gdalBurns(cases: readonly { grid: Grid; polygons: readonly Polygon[] }[]): Uint8Array[][] {
    const [list, out] = [join(folder, 'cases.json'), join(folder, 'out.raw')];
    const written = cases.map(({ grid: { width, height, west, north, cellWidth, cellHeight }, polygons }) => {
      return { width, height, polygons, transform: [west, cellWidth, 0, north, 0, -cellHeight] };
    });
    writeFileSync(list, JSON.stringify(written));
    const run = spawnSync('/usr/bin/python3', [SCRIPT, list, out], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    const bytes = readFileSync(out);
    let at = 0;
    return cases.map(({ grid: { width, height } }) =>
      [0, 1].map((): Uint8Array => {
        at += width * height;
        return bytes.subarray(at - width * height, at);
      }),
    );
  }

  for (const [name, snap] of Object.entries(SNAPS)) {
    test.each([1, 30, 0.1])(`corners ${name}, cells of %s`, (cell) => {
      const random = randomNumbers(7 + cell);
      const cases = Array.from({ length: 250 }, () => {
        const grid = gridOf(20 + Math.floor(30 * random()), 20 + Math.floor(30 * random()), cell);
        return { grid, polygons: randomPolygons(random, grid, (place) => snap(place, random)) };
      });
      const expected = gdalBurns(cases);
      let burnt = 0;
      for (const [i, { grid, polygons }] of cases.entries()) {
        for (const allTouched of [false, true]) {
          const found = cellsOf(rasterize(polygons, grid, { allTouched }), whole(grid));
          const message = `case ${i}${allTouched ? ', all touched' : ''}`;
          expect(Buffer.compare(found, expected[i][allTouched ? 1 : 0]), message).toBe(0);
          burnt += found.reduce((sum, cell) => sum + cell, 0);
        }
      }
      expect(burnt).toBeGreaterThan(10_000);
    });
  }

  test('edges along centres, along borders, a hole in both, parts that overlap', () => {
    const grid = gridOf(12, 12, 1);
    const box = (west: number, north: number, east: number, south: number): [number, number][] => {
      const ring: [number, number][] = [
        [west, north],
        [east, north],
        [east, south],
        [west, south],
      ];
      return [...ring, ring[0]];
    };
    const back = (ring: [number, number][]) => [...ring].reverse();
    const shapes = [box(1.5, 1.5, 5.5, 5.5), box(1, 1, 5, 5), box(-3, -2.5, 20, 4.5), box(2.2, 3.2, 2.4, 3.4)];
    const cases = shapes.flatMap((ring) =>
      [ring, back(ring)].flatMap((outline) => [
        { grid, polygons: [placed([outline], grid)] },
        { grid, polygons: [placed([box(0, 0, 12, 12), outline], grid)] },
        { grid, polygons: [placed([outline], grid), placed([box(3, 3, 9, 9.5)], grid)] },
      ]),
    );
    const expected = gdalBurns(cases);
    for (const [i, { polygons }] of cases.entries()) {
      for (const allTouched of [false, true]) {
        const found = cellsOf(rasterize(polygons, grid, { allTouched }), whole(grid));
        expect([...found], `case ${i}, ${allTouched}`).toEqual([...expected[i][allTouched ? 1 : 0]]);
      }
    }
  });
});

describe('runs of cells', () => {
  const random = randomNumbers(3);
  const grid = gridOf(60, 45, 30);
  const polygons = randomPolygons(random, grid, (place) => place);

  test.each([false, true])('any window shows the same cells (all touched: %s)', (allTouched) => {
    const spans = rasterize(polygons, grid, { allTouched });
    const all = cellsOf(spans, whole(grid));
    expect(spanCells(spans)).toBe(all.reduce((sum, cell) => sum + cell, 0));
    for (let i = 0; i < 50; i++) {
      const [x, y] = [Math.floor(60 * random()) - 5, Math.floor(45 * random()) - 5];
      const window = { x, y, width: 1 + Math.floor(25 * random()), height: 1 + Math.floor(25 * random()) };
      const found = cellsOf(spans, window);
      const expected = Uint8Array.from(found, (_, k) => {
        const [column, row] = [x + (k % window.width), y + Math.floor(k / window.width)];
        const inside = column >= 0 && row >= 0 && column < 60 && row < 45;
        return inside ? all[row * 60 + column] : 0;
      });
      expect(found).toEqual(expected);
      const covered = expected.reduce((sum, cell) => sum + cell, 0);
      const cover = covered === 0 ? 'none' : covered === expected.length ? 'all' : 'some';
      expect(windowCover(spans, window)).toBe(cover);
    }
  });

  test('runs ascend and do not touch', () => {
    const spans = rasterize(polygons, grid, { allTouched: true });
    let before = { row: -1, to: -1 };
    forEachSpan(spans, whole(grid), (row, from, to) => {
      expect(from).toBeLessThan(to);
      if (row === before.row) expect(from).toBeGreaterThan(before.to);
      else expect(row).toBeGreaterThan(before.row);
      before = { row, to };
    });
  });

  test('no polygon, or one beyond the grid, covers no cell', () => {
    const beyond = placed(
      [
        [
          [70, 1],
          [90, 1],
          [90, 9],
          [70, 1],
        ],
      ],
      grid,
    );
    for (const none of [[], [beyond]]) {
      expect(spanCells(rasterize(none, grid, { allTouched: true }))).toBe(0);
      expect(windowCover(rasterize(none, grid), whole(grid))).toBe('none');
    }
  });

  test('every cell of a partition lies in exactly one polygon', () => {
    // Corners of a lattice moved about; its outer ones beyond the grid.
    const [columns, rows] = [9, 7];
    const corner = Array.from({ length: rows + 1 }, (_, j) =>
      Array.from({ length: columns + 1 }, (_, i): [number, number] => [
        (60 * (i - 1)) / (columns - 2) + (random() - 0.5) * 6,
        (45 * (j - 1)) / (rows - 2) + (random() - 0.5) * 6,
      ]),
    );
    const times = new Uint8Array(60 * 45);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        const [nw, ne, se, sw] = [corner[j][i], corner[j][i + 1], corner[j + 1][i + 1], corner[j + 1][i]];
        for (const ring of [
          [nw, ne, se],
          [sw, se, nw],
        ]) {
          forEachSpan(rasterize([placed([[...ring, ring[0]]], grid)], grid), whole(grid), (row, from, to) => {
            for (let column = from; column < to; column++) times[row * 60 + column]++;
          });
        }
      }
    }
    expect(times.every((time) => time === 1)).toBe(true);
  });

  test('a hundred thousand corners', () => {
    const large = gridOf(4096, 4096, 30);
    const coast = Array.from({ length: 100_000 }, (_, i): [number, number] => {
      const [angle, reach] = [(2 * Math.PI * i) / 100_000, 2000 + 3 * random()];
      return [2048 + reach * Math.cos(angle), 2048 + reach * Math.sin(angle)];
    });
    const start = performance.now();
    const spans = rasterize([placed([coast], large)], large);
    expect(performance.now() - start).toBeLessThan(3000); // some 50 ms: each edge is looked at once
    expect(spanCells(spans) / (Math.PI * 2001.5 ** 2)).toBeCloseTo(1, 3);
    expect(windowCover(spans, { x: 1500, y: 1500, width: 1000, height: 1000 })).toBe('all');
  });
});
