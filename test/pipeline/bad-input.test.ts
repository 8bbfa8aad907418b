/** What users get wrong, and what they are told: each test reads the message. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { type ProjectRun, runProject } from '../../src/pipeline/run-project.ts';
import { edit, freshProjects, GRID, openProject, platform, replaceRaster } from '../support/project.ts';

let dir: string;

freshProjects((project) => {
  dir = project;
});

/** Runs the project on the CPU; what is logged is returned with the run. */
async function run(out = join(dir, 'out')): Promise<ProjectRun & { log: string[] }> {
  const log: string[] = [];
  const result = await runProject(openProject(dir), platform, {
    device: 'cpu',
    out,
    memory: 1e9,
    log: (line) => log.push(line),
  });
  return { ...result, log };
}

/** The message of the run's failure; the run must leave nothing behind. */
async function failure(): Promise<string> {
  const error = await run().then(
    () => expect.unreachable('the run should have failed'),
    (reason: Error) => reason,
  );
  expect(readdirSync(dir).filter((name) => name.startsWith('out'))).toEqual([]);
  return (error as Error).message;
}

describe('files', () => {
  test('the untouched project runs', async () => {
    const { totals } = await run();
    expect(
      totals.find(({ service, quantity, year }) => service === 'WY' && quantity === 'supply' && year === 2003)!.sum,
    ).toBeGreaterThan(1e9);
    expect(existsSync(join(dir, 'out/report.html'))).toBe(true);
  });

  test('missing file', async () => {
    rmSync(join(dir, 'data/pawc.tif'));
    const message = await failure();
    expect(message).toMatch(
      /data\/pawc\.tif, layers\.pawc at line 12, column 9 of .*project\.yaml: there is no such file/,
    );
    expect(message).toContain('Check the path');
  });

  test('several problems are told at once', async () => {
    rmSync(join(dir, 'data/pawc.tif'));
    rmSync(join(dir, 'data/et0.tif'));
    const message = await failure();
    expect(message).toContain('data/pawc.tif');
    expect(message).toContain('data/et0.tif');
  });

  test('truncated file', async () => {
    truncateSync(join(dir, 'data/et0.tif'), 3000);
    const message = await failure();
    expect(message).toContain('data/et0.tif');
    expect(message).toMatch(/ends before|truncated|too short|cut/i);
  });

  test('not a TIFF', async () => {
    writeFileSync(join(dir, 'data/et0.tif'), 'lucode,kc\n1,0.5\n');
    const message = await failure();
    expect(message).toMatch(/data\/et0\.tif, layers\.et0 at line \d+, .*: this is not a GeoTIFF file/);
  });

  test('an empty file is not a TIFF', async () => {
    writeFileSync(join(dir, 'data/et0.tif'), '');
    expect(await failure()).toMatch(/data\/et0\.tif, layers\.et0 at line \d+, .*: this is not a GeoTIFF file/);
  });

  test('unwritable output', async () => {
    writeFileSync(join(dir, 'occupied'), '');
    const error = await run(join(dir, 'occupied/out')).catch((reason: Error) => reason);
    expect((error as Error).message).toMatch(/occupied\/out: the place to write to is not a directory/);
  });

  test('an output folder that is there is not replaced unasked', async () => {
    mkdirSync(join(dir, 'out'));
    writeFileSync(join(dir, 'out/mine.txt'), 'precious');
    const error = await run().catch((reason: Error) => reason);
    expect((error as Error).message).toContain('the output folder is there already');
    expect((error as Error).message).toContain('--overwrite');
    expect(readFileSync(join(dir, 'out/mine.txt'), 'utf8')).toBe('precious');
  });

  test('disk full', async ({ skip }) => {
    const tiny = mkdtempSync(join(tmpdir(), 'ecoflux-tiny-disk-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', tiny]).status === 0;
    try {
      if (!mounted) skip('no small disk can be mounted here');
      const error = await run(join(tiny, 'out')).catch((reason: Error) => reason);
      expect((error as Error).message).toContain('the disk is full');
      expect((error as Error).message).toContain('--out');
      // Nothing under the name that was asked for; what is done is kept for --resume.
      expect(readdirSync(tiny)).toEqual(['out.partial']);
    } finally {
      if (mounted) spawnSync('umount', [tiny]);
      rmSync(tiny, { recursive: true, force: true });
    }
  });
});

