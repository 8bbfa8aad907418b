/**
 * Statistics of a float32 raster in 3 000 irregular polygons, against GDAL and numpy (zonal-peer.py): first the results are compared, then
 * both are timed in turns, without and with the medians. The polygons are a partition, for the script can hold no others.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODATA } from '#ecoflux/core/cells.js';
import type { Grid } from '#ecoflux/core/grid.js';
import { createRasterWriter } from '#ecoflux/io/raster-writer.js';
import type { ZoneStatistics } from '#ecoflux/io/zonal/statistics.js';
import { fileTarget } from '#ecoflux/node/files.js';
import type { Bench, BenchOptions } from './bench.ts';
import { rollingGround } from './ground.ts';
import { describeMachine, machineLine } from './machine.ts';
import { measureZonal, type ZonalMeasure } from './measured-zonal.ts';
import { findPeer, measurePeer, type Peer, type PeerMeasure } from './peer.ts';
import { formatSpread, spreadOf, tableLines } from './timing.ts';

const SIZE = 4096;
const ROUNDS = 5;
/** Zones across and down: 3 000. */
const [ACROSS, DOWN] = [60, 50];
/** Vertices along a side of a zone. */
const BENDS = 8;
const CELL = 30;

const CASES = [
  { name: 'count, sum, mean, std', what: 'sums', quantiles: [] },
  { name: 'and min, max, median', what: 'median', quantiles: [0.5] },
] as const;

