/**
 * Routing on a fractal terrain, step by step: filling, directions, accumulation, streams and distance to stream, by D8 and MFD, in worker threads,
 * and on a device where there is a hardware one (or one is asked for). First each step is held against its definition, then all are timed.
 * Filling beside a plain priority flood on such a terrain (fill.py among the peer scripts) and beside ours by the definition, which is one too.
 */
import type { Plane } from '#ecoflux/core/cells.js';
import { comparePlanes } from '#ecoflux/core/compare.js';
import { EcofluxError } from '#ecoflux/core/errors.js';
import { fillDepressions } from '#ecoflux/solvers/fill_depressions/index.js';
import type { SolveFacts } from '#ecoflux/solvers/solver.js';
import type { Bench, BenchOptions } from './bench.ts';
import { counting } from './counted-fields.ts';
import { fractalGround } from './fractal-ground.ts';
import { describeMachine, machineLine } from './machine.ts';
import { findPeer, measurePeer, type Peer } from './peer.ts';
import { planeRequest } from './plane-solve.ts';
import { forget, planesOf, ROUTING_STEPS, type RoutingStep } from './routing-steps.ts';
import { openGpu, type SolvePlace, solvePlaces, timedSolve } from './solve-places.ts';
import { factsCell, RATE_HEAD, rateCells, ratesOf, type SolveRates } from './solve-rates.ts';
import { spreadOf, tableLines } from './timing.ts';

const SIZES = [1024, 2048, 4096, 8192];
/** Edge of the terrain on which steps are compared with their definitions. */
const VERIFIED = 512;
/** A cell takes the script some 20 µs where it has no scikit-image, and the definition 1 or 2. */
const LARGEST_SCRIPT = 1024;
const LARGEST_FLOOD = 2048;
/** Fewer for the largest. */
const roundsOf = (edge: number) => (edge > 4096 ? 2 : 3);
const EXACT = { rtol: 0, atol: 0 };

interface Result extends SolveRates {
  readonly step: string;
  /** Read from the fields and written to them, halos and repeated reading included. */
  readonly bytesPerCell: number;
  /** Million cells per second of InVEST 3.20. */
  readonly invest?: number;
}

interface Flood {
  readonly name: string;
  readonly size: number;
  readonly seconds: number;
}

export const routing: Bench = async (options) => {
  const { log, platform, size } = options;
  const machine = await describeMachine(platform);
  const sizes = size === undefined ? SIZES : [size];
  log(`routing on a fractal terrain; ${machineLine(machine)}`);
  const peer = findPeer(options.peers ?? process.env.ECOFLUX_PEERS, 'fill.py', log);
  const gpu = await openGpu(options);
  const places = solvePlaces(platform, gpu);
  try {
    const edge = Math.min(VERIFIED, ...sizes);
    for (const place of places) await verify(place, edge, options);
    log(`verified: all steps on ${edge}² cells are as defined, ${places.map(({ name }) => name).join(' and ')}`);
    const results: Result[] = [];
    const floods: Flood[] = [];
    for (const each of sizes) {
      const dem = fractalGround({ x: 0, y: 0, width: each, height: each });
      if (each <= LARGEST_FLOOD) floods.push(...(await timeFloods(dem, each, peer, options)));
      for (const place of places) await timeSteps(place, dem, each, results, options);
    }
    for (const line of tableLines([HEAD, ...results.map(rowOf)])) log(line);
    for (const { name, size: of, seconds } of floods) log(floodLine(name, of, seconds, results));
    log(
      'InVEST 3.20: its figures for 2048² on a machine like that of the project’s measurements, D8; not measured here',
    );
    return { machine, results, floods };
  } finally {
    await gpu?.destroy();
  }
};

const HEAD = ['where, step', ...RATE_HEAD, 'bytes/cell', 'times InVEST', 'done'];

function rowOf(each: Result): string[] {
  return [
    `${each.place}, ${each.step}`,
    ...rateCells(each),
    each.bytesPerCell.toFixed(1),
    each.invest === undefined ? '' : (each.millionCellsPerSecond / each.invest).toFixed(1),
    factsCell(each.facts),
  ];
}

