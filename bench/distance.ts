/**
 * Exact Euclidean distance and allocation: in worker threads, and on a device where there is a hardware one (or one is asked for), against
 * scipy (edt.py among the peer scripts). Sources are a tenth of the cells, in clumps, as a threat on a land-cover map is. First all three outputs
 * are compared with the definition, cell by cell, then the squares alone are timed, and all three.
 */
import { distance } from '#ecoflux/solvers/distance/index.js';
import type { SolveFacts } from '#ecoflux/solvers/solver.js';
import type { Bench, BenchOptions } from './bench.ts';
import { describeMachine, machineLine } from './machine.ts';
import { findPeer, measurePeer, type PeerMeasure } from './peer.ts';
import { planeRequest } from './plane-solve.ts';
import { openGpu, type SolvePlace, solvePlaces, timedSolve } from './solve-places.ts';
import { factsCell, RATE_HEAD, rateCells, ratesOf, type SolveRates } from './solve-rates.ts';
import { formatSpread, type Spread, spreadOf, tableLines } from './timing.ts';

const SIZES = [1024, 2048, 4096, 8192];
/** Edge of the map that is compared with the definition, whose search takes some time. */
const VERIFIED = 1024;
/** Fewer for the largest. */
const roundsOf = (edge: number) => (edge > 4096 ? 2 : 5);
const ALL = ['squared', 'distance', 'allocation'];
const CASES = [
  { name: 'squared', outputs: ['squared'] },
  { name: 'all three', outputs: ALL },
] as const;

interface Result extends SolveRates {
  readonly case: string;
}

export const distances: Bench = async (options) => {
  const { log, platform, size, signal } = options;
  const machine = await describeMachine(platform);
  const sizes = size === undefined ? SIZES : [size];
  log(`distance; ${machineLine(machine)}`);
  const peer = findPeer(options.peers, 'edt.py', log);
  const gpu = await openGpu(options);
  const places = solvePlaces(platform, gpu);
  try {
    for (const place of places) await verify(place, options);
    log(
      `verified: distance, square and allocation of ${VERIFIED}² cells are those of the definition, ${places.map(({ name }) => name).join(' and ')}`,
    );
    const results: Result[] = [];
    const theirs: { readonly size: number; readonly seconds: Spread }[] = [];
    for (const edge of sizes) {
      const source = clumps(edge);
      const peers: PeerMeasure[] = [];
      const times = new Map<string, { seconds: number[]; cpu: number[]; facts: SolveFacts }>();
      for (let round = 0; round < roundsOf(edge); round++) {
        for (const place of places)
          for (const { name, outputs } of CASES) {
            const request = planeRequest(
              {
                spec: distance.spec,
                width: edge,
                height: edge,
                inputs: { source },
                outputs,
                pool: platform.pool,
                signal,
              },
              false,
            );
            const spent = await timedSolve(place, distance, request);
            const key = `${place.name}\n${name}`;
            const { seconds = [], cpu = [] } = times.get(key) ?? {};
            times.set(key, { seconds: [...seconds, spent.seconds], cpu: [...cpu, spent.cpu], facts: spent.facts });
          }
        if (peer) peers.push(await measurePeer(peer, [String(edge)], signal));
      }
      if (peers.length > 0) theirs.push({ size: edge, seconds: spreadOf(peers.map(({ seconds }) => seconds)) });
      for (const place of places)
        for (const { name } of CASES) {
          const { seconds, cpu, facts } = times.get(`${place.name}\n${name}`)!;
          const first = results.find((each) => each.place === place.name && each.case === name);
          const spent = { place: place.name, size: edge, seconds: spreadOf(seconds), facts };
          results.push({ ...ratesOf(spent, Math.min(...cpu), first), case: name });
        }
    }
    const peerOf = (edge: number) => theirs.find((each) => each.size === edge)?.seconds.min;
    const rows = results.map((each) => [
      `${each.place}, ${each.case}`,
      ...rateCells(each, 1),
      peerOf(each.size) === undefined ? '' : (peerOf(each.size)! / each.seconds.min).toFixed(1),
      factsCell(each.facts),
    ]);
    const head = ['where', ...RATE_HEAD, 'times scipy', 'done'];
    for (const line of tableLines([head, ...rows])) log(line);
    for (const { size: edge, seconds } of theirs)
      log(
        `scipy distance_transform_edt with indices, ${edge}²: ${formatSpread(seconds)} s, ${((edge * edge) / seconds.min / 1e6).toFixed(1)} Mcells/s`,
      );
    return { machine, results, scipy: theirs };
  } finally {
    await gpu?.destroy();
  }
};

/** A hardware device, or a software one where that is asked for: it is no match for threads. */
async function verify(place: SolvePlace, { platform, signal }: BenchOptions): Promise<void> {
  const source = clumps(VERIFIED);
  const given = {
    spec: distance.spec,
    width: VERIFIED,
    height: VERIFIED,
    inputs: { source },
    outputs: ALL,
    pool: platform.pool,
    signal,
  };
  const request = planeRequest(given, true);
  await place.solve(distance, request);
  const expected = distance.reference({ source }, {}, request.shape);
  for (const name of ALL) {
    const found = request.planes[name];
    const wrong = found.findIndex(
      (value, i) => value !== (name === 'distance' ? Math.fround(expected[name][i]) : expected[name][i]),
    );
    if (wrong >= 0)
      throw new Error(
        `${place.name}: ${name} of cell ${wrong} is ${found[wrong]}, by definition ${expected[name][wrong]}`,
      );
  }
}

/** 1 in the tenth of the cells where three times smoothed noise is highest. */
function clumps(edge: number): Uint32Array {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  let cells = Float32Array.from({ length: edge * edge }, random);
  for (let pass = 0; pass < 3; pass++) cells = smooth(smooth(cells, edge, 1, edge), edge, edge, 1);
  const sample = Float32Array.from({ length: 1e5 }, (_, i) => cells[Math.floor((i / 1e5) * cells.length)]).sort();
  const limit = sample[Math.floor(0.9 * sample.length)];
  return Uint32Array.from(cells, (value) => +(value > limit));
}

/** Sums of 17 cells along lines: cell k of line n is at n · line + k · step. */
function smooth(cells: Float32Array, edge: number, step: number, line: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(cells.length);
  const reach = 8;
  for (let n = 0; n < edge; n++) {
    let sum = 0;
    for (let k = -reach; k < edge; k++) {
      if (k + reach < edge) sum += cells[n * line + (k + reach) * step];
      if (k - reach - 1 >= 0) sum -= cells[n * line + (k - reach - 1) * step];
      if (k >= 0) out[n * line + k * step] = sum;
    }
  }
  return out;
}
