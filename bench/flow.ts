/**
 * Flow of a service: omnidirectional up to 64 steps, and directional, in worker threads, and the first on a device where there is a hardware one
 * (or one is asked for). Supply and demand are hills of up to 64 cells. First every cell of a small grid is compared with the definition, then whole
 * grids are timed: a cell counts once for each epoch.
 */
import type { Plane } from '#ecoflux/core/cells.js';
import { chance } from '#ecoflux/sample/noise.js';
import { flowDirectional } from '#ecoflux/solvers/flow_directional/index.js';
import { DEVICE_BYTES } from '#ecoflux/solvers/flow_omnidirectional/device-flow.js';
import { flowOmnidirectional } from '#ecoflux/solvers/flow_omnidirectional/index.js';
import { CELL_BYTES } from '#ecoflux/solvers/flow_omnidirectional/tile-cells.js';
import { WHOLE_BYTES } from '#ecoflux/solvers/flow_omnidirectional/whole-grid.js';
import type { SolveFacts, Solver } from '#ecoflux/solvers/solver.js';
import type { Bench, BenchOptions } from './bench.ts';
import { fractalGround } from './fractal-ground.ts';
import { describeMachine, machineLine } from './machine.ts';
import { planeRequest } from './plane-solve.ts';
import { openGpu, type SolvePlace, solvePlaces, timedSolve } from './solve-places.ts';
import { formatSpread, type Spread, spreadOf, tableLines } from './timing.ts';

const SIZES = [1024, 4096];
/** Edge of the grid that is compared with the definition, which is slow. */
const VERIFIED = 160;
/** Fewer for the largest. */
const roundsOf = (edge: number) => (edge > 1024 ? 1 : 3);

interface Case {
  readonly name: string;
  readonly solver: Solver;
  readonly params: Readonly<Record<string, number>>;
  readonly inputs: (edge: number) => Readonly<Record<string, Plane>>;
  /** Bytes kept of a cell, and beside them while the grid is worked on as one tile. */
  readonly bytes?: readonly [number, number];
}

const CASES: readonly Case[] = [
  {
    name: 'omnidirectional',
    solver: flowOmnidirectional,
    params: { moves: 1, max_distance: 64, mass_tolerance: 1e-3, spill: 0, quantum: 0 },
    inputs: (edge) => ({ supply: hills(edge, 1), demand: hills(edge, 2) }),
    bytes: [CELL_BYTES, WHOLE_BYTES],
  },
  {
    name: 'directional, D8',
    solver: flowDirectional,
    params: { retention: 0, quantum: 0 },
    inputs: (edge) => ({ supply: hills(edge, 1), demand: hills(edge, 2), direction: downhill(edge) }),
  },
];

interface Result {
  readonly place: string;
  readonly case: string;
  readonly size: number;
  readonly epochs: number;
  readonly seconds: Spread;
  /** Of cells, once for each epoch. */
  readonly millionCellsPerSecond: number;
  readonly cpuNanosecondsPerCell: number;
  readonly dispatches?: number;
  readonly bytesPerCell?: number;
  readonly facts: SolveFacts;
}

export const flows: Bench = async (options) => {
  const { log, platform, size } = options;
  const machine = await describeMachine(platform);
  const sizes = size === undefined ? SIZES : [size];
  log(`flow; ${machineLine(machine)}`);
  const gpu = await openGpu(options);
  const places = solvePlaces(platform, gpu);
  const on = ({ solver }: Case, place: SolvePlace) => place === places[0] || solver.gpu !== undefined;
  try {
    for (const each of CASES) for (const place of places) if (on(each, place)) await verify(each, place, options);
    log(`verified: every output of ${VERIFIED}² cells is that of the definition, to the last quantum`);
    const results: Result[] = [];
    for (const edge of sizes)
      for (const each of CASES)
        for (const place of places) if (on(each, place)) results.push(await time(each, place, edge, options));
    for (const line of tableLines([HEAD, ...results.map(rowOf)])) log(line);
    return { machine, results };
  } finally {
    await gpu?.destroy();
  }
};

const HEAD = [
  'where, what',
  'cells',
  'epochs',
  's: min (mean ± dev)',
  'Mcells·epochs/s',
  'ns of processors',
  'dispatches',
  'B/cell',
];

function rowOf(each: Result): string[] {
  return [
    `${each.place}, ${each.case}`,
    `${each.size}²`,
    String(each.epochs),
    formatSpread(each.seconds),
    each.millionCellsPerSecond.toFixed(2),
    each.cpuNanosecondsPerCell.toFixed(0),
    each.dispatches === undefined ? '' : String(each.dispatches),
    each.bytesPerCell === undefined ? '' : String(each.bytesPerCell),
  ];
}

