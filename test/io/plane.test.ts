/** Planes: every kind of nodata, units, class codes, windows that reach beyond the raster, resampling. */
import { describe, expect, it } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { countClasses, readPlane } from '../../src/io/plane.ts';
import { bandOf } from '../../src/io/raster.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { shortTag, textTag } from '../../src/io/tiff/directory-writer.ts';
import { TAG } from '../../src/io/tiff/tags.ts';
import { affineWarp } from '../../src/io/warp/index.ts';
import { gridOf, hills, inline, openBytes, patches } from './rasters.ts';
import { bytesOf, tiffBytes } from './tiff-bytes.ts';

const row = (width: number) => ({ x: 0, y: 0, width, height: 1 });

async function readRow(
  type: 'f32' | 'f64' | 'i16' | 'u8' | 'i64',
  samples: ArrayBufferView & { length: number },
  nodata?: string,
  more = {},
) {
  const raster = await openBytes(
    tiffBytes({ width: samples.length, height: 1, type, samples: bytesOf(samples), nodata }),
  );
  return Array.from(await readPlane(raster, row(samples.length), { type: 'f32', ...more }));
}

describe('nodata', () => {
  it('floats: near the declared value, NaN and infinities; just beyond the tolerance is a value', async () => {
    const cells = await readRow(
      'f32',
      new Float32Array([-1, -1 + 0.99e-5, -1 - 0.99e-5, -1.00002, -0.99998, Number.NaN, Infinity, -Infinity, 3]),
      '-1',
    );
    expect(cells.map((cell) => cell === NODATA)).toEqual([true, true, true, false, false, true, true, true, false]);
    expect(cells[8]).toBe(3);
  });
  it('floats: large declared values', async () => {
    expect(await readRow('f32', new Float32Array([-3.4e38, 5]), '-3.3999999521443642e+38')).toEqual([NODATA, 5]);
    expect(await readRow('f32', new Float32Array([NODATA, 5]), '-3.40282346638529e+38')).toEqual([NODATA, 5]);
    expect(await readRow('f64', new Float64Array([-1.7976931348623157e308, 5]), '-1.7976931348623157e+308')).toEqual([
      NODATA,
      5,
    ]);
  });
  it('NaN declared, an infinity declared, nothing declared', async () => {
    for (const nodata of ['nan', '-inf', undefined]) {
      expect(await readRow('f32', new Float32Array([Number.NaN, -Infinity, 0, 7]), nodata)).toEqual([
        NODATA,
        NODATA,
        0,
        7,
      ]);
    }
  });
  it('integers: exactly the declared value; one that the type cannot hold matches nothing', async () => {
    expect(await readRow('i16', new Int16Array([-32768, -32767, 0]), '-32768')).toEqual([NODATA, -32767, 0]);
    expect(await readRow('u8', new Uint8Array([0, 255]), '-9999')).toEqual([0, 255]);
    expect(await readRow('i64', new BigInt64Array([-5n, 12345678n]), '-5')).toEqual([NODATA, 12345678]);
  });
  it('more values than the file declares', async () => {
    expect(await readRow('i16', new Int16Array([-1, -2, -3, 4]), '-1', { extraNodata: [-2, -3] })).toEqual([
      NODATA,
      NODATA,
      NODATA,
      4,
    ]);
    expect(await readRow('f32', new Float32Array([-1, -2, 4]), '-1', { extraNodata: [-2], factor: -2 })).toEqual([
      NODATA,
      NODATA,
      -8,
    ]);
  });
});

