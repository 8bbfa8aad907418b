/**
 * Decode and encode rates of the file layer, for one core and for all, against gdal_translate on the same files in the same run. Everything is
 * verified before it is timed: GDAL must read our files, and we GDAL's, to the very samples.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plane } from '#ecoflux/core/cells.js';
import type { Grid } from '#ecoflux/core/grid.js';
import type { TaskPool } from '#ecoflux/core/tasks.js';
import { tilesOf, tilingOf } from '#ecoflux/core/tiles.js';
import { writableCodecs } from '#ecoflux/io/codecs/index.js';
import { createRasterWriter, type RasterDescription } from '#ecoflux/io/raster-writer.js';
import type { ReadPlaneInput } from '#ecoflux/io/tasks.js';
import { fileTarget } from '#ecoflux/node/files.js';
import { threadPool } from '#ecoflux/node/worker-pool.js';
import { fastest, type Rates, rated, rates, ratio, spent } from './codec-rates.ts';
import { gdalSamples, gdalTranslate, gdalVersion } from './gdal-translate.ts';
import { rollingGround } from './ground.ts';

interface Case {
  readonly name: string;
  readonly sampleType: 'f32' | 'i16';
  readonly compression: 'deflate' | 'zstd';
  readonly predictor: 2 | 3;
  /** GDAL's creation options; its own default level, and the fastest. */
  readonly gdal: readonly { readonly name: string; readonly options: readonly string[] }[];
}

const LAYOUT = ['TILED=YES', 'BLOCKXSIZE=512', 'BLOCKYSIZE=512'];
const CASES: readonly Case[] = [
  {
    name: 'deflate, predictor 3, f32',
    sampleType: 'f32',
    compression: 'deflate',
    predictor: 3,
    gdal: levelsOf('DEFLATE', 'ZLEVEL', 3),
  },
  {
    name: 'deflate, predictor 2, i16',
    sampleType: 'i16',
    compression: 'deflate',
    predictor: 2,
    gdal: levelsOf('DEFLATE', 'ZLEVEL', 2),
  },
  {
    name: 'zstd, predictor 3, f32',
    sampleType: 'f32',
    compression: 'zstd',
    predictor: 3,
    gdal: levelsOf('ZSTD', 'ZSTD_LEVEL', 3),
  },
];

const TILE = 1024;

function levelsOf(compression: string, level: string, predictor: number) {
  const options = [...LAYOUT, `COMPRESS=${compression}`, `PREDICTOR=${predictor}`];
  return [
    { name: 'default level', options },
    { name: 'level 1', options: [...options, `${level}=1`] },
  ];
}

/**
 * `size`: cells along a side, 4096 when absent. Rates are megabytes (10^6) of samples, not of compressed bytes: per second of processor time for
 * one core, which other work on the machine disturbs least, and per second of wall time for all cores.
 */
