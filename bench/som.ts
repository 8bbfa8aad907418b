/**
 * Bundles for every number from 2 to 30: chains of nodes side by side over samples of nine features, in worker threads, and on a device where there is
 * a hardware one (or one is asked for), against scikit-learn's MiniBatchKMeans (som.py among the peer scripts) and batch maps in numpy
 * (som-peer.py here). First codebooks, hits and quality are compared with the definition, then the whole sweep is timed.
 */
import { fileURLToPath } from 'node:url';
import type { Window } from '#ecoflux/core/grid.js';
import { tilingOf } from '#ecoflux/core/tiles.js';
import type { Gpu } from '#ecoflux/gpu/gpu.js';
import { adapterName } from '#ecoflux/gpu/provider.js';
import { epochsOnDevice } from '#ecoflux/solvers/som/gpu.js';
import { chain } from '#ecoflux/solvers/som/map.js';
import { openSamples } from '#ecoflux/solvers/som/open-samples.js';
import { turnsOf } from '#ecoflux/solvers/som/quality.js';
import { standardised, trainReference } from '#ecoflux/solvers/som/reference.js';
import type { Samples } from '#ecoflux/solvers/som/samples.js';
import { type Trained, train } from '#ecoflux/solvers/som/train.js';
import type { Training } from '#ecoflux/solvers/som/training.js';
import type { Bench, BenchOptions } from './bench.ts';
import { describeMachine, machineLine } from './machine.ts';
import { findPeer, measurePeer, type Peer, type PeerMeasure } from './peer.ts';
import { openGpu } from './solve-places.ts';
import { formatSpread, type Spread, spreadOf, tableLines } from './timing.ts';

/** Edges of square rasters: 10^6 and 10^7 samples. */
const SIZES = [1000, 3162];
const FEATURES = 9;
const EPOCHS = 10;
const NUMBERS = Array.from({ length: 29 }, (_, i) => i + 2);
const VERIFIED = 120;
/** The peers take many minutes for more, so they are asked for larger ones only where the size was. */
const LARGEST_PEER = 1000;
const roundsOf = (edge: number) => (edge > 2000 ? 1 : 3);

interface Result {
  readonly place: string;
  readonly samples: number;
  readonly seconds: Spread;
  /** Of it reading, scaling and covariance. */
  readonly openingSeconds: number;
  /** Processor time of all threads. */
  readonly cpuSeconds: number;
  /** Comparisons of a sample with a node, epochs and the last assignment together. */
  readonly millionComparisonsPerSecond: number;
  readonly firstTurn: number;
  readonly maximum: number;
}

export const maps: Bench = async (options) => {
  const { log, platform, size, signal } = options;
  const machine = await describeMachine(platform);
  const sizes = size === undefined ? SIZES : [size];
  log(`self-organising maps; ${machineLine(machine)}`);
  const sklearn = findPeer(options.peers, 'som.py', log, ['numpy', 'sklearn']);
  const numpy = findPeer(fileURLToPath(new URL('../../bench', import.meta.url)), 'som-peer.py', log, ['numpy']);
  const gpu = await openGpu(options);
  const places = [
    { name: `${platform.pool.size} threads`, gpu: undefined },
    ...(gpu ? [{ name: adapterName(gpu.description), gpu }] : []),
  ];
  try {
    for (const place of places) await verify(place.gpu, options);
    log(`verified: codebooks, hits, pseudo-F and errors of ${VERIFIED}² samples are those of the definition`);
    const results: Result[] = [];
    const theirs: {
      readonly what: string;
      readonly samples: number;
      readonly seconds: Spread;
      readonly cpuSeconds: number;
    }[] = [];
    for (const edge of sizes) {
      const planes = clouds(edge);
      const times = places.map((): { seconds: number; opening: number; cpu: number; curve: Trained[] }[] => []);
      const peers = [sklearn, numpy].filter(
        (peer): peer is Peer => peer !== undefined && (edge <= LARGEST_PEER || size !== undefined),
      );
      const measured = peers.map((): PeerMeasure[] => []);
      for (let round = 0; round < roundsOf(edge); round++) {
        for (const [i, place] of places.entries()) times[i].push(await sweep(planes, edge, place.gpu, options));
        for (const [i, peer] of peers.entries()) {
          const epochs = peer === numpy ? [String(EPOCHS)] : [];
          measured[i].push(await measurePeer(peer, [String(edge * edge), String(FEATURES), ...epochs], signal));
        }
      }
      for (const [i, { name }] of places.entries()) results.push(resultOf(name, edge, times[i]));
      for (const each of measured)
        theirs.push({
          what: each[0].what ?? 'peer',
          samples: edge * edge,
          seconds: spreadOf(each.map(({ seconds }) => seconds)),
          cpuSeconds: Math.min(...each.map(({ cpuSeconds }) => cpuSeconds)),
        });
    }
    const head = ['where', 'samples', 's: min (mean ± dev)', 'opening', 'of processors', 'M comparisons/s', 'turns'];
    const rows = results.map((each) => [
      each.place,
      each.samples.toExponential(1),
      formatSpread(each.seconds),
      each.openingSeconds.toFixed(1),
      each.cpuSeconds.toFixed(1),
      each.millionComparisonsPerSecond.toFixed(0),
      `${each.firstTurn}, ${each.maximum}`,
    ]);
    const others = theirs.map(({ what, samples, seconds, cpuSeconds }) => [
      what,
      samples.toExponential(1),
      formatSpread(seconds),
      '',
      cpuSeconds.toFixed(1),
      '',
      '',
    ]);
    for (const line of tableLines([head, ...rows, ...others])) log(line);
    return { machine, results, peers: theirs };
  } finally {
    await gpu?.destroy();
  }
};

