/** The writer: bytes that depend on nothing but the cells, exact overviews, and nothing left behind when it fails. */
import { spawnSync } from 'node:child_process';
import { openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { TaskPool } from '../../src/core/tasks.ts';
import { tilesOf, tilingOf } from '../../src/core/tiles.ts';
import { memoryTarget, type OutputTarget } from '../../src/io/output.ts';
import { createRasterWriter, type RasterDescription, writeRaster } from '../../src/io/raster-writer.ts';
import { writingFailed } from '../../src/node/file-errors.ts';
import { fileTarget } from '../../src/node/files.ts';
import { threadPool } from '../../src/node/worker-pool.ts';
import { temporaryFolder } from './gdal.ts';
import { cutPlane, gridOf, hills, inline, openBytes, patches, shuffled } from './rasters.ts';

const width = 700;
const height = 500;
const quantity: RasterDescription = {
  grid: gridOf(width, height),
  sampleType: 'f32',
  nodata: -9999,
  kind: 'quantity',
  blockSize: 128,
};
const classes: RasterDescription = { ...quantity, sampleType: 'u8', nodata: 255, kind: 'classes' };

async function bytesOf(
  description: RasterDescription,
  cells: Float32Array | Uint32Array,
  tile: number,
  pool: TaskPool,
  seed: number,
) {
  const target = memoryTarget();
  const writer = await createRasterWriter(target, description, { pool });
  for (const window of shuffled([...tilesOf(tilingOf(description.grid, tile))], seed)) {
    await writer.write(window, cutPlane(cells as Float32Array, width, window));
  }
  await writer.finish();
  return target.bytes();
}

describe('bytes of the file', () => {
  const pools = [threadPool({ size: 1 }), threadPool({ size: 2 })];
  afterAll(() => Promise.all(pools.map((pool) => pool.close())));

  it.each([
    ['a quantity', quantity, hills(width, height, 5)],
    ['classes', classes, patches(width, height, 9, 6)],
  ] as const)('do not depend on tiles, their order or the workers: %s', async (_, description, cells) => {
    const target = memoryTarget();
    await writeRaster(target, description, cells.slice(), { pool: pools[0] });
    const expected = Buffer.from(target.bytes());
    expect(expected.length).toBeGreaterThan(100_000);
    for (const [i, tile] of [64, 100, 4096].entries()) {
      for (const pool of pools)
        expect(expected.equals(await bytesOf(description, cells, tile, pool, i)), `tiles of ${tile}`).toBe(true);
    }
    // One cell changed must change them.
    const other = cells.slice();
    other[12345] = other[12345] === 7 ? 8 : 7;
    const changed = memoryTarget();
    await writeRaster(changed, description, other, { pool: pools[1] });
    expect(expected.equals(changed.bytes())).toBe(false);
  });

  it.each([
    ['on this thread', inline],
    ['in workers', pools[0]],
  ])('a plane of one block stays as it is: %s', async (_, pool) => {
    const side = 128;
    const cells = hills(side, side);
    const grid = gridOf(side, side);
    await writeRaster(memoryTarget(), { ...quantity, grid, blockSize: side }, cells, { pool });
    expect(cells).toEqual(hills(side, side));
  });
});

/** Cells of the base under an overview cell, by definition. */
function under<P extends Float32Array | Uint32Array>(cells: P, level: number, x: number, y: number): number[] {
  const step = 2 ** level;
  const found = [];
  for (let row = y * step; row < Math.min(height, (y + 1) * step); row++) {
    for (let column = x * step; column < Math.min(width, (x + 1) * step); column++) {
      const cell = cells[row * width + column];
      if (cell !== NODATA && cell !== NODATA_CODE) found.push(cell);
    }
  }
  return found;
}

function modeOf(codes: number[]): number {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || a - b)[0]?.[0] ?? 255;
}