export async function benchCodec({
  log,
  size = 4096,
}: {
  log: (line: string) => void;
  size?: number;
}): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'ecoflux-bench-'));
  const all = availableParallelism();
  const one = threadPool({ size: 1 });
  const many = threadPool({ size: all });
  try {
    const gdal = gdalVersion();
    const machine = { processor: cpus()[0].model, cores: all, node: process.version, gdal: gdal ?? 'not installed' };
    log(`codec: ${size} × ${size} cells, ${machine.processor}, ${all} cores, Node ${machine.node}, ${machine.gdal}`);
    const cases = [];
    for (const what of CASES)
      cases.push(await benchCase(what, { folder, size, one, many, log, gdal: gdal !== undefined }));
    return { machine, size, cases };
  } finally {
    await Promise.all([one.close(), many.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly folder: string;
  readonly size: number;
  readonly one: TaskPool;
  readonly many: TaskPool;
  readonly gdal: boolean;
  readonly log: (line: string) => void;
}

async function benchCase(what: Case, bench: Bench): Promise<Record<string, unknown>> {
  const { folder, size, one, many, log } = bench;
  const megabytes = (size * size * (what.sampleType === 'f32' ? 4 : 2)) / 1e6;
  const grid: Grid = {
    width: size,
    height: size,
    west: 500000,
    north: 4000000,
    cellWidth: 30,
    cellHeight: 30,
    crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
  };
  const description: RasterDescription = {
    grid,
    sampleType: what.sampleType,
    nodata: -9999,
    kind: 'quantity',
    compression: what.compression,
    predictor: what.predictor,
    overviews: false,
  };
  const cells = rollingGround(size, what.sampleType === 'i16');
  const plain = join(folder, 'plain.tif');
  const ours = join(folder, 'ours.tif');
  const theirs = join(folder, 'theirs.tif');
  await write(plain, { ...description, compression: 'none' }, cells, many);

  const encodes = (await writableCodecs()).includes(what.compression);
  const result: Record<string, unknown> = { name: what.name, megabytes };
  log(`  ${what.name}`);

  // Verified first, so that only right results are timed.
  if (encodes) {
    await write(ours, description, cells, many);
    if (bench.gdal) sameBytes(`GDAL reading our ${what.name}`, gdalSamples(ours, folder), gdalSamples(plain, folder));
  }
  const decoded = bench.gdal ? theirs : ours;
  if (bench.gdal) {
    gdalTranslate([plain, theirs], [], what.gdal[0].options);
    await readAll(theirs, size, many, cells);
  }

  if (encodes) {
    const sizes = () => statSync(ours).size / 1e6 / megabytes;
    const found = await rated(megabytes, (single) => spent(() => write(ours, description, cells, single ? one : many)));
    result.encode = { ...found, share: sizes() };
    log(`    encode   ecoflux             ${rates(result.encode as Rates)}`);
  } else {
    log('    encode   ecoflux             not on this version of Node');
  }
  if (bench.gdal) {
    // What starting, reading the plain file and copying it takes is taken off GDAL's times.
    const start = await fastest(async () => gdalTranslate([plain, 'copy'], ['-of', 'MEM'], []));
    for (const level of what.gdal) {
      const target = join(folder, 'gdal.tif');
      const found = await rated(
        megabytes,
        async (single) => {
          return gdalTranslate([plain, target], [], [...level.options, `NUM_THREADS=${single ? 1 : 'ALL_CPUS'}`]);
        },
        start,
      );
      const share = statSync(target).size / 1e6 / megabytes;
      result[`gdal encode, ${level.name}`] = { ...found, share };
      log(
        `    encode   GDAL ${level.name.padEnd(14)} ${rates({ ...found, share })}${ratio(result.encode as Rates | undefined, found)}`,
      );
    }
  }

  if (encodes || bench.gdal) {
    const decode = await rated(megabytes, (single) => spent(() => readAll(decoded, size, single ? one : many)));
    result.decode = decode;
    log(`    decode   ecoflux             ${rates(decode)}`);
    if (bench.gdal) {
      const start = await fastest(async () => gdalTranslate([plain, 'copy'], ['-of', 'MEM'], []));
      const found = await rated(
        megabytes,
        async (single) => {
          return gdalTranslate([theirs, 'copy'], ['-of', 'MEM', '-oo', `NUM_THREADS=${single ? 1 : 'ALL_CPUS'}`], []);
        },
        start,
      );
      result['gdal decode'] = found;
      log(`    decode   GDAL                ${rates(found)}${ratio(decode, found)}`);
    }
  }
  return result;
}

async function write(path: string, description: RasterDescription, cells: Plane, pool: TaskPool): Promise<void> {
  const { width, height } = description.grid;
  const writer = await createRasterWriter(fileTarget(path), description, { pool });
  await writer.write({ x: 0, y: 0, width, height }, cells);
  await writer.finish();
}

/** Reads the file in tiles by the pool; compares with `expected` where it is given. */
async function readAll(file: string, size: number, pool: TaskPool, expected?: Plane): Promise<void> {
  const tiles = [...tilesOf(tilingOf({ width: size, height: size }, TILE))];
  await Promise.all(
    tiles.map(async (window) => {
      const plane = await pool.run<ReadPlaneInput, Float32Array>('read_plane', {
        file,
        window,
        mapping: { type: 'f32' },
      });
      if (!expected) return;
      for (let row = 0; row < window.height; row++) {
        const from = (window.y + row) * size + window.x;
        const line = plane.subarray(row * window.width, (row + 1) * window.width);
        sameBytes(`our reading of ${file}`, bytesOf(line), bytesOf(expected.subarray(from, from + window.width)));
      }
    }),
  );
}

function bytesOf(cells: Plane): Buffer {
  return Buffer.from(cells.buffer, cells.byteOffset, cells.byteLength);
}

function sameBytes(what: string, found: Buffer, expected: Buffer): void {
  if (!found.equals(expected)) throw new Error(`${what} gives other samples`);
}
