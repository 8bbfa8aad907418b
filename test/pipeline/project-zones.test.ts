/** The zones of a project: a partition of the grid from polygons or a raster, where each can be labelled, and what is said of those that do not fit. */
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { SpanList } from '../../src/io/vector/rasterize-spans.ts';
import { readVector } from '../../src/io/vector/read.ts';
import { writeVector } from '../../src/io/vector/write.ts';
import { fileTarget } from '../../src/node/files.ts';
import { type ProjectZones, prepareZones, type ZonesFile } from '../../src/pipeline/project-zones.ts';
import { gridOf, platform, workFolder, writePlane } from '../support/statistics-files.ts';
import { COUNTIES, ZONES_GRID as GRID, writeNumbers, writeOutlines } from '../support/zones.ts';

const at = workFolder('zones');
let warnings: string[];
beforeEach(() => {
  warnings = [];
});

const prepare = (request: ZonesFile, grid: Grid = GRID, area?: ReturnType<SpanList['toSpans']>) =>
  prepareZones(request, grid, platform, { warn: (text) => warnings.push(text), area });
const whole = { x: 0, y: 0, width: GRID.width, height: GRID.height };
const cellAt = (plane: ArrayLike<number>, x: number, y: number) => plane[y * GRID.width + x];
const numbersOf = async ({ reader }: ProjectZones) => (await reader.read(whole)) as Uint32Array;

describe('polygons', () => {
  test('a cell belongs to the first polygon; ids and names come from their columns', async () => {
    const zones = await prepare({ file: writeOutlines(at('counties.geojson'), COUNTIES), id: 'CODE', name: 'title' });
    expect(zones.zones.map(({ number, id, name, cells }) => [number, id, name, cells])).toEqual([
      [1, 'A', 'Anqing', 18 * 18],
      [2, 'B', 'Bozhou', 20 * 20 - 5 * 15],
      [3, 'C', 'C', 160],
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/counties\.geojson: 75 cells lie in several zones: the first of them counts/),
    ]);
    const numbers = await numbersOf(zones);
    for (let y = 0; y < GRID.height; y++)
      for (let x = 0; x < GRID.width; x++) {
        const first = COUNTIES.findIndex(([, [x0, y0, x1, y1]]) => x >= x0 && x < x1 && y >= y0 && y < y1);
        expect(cellAt(numbers, x, y), `${x} ${y}`).toBe(first < 0 ? NODATA_CODE : first + 1);
      }
    const part = { x: 13, y: 4, width: 9, height: 20 };
    const window = (await zones.reader.read(part)) as Uint32Array;
    for (const [i, number] of window.entries())
      expect(number).toBe(cellAt(numbers, part.x + (i % part.width), part.y + Math.floor(i / part.width)));
  });

  test('a place is the centre, or the own cell nearest to it', async () => {
    // A U, open to the north, around a square.
    const u = [
      [4, 4],
      [8, 4],
      [8, 20],
      [24, 20],
      [24, 4],
      [28, 4],
      [28, 24],
      [4, 24],
      [4, 4],
    ];
    const zones = await prepare({
      file: writeOutlines(at('u.geojson'), [
        [{}, u],
        [{}, [10, 5, 22, 18]],
      ]),
    });
    const numbers = await numbersOf(zones);
    const places = zones.zones.map(({ at: [x, y] }) => [x * GRID.width - 0.5, y * GRID.height - 0.5]);
    const own = [...numbers.keys()].filter((i) => numbers[i] === 1);
    const centre = [15.5, own.reduce((sum, i) => sum + Math.floor(i / GRID.width), 0) / own.length];
    const away = own.map((i) => Math.hypot((i % GRID.width) - centre[0], Math.floor(i / GRID.width) - centre[1]));
    expect(Math.hypot(places[0][0] - centre[0], places[0][1] - centre[1])).toBeCloseTo(Math.min(...away), 12);
    expect(cellAt(numbers, places[0][0], places[0][1])).toBe(1);
    expect(Math.abs(places[1][0] - 15.5)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(places[1][1] - 11)).toBeLessThanOrEqual(0.5);
  });

  test('polygons of one id are one zone; what has no id is one of its own; zones without a cell are left out', async () => {
    const file = writeOutlines(at('islands.geojson'), [
      [{ code: 7 }, [1, 1, 5, 5]],
      [{ code: 8 }, [10, 1, 12, 5]],
      [{ code: 7 }, [20, 1, 22, 3]],
      [{ code: null }, [30, 1, 31, 2]],
      [{ code: 9 }, [60, 60, 70, 70]],
      [{ code: 10 }, [2.6, 9.6, 2.9, 9.9]],
      [{ code: 11 }, null],
    ]);
    const zones = await prepare({ file, id: 'code' });
    expect(zones.zones.map(({ number, id, cells }) => [number, id, cells])).toEqual([
      [1, '7', 16 + 4],
      [2, '8', 8],
      [3, 'feature 4', 1],
    ]);
    expect(warnings.join('\n')).toMatch(/1 of 7 polygons have no code; each is a zone of its own/);
    expect(warnings.join('\n')).toMatch(/several polygons have the same code and are one zone: 7/);
    expect(warnings.join('\n')).toMatch(/zones without a polygon are left out: 11/);
    expect(warnings.join('\n')).toMatch(/zones without a cell are left out \(.*\): 9, 10/);
    const numbers = await numbersOf(zones);
    expect([cellAt(numbers, 2, 2), cellAt(numbers, 21, 2), cellAt(numbers, 30, 1)]).toEqual([1, 1, 3]);
    expect(zones.layer.features.map(({ geometry }) => geometry?.type)).toEqual(['MultiPolygon', 'Polygon', 'Polygon']);
  });

  test('another CRS is brought to that of the grid; the study area cuts zones', async () => {
    const zones = await prepare({ file: writeOutlines(at('again.geojson'), COUNTIES), id: 'code' });
    const [first] = zones.zones;
    const degrees = await prepare({ file: await inDegrees(), id: 'code' });
    expect(degrees.zones.map(({ cells }) => cells)).toEqual(zones.zones.map(({ cells }) => cells));
    const list = new SpanList();
    for (let row = 0; row < 12; row++) list.add(row, 0, 10);
    warnings = [];
    const cut = await prepare({ file: at('again.geojson'), id: 'code' }, GRID, list.toSpans());
    expect(first.cells).toBe(324);
    expect(cut.zones.map(({ id, cells }) => [id, cells])).toEqual([['A', 8 * 10]]);
    expect(warnings).toEqual([expect.stringMatching(/left out \(outside of the study area.*: B, C/)]);
    expect((await numbersOf(cut)).filter((number) => number !== NODATA_CODE).length).toBe(80);
  });

  async function inDegrees(): Promise<string> {
    const layer = await readVector(at('again.geojson'), { openSource: platform.openSource });
    await writeVector(fileTarget(at('degrees.geojson')), layer, 'geojson');
    return at('degrees.geojson');
  }

  test.each([
    [
      'no zone on the grid',
      () => ({ file: writeOutlines(at('far.geojson'), [[{}, [100, 100, 120, 120]]]) }),
      /far\.geojson: no zone lies in the grid.*EPSG:32650|no zone lies in the grid/,
    ],
    [
      'no such id',
      () => ({ file: writeOutlines(at('c.geojson'), COUNTIES), id: 'cod' }),
      /there is no column 'cod' \(found the columns code, title\)\. Write id: code/,
    ],
    [
      'no such name',
      () => ({ file: writeOutlines(at('c.geojson'), COUNTIES), id: 'code', name: 'titel' }),
      /there is no column 'titel'.*Write name: title/,
    ],
    ['no zone in it', () => ({ file: writeOutlines(at('none.geojson'), []) }), /there is no zone in it/],
  ])('%s', async (_name, request, message) => {
    await expect(prepare(request())).rejects.toThrow(message);
  });
});