describe('overviews', () => {
  const holes = hills(width, height, 8).fill(NODATA, 0, width * 40);

  it('of quantities are means of all valid base cells under them', async () => {
    const target = memoryTarget();
    await writeRaster(target, quantity, holes.slice(), { pool: inline });
    const raster = await openBytes(target.bytes());
    expect(raster.info.overviews.map((level) => level.width)).toEqual([350, 175, 88]);
    let compared = 0;
    for (const [i, level] of raster.info.overviews.entries()) {
      const { samples } = await raster.readSamples({ x: 0, y: 0, ...level }, { level: i + 1 });
      for (let at = 0; at < samples.length; at += 13) {
        const values = under(holes, i + 1, at % level.width, Math.floor(at / level.width));
        const mean = values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : -9999;
        expect(Math.abs(Number(samples[at]) - mean)).toBeLessThanOrEqual(1e-5 * Math.abs(mean) + 1e-9);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(8000);
  });

  it('of classes are modes of all valid base cells under them, ties to the smallest code', async () => {
    const cells = patches(width, height, 9, 3);
    const target = memoryTarget();
    await writeRaster(target, classes, cells.slice(), { pool: inline });
    const raster = await openBytes(target.bytes());
    for (const [i, level] of raster.info.overviews.entries()) {
      const { samples } = await raster.readSamples({ x: 0, y: 0, ...level }, { level: i + 1 });
      for (let at = 0; at < samples.length; at += 17) {
        expect(samples[at]).toBe(modeOf(under(cells, i + 1, at % level.width, Math.floor(at / level.width))));
      }
    }
  });
});

describe('values', () => {
  it('a valid value that equals the declared nodata stays valid', async () => {
    const target = memoryTarget();
    const cells = new Float32Array([-1, 0, NODATA, Number.NaN, Infinity, 5]);
    await writeRaster(target, { grid: gridOf(6, 1), sampleType: 'f32', nodata: -1, kind: 'quantity' }, cells, {
      pool: inline,
    });
    const { samples } = await (await openBytes(target.bytes())).readSamples({ x: 0, y: 0, width: 6, height: 1 });
    expect(samples[0]).toBeCloseTo(-1, 6);
    expect(Array.from(samples, (value) => value === -1)).toEqual([false, false, true, true, true, false]);
  });

  it('class codes and quantities in every type: nodata, zero, the largest value', async () => {
    for (const sampleType of ['u8', 'u16', 'i16', 'u32', 'i32', 'f32', 'f64'] as const) {
      const nodata = sampleType === 'i16' ? -32768 : 0;
      const description = { grid: gridOf(4, 1), sampleType, nodata, predictor: 1 } as const;
      for (const [kind, cells, expected] of [
        ['classes', new Uint32Array([NODATA_CODE, 1, 200, 7]), [nodata, 1, 200, 7]],
        [
          'quantity',
          new Float32Array([NODATA, 1.4, 200.5, 7]),
          sampleType[0] === 'f' ? [0, 1.4, 200.5, 7] : [nodata, 1, 201, 7],
        ],
      ] as const) {
        const target = memoryTarget();
        const { statistics } = await writeRaster(target, { ...description, kind }, cells, { pool: inline });
        const { samples } = await (await openBytes(target.bytes())).readSamples({ x: 0, y: 0, width: 4, height: 1 });
        expect(Array.from(samples, Number), `${kind} ${sampleType}`).toEqual(expected.map(Math.fround));
        expect(statistics).toMatchObject({ valid: 3, max: expected[2] });
      }
    }
  });

  it('values that do not fit an integer type are refused with the value', async () => {
    const write = (value: number) =>
      writeRaster(
        memoryTarget('out.tif'),
        { grid: gridOf(2, 1), sampleType: 'u8', nodata: 255, kind: 'quantity' },
        new Float32Array([1, value]),
        { pool: inline },
      );
    await expect(write(256)).rejects.toThrow(
      /out\.tif: a value does not fit the sample type of the output \(found 256, expected a value of type u8/,
    );
    await expect(write(255)).rejects.toThrow(/other than the nodata value 255/);
    await expect(write(-1)).rejects.toThrow(/found -1/);
  });

  it('all nodata: no statistics', async () => {
    const target = memoryTarget();
    const { statistics } = await writeRaster(target, quantity, new Float32Array(width * height).fill(NODATA), {
      pool: inline,
    });
    expect(statistics).toBeUndefined();
    expect((await openBytes(target.bytes())).info.statistics).toBeUndefined();
  });
});

describe('failures leave nothing behind', () => {
  const folder = temporaryFolder();

  it('abort, an abort signal, and a full disk', async () => {
    const path = join(folder, 'out.tif');
    const writer = await createRasterWriter(fileTarget(path), quantity, { pool: inline });
    await writer.write({ x: 0, y: 0, width, height: 300 }, new Float32Array(width * 300));
    await writer.abort();
    expect(readdirSync(folder)).toEqual([]);

    const stop = new AbortController();
    const stopped = await createRasterWriter(fileTarget(path), quantity, { pool: inline, signal: stop.signal });
    await stopped.write({ x: 0, y: 0, width, height: 300 }, new Float32Array(width * 300));
    stop.abort();
    await expect(stopped.finish()).rejects.toMatchObject({ code: 'Interrupted' });
    expect(readdirSync(folder)).toEqual([]);

    const full = await createRasterWriter(fullDisk(fileTarget(path)), quantity, { pool: inline });
    await full.write({ x: 0, y: 0, width, height }, hills(width, height));
    await expect(full.finish()).rejects.toThrow('no space');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a file that the system will not let grow', () => {
    const dist = (path: string) => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);
    const program = `
      const { inlinePool } = await import(${dist('core/tasks.js')});
      const { ioTasks } = await import(${dist('io/tasks.js')});
      const { writeRaster } = await import(${dist('io/raster-writer.js')});
      const { fileTarget } = await import(${dist('node/files.js')});
      const description = ${JSON.stringify({ ...quantity, compression: 'none' })};
      await writeRaster(fileTarget(process.argv[1]), description, new Float32Array(${width * height}), { pool: inlinePool(ioTasks) });`;
    // 512 kB at most for every file of the process; the signal that comes with it is ignored by Node.
    const limited = spawnSync(
      'bash',
      [
        '-c',
        'ulimit -f 512; exec "$0" --input-type=module -e "$1" "$2"',
        process.execPath,
        program,
        join(folder, 'big.tif'),
      ],
      {
        encoding: 'utf8',
      },
    );
    expect(limited.stderr).toMatch(
      /big\.tif: the file would be larger than the file system allows\. Choose another disk/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a full disk says so', () => {
    const device = openSync('/dev/full', 'w');
    let cause: unknown;
    try {
      writeSync(device, 'x');
    } catch (error) {
      cause = error;
    }
    expect(writingFailed('out.tif', cause)).toMatchObject({
      code: 'OutOfCapacity',
      message: expect.stringMatching(/^out\.tif: the disk is full\. Free some space/),
    });
  });

  it('an older file is replaced, and what GDAL noted about it goes', async () => {
    const path = join(folder, 'again.tif');
    writeFileSync(path, 'old');
    writeFileSync(`${path}.aux.xml`, '<PAMDataset/>');
    await writeRaster(fileTarget(path), quantity, hills(width, height), { pool: inline });
    expect(readdirSync(folder)).toEqual(['again.tif']);
    expect(statSync(path).size).toBeGreaterThan(1000);
    rmSync(path);
  });

  it('a file of names lies beside classes that have some', async () => {
    const codes = new Uint32Array(width * height);
    const write = (name: string, classNames: Record<number, string>) =>
      writeRaster(
        fileTarget(join(folder, name)),
        { grid: gridOf(width, height), kind: 'classes', sampleType: 'u8', nodata: 255, classNames },
        codes,
        { pool: inline },
      );
    await write('named.tif', { 0: 'land' });
    await write('codes.tif', {});
    const files = readdirSync(folder).sort();
    expect(files).toEqual(['codes.tif', 'named.tif', 'named.tif.aux.xml']);
    for (const file of files) rmSync(join(folder, file));
  });

  it('places that cannot be written are refused before any cell', async () => {
    const create = (path: string) => createRasterWriter(fileTarget(path), quantity, { pool: inline });
    await expect(create(join(folder, 'no', 'such', 'out.tif'))).rejects.toThrow(
      /the directory to write to does not exist/,
    );
    await expect(create('/proc/out.tif')).rejects.toThrow(/out\.tif: the (directory|file|disk|place)/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cells written twice, and rectangles outside the raster', async () => {
    const writer = await createRasterWriter(memoryTarget(), quantity, { pool: inline });
    await writer.write({ x: 0, y: 0, width: 20, height: 20 }, new Float32Array(400));
    await expect(writer.write({ x: 690, y: 0, width: 20, height: 20 }, new Float32Array(400))).rejects.toThrow(
      /does not fit the raster/,
    );
  });
});

function fullDisk(target: OutputTarget): OutputTarget {
  return {
    ...target,
    async create() {
      const sink = await target.create();
      return { ...sink, write: async () => Promise.reject(new Error('no space')) };
    },
  };
}
