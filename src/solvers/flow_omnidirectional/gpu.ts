/**
 * Omnidirectional flow on a device that holds the whole grid; what is larger, asks for a table of zones, or has ways of more than 65 536 steps is for
 * worker threads. Amounts become quanta before, and outputs after, in worker threads too.
 */
import { grow, type Tile, tileAt } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import { readPlanes, writePlanes } from '../routing/planes.ts';
import { quantumFor } from '../service-flow/inspect.ts';
import { inspectTiles } from '../service-flow/inspect-tiles.ts';
import { factsOf } from '../service-flow/summary.ts';
import { addTotals, checkConservation, type FlowTotals, noFlow } from '../service-flow/totals.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import { solve as solveOnHost } from './cpu.ts';
import { DEVICE_BYTES, DeviceFlow, LARGEST_PLANE } from './device-flow.ts';
import type { AmountsTask, Ground, GroundTask } from './device-tasks.ts';
import type { Closing, Opening, OpenPlanes } from './open-close.ts';

/** Of the bytes that the device may have. */
const SHARE = 0.75;
const FAR = 2 ** 30;

export async function solve(request: DeviceSolveRequest): Promise<SolveFacts> {
  const { params, inputs, shape, gpu, signal } = request;
  if (params.moves !== 1 || inputs.zones || !fits(request)) return solveOnHost(request);
  const inspection = await inspectTiles(request);
  const quantum = quantumFor(inspection, params.quantum);
  const limit = params.max_distance > 0 ? params.max_distance : FAR;
  const before = { ...gpu.traffic };
  const flow = new DeviceFlow(gpu, shape, limit, signal);
  try {
    const opening = await bringGround(request, flow, quantum);
    await flow.start();
    if (!(await runEpochs(request, flow, opening))) return await solveOnHost(request);
    if (params.spill === 1 && !(await flow.spillOver())) return await solveOnHost(request);
    const totals = await takeAmounts(request, flow, quantum);
    checkConservation(totals, 0, flow.delivered);
    const { delivered, distance, dispatches } = flow;
    const { bytesUp, bytesDown } = gpu.traffic;
    return {
      ...factsOf({ quantum, inspection, totals, lost: 0, delivered, distance }),
      dispatches,
      bytes_up: bytesUp - before.bytesUp,
      bytes_down: bytesDown - before.bytesDown,
    };
  } finally {
    flow.release();
  }
}

function fits({ shape, gpu }: DeviceSolveRequest): boolean {
  const cells = shape.width * shape.height;
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.limits;
  return (
    cells * LARGEST_PLANE <= Math.min(maxStorageBufferBindingSize, maxBufferSize) &&
    cells * DEVICE_BYTES <= SHARE * gpu.buffers.caps.total
  );
}

/** False where ways are too long for the device. */
async function runEpochs(
  { params, progress }: DeviceSolveRequest,
  flow: DeviceFlow,
  opening: Opening,
): Promise<boolean> {
  let { surplus, deficit } = opening;
  let all = 0;
  while (surplus > 0 && deficit > 0) {
    const delivered = await flow.epoch();
    if (delivered === undefined) return false;
    all += delivered;
    surplus -= delivered;
    deficit -= delivered;
    progress?.(all, all + Math.min(surplus, deficit));
    if (delivered <= params.mass_tolerance * all) break;
  }
  return true;
}

/** A row of tiles at a time, as rows of the grid. */
async function bringGround(request: DeviceSolveRequest, flow: DeviceFlow, quantum: number): Promise<Opening> {
  const { tiling, pool, signal, inputs } = request;
  const names = ['supply', 'demand', 'permeability'].filter((name) => inputs[name]);
  let [surplus, deficit] = [0, 0];
  for (let row = 0; row < tiling.rows; row++) {
    const tiles = tilesOfRow(request, row);
    const [{ y, height }] = tiles;
    const balance = new Uint32Array(tiling.width * height);
    const kind = new Uint32Array(tiling.width * height);
    await eachTile(tiles, request, async (tile) => {
      const planes = (await readPlanes(request, names, grow(tile, 1))) as unknown as OpenPlanes;
      const input: GroundTask = { tiling, tile, quantum, planes };
      const ground = await pool.run<GroundTask, Ground>('flow_omnidirectional_ground', input, { signal });
      surplus += ground.surplus;
      deficit += ground.deficit;
      for (let line = 0; line < tile.height; line++) {
        const from = line * tile.width;
        balance.set(ground.balance.subarray(from, from + tile.width), line * tiling.width + tile.x);
        kind.set(ground.kind.subarray(from, from + tile.width), line * tiling.width + tile.x);
      }
    });
    await flow.upload('balance', y, balance);
    await flow.upload('kind', y, kind);
  }
  return { surplus, deficit };
}

async function takeAmounts(request: DeviceSolveRequest, flow: DeviceFlow, quantum: number): Promise<FlowTotals> {
  const { tiling, pool, signal, params, outputs } = request;
  const totals = noFlow();
  const wanted = Object.keys(outputs);
  for (let row = 0; row < tiling.rows; row++) {
    const tiles = tilesOfRow(request, row);
    const [{ y, height }] = tiles;
    const balance = await flow.read('balance', y, height);
    const transit = await flow.read('transit', y, height);
    const spill = params.spill === 1 ? await flow.read('part', y, height) : undefined;
    await eachTile(tiles, request, async (tile) => {
      const planes = (await readPlanes(request, ['supply', 'demand'], tile)) as unknown as AmountsTask['planes'];
      const own = (plane: Uint32Array, words: number) => cut(plane, tiling.width, tile, words);
      const words = { balance: own(balance, 1), transit: own(transit, 2), spill: spill && own(spill, 2) };
      const input: AmountsTask = { tiling, tile, quantum, wanted, planes, ...words };
      const closing = await pool.run<AmountsTask, Closing>('flow_omnidirectional_amounts', input, { signal });
      addTotals(totals, closing.totals);
      await writePlanes(request, tile, closing.planes);
    });
  }
  return totals;
}

function tilesOfRow({ tiling }: DeviceSolveRequest, row: number): Tile[] {
  return Array.from({ length: tiling.columns }, (_, column) => tileAt(tiling, row * tiling.columns + column));
}

/** The tile's cells of rows of the grid, `words` each. */
function cut(rows: Uint32Array, gridWidth: number, { x, width, height }: Tile, words: number): Uint32Array {
  const out = new Uint32Array(words * width * height);
  for (let line = 0; line < height; line++) {
    const from = words * (line * gridWidth + x);
    out.set(rows.subarray(from, from + words * width), words * line * width);
  }
  return out;
}