describe('a raster of numbers', () => {
  test('is read as it is, with its class names', async () => {
    await writeNumbers(at('codes.tif'), GRID, (x, y) => (y < 3 ? 255 : x < 10 ? 4 : 9));
    const zones = await prepare({ file: at('codes.tif') });
    expect(zones.zones).toEqual([
      { number: 4, id: '4', name: 'hills', cells: 270, at: [4.5 / 40, 16.5 / 30] },
      { number: 9, id: '9', name: '9', cells: 810, at: [24.5 / 40, 16.5 / 30] },
    ]);
    const numbers = await numbersOf(zones);
    expect([cellAt(numbers, 0, 0), cellAt(numbers, 9, 3), cellAt(numbers, 10, 29)]).toEqual([NODATA_CODE, 4, 9]);
    expect('file' in zones.cells && zones.layer.features[0].geometry).toEqual({
      type: 'Point',
      coordinates: [GRID.west + 450, GRID.north - 1650],
    });
  });

  test('of another grid is brought to that of the project', async () => {
    await writeNumbers(at('fine.tif'), gridOf(80, 60, 50), (x) => (x < 20 ? 1 : 2));
    const zones = await prepare({ file: at('fine.tif') });
    expect(zones.zones.map(({ number, cells }) => [number, cells])).toEqual([
      [1, 300],
      [2, 900],
    ]);
    expect(zones.alignment).toMatch(/2 zones; nearest/);
  });

  test('what is wrong is said', async () => {
    await writeNumbers(at('codes.tif'), GRID, () => 4);
    await expect(prepare({ file: at('codes.tif'), id: 'code' })).rejects.toThrow(/id: is for zones that are polygons/);
    await writeNumbers(at('empty.tif'), GRID, () => 255);
    await expect(prepare({ file: at('empty.tif') })).rejects.toThrow(/no zone lies in the grid.*nodata everywhere/);
    await writePlane(
      at('height.tif'),
      Float32Array.from({ length: 1200 }, (_, i) => i + 0.5),
      GRID,
    );
    await expect(prepare({ file: at('height.tif') })).rejects.toThrow(/height\.tif.*should hold class codes.*0\.5/);
    const wide = gridOf(120, 100, 100);
    await writePlane(
      at('many.tif'),
      Float32Array.from({ length: 12_000 }, (_, i) => i),
      wide,
    );
    await expect(prepare({ file: at('many.tif') }, wide)).rejects.toThrow(/more than 10,000 zones/);
  });
});