async function time(of: Case, place: SolvePlace, edge: number, { platform, signal }: BenchOptions): Promise<Result> {
  const { solver, params } = of;
  const shape = { width: edge, height: edge, tile: Math.min(1024, edge) };
  const given = { ...shape, spec: solver.spec, inputs: of.inputs(edge), params, pool: platform.pool, signal };
  const seconds: number[] = [];
  let cpu = Number.POSITIVE_INFINITY;
  let facts: SolveFacts = {};
  for (let round = 0; round < roundsOf(edge); round++) {
    const spent = await timedSolve(place, solver, planeRequest({ ...given, outputs: ['net', 'transit'] }, false));
    seconds.push(spent.seconds);
    cpu = Math.min(cpu, spent.cpu);
    ({ facts } = spent);
  }
  const cells = edge * edge * Math.max(1, facts.epochs);
  const spread = spreadOf(seconds);
  const { dispatches } = facts;
  return {
    place: place.name,
    case: of.name,
    size: edge,
    epochs: facts.epochs,
    seconds: spread,
    millionCellsPerSecond: cells / spread.min / 1e6,
    cpuNanosecondsPerCell: (cpu / cells) * 1e9,
    dispatches,
    bytesPerCell: of.bytes && (dispatches === undefined ? hostBytes(of.bytes, facts.tiles) : DEVICE_BYTES),
    facts,
  };
}

function hostBytes([kept, beside]: readonly [number, number], tiles: number): number {
  return tiles === 1 ? kept + beside : kept;
}

async function verify({ name, solver, params, inputs }: Case, place: SolvePlace, { platform, signal }: BenchOptions) {
  const planes = inputs(VERIFIED);
  const shape = { width: VERIFIED, height: VERIFIED };
  const outputs = Object.keys(solver.spec.outputs);
  const given = { ...shape, tile: 64, spec: solver.spec, inputs: planes, outputs, params, pool: platform.pool, signal };
  const request = planeRequest(given, true);
  await place.solve(solver, request);
  const expected = solver.reference(planes, params, request.shape);
  for (const output of outputs) {
    const made = request.planes[output];
    const meant = made instanceof Float32Array ? Float32Array.from(expected[output]) : expected[output];
    const wrong = made.findIndex((value, i) => value !== meant[i]);
    if (wrong >= 0)
      throw new Error(
        `${place.name}, ${name}: ${output} of cell ${wrong} is ${made[wrong]}, by definition ${meant[wrong]}`,
      );
  }
  if (!expected.inflow.some((amount) => amount > 0)) throw new Error(`${name}: nothing flows`);
}

/** Whole numbers up to some 8000. */
function hills(edge: number, seed: number): Float32Array {
  const out = new Float64Array(edge * edge);
  for (let spacing = 64; spacing >= 2; spacing /= 2) {
    const high = 100 * spacing ** 0.7;
    const knot = (column: number, row: number) => high * chance(column, row, spacing + 1000 * seed);
    for (let y = 0, i = 0; y < edge; y++) {
      const row = Math.floor(y / spacing);
      const v = y / spacing - row;
      for (let x = 0; x < edge; x += spacing) {
        const column = x / spacing;
        const west = (1 - v) * knot(column, row) + v * knot(column, row + 1);
        const east = (1 - v) * knot(column + 1, row) + v * knot(column + 1, row + 1);
        for (let u = 0; u < spacing && x + u < edge; u++, i++) out[i] += west + (u / spacing) * (east - west);
      }
    }
  }
  return Float32Array.from(out, Math.round);
}

/** To the lowest neighbour of fractal ground, outside at the edge, nowhere from a pit. */
function downhill(edge: number): Uint32Array {
  const ground = fractalGround({ x: 0, y: 0, width: edge, height: edge });
  const [dx, dy] = [
    [1, 1, 0, -1, -1, -1, 0, 1],
    [0, -1, -1, -1, 0, 1, 1, 1],
  ];
  return Uint32Array.from(ground, (own, i) => {
    const [x, y] = [i % edge, Math.floor(i / edge)];
    let [lowest, code] = [own, 0];
    for (let d = 0; d < 8; d++) {
      const [nx, ny] = [x + dx[d], y + dy[d]];
      const height = nx < 0 || ny < 0 || nx >= edge || ny >= edge ? own - 1 : ground[ny * edge + nx];
      if (height < lowest) [lowest, code] = [height, (1 << (4 * d)) >>> 0];
    }
    return code;
  });
}
