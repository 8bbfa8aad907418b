/**
 * A deflated GeoTIFF in UTM zone 50N brought to a Chinese Albers projection, bilinear, against `gdalwarp` on all cores with the same grid, blocks,
 * predictor and level: first the results are compared, then both are timed in turns, whole processes with their start. Then warping alone: from
 * an uncompressed file in the system's cache into nothing; that for each method; and, where there are devices, for a reduction on them.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EcofluxError } from '#ecoflux/core/errors.js';
import { RESAMPLINGS } from '#ecoflux/core/warp.js';
import type { Bench, BenchOptions } from './bench.ts';
import { compareRasters } from './compare-rasters.ts';
import { type GdalWarp, gdalwarp, gdalwarpVersion } from './gdalwarp.ts';
import { describeMachine, machineLine } from './machine.ts';
import { measureWarp, type WarpRequest } from './measured-warp.ts';
import { formatSpread, type Spread, spreadOf, tableLines } from './timing.ts';
import { type WarpGround, warpGround } from './warp-ground.ts';

const SIZE = 8192;
const ROUNDS = 5;
const LEVEL = 6;
/** Cells by which an approximated position may be off, for both; then values differ by as much as the surface rises over it. */
const ERROR_BOUND = 0.125;
/** Share of cells whose nodata may be decided otherwise: at edges, where a place lies within rounding of the last cell. */
const NODATA_SHARE = 1e-5;

interface Contestant {
  readonly name: string;
  /** Seconds of the whole process, and of the processor. */
  measure(): Promise<{ readonly seconds: number; readonly cpuSeconds: number; readonly peakMB?: number }>;
}

interface Row {
  readonly name: string;
  readonly seconds: Spread;
  readonly cpuSeconds: Spread;
  readonly peakMB?: number;
  readonly cellsPerSecond: number;
}

