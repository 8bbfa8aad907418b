/** Layers on other grids: what a project makes of them is what it makes of layers that gdalwarp has brought to its grid. */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { bounds } from '../../src/core/grid.ts';
import { openRaster, readPlane } from '../../src/index.ts';
import { fileSource } from '../../src/node/files.ts';
import { prepareProject } from '../../src/pipeline/prepare.ts';
import { type ProjectRun, runProject } from '../../src/pipeline/run-project.ts';
import { describeWithGdal } from '../io/gdal.ts';
import { edit, freshProjects, GRID, openProject, platform } from '../support/project.ts';

let dir: string;

freshProjects((project) => {
  dir = project;
});

const EPSG = `EPSG:${GRID.crs.epsg}`;
const { west, south, east, north } = bounds(GRID);
const ALBERS = '+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=WGS84 +units=m +no_defs';

function warp(from: string, to: string, ...options: string[]): void {
  const type = from.includes('lulc') ? [] : ['-ot', 'Float32']; // whole numbers would be rounded
  execFileSync('gdalwarp', ['-q', '-overwrite', '-et', '0', ...type, ...options, join(dir, from), join(dir, to)]);
}

/** Brings a layer to the grid of the project as gdalwarp does. */
function bring(from: string, to: string, method: string): void {
  const extent = [west, south, east, north].map(String);
  const size = [String(GRID.width), String(GRID.height)];
  warp(from, to, '-r', method, '-t_srs', EPSG, '-te', ...extent, '-ts', ...size);
}

async function run(out: string): Promise<ProjectRun & { log: string[] }> {
  const log: string[] = [];
  const options = { device: 'cpu', out: join(dir, out), memory: 1e9, log: (line: string) => log.push(line) } as const;
  return { ...(await runProject(openProject(dir), platform, options)), log };
}

async function cells(file: string): Promise<Float32Array> {
  const raster = await openRaster(await fileSource(join(dir, file)));
  const { width, height } = raster.info.grid;
  const plane = await readPlane(raster, { x: 0, y: 0, width, height }, { type: 'f32' });
  await raster.close();
  return plane as Float32Array;
}

/** The sample's layers as people have them: degrees, coarse cells, another projection. */
function makeMessy(): void {
  const layers = [
    { name: 'lulc_2003', method: 'near', to: ['-t_srs', 'EPSG:4326'] },
    { name: 'precipitation_2003', method: 'bilinear', to: ['-t_srs', 'EPSG:4326'] },
    { name: 'et0', method: 'bilinear', to: ['-t_srs', ALBERS] },
    { name: 'soil_depth', method: 'bilinear', to: ['-tr', String(2.5 * GRID.cellWidth), String(2.5 * GRID.cellWidth)] },
    { name: 'pawc', method: 'bilinear', to: ['-t_srs', EPSG, '-tr', '1333', '1333'] },
  ];
  for (const { name, method, to } of layers) {
    warp(`data/${name}.tif`, `data/messy_${name}.tif`, '-r', method, ...to);
    bring(`data/messy_${name}.tif`, `data/${name}.tif`, method);
  }
  edit(dir, 'project.yaml', 'years: [2003, 2013, 2023]', 'years: [2003]');
}