function trainings(): Training[] {
  return NUMBERS.map((k) => ({
    map: chain(k),
    epochs: EPOCHS,
    sigma: [Math.max(k / 4, 0.5), 0.25],
    cooling: 'exponential',
    init: 'pca',
    seed: 0,
  }));
}

function open(planes: readonly Float32Array[], edge: number, { platform, signal }: BenchOptions): Promise<Samples> {
  const grid = { width: edge, height: edge };
  return openSamples({
    names: planes.map((_, i) => `feature ${i + 1}`),
    read: async (feature, window) => cut(planes[feature], edge, window),
    tiling: tilingOf(grid, Math.min(edge, 512), Math.min(edge, 256)),
    scaling: 'zscore',
    pool: platform.pool,
    memory: 8e9,
    openScratch: () => {
      throw new Error('the benchmark should need no scratch file');
    },
    signal,
  });
}

function cut(plane: Float32Array, width: number, { x, y, ...size }: Window): Float32Array {
  const cells = new Float32Array(size.width * size.height);
  for (let row = 0; row < size.height; row++)
    cells.set(plane.subarray((y + row) * width + x, (y + row) * width + x + size.width), row * size.width);
  return cells;
}

async function sweep(planes: readonly Float32Array[], edge: number, gpu: Gpu | undefined, options: BenchOptions) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const samples = await open(planes, edge, options);
  const opened = performance.now();
  const device = gpu && epochsOnDevice(gpu);
  try {
    const curve = await train(samples, trainings(), { epochs: device });
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - started) / 1000;
    return { seconds, opening: (opened - started) / 1000, cpu: (user + system) / 1e6, curve };
  } finally {
    device?.close();
    await samples.close();
  }
}

function resultOf(place: string, edge: number, runs: readonly Awaited<ReturnType<typeof sweep>>[]): Result {
  const seconds = spreadOf(runs.map((run) => run.seconds));
  const comparisons = edge * edge * NUMBERS.reduce((sum, k) => sum + k, 0) * (EPOCHS + 1);
  const turns = turnsOf(
    NUMBERS,
    runs[0].curve.map(({ quality }) => quality.pseudoF),
  );
  return {
    place,
    samples: edge * edge,
    seconds,
    openingSeconds: Math.min(...runs.map(({ opening }) => opening)),
    cpuSeconds: Math.min(...runs.map(({ cpu }) => cpu)),
    millionComparisonsPerSecond: comparisons / seconds.min / 1e6,
    ...turns,
  };
}

async function verify(gpu: Gpu | undefined, options: BenchOptions): Promise<void> {
  const planes = clouds(VERIFIED);
  const { curve } = await sweep(planes, VERIFIED, gpu, options);
  const values = Float64Array.from(
    { length: VERIFIED ** 2 * FEATURES },
    (_, i) => planes[i % FEATURES][Math.floor(i / FEATURES)],
  );
  const rows = standardised({ features: FEATURES, values });
  for (const [i, training] of trainings().entries()) {
    if (i % 7 !== 0) continue;
    const expected = trainReference(rows, training);
    const found = curve[i];
    const far = expected.codebook.findIndex((x, at) => !(Math.abs(x - found.codebook[at]) < 1e-6));
    const { pseudoF, quantisation, topographic } = expected.quality;
    const off = [
      pseudoF / found.quality.pseudoF - 1,
      quantisation / found.quality.quantisation - 1,
      topographic - found.quality.topographic,
    ];
    if (far >= 0 || off.some((x) => !(Math.abs(x) < 1e-6)) || found.hits.some((hits, k) => hits !== expected.hits[k]))
      throw new Error(`${NUMBERS[i]} nodes: the map is not that of the definition: ${off.join(', ')}`);
  }
}

/** Seven clouds of points, as the peer scripts have them: centres of deviation 2, points of deviation 1 around them. */
function clouds(edge: number): Float32Array[] {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: 7 * FEATURES }, () => 2 * normal());
  const planes = Array.from({ length: FEATURES }, () => new Float32Array(edge * edge));
  for (let i = 0; i < edge * edge; i++) {
    const cloud = Math.floor(random() * 7);
    for (let f = 0; f < FEATURES; f++) planes[f][i] = centres[cloud * FEATURES + f] + normal();
  }
  return planes;
}