describe('values', () => {
  it('factor and addend convert units; nodata is judged before', async () => {
    expect(await readRow('i16', new Int16Array([0, 250, -1]), '-1', { factor: 0.1, addend: 273.15 })).toEqual(
      [273.15, 298.15, NODATA].map(Math.fround),
    );
  });
  describe('each band has its own', () => {
    const metadata = [
      [0, 'offset', 'OFFSET', 0],
      [0, 'scale', 'SCALE', 1],
      [0, 'unittype', 'UNITTYPE', 'mm'],
      [1, 'offset', 'OFFSET', 5],
      [1, 'scale', 'SCALE', 0.5],
      [1, 'unittype', 'UNITTYPE', 'm'],
    ].map(([sample, role, name, value]) => `<Item name="${name}" sample="${sample}" role="${role}">${value}</Item>`);
    for (const [sample, mean] of [8, 9].entries())
      for (const name of ['MINIMUM', 'MAXIMUM', 'MEAN', 'STDDEV'])
        metadata.push(`<Item name="STATISTICS_${name}" sample="${sample}">${mean}</Item>`);
    const open = () =>
      openBytes(
        tiffBytes({
          width: 2,
          height: 1,
          type: 'i16',
          samples: bytesOf(new Int16Array([10, 20, 30, 40])), // pixel by pixel: 10 and 30 are band 1
          tags: [
            shortTag(TAG.samplesPerPixel, 2),
            shortTag(TAG.bitsPerSample, 16, 16),
            shortTag(TAG.sampleFormat, 2, 2),
            textTag(TAG.gdalMetadata, `<GDALMetadata>${metadata.join('')}</GDALMetadata>`),
          ],
        }),
      );

    it.each([
      [1, [10, 30]],
      [2, [15, 25]],
    ])('scale and offset of band %i, of quantities and classes', async (band, values) => {
      const raster = await open();
      expect(Array.from(await readPlane(raster, row(2), { type: 'f32', band }))).toEqual(values);
      expect(Array.from(await readPlane(raster, row(2), { type: 'u32', band }))).toEqual(values);
      expect([...(await countClasses(raster, { band }))]).toEqual(values.map((value) => [value, 1]));
      const halves = { ...raster.info.grid, width: 4, height: 2, cellWidth: 15, cellHeight: 15 };
      const resampling = affineWarp(raster.info.grid, halves, 'nearest');
      expect(Array.from(await readPlane(raster, row(4), { type: 'f32', band, resampling }))).toEqual(
        values.flatMap((value) => [value, value]),
      );
    });

    it('unit and statistics; the flat members are those of band 1', async () => {
      const { info } = await open();
      expect(info).toMatchObject({ scale: 1, offset: 0, unit: 'mm', statistics: { mean: 8 } });
      expect(bandOf(info, 1)).toMatchObject({ scale: 1, offset: 0, unit: 'mm', statistics: { mean: 8 } });
      expect(bandOf(info, 2)).toMatchObject({ scale: 0.5, offset: 5, unit: 'm', statistics: { mean: 9, stddev: 9 } });
      expect(() => bandOf(info, 3)).toThrow('test.tif: there is no band 3 (found 2 bands)');
      await expect(countClasses(await open(), { band: 3 })).rejects.toThrow('there is no band 3');
    });
  });

  it('a value beyond f32 is refused with its place', async () => {
    await expect(readRow('f64', new Float64Array([1, 2, 1e300]))).rejects.toThrow(
      /test\.tif, row 0, column 2: a value is too large .* \(found 1e\+300\)\. Declare it as nodata/,
    );
  });
  it('a window beyond the raster is nodata there', async () => {
    const raster = await openBytes(
      tiffBytes({ width: 2, height: 2, type: 'u8', samples: new Uint8Array([1, 2, 3, 4]) }),
    );
    const N = NODATA;
    expect(Array.from(await readPlane(raster, { x: -1, y: 1, width: 4, height: 2 }, { type: 'f32' }))).toEqual([
      N,
      3,
      4,
      N,
      N,
      N,
      N,
      N,
    ]);
    expect(Array.from(await readPlane(raster, { x: 5, y: 5, width: 1, height: 2 }, { type: 'u32' }))).toEqual([
      NODATA_CODE,
      NODATA_CODE,
    ]);
  });
});