describeWithGdal('alignment', () => {
  test('equals gdalwarp and a run on its results', async () => {
    makeMessy();
    edit(
      dir,
      'project.yaml',
      'like: data/lulc_2003.tif',
      `crs: ${EPSG}, resolution: ${GRID.cellWidth}, bounds: [${[west, south, east, north]}]`,
    );
    const clean = await run('clean');
    for (const name of ['lulc_2003', 'precipitation_2003', 'et0', 'soil_depth', 'pawc'])
      renameSync(join(dir, `data/messy_${name}.tif`), join(dir, `data/${name}.tif`));
    const messy = await run('messy');
    expect(clean.log.join('\n')).not.toMatch(/nearest|bilinear/);
    expect(messy.log.join('\n')).toMatch(/lulc: data\/lulc_\{?2003\}?\.tif: nearest.*WGS 84/);
    expect(messy.log.join('\n')).toMatch(/et0: data\/et0\.tif: bilinear/);
    for (const { id } of clean.outputs) {
      const [a, b] = [await cells(`clean/${id}.tif`), await cells(`messy/${id}.tif`)];
      let worst = 0;
      let mismatched = 0;
      let valid = 0;
      for (let i = 0; i < a.length; i++) {
        if ((a[i] === NODATA) !== (b[i] === NODATA)) mismatched++;
        else if (a[i] !== NODATA) {
          valid++;
          worst = Math.max(worst, Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(a[i])));
        }
      }
      expect({ id, mismatched, valid: valid > 1000 }).toEqual({ id, mismatched: 0, valid: true });
      expect(worst, id).toBeLessThan(1e-5);
    }
    const inputs = (
      JSON.parse(readFileSync(join(dir, 'messy/run.json'), 'utf8')) as { inputs: { alignment: string }[] }
    ).inputs;
    expect(inputs.filter(({ alignment }) => /cells of/.test(alignment)).length).toBeGreaterThanOrEqual(5);
  });

  test('people per cell keep their number', async () => {
    const before = await cells('data/population_2003.tif');
    const area = (GRID.cellWidth * GRID.cellHeight) / 1e6;
    const counts = join(dir, 'data/counts.py');
    writeFileSync(
      counts,
      `import sys, numpy
from osgeo import gdal
a = gdal.Open(sys.argv[1]); b = a.GetRasterBand(1); v = b.ReadAsArray(); n = b.GetNoDataValue()
o = gdal.GetDriverByName('GTiff').Create(sys.argv[2], a.RasterXSize, a.RasterYSize, 1, gdal.GDT_Float32)
o.SetGeoTransform(a.GetGeoTransform()); o.SetProjection(a.GetProjection())
o.GetRasterBand(1).SetNoDataValue(-1); o.GetRasterBand(1).WriteArray(numpy.where(v == n, -1, v * ${area}))
`,
    );
    execFileSync('/usr/bin/python3', [counts, join(dir, 'data/population_2003.tif'), join(dir, 'data/people.tif')]);
    edit(dir, 'project.yaml', 'years: [2003, 2013, 2023]', 'years: [2003]');
    edit(dir, 'project.yaml', '"data/population_{year}.tif", unit: people/km2', 'data/people.tif, unit: people');
    // Cells three times as wide, not in step with those of the people, and beyond them on all sides.
    const side = 3.1 * GRID.cellWidth;
    const wide = [west - side, south - side, east + side, north + side];
    const steps = Math.ceil((wide[2] - wide[0]) / side);
    edit(
      dir,
      'project.yaml',
      'like: data/lulc_2003.tif',
      `crs: ${EPSG}, resolution: ${side}, bounds: [${wide[0]}, ${wide[3] - steps * side}, ${wide[0] + steps * side}, ${wide[3]}]`,
    );
    edit(dir, 'project.yaml', 'area: data/boundary.geojson', '#');
    const own = 'PEOPLE: { unit: people, supply: { layer: population }, demand: { layer: by_value } }';
    edit(dir, 'project.yaml', 'services:', `services:\n  ${own}`);
    const byValue = 'by_value: { file: data/people.tif, unit: people, resampling: average }';
    edit(dir, 'project.yaml', 'layers:', `layers:\n  ${byValue}`);
    const { log } = await run('out');
    expect(log.join('\n')).toMatch(/population: data\/people\.tif: sum/);
    // Per-capita water demand of a cell over the amount of one person: the people in it.
    const demand = await cells('out/2003/WY/demand.tif');
    const people = before.reduce((sum, value) => (value === NODATA ? sum : sum + value * area), 0);
    const found = demand.reduce((sum, value) => (value === NODATA ? sum : sum + value / 350), 0);
    expect(people).toBeGreaterThan(1000);
    expect(Math.abs(found / people - 1)).toBeLessThan(1e-6);
    // The same people as the supply of a service, which is an amount per cell as well; and carried over as values, on larger cells.
    const total = async (name: string) =>
      (await cells(`out/2003/PEOPLE/${name}.tif`)).reduce((sum, value) => (value === NODATA ? sum : sum + value), 0);
    expect(Math.abs((await total('supply')) / people - 1)).toBeLessThan(1e-6);
    // Cells of which a part has people count whole: some too many, but not one for 9.61.
    expect(Math.abs((await total('demand')) / people - 1)).toBeLessThan(0.5);
    expect(log.join('\n')).toMatch(/by_value: data\/people\.tif: average.*amounts per cell × 9\.61/);
  });

  test('a derived grid lies where all layers overlap, with the cells of the coarsest or finest', async () => {
    makeMessy();
    for (const name of ['soil_depth', 'pawc', 'precipitation_2003'])
      renameSync(join(dir, `data/messy_${name}.tif`), join(dir, `data/${name}.tif`));
    edit(dir, 'project.yaml', 'grid: { like: data/lulc_2003.tif }', '');
    const { grid, log } = await prepareProject(openProject(dir), platform);
    expect(grid.crs.epsg).toBe(GRID.crs.epsg);
    expect(grid.cellWidth).toBeCloseTo(2.5 * GRID.cellWidth, 6);
    expect(log[0]).toMatch(/coarsest cells, those of data\/soil_depth\.tif/);
    const inside = bounds(grid);
    expect(inside.west).toBeGreaterThanOrEqual(west - 1);
    expect(inside.east).toBeLessThanOrEqual(east + 1);
    edit(dir, 'project.yaml', 'area:', 'grid: { extent: intersection, cell: finest }\narea:');
    expect((await prepareProject(openProject(dir), platform)).grid.cellWidth).toBeCloseTo(1333, 6);
    // In another system the same cells, turned, are no larger.
    edit(dir, 'project.yaml', 'cell: finest', 'cell: coarsest, crs: EPSG:4547');
    expect((await prepareProject(openProject(dir), platform)).grid.cellWidth).toBe(2.5 * GRID.cellWidth);
  });

  test('the grid may be in a CRS that no layer has, by code, proj string or WKT', async () => {
    edit(dir, 'project.yaml', '{ like: data/lulc_2003.tif }', `{ crs: "${ALBERS}", resolution: 5000 }`);
    edit(dir, 'project.yaml', 'years: [2003, 2013, 2023]', 'years: [2003]');
    await run('albers');
    const about = execFileSync('gdalinfo', ['-json', join(dir, 'albers/2003/WY/supply.tif')], { encoding: 'utf8' });
    expect((JSON.parse(about) as { coordinateSystem: { wkt: string } }).coordinateSystem.wkt).toMatch(/Albers/);
  });
});

test('a CRS that nobody knows, and one that has no metres, are refused with what to write', async () => {
  edit(dir, 'project.yaml', '{ like: data/lulc_2003.tif }', '{ crs: EPSG:999999, resolution: 5000 }');
  await expect(run('a')).rejects.toThrow(/line 4, column \d+: unknown coordinate reference system \(found EPSG:999999/);
  edit(dir, 'project.yaml', 'EPSG:999999', 'EPSG:4326');
  await expect(run('b')).rejects.toThrow(/projected CRS/);
});