export const warp: Bench = async (options) => {
  const { platform, log, size = SIZE, scratch, signal } = options;
  const machine = await describeMachine(platform);
  const gdal = gdalwarpVersion();
  log(`UTM to Albers, ${size} × ${size} cells; ${machineLine(machine)}; ${gdal ?? 'no gdalwarp: only ours is timed'}`);
  const ground = await warpGround(size, options);
  const out = join(scratch ?? tmpdir(), `ecoflux-bench-warp-out-${process.pid}`);
  const ours = (request: Partial<WarpRequest>, name: string): Contestant => ({
    name,
    measure: async () => {
      const { memory } = options;
      if (request.out) await rm(request.out, { recursive: true, force: true });
      const start = performance.now();
      const job: WarpRequest = { source: ground.deflated, target: ground.target, method: 'bilinear', ...request };
      const measure = await measureWarp({ scratch, memory, ...job }, signal);
      return { ...measure, seconds: (performance.now() - start) / 1000 };
    },
  });
  const theirs = (job: Partial<GdalWarp>, name: string): Contestant[] =>
    gdal === undefined
      ? []
      : [
          {
            name,
            measure: () =>
              gdalwarp(
                ground,
                { source: ground.deflated, out: join(out, 'gdal.tif'), method: 'bilinear', ...job },
                signal,
              ),
          },
        ];
  try {
    const file = join(out, 'timed');
    const difference = gdal === undefined ? undefined : await verify(ground, out, options);
    log('');
    const whole = await timed(
      [
        ours({ out: file, level: LEVEL }, `ecoflux, deflate level ${LEVEL}`),
        ...theirs({ level: LEVEL }, `gdalwarp, deflate level ${LEVEL}`),
        ours({ out: file }, 'ecoflux, its own level'),
      ],
      size,
      ROUNDS,
    );
    show('file to file', whole, log);
    log('');
    const { plain } = ground;
    const alone = await timed(
      [ours({ source: plain }, 'ecoflux'), ...theirs({ source: plain, out: 'nothing' }, 'gdalwarp')],
      size,
      ROUNDS,
    );
    show('warping alone', alone, log);
    log('');
    const methods = await timed(
      RESAMPLINGS.flatMap((method) => [
        ours({ source: plain, method }, method),
        ...theirs(
          { source: plain, out: 'nothing', method: method === 'nearest' ? 'near' : method },
          `gdalwarp ${method}`,
        ),
      ]),
      size,
      1,
    );
    show('each method, alone', methods, log);
    log('');
    const onDevices = await timed(
      (['gpu', 'software'] as const)
        .filter((choice) => machine.adapters.some((name) => name.endsWith('(software)') === (choice === 'software')))
        .flatMap((choice) =>
          [true, false].map((warps) =>
            ours({ source: plain, device: { choice, warps } }, `${choice}, by ${warps ? 'the device' : 'the workers'}`),
          ),
        ),
      size,
      ROUNDS,
    );
    if (onDevices.length > 0) show('range of the result, on a device', onDevices, log);
    return { size, machine, gdal, difference, whole, alone, methods, onDevices };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
};

/** In turns, so that whatever else the machine does falls on all of them. */
async function timed(contestants: readonly Contestant[], size: number, rounds: number): Promise<Row[]> {
  const measures = contestants.map((): Awaited<ReturnType<Contestant['measure']>>[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, { measure }] of contestants.entries()) measures[i].push(await measure());
  return contestants.map(({ name }, i) => {
    const seconds = spreadOf(measures[i].map((each) => each.seconds));
    const peaks = measures[i].flatMap(({ peakMB }) => (peakMB === undefined ? [] : [peakMB]));
    return {
      name,
      seconds,
      cpuSeconds: spreadOf(measures[i].map((each) => each.cpuSeconds)),
      peakMB: peaks.length > 0 ? Math.max(...peaks) : undefined,
      cellsPerSecond: size ** 2 / seconds.min,
    };
  });
}

function show(title: string, rows: readonly Row[], log: (line: string) => void): void {
  const head = [title, 's: min (mean ± dev)', 'processor s', 'Mcells/s', 'peak MB'];
  const lines = rows.map(({ name, seconds, cpuSeconds, cellsPerSecond, peakMB }) => [
    name,
    formatSpread(seconds, 2),
    cpuSeconds.min.toFixed(1),
    (cellsPerSecond / 1e6).toFixed(1),
    peakMB?.toFixed(0) ?? '',
  ]);
  for (const line of tableLines([head, ...lines])) log(line);
}

/** Ours against gdalwarp with exact transforms: no further apart than the surface rises over the error that positions may have. */
async function verify(ground: WarpGround, out: string, { log, signal, scratch, memory }: BenchOptions) {
  const { size, deflated: source, target, steepest } = ground;
  await measureWarp({ source, target, method: 'bilinear', out: join(out, 'ours'), scratch, memory }, signal);
  const exact = join(out, 'exact.tif');
  await gdalwarp(ground, { source, out: exact, method: 'bilinear', level: 1, error: 0 }, signal);
  const bound = 2 * ERROR_BOUND * steepest;
  const found = await compareRasters(join(out, 'ours', 'warped.tif'), exact, { rtol: 0, atol: bound });
  const { cells, maxAbsolute, off } = found;
  if (cells < size ** 2 / 4 || off > NODATA_SHARE * size ** 2)
    throw new EcofluxError('VerificationFailed', 'the warped raster differs from that of gdalwarp', {
      found: `${off} of ${cells} cells are further apart, or nodata in one only; the farthest by ${maxAbsolute}`,
      expected: `at most ${bound.toPrecision(3)} apart, where neighbouring cells are up to ${steepest.toPrecision(3)} apart`,
    });
  log(
    `verified: ${cells} cells within ${maxAbsolute.toPrecision(2)} of gdalwarp with exact transforms (neighbours are up to ${steepest.toPrecision(2)} apart); nodata in one only: ${off}`,
  );
  return { ...found, bound, steepest };
}
