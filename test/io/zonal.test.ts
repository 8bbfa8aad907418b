/** Zonal statistics against GDAL masks and numpy; to the bit the same whatever the tiles, the workers and the memory. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { inlinePool } from '../../src/core/tasks.ts';
import { tilingOf } from '../../src/core/tiles.ts';
import { TASKS } from '../../src/engine/all-tasks.ts';
import type { Polygon } from '../../src/io/vector/layer.ts';
import { type ZonalRequest, type ZoneStatistics, zonalStatistics } from '../../src/io/zonal/statistics.ts';
import { zoneCells } from '../../src/io/zonal/zone-cells.ts';
import { zoneTiles } from '../../src/io/zonal/zone-tiles.ts';
import { fileSource } from '../../src/node/files.ts';
import { threadPool } from '../../src/node/worker-pool.ts';
import { randomNumbers } from '../support/rasters.ts';
import { describeWithGdal, temporaryFolder } from './gdal.ts';
import { gridOf } from './rasters.ts';

const SCRIPT = fileURLToPath(new URL('./zonal-cases.py', import.meta.url));
const RASTERS = ['float32', 'float64', 'int32', 'classes', 'scaled'];
const QUANTILES = [0, 0.1, 1 / 3, 0.5, 0.9, 1];
const GRID = gridOf(150, 110);

/** Stars that overlap, some with a hole, some reaching beyond the grid. */
function zones(): Polygon[][] {
  const random = randomNumbers(5);
  const star = (x: number, y: number, radius: number) => {
    const ring = Array.from({ length: 11 }, (_, i) => {
      const [angle, reach] = [(i / 11) * 2 * Math.PI, radius * (0.5 + 0.5 * random())];
      return [GRID.west + 30 * (x + reach * Math.cos(angle)), GRID.north - 30 * (y + reach * Math.sin(angle))] as const;
    });
    return [...ring, ring[0]];
  };
  return Array.from({ length: 12 }, () => {
    const [x, y, radius] = [150 * random(), 110 * random(), 4 + 50 * random()];
    return [random() < 0.5 ? [star(x, y, radius)] : [star(x, y, radius), star(x, y, radius / 4)]];
  });
}

