/**
 * Gi* with discs and squares: in worker threads, and on a device where there is a hardware one (or one is asked for), against scipy (gistar.py among
 * the peer scripts: FFT convolution for discs, running sums for squares) on the same kind of raster: smooth, a fiftieth of the cells nodata. First
 * random cells are compared with sums over their windows, then Z is timed, and Z with all bins.
 */
import { NODATA } from '#ecoflux/core/cells.js';
import { NEIGHBOURHOODS } from '#ecoflux/core/neighbourhoods.js';
import { getisOrd } from '#ecoflux/solvers/getis_ord/index.js';
import { momentsOf } from '#ecoflux/solvers/neighbourhood/moments.js';
import { neighbourhoodOf } from '#ecoflux/solvers/neighbourhood/shape.js';
import type { SolveFacts } from '#ecoflux/solvers/solver.js';
import type { Bench, BenchOptions } from './bench.ts';
import { describeMachine, machineLine } from './machine.ts';
import { findPeer, measurePeer, type PeerMeasure } from './peer.ts';
import { planeRequest } from './plane-solve.ts';
import { openGpu, type SolvePlace, solvePlaces, timedSolve } from './solve-places.ts';
import { formatSpread, type Spread, spreadOf, tableLines } from './timing.ts';

const SIZE = 4096;
const RADII = [5, 15, 50, 333];
const SHAPES = ['disc', 'square'] as const;
const ROUNDS = 3;
const CHECKED = 60;
/** Of Z, beside a step of float32: half a quantum in every cell of a window (decision 0021). */
const TOLERANCE = 2e-6;
const ALL = ['z', 'p', 'bin', 'bin_fdr'];

interface Case {
  readonly shape: (typeof SHAPES)[number];
  readonly radius: number;
  readonly outputs: readonly string[];
}

interface Result extends Case {
  readonly place: string;
  readonly seconds: Spread;
  readonly nanosecondsPerCell: number;
  /** Processor time of all threads. */
  readonly cpuNanosecondsPerCell: number;
  readonly facts: SolveFacts;
  readonly scipy?: Spread;
}

export const hotspots: Bench = async (options) => {
  const { log, platform, size = SIZE, signal } = options;
  const machine = await describeMachine(platform);
  log(`hot spots, ${size}² cells; ${machineLine(machine)}`);
  const peer = findPeer(options.peers, 'gistar.py', log, ['numpy', 'scipy']);
  const gpu = await openGpu(options);
  const places = solvePlaces(platform, gpu);
  const values = ground(size);
  try {
    const cases = SHAPES.flatMap((shape) => RADII.map((radius): Case => ({ shape, radius, outputs: ['z'] })));
    for (const place of places) for (const each of cases) await verify(place, each, values, size, options);
    log(`verified: Z of ${CHECKED} cells for each window is what the sums over it give, to ${TOLERANCE}`);
    const results: Result[] = [];
    for (const each of [...cases, { ...cases[1], outputs: ALL }]) {
      const times = new Map<string, { seconds: number[]; cpu: number[]; facts: SolveFacts }>();
      const peers: PeerMeasure[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        for (const place of places) {
          const spent = await timedSolve(place, getisOrd, requestOf(each, values, size, options, false));
          const { seconds = [], cpu = [] } = times.get(place.name) ?? {};
          times.set(place.name, { seconds: [...seconds, spent.seconds], cpu: [...cpu, spent.cpu], facts: spent.facts });
        }
        if (peer) peers.push(await measurePeer(peer, [String(size), String(each.radius), each.shape], signal));
      }
      const scipy = peers.length > 0 ? spreadOf(peers.map(({ seconds }) => seconds)) : undefined;
      for (const [place, { seconds, cpu, facts }] of times) {
        const spread = spreadOf(seconds);
        const perCell = (time: number) => (time / size ** 2) * 1e9;
        results.push({
          ...each,
          place,
          seconds: spread,
          nanosecondsPerCell: perCell(spread.min),
          cpuNanosecondsPerCell: perCell(Math.min(...cpu)),
          facts,
          scipy,
        });
      }
    }
    for (const line of tableLines([HEAD, ...results.map(rowOf)])) log(line);
    return { machine, results };
  } finally {
    await gpu?.destroy();
  }
};

const HEAD = ['where', 'window', 'made', 's: min (mean ± dev)', 'ns/cell', 'of processors', 'scipy s', 'times scipy'];

function rowOf({ place, shape, radius, outputs, seconds, scipy, ...each }: Result): string[] {
  return [
    place,
    `${shape} ${radius}`,
    outputs.join(' '),
    formatSpread(seconds),
    each.nanosecondsPerCell.toFixed(0),
    each.cpuNanosecondsPerCell.toFixed(0),
    scipy?.min.toFixed(2) ?? '',
    scipy ? (scipy.min / seconds.min).toFixed(1) : '',
  ];
}

function requestOf(
  { shape, radius, outputs }: Case,
  values: Float32Array<ArrayBuffer>,
  size: number,
  { platform: { pool }, signal }: BenchOptions,
  keep: boolean,
) {
  const params = { shape: NEIGHBOURHOODS.indexOf(shape), radius };
  const { spec } = getisOrd;
  return planeRequest({ spec, width: size, height: size, inputs: { values }, outputs, params, pool, signal }, keep);
}

/** Z in float64, without quanta. */
async function verify(
  place: SolvePlace,
  each: Case,
  values: Float32Array<ArrayBuffer>,
  size: number,
  options: BenchOptions,
): Promise<void> {
  const request = requestOf(each, values, size, options, true);
  await place.solve(getisOrd, request);
  const { reachY, halfWidths } = neighbourhoodOf(request.params, request.shape);
  const { count: n, mean, deviation } = momentsOf(values);
  const step = Math.floor((size * size - 1) / CHECKED);
  for (let cell = 0; cell < size * size; cell += step) {
    const [x, y] = [cell % size, Math.floor(cell / size)];
    let [sum, count] = [0, 0];
    for (let v = Math.max(0, y - reachY); v <= Math.min(size - 1, y + reachY); v++) {
      const half = halfWidths[Math.abs(v - y)];
      for (let u = Math.max(0, x - half); u <= Math.min(size - 1, x + half); u++) {
        if (values[v * size + u] === NODATA) continue;
        sum += values[v * size + u] - mean;
        count++;
      }
    }
    const z = sum / (deviation * Math.sqrt((count * (n - count)) / (n - 1)));
    const expected = values[cell] === NODATA ? NODATA : z;
    const found = request.planes.z[cell];
    if (!(Math.abs(found - expected) <= TOLERANCE + 2 ** -23 * Math.abs(expected)))
      throw new Error(
        `${place.name}, ${each.shape} ${each.radius}: Z of cell ${cell} is ${found}, by definition ${expected}`,
      );
  }
}

/** Waves and noise; a fiftieth of the cells have no value. */
function ground(edge: number): Float32Array<ArrayBuffer> {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: edge * edge }, (_, i) => {
    if (random() < 0.02) return NODATA;
    return Math.sin((i % edge) / 9) * Math.cos(Math.floor(i / edge) / 13) + random();
  });
}