export const zonal: Bench = async (options) => {
  const { log, size = SIZE, signal } = options;
  const machine = await describeMachine(options.platform);
  const peers = options.peers ?? fileURLToPath(new URL('../../bench', import.meta.url));
  const peer = findPeer(peers, 'zonal-peer.py', log);
  log(`zonal statistics, ${size} × ${size} cells, ${ACROSS * DOWN} zones; ${machineLine(machine)}`);
  const folder = join(options.scratch ?? tmpdir(), `ecoflux-bench-zonal-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    const files = { values: join(folder, 'values.tif'), zones: join(folder, 'zones.geojson') };
    await makeInputs(files, size, options);
    const results = [];
    for (const { name, what, quantiles } of CASES) {
      const request = { ...files, quantiles };
      const theirs: PeerMeasure[] = [];
      const ours: ZonalMeasure[] = [];
      const result = join(folder, 'theirs.json');
      const runPeer = (script: Peer) => measurePeer(script, [files.values, files.zones, what, result], signal);
      if (peer) {
        await runPeer(peer);
        verify((await measureZonal(request, signal)).statistics, JSON.parse(await readFile(result, 'utf8')));
      }
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await measureZonal(request, signal));
        if (peer) theirs.push(await runPeer(peer));
      }
      results.push(summary(name, ours, theirs));
    }
    const rows = results.flatMap(({ name, ours, theirs, ratio }) => [
      [
        name,
        formatSpread(ours.seconds),
        ours.cpuSeconds.min.toFixed(2),
        ours.peakMB.toFixed(0),
        ratio?.toFixed(2) ?? '',
      ],
      ...(theirs
        ? [
            [
              '  GDAL and numpy',
              formatSpread(theirs.seconds),
              theirs.cpuSeconds.min.toFixed(2),
              theirs.peakMB.toFixed(0),
              '1',
            ],
          ]
        : []),
    ]);
    const head = ['statistics', 's: min (mean ± dev)', 'processor s', 'peak MB', 'times faster'];
    for (const line of tableLines([head, ...rows])) log(line);
    log(`of ours, reading and rasterising the polygons: ${formatSpread(results[0].ours.zonesSeconds)} s`);
    return { machine, size, zones: ACROSS * DOWN, results };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function summary(name: string, ours: readonly ZonalMeasure[], theirs: readonly PeerMeasure[]) {
  const of = (measures: readonly (ZonalMeasure | PeerMeasure)[]) => ({
    seconds: spreadOf(measures.map(({ seconds }) => seconds)),
    cpuSeconds: spreadOf(measures.map(({ cpuSeconds }) => cpuSeconds)),
    peakMB: Math.max(...measures.map(({ peakMB }) => peakMB)),
  });
  const found = { ...of(ours), zonesSeconds: spreadOf(ours.map(({ zonesSeconds }) => zonesSeconds)) };
  if (theirs.length === 0) return { name, ours: found };
  const other = of(theirs);
  return { name, ours: found, theirs: other, ratio: other.seconds.min / found.seconds.min };
}

type Theirs = Readonly<Record<'count' | 'sum' | 'mean' | 'std' | 'min' | 'max' | 'median', readonly (number | null)[]>>;

/** Their sums are rounded at every step, some 5 000 times, and their variance is a difference of large numbers; ours are not. */
const TOLERANCE = { count: 0, sum: 1e-11, mean: 1e-11, std: 1e-6, min: 0, max: 0, median: 0 } as const;

function verify(ours: readonly ZoneStatistics[], theirs: Theirs): void {
  for (const [name, expected] of Object.entries(theirs) as [keyof Theirs, Theirs['sum']][]) {
    for (const [i, { quantiles, ...zone }] of ours.entries()) {
      const found = (name === 'median' ? quantiles?.[0] : zone[name]) ?? null;
      const other = name === 'sum' && zone.count === 0 ? null : expected[i];
      const close =
        found === null || other === null
          ? found === other
          : Math.abs(found - other) <= TOLERANCE[name] * Math.abs(other);
      if (!close) throw new Error(`zone ${i + 1}: our ${name} is ${found}, that of GDAL and numpy ${other}`);
    }
  }
}

async function makeInputs(
  { values, zones }: { readonly values: string; readonly zones: string },
  size: number,
  { platform }: BenchOptions,
): Promise<void> {
  const crs = { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 } as const;
  const grid: Grid = {
    width: size,
    height: size,
    west: 500_000,
    north: 4_000_000,
    cellWidth: CELL,
    cellHeight: CELL,
    crs,
  };
  const description = { grid, sampleType: 'f32', nodata: NODATA, kind: 'quantity' } as const;
  const writer = await createRasterWriter(fileTarget(values), { ...description, overviews: false }, platform);
  await writer.write({ x: 0, y: 0, width: size, height: size }, rollingGround(size));
  await writer.finish();
  await writeFile(zones, JSON.stringify(partition(grid)));
}

/** A lattice whose corners are moved about and whose sides wind; neighbours share their vertices. */
function partition({ west, north, width, height }: Grid): object {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const [stepX, stepY] = [(width * CELL) / ACROSS, (height * CELL) / DOWN];
  type Place = readonly [number, number];
  const corners = Array.from({ length: DOWN + 1 }, (_, j) =>
    Array.from(
      { length: ACROSS + 1 },
      (_, i): Place => [west + (i + 0.5 * random()) * stepX, north - (j + 0.5 * random()) * stepY],
    ),
  );
  const side = (a: Place, b: Place): Place[] =>
    Array.from({ length: BENDS }, (_, k): Place => {
      const t = k / BENDS;
      const wind = k === 0 ? 0 : 0.1;
      return [a[0] + t * (b[0] - a[0]) + wind * random() * stepX, a[1] + t * (b[1] - a[1]) + wind * random() * stepY];
    });
  const eastward = corners.map((row) => row.slice(1).map((corner, i) => [...side(row[i], corner), corner]));
  const southward = corners.slice(1).map((row, j) => row.map((corner, i) => [...side(corners[j][i], corner), corner]));
  const features = Array.from({ length: DOWN * ACROSS }, (_, n) => {
    const [i, j] = [n % ACROSS, Math.floor(n / ACROSS)];
    const ring = [
      ...southward[j][i],
      ...eastward[j + 1][i].slice(1),
      ...southward[j][i + 1].slice(0, -1).reverse(),
      ...eastward[j][i].slice(0, -1).reverse(),
    ];
    return { type: 'Feature', properties: { zone: n + 1 }, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32650' } };
  return { type: 'FeatureCollection', crs, features };
}