describeWithGdal('zonal statistics', () => {
  const folder = temporaryFolder();
  const workers = threadPool({ size: 2 });
  afterAll(() => workers.close());
  const inline = inlinePool(TASKS, { openSource: fileSource });
  const file = (name: string) => join(folder, `${name}.tif`);
  const source = (name: string) => ({ file: file(name), mapping: { type: 'f32' } as const });

  const polygons = zones();
  const cells = zoneCells(
    polygons.map((each) => ({ polygons: each })),
    GRID,
  );
  const given = {
    width: GRID.width,
    height: GRID.height,
    transform: [GRID.west, 30, 0, GRID.north, 0, -30],
    zones: polygons,
    quantiles: QUANTILES,
  };
  writeFileSync(join(folder, 'zones.json'), JSON.stringify(given));
  const run = spawnSync('/usr/bin/python3', [SCRIPT, folder], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(run.stderr);
  const expected = JSON.parse(run.stdout);

  // biome-ignore lint/suspicious/noExplicitAny: what the script prints
  function compare(found: ZoneStatistics, oracle: any, where: string): void {
    const { std, quantiles, classes, ...exact } = oracle;
    expect(found, where).toMatchObject(classes || oracle.count === 0 ? exact : { ...exact, majority: undefined });
    if (oracle.count === 0) {
      for (const name of ['sum', 'mean', 'std', 'min', 'max', 'quantiles', 'majority'] as const)
        expect(found[name], `${where} ${name}`).toBeUndefined();
      return;
    }
    expect(Math.abs(found.std! - std), `${where} std`).toBeLessThanOrEqual(1e-15 * std);
    expect(found.quantiles, `${where} quantiles`).toEqual(quantiles);
    expect(found.area).toBe(900 * found.count);
    if (classes) expect([...found.classes!], where).toEqual(classes);
  }

  test.each(RASTERS)('of %s by polygons and by codes', async (name) => {
    const classes = name === 'classes';
    const request = { grid: GRID, sources: [source(name)], quantiles: QUANTILES, classes, pool: inline };
    const [byPolygon] = await zonalStatistics({ ...request, zones: cells });
    expect(byPolygon.length).toBe(12);
    const strip = (oracle: object) => (classes ? oracle : { ...oracle, classes: null });
    for (const [i, found] of byPolygon.entries())
      compare(found, strip(expected.polygons[name][i]), `${name}, zone ${i}`);
    const [byCode] = await zonalStatistics({ ...request, zones: source('codes') });
    expect(byCode.length).toBe(expected.codes[name].length);
    for (const [i, found] of byCode.entries()) compare(found, strip(expected.codes[name][i]), `${name}, code ${i}`);
  });

  test('the masks hold something, and one zone has no valid cell', () => {
    const counts = expected.polygons.float32.map(({ count }: { count: number }) => count);
    expect(Math.max(...counts)).toBeGreaterThan(2000);
    expect(Math.min(...counts)).toBe(0);
    // Added up in float64 as they come, the large numbers swallow the small ones.
    expect(expected.naive).not.toEqual(expected.polygons.float64.map(({ sum }: { sum?: number }) => sum ?? 0));
  });

  test('to the bit the same on any tiles, workers and memory', async () => {
    const request: ZonalRequest = {
      grid: GRID,
      zones: cells,
      sources: ['float32', 'float64', 'int32'].map(source),
      quantiles: QUANTILES,
      pool: inline,
    };
    const reference = await zonalStatistics(request);
    for (const more of [
      { tile: 7 },
      { tile: 37, pool: workers },
      { tile: { width: 150, height: 9 }, memory: 16 * 3000, pool: workers }, // several batches
      { tile: 32, memory: 16 * 100 }, // zones that are narrowed down
      { memory: 1, tile: 64 },
    ])
      expect(await zonalStatistics({ ...request, ...more }), JSON.stringify({ ...more, pool: '' })).toEqual(reference);
    const codes = { ...request, zones: source('codes') };
    const byCode = await zonalStatistics(codes);
    expect(await zonalStatistics({ ...codes, tile: 13, memory: 16 * 700, pool: workers })).toEqual(byCode);
  });

  test('several rasters at once are each as by itself', async () => {
    const request = { grid: GRID, zones: cells, quantiles: [0.5], pool: inline };
    const together = await zonalStatistics({ ...request, sources: RASTERS.map(source) });
    for (const [i, name] of RASTERS.entries())
      expect(await zonalStatistics({ ...request, sources: [source(name)] })).toEqual([together[i]]);
  });

  test('tiles without a zone are not read', async () => {
    const windows: unknown[] = [];
    const pool = {
      ...inline,
      run: (task: string, input: { window?: unknown }) => {
        if (task === 'zonal_tile') windows.push(input.window);
        return inline.run(task, input);
      },
    } as typeof inline;
    const corner = zoneCells([{ polygons: [box(101.2, 70.2, 108.9, 75.9)] }], GRID);
    await zonalStatistics({ grid: GRID, zones: corner, sources: [source('int32')], pool, tile: 50 });
    expect(windows).toEqual([{ x: 101, y: 70, width: 8, height: 6 }]);
  });

  test('a tile may hold more zones than a call has arguments', () => {
    const [tile, ...others] = zoneTiles(tilingOf(GRID, 1024), new Array(200_000).fill(cells[0]));
    expect(others).toEqual([]);
    expect(tile.zones).toHaveLength(200_000);
    expect(tile.window).toEqual(cells[0].bounds);
  });

  test('small, empty and far zones', async () => {
    const features = [
      [box(60.6, 40.6, 60.9, 40.9)], // no centre: its cell
      [box(60.6, 40.6, 61.4, 42.4)], // two by three cells
      [box(-20, 40, -10, 50)],
      [],
      // Beside the grid, though the rectangle around it reaches in.
      [
        [
          ring([
            [-30, -30],
            [400, -30],
            [400, -20],
            [-20, -20],
            [-20, 200],
            [-30, 200],
          ]),
        ],
      ],
      [box(2, 2, 10, 10)], // nodata only
    ].map((each) => ({ polygons: each }));
    const [found] = await zonalStatistics({
      grid: GRID,
      zones: zoneCells(features, GRID),
      sources: [source('float32')],
      quantiles: [0.5],
      classes: false,
      pool: inline,
    });
    expect(found.map(({ count, nodata }) => count + nodata)).toEqual([1, 6, 0, 0, 0, 64]);
    for (const zone of [2, 3, 4, 5]) {
      const { count, sum, mean, std, min, max, quantiles, majority } = found[zone];
      expect(count).toBe(0);
      expect([sum, mean, std, min, max, quantiles, majority].every((value) => value === undefined)).toBe(true);
    }
  });

  test('refuses what has no answer', async () => {
    const request = { grid: GRID, zones: cells, pool: inline };
    await expect(zonalStatistics({ ...request, sources: [source('float32')], classes: true })).rejects.toThrow(
      /majority and class shares need a raster of class codes \(found -?[\d.]+, expected whole numbers\)/,
    );
    await expect(zonalStatistics({ ...request, zones: source('float32'), sources: [source('int32')] })).rejects.toThrow(
      /float32.tif, row \d+, column \d+: a zone raster holds whole numbers/,
    );
    const controller = new AbortController();
    controller.abort();
    await expect(
      zonalStatistics({ ...request, sources: [source('int32')], signal: controller.signal }),
    ).rejects.toThrow(/interrupted/);
  });

  function ring(places: readonly (readonly [number, number])[]): [number, number][] {
    return places.map(([x, y]) => [GRID.west + 30 * x, GRID.north - 30 * y]);
  }

  function box(west: number, north: number, east: number, south: number): Polygon {
    return [
      ring([
        [west, north],
        [east, north],
        [east, south],
        [west, south],
        [west, north],
      ]),
    ];
  }
});