function floodLine(name: string, size: number, seconds: number, results: readonly Result[]): string {
  const ours = results
    .filter((each) => each.step === 'fill' && each.size === size)
    .map(({ place, seconds: own }) => `${place} ${(seconds / own.min).toFixed(1)} times as fast`);
  return `filling by ${name}, ${size}²: ${seconds.toFixed(2)} s, ${(size ** 2 / seconds / 1e6).toFixed(2)} Mcells/s; ${ours.join(', ')}`;
}

/** By the script, and by our definition in one thread. */
async function timeFloods(
  dem: Float32Array,
  size: number,
  peer: Peer | undefined,
  { signal }: BenchOptions,
): Promise<Flood[]> {
  const started = performance.now();
  fillDepressions.reference({ dem }, {}, { width: size, height: size, cellWidth: 1, cellHeight: 1 });
  const own = { name: 'definition (binary heap, one thread)', size, seconds: (performance.now() - started) / 1000 };
  if (!peer || size > LARGEST_SCRIPT) return [own];
  const { what = 'fill.py', seconds } = await measurePeer(peer, [String(size)], signal);
  return [own, { name: `fill.py (${what})`, size, seconds }];
}

/** Every step in turn, on what the steps before it made. */
async function timeSteps(
  place: SolvePlace,
  dem: Float32Array,
  size: number,
  results: Result[],
  options: BenchOptions,
): Promise<void> {
  const made = new Map<string, Plane>([['dem', dem]]);
  for (const [at, step] of ROUTING_STEPS.entries()) {
    const times: number[] = [];
    const cpu: number[] = [];
    let [facts, bytes]: [SolveFacts, number] = [{}, 0];
    for (let round = 0; round < roundsOf(size); round++) {
      const request = requestOf(step, made, size, options, round === 0);
      const counted = counting(request);
      const spent = await timedSolve(place, step.solver, counted.request);
      facts = spent.facts;
      times.push(spent.seconds);
      cpu.push(spent.cpu);
      bytes = counted.bytes();
      for (const [name, plane] of Object.entries(request.planes)) made.set(`${step.name}.${name}`, plane);
    }
    forget(made, at + 1);
    const first = results.find((each) => each.place === place.name && each.step === step.name);
    const seconds = spreadOf(times);
    results.push({
      ...ratesOf({ place: place.name, size, seconds, facts }, Math.min(...cpu), first),
      step: step.name,
      bytesPerCell: bytes / size ** 2,
      invest: step.invest,
    });
  }
}

function requestOf(
  step: RoutingStep,
  made: ReadonlyMap<string, Plane>,
  size: number,
  { platform, signal, tile }: BenchOptions,
  keep: boolean,
) {
  const { spec } = step.solver;
  const { outputs, params } = step;
  const inputs = planesOf(step, made);
  const given = { spec, width: size, height: size, inputs, outputs, params, pool: platform.pool, tile, signal };
  return planeRequest(given, keep);
}

/** Each step on what its definition says of those before, over several tiles. */
async function verify(place: SolvePlace, size: number, options: BenchOptions): Promise<void> {
  const made = new Map<string, Plane>([['dem', fractalGround({ x: 0, y: 0, width: size, height: size })]]);
  for (const step of ROUTING_STEPS) {
    const { spec, reference } = step.solver;
    const request = requestOf(step, made, size, { ...options, tile: Math.ceil(size / 4) }, true);
    await place.solve(step.solver, request);
    const expected = reference(planesOf(step, made), step.params, request.shape);
    for (const name of step.outputs) {
      const plane =
        spec.outputs[name].type === 'f32' ? Float32Array.from(expected[name]) : Uint32Array.from(expected[name]);
      made.set(`${step.name}.${name}`, plane);
      const tolerance = spec.tolerances?.[name] ?? spec.tolerance;
      const { passed, worst } = comparePlanes(request.planes[name], plane, tolerance === 'exact' ? EXACT : tolerance);
      if (!passed)
        throw new EcofluxError('VerificationFailed', `${step.name} is not as defined`, {
          place: `${place.name}, ${name} of cell ${worst?.index}`,
          found: `${worst?.device}`,
          expected: `${worst?.reference}`,
        });
    }
  }
}
