/** Where cells lie in the source: the promised error, windows, the antimeridian, poles, edges of maps, systems that are not known. */
import { describe, expect, it } from 'vitest';
import { NODATA, type Plane } from '../../src/core/cells.ts';
import type { Grid, Window } from '../../src/core/grid.ts';
import { type CellPositions, NO_POSITION, RESAMPLINGS, type Resampling } from '../../src/core/warp.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { readPlane } from '../../src/io/plane.ts';
import type { Raster } from '../../src/io/raster.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { describeWarp, runsOnDevice, type Warp, warpBetween, warpInput } from '../../src/io/warp/index.ts';
import { gridOf, hills, inline, openBytes } from './rasters.ts';

const ALBERS = '+proj=aea +lat_1=25 +lat_2=47 +lat_0=30 +lon_0=105 +x_0=0 +y_0=0 +datum=WGS84';

async function grid(
  crs: string,
  west: number,
  north: number,
  cell: number,
  width: number,
  height: number,
): Promise<Grid> {
  return { west, north, cellWidth: cell, cellHeight: cell, width, height, crs: await parseCrs(crs) };
}

async function rasterOf(at: Grid, cells: Float32Array): Promise<Raster> {
  const target = memoryTarget('source.tif');
  const description = { grid: at, sampleType: 'f32', nodata: -9999, kind: 'quantity', overviews: false } as const;
  await writeRaster(target, description, cells.slice(), { pool: inline });
  return openBytes(target.bytes(), 'source.tif');
}

const whole = ({ width, height }: Grid): Window => ({ x: 0, y: 0, width, height });

const read = (raster: Raster, warp: Warp, window = whole(warp.target)): Promise<Plane> =>
  readPlane(raster, window, { type: 'f32', resampling: warp });

/** By the formula of core/warp.ts, in plain arithmetic; undefined without a position. */
function placeOf({ step, bits, originX, originY, columns, nodes }: CellPositions, column: number, row: number) {
  const [a, b] = [(column - originX) % step, (row - originY) % step];
  const first = Math.floor((row - originY) / step) * columns + Math.floor((column - originX) / step);
  const at = [first, first + 1, first + columns, first + columns + 1].map((n) => nodes.subarray(4 * n, 4 * n + 4));
  if (at.slice(0, step === 1 ? 1 : 4).some(([cell]) => cell === NO_POSITION)) return undefined;
  const lerp = (p: number, q: number, t: number) => p + Math.floor(((q - p) * t + Math.floor(step / 2)) / step);
  return [0, 2].map((axis) => {
    const [p, q, r, s] = at.map((node) => (node[axis] - at[0][axis]) * 2 ** bits + node[axis + 1]);
    return at[0][axis] + lerp(lerp(p, q, a), lerp(r, s, a), b) / 2 ** bits;
  });
}

describe('positions', () => {
  it.each([
    ['30 m', ALBERS, 1058000, 756000, 30, 'EPSG:32650', [500000, 4000000, 30], 1e-5],
    ['1 km', ALBERS, 500000, 1500000, 1000, 'EPSG:32650', [0, 5000000, 1000], 1e-5],
    ['finer than the source', ALBERS, 1058000, 756000, 3, 'EPSG:4326', [116.9, 36.2, 0.001], 1e-5],
    [
      '25 km',
      '+proj=laea +lat_0=45 +lon_0=100 +datum=WGS84',
      -2000000,
      2000000,
      25000,
      'EPSG:4326',
      [0, 90, 0.25],
      2e-5,
    ],
    ['feet and another datum', 'EPSG:2263', 980000, 200000, 100, 'EPSG:32618', [580000, 4512000, 30], 1e-5],
  ] as const)(
    '%s: within the promised error of exact places',
    async (_, crs, west, north, cell, from, [x, y, size], most) => {
      const target = await grid(crs, west, north, cell, 160, 150);
      const source = await grid(from, x, y, size, 600, 500);
      const warp = await warpBetween(source, target, { method: 'nearest' });
      expect(warp.error).toBeLessThan(most);
      const { forward } = await transformBetween(target.crs, source.crs);
      const window = { x: 5, y: 3, width: 150, height: 140 };
      const { held, positions } = await warpInput(await zeros(source), window, { type: 'f32' }, warp);
      let worst = 0;
      let compared = 0;
      for (let row = 0; row < window.height; row++) {
        for (let column = 0; column < window.width; column++) {
          const image = forward(west + (window.x + column + 0.5) * cell, north - (window.y + row + 0.5) * cell)!;
          const place = placeOf(positions, column, row)!;
          worst = Math.max(
            worst,
            Math.abs(place[0] + held.x - (image[0] - x) / size),
            Math.abs(place[1] + held.y - (y - image[1]) / size),
          );
          compared++;
        }
      }
      expect(compared).toBe(150 * 140);
      expect(worst).toBeLessThan(warp.error);
      expect(worst).toBeGreaterThan(0);
    },
  );
});