describe('grids', () => {
  const rain = 'data/precipitation_2013.tif';

  const DEGREES = { west: 117, north: 32, cellWidth: 0.04, cellHeight: 0.04 };

  test('another CRS is reprojected, and the log says so', async () => {
    const crs = { epsg: 4326, name: 'WGS 84', kind: 'geographic' } as const;
    await replaceRaster(dir, rain, () => 1000, { grid: { crs, ...DEGREES } });
    const { log } = await run();
    expect(log.find((line) => line.includes('precipitation_2013.tif'))).toMatch(
      /bilinear.* resampling from 64 × 64 cells of 0\.04, WGS 84,.* to WGS 84 \/ UTM zone 50N; positions within \S+ cell/,
    );
  });

  test('a raster without a CRS is refused, or taken at the word of the project', async () => {
    const crs = { name: 'no coordinate reference system', kind: 'unknown' } as const;
    await replaceRaster(dir, rain, () => 1000, { grid: { crs, ...DEGREES } });
    const message = await failure();
    expect(message).toMatch(
      /precipitation_2013\.tif, layers\.precipitation at line .*: the raster does not say in which CRS it is/,
    );
    expect(message).toContain("crs: 'EPSG:");
    edit(
      dir,
      'project.yaml',
      '"data/precipitation_{year}.tif", unit',
      '"data/precipitation_{year}.tif", crs: EPSG:4326, unit',
    );
    // The other years' rasters are in metres, whatever the project says.
    edit(dir, 'project.yaml', 'years: [2003, 2013, 2023]', 'years: [2013]');
    const { log } = await run();
    expect(log.find((line) => line.includes('precipitation_2013.tif'))).toContain('WGS 84');
  });

  test('metres that are said to be degrees', async () => {
    const unit = '"data/precipitation_{year}.tif", ';
    edit(dir, 'project.yaml', unit, `${unit}crs: EPSG:4326, `);
    expect(await failure()).toMatch(
      /precipitation_2003\.tif, layers\.precipitation at line .*: the coordinates of the raster are no degrees.*Say in which CRS/,
    );
  });

  test('a CRS that nobody knows: which file has it', async () => {
    const crs = { name: 'site grid', kind: 'projected', metresPerUnit: 1 } as const;
    await replaceRaster(dir, rain, () => 1000, { grid: { crs } });
    expect(await failure()).toMatch(/precipitation_2013\.tif, layers\.precipitation at line /);
  });

  test('no overlap', async () => {
    await replaceRaster(dir, rain, () => 1000, { grid: { west: GRID.west + 1e6 } });
    const message = await failure();
    expect(message).toMatch(
      /precipitation_2013\.tif, layers\.precipitation at line .*: the raster does not overlap the grid/,
    );
    expect(message).toContain('x 1400000');
  });

  test('another grid of the same CRS is resampled, and the log says how', async () => {
    await replaceRaster(dir, rain, (x) => 900 + x, {
      grid: { width: 32, height: 32, cellWidth: 2 * GRID.cellWidth, cellHeight: 2 * GRID.cellHeight },
    });
    const { log } = await run();
    expect(log.find((line) => line.includes('precipitation_2013.tif'))).toContain(
      'bilinear resampling from 32 × 32 cells',
    );
  });

  test('a raster that lies south up is turned', async () => {
    const plain = await run();
    execFileSync('/usr/bin/python3', ['-c', SOUTH_UP, join(dir, rain)]);
    const turned = await run(join(dir, 'turned'));
    expect(turned.log.find((line) => line.includes('precipitation_2013.tif'))).toContain(
      'rows turned to run from the north',
    );
    expect(turned.totals).toEqual(plain.totals);
  });

  test('a grid of 1 × 1 cell', async () => {
    for (const name of readdirSync(join(dir, 'data')).filter((file) => file.endsWith('.tif'))) {
      const classes = name.startsWith('lulc');
      await replaceRaster(dir, `data/${name}`, () => (classes ? 1 : 500), {
        grid: { width: 1, height: 1, cellWidth: 1000, cellHeight: 1000 },
        kind: classes ? 'classes' : 'quantity',
      });
    }
    edit(dir, 'project.yaml', 'area: data/boundary.geojson', '# area: none');
    const { totals } = await run();
    const water = totals.find(({ service, quantity }) => service === 'WY' && quantity === 'demand')!;
    expect(water).toMatchObject({ cells: 1, min: water.max });
    expect(water.sum).toBeCloseTo(500 * 350, 3); // people on 1 km² times m³ per person
  });

  test('a geographic grid has no cell areas', async () => {
    await replaceRaster(dir, 'data/lulc_2003.tif', () => 1, {
      kind: 'classes',
      grid: {
        crs: { epsg: 4326, name: 'WGS 84', kind: 'geographic' },
        west: 117,
        north: 32,
        cellWidth: 0.04,
        cellHeight: 0.04,
      },
    });
    expect(await failure()).toContain('the grid needs a projected CRS');
  });
});

