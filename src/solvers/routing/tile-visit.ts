/**
 * A visit of some tiles by a recursion on the flow graph, on whatever thread runs the task: finds what has become ready, computes it in order,
 * and tells what cells of other tiles wait for. Done twice it gives the same, so a worker that dies may be replaced.
 */
import { NODATA, type Plane } from '../../core/cells.ts';
import type { Task } from '../../core/tasks.ts';
import type { Tile, Tiling } from '../../core/tiles.ts';
import type { Values } from '../../core/values.ts';
import { markFirst, type Travel } from './cell-marks.ts';
import { readyCells, waitingSides } from './ready-order.ts';
import { codesOf } from './share-bits.ts';
import type { Kept } from './shared-memory.ts';
import { frameOf, type Letter, Letters, type TileFrame } from './tile-frame.ts';

export interface VisitInput {
  readonly tiling: Tiling;
  readonly params: Values;
  readonly wanted: readonly string[];
  /** What they tell each other is heard at once, until none of them has anything to do. */
  readonly tiles: readonly TileInput[];
}

export interface TileInput {
  readonly tile: Tile;
  /** With a ring of one cell. */
  readonly planes: Readonly<Record<string, Plane>>;
  /** Frames of float64; what is written there twice is the same. */
  readonly values: readonly Kept[];
  /** One byte for each cell of the frame, as `CellMarks` has them. */
  readonly inbound: Kept;
  /** For the marks of this visit: those of the visit before stay as they are. */
  readonly marks: Kept;
  /** What the visit before left: its marks, and how many cells of the tile are not known yet. */
  readonly before?: { readonly marks: Kept; readonly waiting: number };
  readonly arrivals: readonly Letter[];
}

export interface VisitOutput {
  readonly tiles: readonly TileOutput[];
  /** To tiles that were not visited. */
  readonly letters: readonly Letter[];
}

export interface TileOutput {
  readonly values: readonly Kept[];
  readonly inbound: Kept;
  readonly marks: Kept;
  /** Cells of the tile that are not known yet. */
  readonly waiting: number;
  /** On the first visit: cells of the ring that others send. */
  readonly foreign?: number;
  /** Cells of the ring that came. */
  readonly arrived: number;
  /** The outputs, once every cell is known. */
  readonly planes?: Readonly<Record<string, Plane>>;
}

/** What a recursion looks at while it computes. All planes are those of the frame. */
export interface Computation {
  readonly frame: TileFrame;
  readonly codes: Int32Array;
  readonly inbound: Uint8Array;
  readonly planes: Readonly<Record<string, Plane>>;
  readonly params: Values;
  readonly wanted: readonly string[];
  /** NODATA where a cell is not known or has none. */
  readonly values: readonly Float64Array[];
}

export interface Recursion {
  readonly travel: Travel;
  /** The plane that is 1 where a cell waits for nobody. */
  readonly atOnce?: string;
  /** How many of the values go to other tiles; all where absent. */
  readonly sent?: number;
  /** Sets the values of the cells, each after those that it needs. */
  compute(of: Computation, order: Uint32Array): void;
  outputs(of: Computation): Readonly<Record<string, Plane>>;
}

/** A tile while it is visited. */
interface Visited {
  readonly input: TileInput;
  readonly of: Computation;
  readonly marks: Uint8Array;
  readonly foreign?: number;
  inbox: Letter[];
  fresh: boolean;
  waiting: number;
  arrived: number;
}

export function visitTiles(recursion: Recursion, { tiling, params, wanted, tiles }: VisitInput): VisitOutput {
  const visited = new Map(tiles.map((input) => [input.tile.index, open(recursion, input, { tiling, params, wanted })]));
  const letters: Letter[] = [];
  let busy = true;
  while (busy) {
    busy = false;
    for (const tile of visited.values()) {
      if (!tile.fresh && tile.inbox.length === 0) continue;
      busy = true;
      for (const letter of advance(recursion, tile)) (visited.get(letter.to)?.inbox ?? letters).push(letter);
    }
  }
  return {
    letters,
    tiles: [...visited.values()].map(({ input: { values, inbound, marks }, of, waiting, foreign, arrived }) => ({
      ...{ values, inbound, marks, waiting, foreign, arrived },
      planes: waiting === 0 ? recursion.outputs(of) : undefined,
    })),
  };
}

function open(
  { travel, atOnce }: Recursion,
  input: TileInput,
  { tiling, params, wanted }: Pick<VisitInput, 'tiling' | 'params' | 'wanted'>,
): Visited {
  const { planes, before } = input;
  const frame = frameOf(tiling, input.tile);
  const codes = codesOf(planes.direction);
  const values = input.values.map((kept) => new Float64Array(kept));
  const marks = new Uint8Array(input.marks);
  const inbound = new Uint8Array(input.inbound);
  const of: Computation = { frame, codes, inbound, planes, params, wanted, values };
  const visited = { input, of, marks, inbox: [...input.arrivals], fresh: before === undefined, arrived: 0 };
  if (before) {
    marks.set(new Uint8Array(before.marks));
    return { ...visited, waiting: before.waiting };
  }
  for (const plane of values) plane.fill(NODATA);
  const stream = atOnce ? planes[atOnce] : undefined;
  return { ...visited, ...markFirst(frame, codes, { marks, inbound }, travel, stream) };
}

/** Computes what is ready now; gives what other tiles are to know. */
function advance(recursion: Recursion, visited: Visited): Letter[] {
  const { of, marks, inbox, fresh } = visited;
  const { frame, codes, inbound, values } = of;
  const { travel } = recursion;
  const sent = values.slice(0, recursion.sent);
  const arrived = receive(inbox, sent);
  visited.inbox = [];
  visited.fresh = false;
  visited.arrived += arrived.length;
  const { order, border } = readyCells(frame, codes, { marks, inbound }, travel, arrived, fresh);
  recursion.compute(of, order);
  visited.waiting -= order.length;

  const letters = new Letters(frame, sent.length);
  for (const cell of border)
    letters.add(
      cell,
      waitingSides(frame, codes, marks, travel, cell, (other) => letters.sideOf(other)),
      sent.map((plane) => plane[cell]),
    );
  return letters.sealed();
}

/** Writes what other tiles sent to the ring; gives the cells. */
function receive(arrivals: readonly Letter[], values: readonly Float64Array[]): number[] {
  const cells: number[] = [];
  for (const { records } of arrivals)
    for (let at = 0; at < records.length; at += 1 + values.length) {
      const cell = records[at];
      for (let index = 0; index < values.length; index++) values[index][cell] = records[at + 1 + index];
      cells.push(cell);
    }
  return cells;
}

export function visitTask(recursion: Recursion): Task {
  return async (input: VisitInput) => {
    const output = visitTiles(recursion, input);
    const buffers: Kept[] = output.letters.map(({ records }) => records.buffer);
    for (const { values, inbound, marks, planes } of output.tiles)
      buffers.push(...values, inbound, marks, ...Object.values(planes ?? {}).map(({ buffer }) => buffer));
    return { output, transfer: buffers.filter((buffer) => buffer instanceof ArrayBuffer) };
  };
}
