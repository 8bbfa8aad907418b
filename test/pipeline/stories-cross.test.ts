/** Cross tables of class rasters against numpy; the same for any windows, for zones as runs or as a raster. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { crossTables } from '../../src/pipeline/stories/cross-table.ts';
import { RISK_CODES } from '../../src/pipeline/stories/risks.ts';
import { describeWithGdal } from '../io/gdal.ts';
import { randomNumbers } from '../support/rasters.ts';
import { gridOf, platform, workFolder } from '../support/statistics-files.ts';
import { classPlane, writeClasses, writeCodes, zonesOf } from '../support/stories.ts';

const GRID = gridOf(61, 47, 100);
const CELLS = GRID.width * GRID.height;
const ZONES = 5;
const SCRIPT = fileURLToPath(new URL('./cross-cases.py', import.meta.url));
const at = workFolder('cross');
const { pool } = platform;
const files = () => ['a.tif', 'b.tif', 'c.tif'].map(at);

const random = randomNumbers(17);
// Every seventh cell or so has no class.
const planes = Array.from({ length: 3 }, () =>
  classPlane(
    Array.from({ length: CELLS }, () => Math.floor(21 * random())),
    RISK_CODES,
  ),
);
const numbers = Uint32Array.from({ length: CELLS }, (_, i) => {
  const zone = Math.floor((i % GRID.width) / 13) + (i > CELLS / 2 ? 1 : 0);
  return zone === 0 || random() < 0.1 ? NODATA_CODE : Math.min(zone, ZONES);
});
const zones = zonesOf(numbers, GRID, ZONES);

beforeAll(async () => {
  for (const [i, plane] of planes.entries()) await writeClasses(files()[i], plane, GRID);
  await writeCodes(
    at('zones.tif'),
    numbers.map((number) => (number === NODATA_CODE ? number : 10 * number)),
    GRID,
  );
});

const plain = ({ byZone, transitions }: Awaited<ReturnType<typeof crossTables>>) => ({
  byZone: byZone.map((counts) => [...counts]),
  transitions: transitions.map((counts) => [...counts]),
});

describeWithGdal('cross tables', () => {
  test('numpy counts the same', async () => {
    for (const [i, plane] of planes.entries())
      writeFileSync(
        at(`${i}.raw`),
        Int16Array.from(plane, (cell) => (cell === NODATA ? -999 : cell)),
      );
    writeFileSync(
      at('zones.raw'),
      Int32Array.from(numbers, (number) => (number === NODATA_CODE ? -1 : number - 1)),
    );
    const given = {
      codes: RISK_CODES,
      files: [0, 1, 2].map((i) => at(`${i}.raw`)),
      zones: at('zones.raw'),
      count: ZONES,
    };
    writeFileSync(at('case.json'), JSON.stringify(given));
    const run = spawnSync('/usr/bin/python3', [SCRIPT, at('case.json')], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    const expected = JSON.parse(run.stdout);
    const found = await crossTables({
      grid: GRID,
      files: files(),
      codes: RISK_CODES,
      zones,
      transitions: true,
      pool,
      tile: 16,
    });
    expect(found.byZone.map((counts) => [...counts])).toEqual(expected.byZone.map((rows: number[][]) => rows.flat()));
    expect(found.transitions.map((counts) => [...counts])).toEqual(
      expected.transitions.map((rows: number[][]) => rows.flat()),
    );
    expect(found.byZone[0].filter((cells) => cells > 0).length).toBe(18 * (ZONES + 1));
  });
});

test('windows do not show, nor whether zones come as runs or as a raster', async () => {
  const request = { grid: GRID, files: files(), codes: RISK_CODES, transitions: true, pool };
  const runs = plain(await crossTables({ ...request, zones }));
  const raster = {
    zones: zones.zones.map((zone) => ({ ...zone, number: 10 * zone.number })),
    cells: { file: at('zones.tif'), mapping: { type: 'f32' } } as const,
  };
  expect(plain(await crossTables({ ...request, zones: raster, tile: 7 }))).toEqual(runs);
  expect(runs.byZone[0].reduce((sum, cells) => sum + cells, 0)).toBe(
    planes[0].filter((cell) => cell !== NODATA).length,
  );
  const all = plain(await crossTables({ ...request, tile: 33 }));
  expect(all.byZone[0]).toEqual(RISK_CODES.map((code) => planes[0].filter((cell) => cell === code).length));
  expect(all.transitions).toEqual(runs.transitions);
});

test('a number that is no class is named with its place', async () => {
  const odd = planes[0].slice();
  odd[3 * GRID.width + 5] = 77;
  await writeClasses(at('odd.tif'), odd, GRID);
  await expect(crossTables({ grid: GRID, files: [at('odd.tif')], codes: RISK_CODES, pool })).rejects.toThrow(
    /odd\.tif, row 3, column 5: the raster holds a number that is none of its classes \(found 77, expected 18 classes from -6 to 12/,
  );
});
