/** Files of ours as GDAL sees them: pixels, tags, and its validation of Cloud Optimized GeoTIFFs. */
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { Crs } from '../../src/core/grid.ts';
import { layOut } from '../../src/io/cog-layout.ts';
import { createRasterWriter, type RasterDescription, writeRaster } from '../../src/io/raster-writer.ts';
import { integerRange, viewSamples } from '../../src/io/samples.ts';
import { fileTarget } from '../../src/node/files.ts';
import { describeWithGdal, rawBytes, runGdal, temporaryFolder } from './gdal.ts';
import { gridOf, hills, inline, patches } from './rasters.ts';

const GDAL_TYPES = {
  u8: 'Byte',
  i8: 'Byte',
  u16: 'UInt16',
  i16: 'Int16',
  u32: 'UInt32',
  i32: 'Int32',
  f32: 'Float32',
  f64: 'Float64',
};

const anyFile = fc
  .record({
    sampleType: fc.constantFrom('u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'f64'),
    width: fc.integer({ min: 1, max: 200 }),
    height: fc.integer({ min: 1, max: 200 }),
    kind: fc.constantFrom('quantity', 'classes'),
    compression: fc.constantFrom('deflate', 'deflate', 'none'),
    predictor: fc.constantFrom(undefined, 1, 2),
    blockSize: fc.constantFrom(16, 48, 128, 512),
    overviews: fc.boolean(),
    bigTiff: fc.constantFrom('auto', 'yes'),
    seed: fc.nat(1e6),
  })
  .map(({ width, height, seed, ...rest }) => {
    const range = integerRange(rest.sampleType as 'u8');
    const nodata = range ? range.max : -9999;
    return { seed, description: { ...rest, grid: gridOf(width, height), nodata } as RasterDescription };
  });

/** What the file should hold: the cells as numbers, rounded and with the declared nodata. */
function expectedSamples({ sampleType, nodata, kind }: RasterDescription, cells: Float32Array | Uint32Array): number[] {
  const integer = integerRange(sampleType) !== undefined;
  return Array.from(cells as Float32Array, (cell) =>
    cell === (kind === 'classes' ? NODATA_CODE : NODATA) ? nodata : integer ? Math.round(cell) + 0 : cell,
  );
}

it('a file that passes 4 GB becomes a BigTIFF', () => {
  const settled = { blockSize: 512, predictor: 3, compression: 'deflate' } as const;
  const layoutOf = (blockBytes: number) => {
    const grid = gridOf(51200, 51200);
    const sizes = new Float64Array(10000).fill(blockBytes);
    return layOut({ grid, sampleType: 'f32', nodata: -1, kind: 'quantity' }, settled, [{ ...grid, sizes }], undefined);
  };
  expect(layoutOf(429000)).toMatchObject({ big: false });
  const big = layoutOf(430000);
  expect(big).toMatchObject({ big: true, bytes: big.head.length + 10000 * 430008 });
  const view = new DataView(big.head.buffer);
  expect([view.getUint16(2, true), view.getUint16(4, true)]).toEqual([43, 8]);
});

describeWithGdal('what GDAL reads of our files', () => {
  const folder = temporaryFolder();

  it('any size, type, block, compression, predictor and TIFF version: pixels, georeference and COG validity', async () => {
    const cases = fc.sample(anyFile, { numRuns: 80, seed: 7 });
    const cells = [];
    for (const [i, { description, seed }] of cases.entries()) {
      const { width, height } = description.grid;
      const signed = ['i8', 'u8'].includes(description.sampleType) ? 0.4 : 1;
      const plane = description.kind === 'classes' ? patches(width, height, 20, seed) : hills(width, height, seed);
      const unsigned = description.sampleType[0] === 'u';
      const fitted =
        plane instanceof Uint32Array
          ? plane
          : plane.map((cell) => (cell === NODATA ? cell : unsigned ? Math.abs(cell) * signed : cell * signed));
      cells.push(fitted);
      await writeRaster(fileTarget(join(folder, `w${i}.tif`)), description, fitted, { pool: inline });
    }
    const names = cases.map((_, i) => ({ name: `w${i}` }));
    for (const [i, seen] of runGdal('read', names, folder).entries()) {
      const { description } = cases[i];
      const { grid, sampleType, nodata } = description;
      expect(seen.refused).toBeUndefined();
      expect(seen.errors, JSON.stringify(description)).toEqual([]);
      expect(seen.type).toBe(GDAL_TYPES[sampleType as 'u8']);
      expect(seen.transform).toEqual([grid.west, 30, 0, grid.north, 0, -30]);
      expect(seen.epsg).toBe('32650');
      expect(Number(seen.nodata)).toBe(nodata);
      const values = Array.from(viewSamples(sampleType, rawBytes(folder, `w${i}.raw`)), Number);
      expect(values, JSON.stringify(description)).toEqual(expectedSamples(description, cells[i]));
      const deep = Math.max(grid.width, grid.height) > (description.blockSize ?? 512);
      expect(seen.levels.length > 0).toBe(deep && description.overviews !== false);
    }
  });

  it('unit, description, statistics, metadata, colours, class names', async () => {
    const grid = gridOf(700, 650);
    await writeRaster(
      fileTarget(join(folder, 'rain.tif')),
      {
        grid,
        sampleType: 'f32',
        nodata: -1,
        kind: 'quantity',
        unit: 'mm',
        description: 'rain < "snow" & hail',
        metadata: { MODEL: 'awy & <more>' },
      },
      hills(700, 650, 3),
      { pool: inline },
    );
    const classes = patches(700, 650, 6, 4);
    await writeRaster(
      fileTarget(join(folder, 'classes.tif')),
      {
        grid,
        sampleType: 'u8',
        nodata: 255,
        kind: 'classes',
        palette: { 0: [0, 0, 0, 255], 1: [255, 128, 3, 255], 5: [1, 2, 3, 255] },
        classNames: { 1: 'Forest & scrub', 5: 'Water' },
      },
      classes.slice(),
      { pool: inline },
    );
    const [rain, seen] = runGdal('read', [{ name: 'rain' }, { name: 'classes' }], folder);
    expect(rain).toMatchObject({ errors: [], warnings: [], unit: 'mm', description: 'rain < "snow" & hail' });
    expect(rain.metadata.MODEL).toBe('awy & <more>');
    expect(rain.structure).toMatchObject({ COMPRESSION: 'DEFLATE', PREDICTOR: '3', LAYOUT: 'COG' });
    const valid = hills(700, 650, 3).filter((cell) => cell !== NODATA);
    const mean = valid.reduce((sum, cell) => sum + cell, 0) / valid.length;
    const variance = valid.reduce((sum, cell) => sum + (cell - mean) ** 2, 0) / valid.length;
    expect(rain.statistics[0]).toBe(valid.reduce((a, b) => Math.min(a, b)));
    expect(rain.statistics[1]).toBe(valid.reduce((a, b) => Math.max(a, b)));
    expect(rain.statistics[2]).toBeCloseTo(mean, 10);
    expect(rain.statistics[3]).toBeCloseTo(Math.sqrt(variance), 10);

    expect(seen).toMatchObject({ errors: [], warnings: [] });
    expect(seen.palette[1].slice(0, 3)).toEqual([255, 128, 3]);
    expect(seen.categories[1]).toBe('Forest & scrub');
    expect(seen.categories[5]).toBe('Water');
    expect(seen.rat).toEqual(['Forest & scrub', 'Water']);
  });

  it('systems: geographic, in feet, user-defined copied through, none', async () => {
    const albers: Crs = await userDefinedCrs(folder);
    const systems: Record<string, Crs> = {
      geographic: { epsg: 4326, name: 'WGS 84', kind: 'geographic' },
      feet: { epsg: 2263, name: 'NAD83 / New York Long Island (ftUS)', kind: 'projected', metresPerUnit: 1200 / 3937 },
      albers,
      none: { name: 'no coordinate reference system', kind: 'unknown' },
    };
    const names = Object.keys(systems).map((name) => ({ name }));
    for (const [name, crs] of Object.entries(systems)) {
      const grid = gridOf(5, 4, { crs, west: 110, north: 35, cellWidth: 0.25, cellHeight: 0.5 });
      await writeRaster(
        fileTarget(join(folder, `${name}.tif`)),
        { grid, sampleType: 'f32', nodata: -1, kind: 'quantity' },
        hills(5, 4),
        { pool: inline },
      );
    }
    const [geographic, feet, copied, none] = runGdal('read', names, folder);
    expect(geographic.epsg).toBe('4326');
    expect(geographic.transform).toEqual([110, 0.25, 0, 35, 0, -0.5]);
    expect(feet.epsg).toBe('2263');
    expect(copied.wkt).toContain('+proj=aea +lat_0=0 +lon_0=105 +lat_1=25 +lat_2=47');
    expect(none.epsg).toBeNull();
  });

  it('parts that were never written are nodata', async () => {
    const grid = gridOf(200, 100);
    const writer = await createRasterWriter(
      fileTarget(join(folder, 'part.tif')),
      { grid, sampleType: 'f32', nodata: -1, kind: 'quantity', blockSize: 64 },
      { pool: inline },
    );
    await writer.write({ x: 60, y: 10, width: 10, height: 5 }, new Float32Array(50).fill(4));
    const { statistics } = await writer.finish();
    expect(statistics).toMatchObject({ valid: 50, min: 4, max: 4, mean: 4, stddev: 0 });
    const [seen] = runGdal('read', [{ name: 'part' }], folder);
    expect(seen.errors).toEqual([]);
    const values = viewSamples('f32', rawBytes(folder, 'part.raw')) as Float32Array;
    expect(values.filter((value) => value === 4).length).toBe(50);
    expect(values.filter((value) => value === -1).length).toBe(200 * 100 - 50);
  });
});

/** An Albers system without a code, as GDAL writes it. */
async function userDefinedCrs(folder: string): Promise<Crs> {
  const { openRaster } = await import('../../src/io/raster.ts');
  const { fileSource } = await import('../../src/node/files.ts');
  const proj = '+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m';
  runGdal('make', [{ name: 'aea', type: 'f32', width: 4, height: 4, bands: 1, seed: 1, options: [], proj }], folder);
  const raster = await openRaster(await fileSource(join(folder, 'aea.tif')));
  await raster.close();
  return raster.info.grid.crs;
}
