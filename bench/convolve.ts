/**
 * Kernel means of exponential kernels: in worker threads, and on a device where there is a hardware one (or one is asked for), against scipy's
 * FFT convolution (convolve.py among the peer scripts) on the same kind of raster: noise, a fiftieth of the cells nodata. First cells all over the
 * raster are compared with sums over the kernel in plain float64, then the mean is timed. Then the same with kernels that reach as far as the raster.
 */
import { NODATA } from '#ecoflux/core/cells.js';
import { convolve as operator } from '#ecoflux/solvers/convolve/index.js';
import type { SolveFacts } from '#ecoflux/solvers/solver.js';
import type { Bench, BenchOptions } from './bench.ts';
import { describeMachine, machineLine } from './machine.ts';
import { findPeer, measurePeer, type Peer, type PeerMeasure } from './peer.ts';
import { planeRequest } from './plane-solve.ts';
import { openGpu, type SolvePlace, solvePlaces, timedSolve } from './solve-places.ts';
import { factsCell, RATE_HEAD, rateCells, ratesOf, type SolveRates } from './solve-rates.ts';
import { type Spread, spreadOf, tableLines } from './timing.ts';

const SIZES = [1024, 2048, 4096, 8192];
/** n: the kernel reaches five times as far. */
const RADII = [5, 30, 100];
/** One for the largest, where scipy takes a minute. */
const roundsOf = (edge: number) => (edge > 4096 ? 1 : 3);
/** scipy holds some 140 bytes for each cell. */
const LARGEST_PEER = 8192;
/** Of the values, on a single cell: half a unit of a float32 below 1, and the same for the sums' own rounding. */
const TOLERANCE = 1.2e-7;
const CHECKED = 200;
/** Kernels that reach over most of the raster, with as many cells compared as take a minute. The last one has transforms that no task holds. */
const WIDE = [
  { edge: 2048, radius: 600, checked: 40 },
  { edge: 8192, radius: 1400, checked: 9 },
];
/** scipy holds a transform of the raster and the kernel. */
const WIDEST_PEER = 600;

interface Result extends SolveRates {
  readonly radius: number;
  readonly scipy?: Spread;
}

export const convolutions: Bench = async (options) => {
  const { log, platform, size } = options;
  const machine = await describeMachine(platform);
  const sizes = size === undefined ? SIZES : [size];
  log(`convolution; ${machineLine(machine)}`);
  const peer = findPeer(options.peers, 'convolve.py', log);
  const gpu = await openGpu(options);
  const places = solvePlaces(platform, gpu);
  try {
    const least = Math.min(...sizes);
    for (const place of places) for (const radius of RADII) await verify(place, radius, least, CHECKED, options);
    log(`verified: means of ${CHECKED} cells of ${least}² are the sums over their kernels, to float32`);
    const results: Result[] = [];
    for (const radius of RADII)
      for (const edge of sizes) results.push(...(await measure(edge, radius, places, peer, results, options)));
    for (const { edge, radius, checked } of WIDE.filter(({ edge }) => size === undefined || edge <= size)) {
      for (const place of places) await verify(place, radius, edge, checked, options);
      log(`verified: means of ${checked} cells of ${edge}² with n ${radius}`);
      results.push(...(await measure(edge, radius, places, peer, results, options)));
    }
    for (const line of tableLines([HEAD, ...results.map(rowOf)])) log(line);
    return { machine, results };
  } finally {
    await gpu?.destroy();
  }
};

/** @param before results so far, among them those of smaller rasters */
async function measure(
  edge: number,
  radius: number,
  places: readonly SolvePlace[],
  peer: Peer | undefined,
  before: readonly Result[],
  options: BenchOptions,
): Promise<Result[]> {
  const given = casesOf(edge, radius, options);
  const times = new Map<string, { seconds: number[]; cpu: number[]; facts: SolveFacts }>();
  const peers: PeerMeasure[] = [];
  for (let round = 0; round < roundsOf(edge); round++) {
    for (const place of places) {
      const spent = await timedSolve(place, operator, requestFor(given, false));
      const { seconds = [], cpu = [] } = times.get(place.name) ?? {};
      times.set(place.name, { seconds: [...seconds, spent.seconds], cpu: [...cpu, spent.cpu], facts: spent.facts });
    }
    if (peer && edge <= LARGEST_PEER && radius <= WIDEST_PEER)
      peers.push(await measurePeer(peer, [String(edge), String(radius)], options.signal));
  }
  const scipy = peers.length > 0 ? spreadOf(peers.map(({ seconds }) => seconds)) : undefined;
  return places.map(({ name }) => {
    const { seconds, cpu, facts } = times.get(name)!;
    const first = before.find((each) => each.place === name && each.radius === radius);
    const spent = { place: name, size: edge, seconds: spreadOf(seconds), facts };
    return { ...ratesOf(spent, Math.min(...cpu), first), radius, scipy };
  });
}

const HEAD = ['where, n', ...RATE_HEAD, 'scipy s', 'times scipy', 'done'];

function rowOf(each: Result): string[] {
  return [
    `${each.place}, ${each.radius}`,
    ...rateCells(each),
    each.scipy?.min.toFixed(2) ?? '',
    each.scipy ? (each.scipy.min / each.seconds.min).toFixed(1) : '',
    factsCell(each.facts),
  ];
}

function casesOf(edge: number, radius: number, { platform, signal }: BenchOptions) {
  const { pool, openScratch } = platform;
  const given = { spec: operator.spec, width: edge, height: edge, outputs: ['mean'], pool, signal };
  return { ...given, inputs: { values: noise(edge) }, params: { kernel: 0, radius }, openScratch };
}

/** With a scratch file, which large transforms may take. */
function requestFor({ openScratch, ...given }: ReturnType<typeof casesOf>, keep: boolean) {
  return { ...planeRequest(given, keep), openScratch };
}

async function verify(
  place: SolvePlace,
  radius: number,
  edge: number,
  checked: number,
  options: BenchOptions,
): Promise<void> {
  const given = casesOf(edge, radius, options);
  const request = requestFor(given, true);
  await place.solve(operator, request);
  const { values } = given.inputs;
  const step = Math.floor((edge * edge - 1) / checked);
  for (let cell = 0; cell < edge * edge; cell += step) {
    const found = request.planes.mean[cell];
    const expected = values[cell] === NODATA ? NODATA : meanAround(values, edge, cell, radius);
    if (Math.abs(found - expected) > TOLERANCE)
      throw new Error(`${place.name}, n ${radius}: the mean of cell ${cell} is ${found}, by definition ${expected}`);
  }
}

/** By the formula alone. */
function meanAround(values: Float32Array, edge: number, cell: number, radius: number): number {
  const [x, y] = [cell % edge, Math.floor(cell / edge)];
  const reach = Math.floor(5 * radius);
  let [sum, weight] = [0, 0];
  for (let v = Math.max(0, y - reach); v <= Math.min(edge - 1, y + reach); v++)
    for (let u = Math.max(0, x - reach); u <= Math.min(edge - 1, x + reach); u++) {
      const squared = (u - x) ** 2 + (v - y) ** 2;
      const value = values[v * edge + u];
      if (value === NODATA || squared > 25 * radius * radius) continue;
      const k = Math.exp(-Math.sqrt(squared) / radius);
      sum += k * value;
      weight += k;
    }
  return sum / weight;
}

/** From 0 to 1; a fiftieth of the cells have no value. */
function noise(edge: number): Float32Array<ArrayBuffer> {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: edge * edge }, () => (random() < 0.02 ? NODATA : random()));
}
