/** Sums of outputs by zone, taken on their way or read back, and zones.gpkg. */
import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { readVector } from '../../src/io/vector/read.ts';
import { zonalStatistics } from '../../src/io/zonal/statistics.ts';
import { fileTarget } from '../../src/node/files.ts';
import { prepareZones, type ZonesFile } from '../../src/pipeline/project-zones.ts';
import { columnsOfSums } from '../../src/pipeline/stories/zone-columns.ts';
import { writeZones } from '../../src/pipeline/stories/zone-shapes.ts';
import { tallyFor, tellZones } from '../../src/pipeline/stories/zone-sums.ts';
import { platform, workFolder, writePlane } from '../support/statistics-files.ts';
import { rowsOf } from '../support/stories.ts';
import { COUNTIES, ZONES_GRID as GRID, writeNumbers, writeOutlines } from '../support/zones.ts';

const at = workFolder('zone-sums');
const prepare = (request: ZonesFile) => prepareZones(request, GRID, platform, { warn() {} });

test('of outputs by zone, on their way or from the file, and zones.gpkg', async () => {
  const values = Float32Array.from({ length: 1200 }, (_, i) => Math.fround(0.1 * (i % 97)));
  await writePlane(at('supply.tif'), values, GRID);
  const polygons = await prepare({ file: writeOutlines(at('sums.geojson'), COUNTIES), id: 'code', name: 'title' });
  const numbers = (await polygons.reader.read({ x: 0, y: 0, width: 40, height: 30 })) as Uint32Array;
  const tally = tallyFor(polygons, GRID)!;
  tally.add({ x: 0, y: 0, width: 40, height: 30 }, values);
  const file = { path: at('supply.tif'), year: 2003, service: 'WY', quantity: 'supply', unit: 'm3' };
  const context = { grid: GRID, zones: polygons, pool: platform.pool };
  const read = await tellZones([file], context);
  const seen = await tellZones(
    [
      { ...file, tally },
      { ...file, quantity: 'ratio', unit: '1' },
    ],
    context,
  );
  expect(seen.rows.slice(0, 3)).toEqual(read.rows);
  const rows = rowsOf(read.tables['zones.csv']);
  for (const [i, { zone, name, cells, sum, mean }] of rows.entries()) {
    const own = values.filter((_, k) => numbers[k] === i + 1);
    expect([zone, name, Number(cells)]).toEqual([['A', 'B', 'C'][i], ['Anqing', 'Bozhou', 'C'][i], own.length]);
    const total = own.reduce((all, x) => all + x, 0);
    expect(Number(sum)).toBeCloseTo(total, 8);
    expect(Number(mean)).toBeCloseTo(total / own.length, 10);
  }
  const [statistics] = await zonalStatistics({
    grid: GRID,
    zones: polygons.cells,
    sources: [{ file: file.path, mapping: { type: 'f32' } }],
    pool: platform.pool,
  });
  expect(read.rows.map(({ sum }) => sum)).toEqual(statistics.map(({ sum }) => sum));

  const columns = columnsOfSums(seen.rows);
  await writeZones(polygons, [...columns, { name: 'Title', type: 'integer', values: new Map([[2, 5]]) }], {
    target: async (name) => fileTarget(at(name.replace('/', '-'))),
  });
  const layer = await readVector(at('zones-zones.gpkg'), { openSource: platform.openSource });
  expect(layer.name).toBe('zones');
  expect(layer.features.map(({ properties }) => properties)).toEqual(
    [0, 1, 2].map((i) => ({
      ...COUNTIES[i][0],
      cells: polygons.zones[i].cells,
      supply_WY_2003: read.rows[i].sum,
      ratio_WY_2003: read.rows[i].mean,
      zone_Title: i === 1 ? 5 : null,
    })),
  );
});

test('a zone without a value has no sum; zones of a raster are told by their numbers', async () => {
  await writeNumbers(at('z.tif'), GRID, (x) => (x < 10 ? 4 : 9));
  const zones = await prepare({ file: at('z.tif') });
  const values = Float32Array.from({ length: 1200 }, (_, i) => (i % 40 < 10 ? NODATA : 2));
  await writePlane(at('half.tif'), values, GRID);
  const file = { path: at('half.tif'), year: 2003, service: 'WY', quantity: 'supply', unit: 'm3' };
  const { tables } = await tellZones([file], { grid: GRID, zones, pool: platform.pool });
  expect(tables['zones.csv'].split('\n').slice(1, 3)).toEqual([
    '4,hills,2003,WY,supply,m3,0,,',
    '9,9,2003,WY,supply,m3,900,1800,2',
  ]);
});