/** A raster of that grid without a file: nobody looks at its cells. */
async function zeros(at: Grid): Promise<Raster> {
  const { info, close } = await rasterOf(gridOf(8, 8), hills(8, 8));
  const readSamples = async ({ width, height }: Window) => ({ samples: new Float32Array(width * height) });
  return { info: { ...info, grid: at }, readSamples, close };
}

describe('windows', () => {
  it.each(RESAMPLINGS)('%s: the same bytes whatever they are', async (method: Resampling) => {
    const source = await grid('EPSG:4326', 116.9, 36.2, 0.0007, 200, 180);
    const raster = await rasterOf(source, hills(200, 180, 5));
    const warp = await warpBetween(
      source,
      await grid(ALBERS, 1050000, 765000, method === 'cubic' ? 160 : 70, 110, 90),
      { method },
    );
    const all = await read(raster, warp);
    expect(all.filter((value) => value !== NODATA).length).toBeGreaterThan(all.length / 4);
    for (const window of [
      { x: 17, y: 9, width: 31, height: 40 },
      { x: 0, y: 63, width: 110, height: 1 },
      { x: -5, y: -4, width: 40, height: 30 },
    ]) {
      const part = await read(raster, warp, window);
      for (let i = 0; i < part.length; i++) {
        const column = window.x + (i % window.width);
        const row = window.y + Math.floor(i / window.width);
        if (column >= 0 && row >= 0) expect(part[i]).toBe(all[row * 110 + column]);
      }
    }
  });
});

describe('by area', () => {
  it('mean times covered area is the sum, on grids that are turned against each other', async () => {
    const source = await grid('EPSG:4326', 116.9, 36.2, 0.0007, 200, 180);
    const values = hills(200, 180, 5);
    const one = values.map((value) => (value === NODATA ? NODATA : 1));
    const target = await grid(ALBERS, 1050000, 765000, 160, 110, 90);
    const [sum, mean] = await Promise.all(
      (['sum', 'average'] as const).map(async (method) =>
        read(await rasterOf(source, values), await warpBetween(source, target, { method })),
      ),
    );
    const covered = await read(await rasterOf(source, one), await warpBetween(source, target, { method: 'sum' }));
    let compared = 0;
    sum.forEach((total, i) => {
      if (total === NODATA) expect(mean[i]).toBe(NODATA);
      else {
        expect(Math.abs(mean[i] * covered[i] - total)).toBeLessThan(1e-3);
        compared++;
      }
    });
    expect(compared).toBeGreaterThan(2000);
  });

  it('many source cells to a target cell are held in parts', async () => {
    const size = 6000;
    const source = gridOf(size, size);
    const { info, close } = await zeros(source);
    let most = 0;
    let read = 0;
    const readSamples = async ({ x, y, width, height }: Window) => {
      most = Math.max(most, width * height);
      read += width * height;
      return { samples: Float32Array.from({ length: width * height }, (_, i) => (x + (i % width) + y) % 7) };
    };
    const target = gridOf(18, 18, { cellWidth: 10000, cellHeight: 10000 });
    const warp = await warpBetween(source, target, { method: 'average' });
    const plane = await readPlane({ info, readSamples, close }, whole(target), { type: 'f32', resampling: warp });
    expect(most).toBeLessThanOrEqual(2 ** 24);
    expect(read).toBeLessThan(1.1 * size ** 2);
    for (const value of plane) expect(value).toBeCloseTo(3, 1);
  });

  it.each(['average', 'mode', 'sum'] as const)(
    '%s: source cells under one target cell that are more than can be held come in strips',
    async (method) => {
      const size = 4500;
      const { info, close } = await zeros(gridOf(size, size));
      let most = 0;
      const readSamples = async ({ y, width, height }: Window) => {
        most = Math.max(most, width * height);
        // Threes in the last row, elsewhere one.
        return { samples: new Float32Array(width * height).fill(1).fill(3, Math.max(0, size - 1 - y) * width) };
      };
      const target = gridOf(1, 1, { cellWidth: 30 * size, cellHeight: 30 * size });
      const warp = await warpBetween(info.grid, target, { method });
      const [value] = await readPlane({ info, readSamples, close }, whole(target), { type: 'f32', resampling: warp });
      expect(most).toBeLessThanOrEqual(2 ** 24);
      const total = size * (size - 1) + 3 * size;
      expect(value).toBe(method === 'mode' ? 1 : Math.fround(method === 'sum' ? total : total / size ** 2));
    },
  );
});