const SOUTH_UP = `
import sys
from osgeo import gdal
gdal.UseExceptions()
path = sys.argv[1]
d = gdal.Open(path); a = d.ReadAsArray(); t = d.GetGeoTransform(); p = d.GetProjection(); n = d.GetRasterBand(1).GetNoDataValue(); d = None
o = gdal.GetDriverByName('GTiff').Create(path, a.shape[1], a.shape[0], 1, gdal.GDT_Float32)
o.SetGeoTransform((t[0], t[1], 0, t[3] + t[5] * a.shape[0], 0, -t[5])); o.SetProjection(p)
b = o.GetRasterBand(1); b.SetNoDataValue(n); b.WriteArray(a[::-1]); o = None
`;

describe('values', () => {
  test('a class without a row in the table is listed with its area', async () => {
    await replaceRaster(dir, 'data/lulc_2013.tif', (x, y) => (x < 2 && y === 30 ? 77 : x === 5 ? 78 : 1), {
      kind: 'classes',
    });
    edit(dir, 'project.yaml', 'area: data/boundary.geojson', '# everywhere');
    const message = await failure();
    const cell = (GRID.cellWidth * GRID.cellHeight) / 1e6;
    expect(message).toContain(
      `lulc_2013.tif: classes without a row in ${join(dir, 'data/biophysical.csv')}: 77 (${2 * cell} km²), 78 (${64 * cell} km²)`,
    );
    expect(message).toContain('Add rows for 77, 78, or make these classes nodata');
  });

  test('a class that lies outside of the area needs no row', async () => {
    // The corner of the extent is outside of every sample region.
    await replaceRaster(dir, 'data/lulc_2013.tif', (x, y) => (x < 2 && y < 2 ? 77 : 1), { kind: 'classes' });
    const { totals } = await run();
    expect(totals.length).toBeGreaterThan(0);
  });

  test('an area that lies elsewhere', async () => {
    const square = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ];
    writeFileSync(join(dir, 'data/boundary.geojson'), JSON.stringify({ type: 'Polygon', coordinates: [square] }));
    expect(await failure()).toMatch(/the area does not overlap the grid .*without a crs member is in degrees/);
  });

  test('a unit that is none, in the project file', async () => {
    edit(dir, 'project.yaml', 'unit: people/km2', 'unit: furlong');
    const message = await failure();
    expect(message).toMatch(/project\.yaml, line 13, column 15: 'furlong' is not a unit ecoflux knows/);
    expect(message.split('\n')).toHaveLength(1); // once, not for each year
  });

  test('a unit that measures something else', async () => {
    edit(dir, 'project.yaml', 'unit: people/km2', 'unit: mm');
    expect(await failure()).toContain("layer 'population' is in 'mm', which is no people (expected people/km2)");
  });

  test('a class may be declared nodata instead', async () => {
    for (const year of [2003, 2013, 2023])
      await replaceRaster(dir, `data/lulc_${year}.tif`, (x) => (x < 32 ? 77 : 1), { kind: 'classes' });
    edit(dir, 'project.yaml', 'lulc: data/lulc_{year}.tif', 'lulc: { file: "data/lulc_{year}.tif", nodata: [77] }');
    const { totals } = await run();
    const supplies = totals.filter(({ quantity, service }) => quantity === 'supply' && service !== 'composite');
    expect(supplies).toHaveLength(6);
    expect(supplies.every(({ cells }) => cells > 0 && cells < 32 * 64)).toBe(true);
  });

  test('NaN and infinity are nodata', async () => {
    const before = await run();
    execFileSync('/usr/bin/python3', ['-c', NOT_NUMBERS, join(dir, 'data/precipitation_2003.tif')]);
    const after = await run(join(dir, 'after'));
    const supply = ({ totals }: ProjectRun) =>
      totals.find(({ service, quantity, year }) => service === 'WY' && quantity === 'supply' && year === 2003)!;
    expect(supply(before).cells - supply(after).cells).toBe(3);
    expect(Number.isFinite(supply(after).sum)).toBe(true);
  });

  test('a raster that declares no nodata is said to have none', async () => {
    execFileSync('/usr/bin/python3', ['-c', UNDECLARED, join(dir, 'data/population_2003.tif')]);
    const { log } = await run();
    expect(log.find((line) => line.includes('population_2003.tif'))).toContain(
      'declares no nodata: every finite value counts',
    );
  });

  test('all nodata: a quantity', async () => {
    await replaceRaster(dir, 'data/soil_depth.tif', () => NODATA);
    expect(await failure()).toContain('2003/WY/supply is nodata everywhere. Look for an input that is nodata');
  });

  test('all nodata: classes', async () => {
    await replaceRaster(dir, 'data/lulc_2003.tif', () => NODATA_CODE, { kind: 'classes' });
    expect(await failure()).toContain('lulc_2003.tif: there is no valid cell in the raster');
  });

  test('zero precipitation is nodata, and said where it is so everywhere', async () => {
    await replaceRaster(dir, 'data/precipitation_2003.tif', () => 0);
    expect(await failure()).toContain('precipitation 0 gives nodata');
  });

  test('a class code that is no whole number', async () => {
    await replaceRaster(dir, 'data/lulc_2003.tif', (x, y) => (x === 3 && y === 4 ? 2.5 : 1));
    const message = await failure();
    expect(message).toMatch(/lulc_2003\.tif/);
    expect(message).toContain('2.5');
  });
});

