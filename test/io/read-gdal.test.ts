/** Rasters of every kind, made by GDAL and read by us: all samples, random windows, overviews, masks, and what the tags say. */
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SampleType } from '../../src/core/cells.ts';
import { blockCache } from '../../src/io/block-cache.ts';
import { bandOf, openRaster, type Raster } from '../../src/io/raster.ts';
import { allocateSamples, type TypedArray, viewSamples } from '../../src/io/samples.ts';
import { fileSource } from '../../src/node/files.ts';
import { describeWithGdal, type GdalCase, rawBytes, runGdal, temporaryFolder } from './gdal.ts';

const TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'f64'] as const;

interface MadeCase extends GdalCase {
  readonly type: (typeof TYPES)[number];
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly options: string[];
}

const anyCase = fc
  .record({
    type: fc.constantFrom(...TYPES),
    width: fc.integer({ min: 1, max: 150 }),
    height: fc.integer({ min: 1, max: 150 }),
    bands: fc.constantFrom(1, 1, 1, 2, 3),
    seed: fc.integer({ min: 0, max: 1e6 }),
    compress: fc.constantFrom('NONE', 'DEFLATE', 'LZW', 'PACKBITS', 'ZSTD', 'LERC', 'LERC_DEFLATE', 'LERC_ZSTD'),
    predictor: fc.constantFrom(1, 2, 3),
    layout: fc.constantFrom(
      ['TILED=YES', 'BLOCKXSIZE=32', 'BLOCKYSIZE=48'],
      ['TILED=YES', 'BLOCKXSIZE=128', 'BLOCKYSIZE=16'],
      ['BLOCKYSIZE=1'],
      ['BLOCKYSIZE=13'],
      [],
    ),
    interleave: fc.constantFrom('PIXEL', 'BAND'),
    endianness: fc.constantFrom('LITTLE', 'BIG'),
    big: fc.constantFrom('YES', 'NO'),
    nodata: fc.constantFrom(undefined, 0, 7),
    nan: fc.boolean(),
  })
  .map(({ compress, predictor, layout, interleave, endianness, big, ...rest }) => {
    const predicts = ['DEFLATE', 'LZW', 'ZSTD'].includes(compress);
    const float = rest.type[0] === 'f';
    // Predictor 2 on floats is not written by the GDAL at hand, nor predictor 3 on integers.
    const used = !predicts ? 1 : float ? (predictor === 2 ? 3 : predictor) : Math.min(predictor, 2);
    const wide = rest.type === 'f64' && used === 2;
    return {
      ...rest,
      options: [
        ...layout,
        `COMPRESS=${compress}`,
        ...(predicts && !wide ? [`PREDICTOR=${used}`] : []),
        `INTERLEAVE=${interleave}`,
        `ENDIANNESS=${endianness}`,
        `BIGTIFF=${big}`,
      ],
    };
  });

/** Sample i of window (x, y, width, height) of a band. */
function cut(
  all: TypedArray,
  { width, height }: MadeCase,
  band: number,
  x: number,
  y: number,
  w: number,
  h: number,
): number[] {
  return Array.from({ length: w * h }, (_, i) =>
    Number(all[((band - 1) * height + y + Math.floor(i / w)) * width + x + (i % w)]),
  );
}

async function expectSame(raster: Raster, made: MadeCase, all: TypedArray, windows: number): Promise<void> {
  const rects = [{ x: 0, y: 0, width: made.width, height: made.height }];
  const positions = fc.record({ a: fc.nat(9999), b: fc.nat(9999), c: fc.nat(9999), d: fc.nat(9999) });
  for (const { a, b, c, d } of fc.sample(positions, { numRuns: windows, seed: made.width })) {
    const x = a % made.width;
    const y = b % made.height;
    rects.push({ x, y, width: 1 + (c % (made.width - x)), height: 1 + (d % (made.height - y)) });
  }
  for (let band = 1; band <= made.bands; band++) {
    for (const rect of rects) {
      const { samples } = await raster.readSamples(rect, { band });
      expect(samples.constructor).toBe(allocateSamples(made.type, 0).constructor);
      const expected = cut(all, made, band, rect.x, rect.y, rect.width, rect.height);
      expect(Array.from(samples, Number), `${made.name} band ${band} ${JSON.stringify(rect)} ${made.options}`).toEqual(
        expected,
      );
    }
  }
}