describe('class codes', () => {
  const open = (samples: Float32Array, nodata?: string) =>
    openBytes(
      tiffBytes({ width: 2, height: samples.length / 2, type: 'f32', samples: bytesOf(samples), nodata }),
      'lulc.tif',
    );
  it.each([
    [
      7.5,
      /lulc\.tif, row 1, column 1: this raster should hold class codes \(found 7\.5, expected whole numbers from 0 to 1048575\)/,
    ],
    [-3, /found -3/],
    [2 ** 20, /found 1048576/],
  ])('%d is refused with its place', async (value, message) => {
    const raster = await open(new Float32Array([1, 2, 3, value]));
    await expect(readPlane(raster, { x: 0, y: 0, width: 2, height: 2 }, { type: 'u32' })).rejects.toThrow(message);
  });
  it('nodata, NaN and whole floats are fine', async () => {
    const raster = await open(new Float32Array([1, -1, Number.NaN, 2 ** 20 - 1]), '-1');
    const plane = await readPlane(raster, { x: 0, y: 0, width: 2, height: 2 }, { type: 'u32' });
    expect(Array.from(plane)).toEqual([1, NODATA_CODE, NODATA_CODE, 2 ** 20 - 1]);
  });
  it('of one and two bytes go through a table of all samples: the same codes, counts and refusals', async () => {
    const width = 512;
    for (const [type, height, Samples] of [
      ['u8', 4, Uint8Array],
      ['i16', 300, Int16Array],
    ] as const) {
      const samples = Samples.from({ length: width * height }, (_, i) => (i * 7) % 251);
      const open = () =>
        openBytes(tiffBytes({ width, height, type, samples: bytesOf(samples), nodata: '250' }), 'lulc.tif');
      const window = { x: 0, y: 0, width, height };
      const expected = Array.from(samples, (sample) => (sample === 250 ? NODATA_CODE : sample));
      expect(Array.from(await readPlane(await open(), window, { type: 'u32' }))).toEqual(expected);
      const counts = await countClasses(await open(), { extraNodata: [3] });
      expect(counts.has(3)).toBe(false);
      for (const code of [0, 4, 249]) expect(counts.get(code)).toBe(expected.filter((each) => each === code).length);
      if (type !== 'i16') continue;
      samples[width * 7 + 9] = -5;
      const refusal = /lulc\.tif, row 7, column 9: this raster should hold class codes \(found -5,/;
      await expect(readPlane(await open(), window, { type: 'u32' })).rejects.toThrow(refusal);
      await expect(countClasses(await open())).rejects.toThrow(refusal);
    }
  });
  it('are counted over the whole raster', async () => {
    const cells = patches(300, 200, 7, 2);
    const expected = new Map<number, number>();
    for (const code of cells) if (code !== NODATA_CODE) expected.set(code, (expected.get(code) ?? 0) + 1);
    const target = memoryTarget();
    const description = {
      grid: gridOf(300, 200),
      sampleType: 'u8',
      nodata: 255,
      kind: 'classes',
      blockSize: 64,
    } as const;
    await writeRaster(target, description, cells, { pool: inline });
    const counts = await countClasses(await openBytes(target.bytes()));
    expect([...counts]).toEqual([...expected].sort(([a], [b]) => a - b));
    expect(counts.size).toBe(7);
  });
});

describe('resampling', () => {
  const source = gridOf(40, 30);
  const cells = hills(40, 30, 11);
  const raster = (async () => {
    const target = memoryTarget('source.tif');
    await writeRaster(target, { grid: source, sampleType: 'f32', nodata: -9999, kind: 'quantity' }, cells.slice(), {
      pool: inline,
    });
    return openBytes(target.bytes(), 'source.tif');
  })();
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= 40 || y >= 30 ? NODATA : cells[y * 40 + x]);

  it('onto the same grid changes nothing', async () => {
    for (const method of ['nearest', 'bilinear'] as const) {
      const plane = await readPlane(
        await raster,
        { x: 0, y: 0, width: 40, height: 30 },
        { type: 'f32', resampling: affineWarp(source, source, method) },
      );
      expect(plane).toEqual(cells);
    }
  });

  /** By the definition, cell by cell. */
  function bilinear(x: number, y: number): number {
    if (at(Math.floor(x), Math.floor(y)) === NODATA) return NODATA;
    let sum = 0;
    let weights = 0;
    for (const dy of [0, 1]) {
      for (const dx of [0, 1]) {
        const column = Math.floor(x - 0.5) + dx;
        const line = Math.floor(y - 0.5) + dy;
        const weight = (1 - Math.abs(x - 0.5 - column)) * (1 - Math.abs(y - 0.5 - line));
        if (at(column, line) === NODATA) continue;
        sum += weight * at(column, line);
        weights += weight;
      }
    }
    return Math.fround(sum / weights);
  }

  it.each([
    [
      'finer and shifted',
      { cellWidth: 7, cellHeight: 11, west: 500000 - 100, north: 4000000 + 50, width: 200, height: 100 },
    ],
    // Not so coarse that the kernel is widened: see warp.test.ts.
    ['coarser', { cellWidth: 31, cellHeight: 31.5, west: 500013, north: 3999990, width: 36, height: 27 }],
  ])('%s: by definition, whatever the window', async (_, placing) => {
    const grid = gridOf(placing.width, placing.height, placing);
    const window = { x: 3, y: 2, width: grid.width - 5, height: grid.height - 4 };
    let valid = 0;
    for (const method of ['nearest', 'bilinear'] as const) {
      const resampling = affineWarp(source, grid, method);
      const plane = await readPlane(await raster, window, { type: 'f32', resampling });
      for (let i = 0; i < plane.length; i++) {
        const column = window.x + (i % window.width);
        const line = window.y + Math.floor(i / window.width);
        const x = (grid.west + (column + 0.5) * grid.cellWidth - source.west) / 30;
        const y = (source.north - grid.north + (line + 0.5) * grid.cellHeight) / 30;
        const expected = method === 'nearest' ? at(Math.floor(x), Math.floor(y)) : bilinear(x, y);
        if (expected === NODATA) expect(plane[i]).toBe(NODATA);
        else expect(plane[i]).toBeCloseTo(expected, 3);
        valid += expected === NODATA ? 0 : 1;
      }
      const part = { x: 4, y: 5, width: 6, height: 3 };
      const again = await readPlane(await raster, part, { type: 'f32', resampling });
      expect(again[7]).toBe(plane[(part.y + 1 - window.y) * window.width + part.x + 1 - window.x]);
    }
    expect(valid).toBeGreaterThan(100);
  });

  it('interpolated classes are refused', async () => {
    const resampling = affineWarp(source, gridOf(4, 4), 'bilinear');
    const read = readPlane(await raster, { x: 0, y: 0, width: 4, height: 4 }, { type: 'u32', resampling });
    await expect(read).rejects.toThrow(/source\.tif: class codes cannot be interpolated.*Use 'nearest' or 'mode'/);
  });
});