describe('around the globe', () => {
  /** A value that is smooth on the sphere: the same wherever longitudes are counted from. */
  const value = (longitude: number, latitude: number) =>
    Math.fround(
      100 + 40 * Math.cos((longitude * Math.PI) / 180 - 1) * Math.cos((latitude * Math.PI) / 180) + latitude / 3,
    );
  const globe = (west: number) => grid('EPSG:4326', west, 90, 1, 360, 180);
  const filled = (at: Grid) =>
    Float32Array.from({ length: at.width * at.height }, (_, i) =>
      value(at.west + (i % at.width) + 0.5, at.north - Math.floor(i / at.width) - 0.5),
    );

  it.each([
    ['across the antimeridian', '+proj=laea +lat_0=20 +lon_0=180 +datum=WGS84', 3000000],
    ['around the pole', 'EPSG:3031', 3000000],
    ['across Greenwich', '+proj=laea +lat_0=45 +lon_0=0 +datum=WGS84', 2000000],
  ])('%s, from −180..180 and 0..360 alike', async (_, crs, half) => {
    const target = await grid(crs, -half, half, half / 30, 60, 60);
    const { forward } = await transformBetween(target.crs, await parseCrs('EPSG:4326'));
    const both = [await globe(-180), await globe(0)];
    for (const method of ['nearest', 'bilinear', 'average', 'sum'] as const) {
      const planes: Plane[] = [];
      for (const source of both) {
        const warp = await warpBetween(source, target, { method });
        planes.push(await read(await rasterOf(source, filled(source)), warp));
      }
      let missing = 0;
      for (let i = 0; i < 3600; i++) {
        const image = forward(
          target.west + ((i % 60) + 0.5) * target.cellWidth,
          target.north - (Math.floor(i / 60) + 0.5) * target.cellHeight,
        )!;
        if (planes[0][i] === NODATA) missing++;
        else if (method !== 'sum')
          expect(Math.abs(planes[0][i] - value(...image))).toBeLessThan(method === 'nearest' ? 1.2 : 0.6);
        expect(planes[1][i] === NODATA).toBe(planes[0][i] === NODATA);
        expect(Math.abs(planes[1][i] - planes[0][i])).toBeLessThanOrEqual(1e-4 * Math.abs(planes[0][i]));
      }
      // The cells around the pole itself may have none.
      expect(missing).toBeLessThan(crs === 'EPSG:3031' ? 5 : 1);
    }
  });

  it('sums around a pole keep the total', async () => {
    const source = await globe(-180);
    const raster = await rasterOf(source, filled(source));
    const warp = await warpBetween(source, await grid('EPSG:3031', -12400000, 12400000, 200000, 124, 124), {
      method: 'sum',
    });
    const plane = await read(raster, warp);
    const total = plane.reduce((sum, each) => (each === NODATA ? sum : sum + each), 0);
    // What lies wholly inside: the southern hemisphere, but for what is between the equator and the square's nearest edge.
    let [least, most] = [0, 0];
    filled(source).forEach((each, i) => {
      const latitude = 90 - Math.floor(i / 360) - 0.5;
      if (latitude < 0) least += each;
      if (latitude < 30) most += each;
    });
    expect(total).toBeGreaterThan(least);
    expect(total).toBeLessThan(most);
  });

  it('beyond the edge of the map there is nothing', async () => {
    const source = await globe(-180);
    const target = await grid('+proj=ortho +lat_0=20 +lon_0=60 +datum=WGS84', -9000000, 9000000, 200000, 90, 90);
    const plane = await read(
      await rasterOf(source, filled(source)),
      await warpBetween(source, target, { method: 'bilinear' }),
    );
    const share = plane.filter((each) => each !== NODATA).length / 8100;
    // A disk of 6378 km in a square of 18000.
    const disk = (Math.PI * 6378 ** 2) / 18000 ** 2;
    expect(share).toBeGreaterThan(disk - 0.03);
    expect(share).toBeLessThanOrEqual(disk + 0.01);
    expect(plane[0]).toBe(NODATA);
    expect(plane[45 * 90 + 45]).not.toBe(NODATA);
  });

  it.each(['nearest', 'bilinear'] as const)(
    '%s: the last row of a globe is there, whose next one would lie beyond the pole',
    async (method) => {
      // Cells of equal area all the way to the poles.
      const half = 17367530;
      const source = {
        ...(await grid('EPSG:6933', -half, 7342230, half / 180, 360, 1)),
        height: 180,
        cellHeight: 7342230 / 90,
      };
      const target = await globe(-180);
      const plane = await read(
        await rasterOf(source, new Float32Array(360 * 180).fill(7)),
        await warpBetween(source, target, { method }),
      );
      for (const row of [0, 90, 179])
        expect(
          plane.subarray(360 * row, 360 * (row + 1)).filter((each) => each === NODATA),
          `row ${row}`,
        ).toHaveLength(0);
    },
  );
});