describeWithGdal('reading what GDAL writes', () => {
  const folder = temporaryFolder();

  it('any size, type, layout, compression, predictor, interleaving, byte order and TIFF version', async () => {
    const cases = fc
      .sample(anyCase, { numRuns: 160, seed: 20260 })
      .map((made, i) => ({ ...made, name: `r${i}` })) as MadeCase[];
    const refused: string[] = [];
    let compared = 0;
    for (const [i, result] of runGdal('make', cases, folder).entries()) {
      const made = cases[i];
      if (result.refused) {
        refused.push(`${made.options} ${made.type}: ${result.refused}`);
        continue;
      }
      const raster = await openRaster(
        await fileSource(join(folder, `${made.name}.tif`)),
        i % 2 ? { cache: blockCache(20000) } : {},
      );
      expect(raster.info).toMatchObject({ bands: made.bands, sampleType: made.type, nodata: made.nodata });
      await expectSame(raster, made, viewSamples(made.type, rawBytes(folder, `${made.name}.raw`)), 3);
      await raster.close();
      compared++;
    }
    expect(compared, `GDAL refused:\n${refused.join('\n')}`).toBeGreaterThan(120);
  });

  it('samples of 1, 2 and 4 bits, and half floats', async () => {
    const layouts = [
      [],
      ['TILED=YES', 'BLOCKXSIZE=32', 'BLOCKYSIZE=32'],
      ['COMPRESS=DEFLATE'],
      ['ENDIANNESS=BIG', 'COMPRESS=LZW'],
    ];
    const cases: MadeCase[] = [];
    for (const [type, nbits] of [
      ['u8', 1],
      ['u8', 2],
      ['u8', 4],
      ['f32', 16],
    ] as const) {
      for (const options of layouts)
        cases.push({
          name: `n${nbits}-${cases.length}`,
          type,
          nbits,
          width: 77,
          height: 19,
          bands: 1,
          seed: 4,
          options: [...options],
        });
    }
    for (const [i, result] of runGdal('make', cases, folder).entries()) {
      expect(result.refused).toBeUndefined();
      const raster = await openRaster(await fileSource(join(folder, `${cases[i].name}.tif`)));
      expect(raster.info.sampleType).toBe(cases[i].nbits === 16 ? 'f16' : 'u8');
      await expectSame(raster, cases[i], viewSamples(cases[i].type, rawBytes(folder, `${cases[i].name}.raw`)), 3);
      await raster.close();
    }
  });

  it('a large strip that is not compressed, both byte orders, bands apart', async () => {
    const base = { width: 900, height: 700, bands: 2, seed: 3, type: 'f32' } as const;
    const cases: MadeCase[] = ['LITTLE', 'BIG'].map((endianness) => {
      const options = ['BLOCKYSIZE=700', 'INTERLEAVE=BAND', `ENDIANNESS=${endianness}`];
      return { ...base, name: `strip-${endianness}`, options };
    });
    runGdal('make', cases, folder);
    for (const made of cases) {
      const raster = await openRaster(await fileSource(join(folder, `${made.name}.tif`)));
      expect(raster.info).toMatchObject({ tiled: false, blockWidth: 900, blockHeight: 291 });
      await expectSame(raster, made, viewSamples(made.type, rawBytes(folder, `${made.name}.raw`)), 2);
      await raster.close();
    }
  });

  it('overviews, masks, alpha, sparse files, scale, unit, description', async () => {
    const base = { width: 300, height: 200, bands: 1, seed: 9, epsg: 32650 };
    const tiled = ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64', 'COMPRESS=DEFLATE'];
    const cases: MadeCase[] = [
      {
        ...base,
        name: 'ov',
        type: 'i16',
        options: tiled,
        overviews: [2, 4],
        mask: true,
        nodata: -5,
        scale: 0.1,
        offset: 3,
        unit: 'mm',
        description: 'rain < "snow" & hail',
      },
      {
        ...base,
        name: 'bands',
        type: 'u8',
        bands: 3,
        options: tiled,
        scale: [1, 0.5, 2],
        offset: [0, -7, 1],
        unit: ['mm', 'm', ''],
        description: ['rain', 'depth', ''],
      },
      { ...base, name: 'alpha', type: 'u8', bands: 2, options: [...tiled, 'ALPHA=YES'], alpha: true },
      { ...base, name: 'sparse', type: 'f32', options: [...tiled, 'SPARSE_OK=TRUE'], sparse: true, nodata: -9999 },
    ];
    const results = runGdal('make', cases, folder);
    const open = async (name: string) => openRaster(await fileSource(join(folder, `${name}.tif`)));

    const ov = await open('ov');
    expect(ov.info).toMatchObject({
      scale: 0.1,
      offset: 3,
      unit: 'mm',
      description: 'rain < "snow" & hail',
      nodata: -5,
      hasMask: true,
    });
    expect(ov.info.overviews.map(({ width, height }) => [width, height])).toEqual(results[0].levels);
    expect(ov.info.grid.crs).toMatchObject({ epsg: 32650, kind: 'projected', metresPerUnit: 1 });
    for (const [i, [width, height]] of results[0].levels.entries()) {
      const { samples } = await ov.readSamples({ x: 0, y: 0, width, height }, { level: i + 1 });
      expect(samples).toEqual(viewSamples('i16', rawBytes(folder, `ov.ov${i}`)));
    }
    const { mask } = await ov.readSamples({ x: 0, y: 0, width: 300, height: 200 });
    expect(Array.from(mask!)).toEqual(Array.from(rawBytes(folder, 'ov.mask'), (value) => (value ? 1 : 0)));

    const bands = await open('bands');
    expect(bands.info).toMatchObject({ scale: 1, offset: 0, unit: 'mm', description: 'rain' });
    expect([1, 2, 3].map((band) => bandOf(bands.info, band))).toMatchObject([
      { scale: 1, offset: 0, unit: 'mm', description: 'rain' },
      { scale: 0.5, offset: -7, unit: 'm', description: 'depth' },
      { scale: 2, offset: 1, unit: undefined, description: undefined },
    ]);

    const alpha = await open('alpha');
    const both = viewSamples('u8', rawBytes(folder, 'alpha.raw'));
    const read = await alpha.readSamples({ x: 0, y: 0, width: 300, height: 200 });
    expect(alpha.info.hasMask).toBe(true);
    expect(Array.from(read.mask!)).toEqual(
      Array.from(both.subarray(60000) as Uint8Array, (value) => (value > 0 ? 1 : 0)),
    );

    const sparse = await open('sparse');
    const cells = await sparse.readSamples({ x: 30, y: 40, width: 200, height: 100 });
    expect(new Set(cells.samples as Float32Array)).toEqual(new Set([-9999]));
    for (const raster of [ov, bands, alpha, sparse]) await raster.close();
  });

  it('grids: geographic, user-defined, cells named by their centre, south-up, none', async () => {
    const base = { width: 20, height: 10, bands: 1, seed: 2, options: [] as string[], type: 'f32' as SampleType };
    const cases = [
      { ...base, name: 'geo', epsg: 4326, transform: [110, 0.25, 0, 35, 0, -0.25] },
      { ...base, name: 'albers', proj: '+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m' },
      { ...base, name: 'point', epsg: 32650, point: true },
      { ...base, name: 'south', epsg: 32650, transform: [500000, 30, 0, 3999700, 0, 30] },
      { ...base, name: 'feet', epsg: 2263 },
      { ...base, name: 'rotated', epsg: 32650, transform: [500000, 30, 5, 4000000, 5, -30] },
    ] as MadeCase[];
    runGdal('make', cases, folder);
    const opened: Raster[] = [];
    const open = async (name: string) => {
      const raster = await openRaster(await fileSource(join(folder, `${name}.tif`)));
      opened.push(raster);
      return raster;
    };

    expect((await open('geo')).info.grid).toMatchObject({
      west: 110,
      north: 35,
      cellWidth: 0.25,
      cellHeight: 0.25,
      crs: { epsg: 4326, kind: 'geographic' },
    });
    const albers = (await open('albers')).info.grid.crs;
    expect(albers).toMatchObject({ kind: 'projected', metresPerUnit: 1 });
    expect(albers.epsg).toBeUndefined();
    expect(albers.geoKeys!.doubles.length).toBeGreaterThan(4);
    expect((await open('point')).info.grid).toMatchObject({ west: 500000, north: 4000000, cellWidth: 30 });
    expect((await open('feet')).info.grid.crs.metresPerUnit).toBeCloseTo(1200 / 3937, 9);

    const south = await open('south');
    expect(south.info).toMatchObject({ southUp: true, grid: { west: 500000, north: 4000000, cellHeight: 30 } });
    const { samples } = await south.readSamples({ x: 3, y: 2, width: 4, height: 5 });
    const stored = viewSamples('f32', rawBytes(folder, 'south.raw'));
    // Row 2 from the north is row 7 of the ten that the file has from the south.
    expect(Array.from(samples, Number)).toEqual(
      Array.from({ length: 20 }, (_, i) => stored[(7 - Math.floor(i / 4)) * 20 + 3 + (i % 4)]),
    );
    await expect(open('rotated')).rejects.toThrow(
      /rotated\.tif: the raster does not lie straight on the map .*Warp it with gdalwarp/,
    );
    for (const raster of opened) await raster.close();
  });
});