const NOT_NUMBERS = `
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
path = sys.argv[1]
d = gdal.Open(path); a = d.ReadAsArray(); t = d.GetGeoTransform(); p = d.GetProjection(); n = d.GetRasterBand(1).GetNoDataValue(); d = None
ok = np.argwhere(a != n)[500::97][:3]
for (y, x), v in zip(ok, (np.nan, np.inf, -np.inf)): a[y, x] = v
o = gdal.GetDriverByName('GTiff').Create(path, a.shape[1], a.shape[0], 1, gdal.GDT_Float32)
o.SetGeoTransform(t); o.SetProjection(p); b = o.GetRasterBand(1); b.SetNoDataValue(n); b.WriteArray(a); o = None
`;

const UNDECLARED = `
import sys
from osgeo import gdal
gdal.UseExceptions()
path = sys.argv[1]
d = gdal.Open(path); a = d.ReadAsArray(); t = d.GetGeoTransform(); p = d.GetProjection(); d = None
o = gdal.GetDriverByName('GTiff').Create(path, a.shape[1], a.shape[0], 1, gdal.GDT_Float32)
o.SetGeoTransform(t); o.SetProjection(p); o.GetRasterBand(1).WriteArray(abs(a) % 1000); o = None
`;

describe('tables', () => {
  test('a missing column', async () => {
    edit(dir, 'data/carbon.csv', 'c_soil', 'c_solid');
    expect(await failure()).toMatch(/data\/carbon\.csv, line 1: column 'c_soil' missing/);
  });

  test('a cell that is no number, with its row and column', async () => {
    edit(dir, 'data/carbon.csv', '300.70', 'many');
    expect(await failure()).toMatch(/data\/carbon\.csv, line 3, column c_soil: this is not a number \(found 'many'\)/);
  });

  test('a value out of range', async () => {
    edit(dir, 'data/biophysical.csv', '0.65', '65');
    expect(await failure()).toMatch(
      /data\/biophysical\.csv, line \d, column kc: kc is out of range \(found 65, expected 0 to 5\)/,
    );
  });

  test('a class twice', async () => {
    edit(dir, 'data/carbon.csv', '\n2,', '\n1,');
    expect(await failure()).toMatch(/data\/carbon\.csv, line 3, column lucode: class 1 stands there twice/);
  });
});
