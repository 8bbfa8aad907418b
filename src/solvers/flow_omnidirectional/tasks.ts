/**
 * Visits of a tile by omnidirectional flow, for worker threads. A visit writes only to buffers of its own, into which it first takes what the
 * visit before has left, so a worker that dies may be replaced.
 */
import type { Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import type { Tile, Tiling } from '../../core/tiles.ts';
import type { Kept } from '../routing/shared-memory.ts';
import type { Letter } from '../routing/tile-frame.ts';
import { passDeliveries, passSpill } from './deliveries.ts';
import { deviceTasks } from './device-tasks.ts';
import { findLevels, findReach, findWays } from './levels.ts';
import { Mixes, type MixInput, type MixOutput } from './mixes.ts';
import { type Closing, closeTile, type Opening, type OpenPlanes, openTile, settle, settleSpill } from './open-close.ts';
import { passRequests } from './requests.ts';
import { BORDER, type BufferName, type Buffers, cellsOf, FAR } from './tile-cells.ts';
import { WholeGrid } from './whole-grid.ts';

export type Phase = 'levels' | 'reach' | 'requests' | 'deliveries' | 'spill';

/** What each phase writes; a fresh visit of `levels` may also settle the epoch before. */
export const WRITES: Readonly<Record<Phase, readonly BufferName[]>> = {
  levels: ['phi'],
  reach: ['reach'],
  requests: ['asked', 'farther', 'nearer', 'waits'],
  deliveries: ['have', 'waits'],
  spill: ['have', 'waits', 'farther', 'nearer'],
};
export const SETTLES: readonly BufferName[] = ['balance', 'transit'];

export interface FlowVisit {
  readonly tiling: Tiling;
  readonly tile: Tile;
  readonly phase: Phase;
  /** Towards deficits, or towards the border. */
  readonly towards: 'deficit' | 'border';
  /** Steps at most. */
  readonly limit: number;
  readonly fresh: boolean;
  /** An epoch before is to be taken into balance and transit first. */
  readonly settles: boolean;
  readonly buffers: Buffers;
  /** Of those that the visit writes. */
  readonly next: Readonly<Partial<Record<BufferName, Kept>>>;
  readonly arrivals: readonly Letter[];
  /** Of the sweeps down, where a table of zones is made. */
  readonly mixes?: MixInput;
}

export interface FlowVisited {
  readonly next: Readonly<Partial<Record<BufferName, Kept>>>;
  readonly letters: readonly Letter[];
  /** Own cells that came to have reach. */
  readonly reached: number;
  /** Quanta that came to cells with φ = 0. */
  readonly arrived: number;
  /** Steps of the deliveries that were settled. */
  readonly distance: bigint;
  readonly mixes?: MixOutput;
}

export interface OpenTask {
  readonly tiling: Tiling;
  readonly tile: Tile;
  readonly quantum: number;
  readonly planes: OpenPlanes;
  /** Zones of the table, by their places. */
  readonly zones?: readonly number[];
  readonly buffers: Buffers;
}

/** Epochs over a grid that is one tile. */
export interface WholeTask {
  readonly tiling: Tiling;
  readonly tile: Tile;
  readonly limit: number;
  readonly tolerance: number;
  /** What may still move, and what all epochs before have delivered. */
  readonly surplus: number;
  readonly deficit: number;
  readonly before: number;
  readonly buffers: Buffers;
  readonly next: Readonly<Record<'balance' | 'transit', Kept>>;
  readonly mixes?: Pick<MixInput, 'zones' | 'total'>;
}

export interface WholeResult {
  readonly next: WholeTask['next'];
  /** Quanta, of each epoch. */
  readonly delivered: readonly number[];
  readonly distance: bigint;
  readonly ended: boolean;
  /** What came from zone to zone. */
  readonly table?: Float64Array;
}

export interface CloseTask {
  readonly tiling: Tiling;
  readonly tile: Tile;
  readonly quantum: number;
  readonly wanted: readonly string[];
  readonly after?: 'epoch' | 'spill';
  readonly planes: { readonly supply: Plane; readonly demand: Plane; readonly zones?: Plane };
  readonly buffers: Buffers;
}

export interface Closed extends Closing {
  /** Steps of the deliveries that were settled. */
  readonly distance: bigint;
}

function visit(input: FlowVisit): FlowVisited {
  const { tiling, tile, phase, towards, limit, fresh, settles, buffers, next, arrivals } = input;
  for (const [name, buffer] of Object.entries(next))
    new Uint8Array(buffer).set(new Uint8Array(buffers[name as BufferName]));
  const cells = cellsOf(tiling, tile, { ...buffers, ...next });
  const output = { next, letters: [] as readonly Letter[], reached: 0, arrived: 0, distance: 0n };
  if (settles) output.distance = settle(cells);
  const mixes = input.mixes && new Mixes(cells.frame, cells.zone, input.mixes);
  switch (phase) {
    case 'levels': {
      const { balance, kind } = cells;
      const isTarget =
        towards === 'deficit' ? (cell: number) => balance[cell] < 0 : (cell: number) => (kind[cell] & BORDER) !== 0;
      return { ...output, letters: findLevels(cells, { isTarget, limit, fresh }, arrivals) };
    }
    case 'reach':
      return { ...output, ...findReach(cells, fresh, arrivals) };
    case 'requests':
      return { ...output, letters: passRequests(cells, fresh, arrivals) };
    case 'deliveries':
      return { ...output, ...passDeliveries(cells, fresh, arrivals, mixes), mixes: mixes?.output() };
    case 'spill':
      if (fresh) findWays(cells);
      return { ...output, ...passSpill(cells, fresh, arrivals, mixes), mixes: mixes?.output() };
  }
}

/** Milliseconds after which a task says how far it has come. */
const WORTH_TELLING = 2000;

function wholeEpochs(input: WholeTask): WholeResult {
  const { tiling, tile, limit, tolerance, buffers, next, mixes: zoned } = input;
  for (const name of ['balance', 'transit'] as const) new Uint8Array(next[name]).set(new Uint8Array(buffers[name]));
  const cells = cellsOf(tiling, tile, { ...buffers, ...next });
  const mixes = zoned && new Mixes(cells.frame, cells.zone, { ...zoned, arrivals: [] });
  const grid = new WholeGrid(cells, limit, mixes);
  const delivered: number[] = [];
  let { surplus, deficit, before } = input;
  let ended = false;
  for (const from = performance.now(); !ended && performance.now() - from < WORTH_TELLING; ) {
    const now = grid.epoch();
    delivered.push(now);
    before += now;
    surplus -= now;
    deficit -= now;
    ended = now <= tolerance * before || surplus <= 0 || deficit <= 0;
  }
  return { next, delivered, distance: grid.distance, ended, table: mixes?.output().table };
}

function placeZones(to: Uint8Array, plane: Plane, zones: readonly number[]): void {
  const places = new Map(zones.map((zone, place) => [zone, place]));
  for (let i = 0; i < plane.length; i++) to[i] = places.get(plane[i]) ?? 0;
}

/** Buffers that are not shared move; those that are cannot. */
function movable(buffers: Iterable<ArrayBufferLike>): ArrayBuffer[] {
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
}

export const omnidirectionalTasks: TaskTable = {
  ...deviceTasks,
  async flow_omnidirectional_open({ tiling, tile, quantum, planes, zones, buffers }: OpenTask) {
    const cells = cellsOf(tiling, tile, buffers);
    cells.phi.fill(FAR);
    cells.reach.fill(0);
    cells.transit.fill(0);
    if (zones && planes.zones) placeZones(cells.zone, planes.zones, zones);
    const opening: Opening = openTile(cells, planes, quantum);
    return { output: { opening, buffers }, transfer: movable(Object.values(buffers)) };
  },
  async flow_omnidirectional_visit(input: FlowVisit) {
    const output = visit(input);
    const { letters, mixes } = output;
    const records = [...letters, ...(mixes?.letters ?? [])].map((letter) => letter.records.buffer);
    return { output, transfer: movable([...Object.values(output.next), ...records]) };
  },
  async flow_omnidirectional_whole(input: WholeTask) {
    const output = wholeEpochs(input);
    return { output, transfer: movable(Object.values(output.next)) };
  },
  async flow_omnidirectional_close({ tiling, tile, quantum, wanted, after, planes, buffers }: CloseTask) {
    const { balance, transit } = buffers;
    const cells = cellsOf(tiling, tile, { ...buffers, balance: balance.slice(0), transit: transit.slice(0) });
    const distance = after === 'epoch' ? settle(cells) : 0n;
    const spill = after === 'spill' ? settleSpill(cells) : undefined;
    const output: Closed = { ...closeTile({ ...cells, spill }, planes, { quantum, wanted }), distance };
    return { output, transfer: movable(Object.values(output.planes).map(({ buffer }) => buffer)) };
  },
};
