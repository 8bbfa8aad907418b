/**
 * Kernel means of exponential kernels: in worker threads, and on a device where there is a hardware one (or one is asked for), against scipy's
 * FFT convolution (convolve.py among the peer scripts) on the same kind of raster: noise, a fiftieth of the cells nodata. First random cells and
 * the corners are compared with sums over the kernel, then the mean is timed.
 */
import { NODATA } from '#ecoflux/core/cells.js';
import { convolve as operator } from '#ecoflux/solvers/convolve/index.js';
import { kernelOf, weightsOf } from '#ecoflux/solvers/convolve/kernels.js';
import type { SolveFacts } from '#ecoflux/solvers/solver.js';
import type { Bench, BenchOptions } from './bench.ts';
import { describeMachine, machineLine } from './machine.ts';
import { findPeer, measurePeer, type PeerMeasure } from './peer.ts';
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

interface Result extends SolveRates {
  readonly radius: number;
  readonly scipy?: Spread;
}

export const convolutions: Bench = async (options) => {
  const { log, platform, size, signal } = options;
  const machine = await describeMachine(platform);
  const sizes = size === undefined ? SIZES : [size];
  log(`convolution; ${machineLine(machine)}`);
  const peer = findPeer(options.peers, 'convolve.py', log);
  const gpu = await openGpu(options);
  const places = solvePlaces(platform, gpu);
  try {
    for (const place of places) for (const radius of RADII) await verify(place, radius, Math.min(...sizes), options);
    log(`verified: means of ${CHECKED} cells of ${Math.min(...sizes)}² are the sums over their kernels, to float32`);
    const results: Result[] = [];
    for (const radius of RADII)
      for (const edge of sizes) {
        const given = { ...casesOf(edge, radius, options), outputs: ['mean'] };
        const times = new Map<string, { seconds: number[]; cpu: number[]; facts: SolveFacts }>();
        const peers: PeerMeasure[] = [];
        for (let round = 0; round < roundsOf(edge); round++) {
          for (const place of places) {
            const spent = await timedSolve(place, operator, planeRequest(given, false));
            const { seconds = [], cpu = [] } = times.get(place.name) ?? {};
            times.set(place.name, {
              seconds: [...seconds, spent.seconds],
              cpu: [...cpu, spent.cpu],
              facts: spent.facts,
            });
          }
          if (peer && edge <= LARGEST_PEER) peers.push(await measurePeer(peer, [String(edge), String(radius)], signal));
        }
        const scipy = peers.length > 0 ? spreadOf(peers.map(({ seconds }) => seconds)) : undefined;
        for (const { name } of places) {
          const { seconds, cpu, facts } = times.get(name)!;
          const first = results.find((each) => each.place === name && each.radius === radius);
          const spent = { place: name, size: edge, seconds: spreadOf(seconds), facts };
          results.push({ ...ratesOf(spent, Math.min(...cpu), first), radius, scipy });
        }
      }
    for (const line of tableLines([HEAD, ...results.map(rowOf)])) log(line);
    return { machine, results };
  } finally {
    await gpu?.destroy();
  }
};

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
  const values = noise(edge);
  const params = { kernel: 0, radius };
  return { spec: operator.spec, width: edge, height: edge, inputs: { values }, params, pool: platform.pool, signal };
}

async function verify(place: SolvePlace, radius: number, edge: number, options: BenchOptions): Promise<void> {
  const given = casesOf(edge, radius, options);
  const request = planeRequest({ ...given, outputs: ['mean'] }, true);
  await place.solve(operator, request);
  const { values } = given.inputs;
  const kernel = kernelOf(given.params, { width: edge, height: edge });
  const weights = weightsOf(kernel);
  const step = Math.floor((edge * edge - 1) / CHECKED);
  for (let cell = 0; cell < edge * edge; cell += step) {
    const found = request.planes.mean[cell];
    const expected = values[cell] === NODATA ? NODATA : meanAround(values, edge, cell, kernel, weights);
    if (Math.abs(found - expected) > TOLERANCE)
      throw new Error(`${place.name}, n ${radius}: the mean of cell ${cell} is ${found}, by definition ${expected}`);
  }
}

function meanAround(
  values: Float32Array,
  edge: number,
  cell: number,
  { reachX, reachY }: { readonly reachX: number; readonly reachY: number },
  weights: Float32Array,
): number {
  const [x, y] = [cell % edge, Math.floor(cell / edge)];
  let [sum, weight] = [0, 0];
  for (let v = Math.max(0, y - reachY); v <= Math.min(edge - 1, y + reachY); v++)
    for (let u = Math.max(0, x - reachX); u <= Math.min(edge - 1, x + reachX); u++) {
      const value = values[v * edge + u];
      if (value === NODATA) continue;
      const k = weights[Math.abs(v - y) * (reachX + 1) + Math.abs(u - x)];
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