describe('a plan', () => {
  it('says what is done', async () => {
    const source = await grid('EPSG:4326', 116.9, 36.2, 0.001, 200, 180);
    const target = await grid('EPSG:32650', 495000, 4003000, 30, 300, 200);
    const warp = await warpBetween(source, target, { method: 'bilinear' });
    expect(describeWarp(warp)).toMatch(
      /^bilinear resampling from 200 × 180 cells of 0\.001, WGS 84, x 116\.9\.\.117\.1, y 36\.02\.\.36\.2, to WGS 84 \/ UTM zone 50N; positions within \d(\.\d)?e-\d+|0\.0+\d+ cell$/,
    );
    expect(JSON.parse(JSON.stringify(warp))).toEqual(warp);
    expect(runsOnDevice(warp)).toBe(true);
    expect(warp.overlap).toBeGreaterThan(0.9);
    const coarse = await warpBetween(source, { ...target, cellWidth: 300, cellHeight: 300 }, { method: 'cubic' });
    expect(runsOnDevice(coarse)).toBe(false);
    expect(describeWarp(coarse)).toContain('cubic (kernel widened to 3.3 × 2.7 cells)');
  });

  it('sees when there is no overlap', async () => {
    const source = await grid('EPSG:4326', 10, 50, 0.001, 200, 180);
    const warp = await warpBetween(source, await grid('EPSG:32650', 495000, 4003000, 30, 300, 200), {
      method: 'bilinear',
    });
    expect(warp.overlap).toBe(0);
    const plane = await read(await rasterOf(source, hills(200, 180)), warp);
    expect(plane.every((value) => value === NODATA)).toBe(true);
  });

  it('finds a source that is small against the target', async () => {
    const source = await grid('EPSG:4326', 116.9, 36.2, 0.001, 20, 18);
    const target = await grid(ALBERS, -2000000, 3000000, 300, 14000, 14000);
    const warp = await warpBetween(source, target, { method: 'bilinear' });
    expect(warp.overlap).toBeGreaterThan(1e-7);
    expect(warp.overlap).toBeLessThan(1e-6);
    expect(warp.ratio[0]).toBeGreaterThan(2);
  });

  it('of equal systems has no error of a projection', async () => {
    const utm = gridOf(50, 40);
    const words = { ...utm, crs: await parseCrs('+proj=utm +zone=50 +datum=WGS84') };
    expect((await warpBetween(utm, words, { method: 'nearest' })).from).toBeUndefined();
  });

  it('refuses systems that are missing or unknown, and unknown methods', async () => {
    const utm = gridOf(10, 10);
    const none = { ...utm, crs: { name: 'no coordinate reference system', kind: 'unknown' } as const };
    await expect(warpBetween(none, utm, { method: 'nearest' })).rejects.toThrow(
      /the coordinate reference system is missing/,
    );
    const odd = { ...utm, crs: { epsg: 9, name: 'EPSG:9', kind: 'projected' } as const };
    await expect(warpBetween(odd, utm, { method: 'nearest' })).rejects.toThrow(
      /unknown coordinate reference system \(found EPSG:9/,
    );
    await expect(warpBetween(utm, utm, { method: 'lanczos' as never })).rejects.toThrow(
      /unknown resampling \(found lanczos, expected nearest, bilinear/,
    );
  });
});
