/** Omnidirectional flow tile by tile in worker tasks: the integers of the definition for any tiles and any schedule. */
import { grow, tileAt, tilesOf } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import { readPlanes, writePlanes } from '../routing/planes.ts';
import { MOST_ZONES, quantumFor } from '../service-flow/inspect.ts';
import { inspectTiles } from '../service-flow/inspect-tiles.ts';
import { factsOf } from '../service-flow/summary.ts';
import { addTotals, checkConservation, type FlowTotals, noFlow, zoneOf } from '../service-flow/totals.ts';
import { scaledFlows, tableZones, ZoneMatrix } from '../service-flow/zone-flows.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { inLargerTiles } from './larger-tiles.ts';
import type { Opening } from './open-close.ts';
import type { Closed, CloseTask, OpenTask, WholeResult, WholeTask } from './tasks.ts';
import type { Buffers } from './tile-cells.ts';
import { type Sweep, TileSweeps } from './tile-sweeps.ts';

/** Where a table of zones is made. */
interface Zoned {
  readonly zones: readonly number[];
  readonly sums: ZoneMatrix;
  readonly total: number;
}

/** @throws EcofluxError InvalidInput for negative supply or demand; Bug where the amounts do not add up in the end */
export async function solve(given: SolveRequest): Promise<SolveFacts> {
  const request = inLargerTiles(given);
  const { params } = request;
  const inspection = await inspectTiles(request);
  const quantum = quantumFor(inspection, params.quantum);
  const total = inspection.cells * (inspection.largest / quantum) + 1;
  const limit = params.max_distance > 0 ? Math.min(params.max_distance, 2 ** 30) : 2 ** 30;
  const sweeps = new TileSweeps(request);
  try {
    const zones = tableZones(inspection.zones);
    const matrix = zones && zones.length > 0 ? { zones, sums: new ZoneMatrix(total) } : undefined;
    const opening = await openAll(request, sweeps, quantum, matrix?.zones);
    const flow = new Flow(request, sweeps, limit, matrix && { ...matrix, total });
    if (params.moves === 1) await flow.all(opening, params.mass_tolerance);
    if (params.moves === 1 && params.spill === 1) await flow.spillOver();
    const withZones = inspection.zones.size > 0 && inspection.zones.size <= MOST_ZONES;
    const closing = await closeAll(request, sweeps, { quantum, flow, withZones });
    checkConservation(closing.totals, 0, flow.delivered);
    const flows = matrix && scaledFlows(matrix.sums.flows(), closing.zones!, 0);
    const { visits, spilled } = sweeps;
    return {
      ...factsOf({
        quantum,
        inspection,
        ...closing,
        flows,
        lost: 0,
        delivered: flow.delivered,
        distance: flow.distance,
      }),
      tiles: request.tiling.count,
      visits,
      spilled_bytes: spilled,
    };
  } finally {
    await sweeps.close();
  }
}

class Flow {
  /** Quanta, of each epoch. */
  readonly delivered: number[] = [];
  /** Steps, weighted by quanta. */
  distance = 0n;
  readonly #request: SolveRequest;
  readonly #sweeps: TileSweeps;
  readonly #limit: number;
  readonly #zoned: Zoned | undefined;
  /** What each tile has not taken into its balance yet: nothing, an epoch, what left over the border. */
  readonly #after: ('epoch' | 'spill' | undefined)[];

  constructor(request: SolveRequest, sweeps: TileSweeps, limit: number, zoned: Zoned | undefined) {
    this.#zoned = zoned;
    this.#request = request;
    this.#sweeps = sweeps;
    this.#limit = limit;
    this.#after = new Array(request.tiling.count).fill(undefined);
  }

  after(tile: number): 'epoch' | 'spill' | undefined {
    return this.#after[tile];
  }

  all(opening: Opening, tolerance: number): Promise<void> {
    return this.#request.tiling.count === 1 ? this.#inOneTile(opening, tolerance) : this.#inTiles(opening, tolerance);
  }

  /** As many epochs in a task as take a moment. */
  async #inOneTile({ surplus, deficit }: Opening, tolerance: number): Promise<void> {
    const { tiling, pool, signal, progress } = this.#request;
    let before = 0;
    for (let ended = surplus <= 0 || deficit <= 0; !ended; )
      await this.#sweeps.replace(0, ['balance', 'transit'], async (buffers, next) => {
        const limits = { limit: this.#limit, tolerance, surplus: surplus - before, deficit: deficit - before, before };
        const input: WholeTask = { tiling, tile: tileAt(tiling, 0), ...limits, buffers, next, mixes: this.#mixes() };
        const output = await pool.run<WholeTask, WholeResult>('flow_omnidirectional_whole', input, { signal });
        for (const amount of output.delivered) before += amount;
        this.delivered.push(...output.delivered);
        this.distance += output.distance;
        this.#addMixes('used', output.table);
        progress?.(before, Math.min(surplus, deficit));
        ended = output.ended;
        return output.next;
      });
  }

  async #inTiles(opening: Opening, tolerance: number): Promise<void> {
    const { progress } = this.#request;
    let [{ surplus, deficit }, all] = [opening, 0];
    while (surplus > 0 && deficit > 0) {
      const reached = await this.#reach('deficit');
      let delivered = 0;
      const tiles = (tile: number) => reached[tile] > 0;
      const sweep = { towards: 'deficit', limit: this.#limit, tiles } as const;
      if (reached.some((cells) => cells > 0)) {
        await this.#sweeps.run({ ...sweep, phase: 'requests' }, () => {});
        await this.#sweeps.run({ ...sweep, phase: 'deliveries', mixes: this.#mixes() }, (_, { arrived, mixes }) => {
          delivered += arrived;
          this.#addMixes('used', mixes?.table);
        });
      }
      for (const [tile, cells] of reached.entries()) this.#after[tile] = cells > 0 ? 'epoch' : undefined;
      this.delivered.push(delivered);
      all += delivered;
      surplus -= delivered;
      deficit -= delivered;
      progress?.(all, all + Math.min(surplus, deficit));
      if (delivered <= tolerance * all) return;
    }
  }

  async spillOver(): Promise<void> {
    const reached = await this.#reach('border');
    const tiles = (tile: number) => reached[tile] > 0;
    const sweep = { phase: 'spill', towards: 'border', limit: this.#limit, tiles, mixes: this.#mixes() } as const;
    await this.#sweeps.run(sweep, (_, { mixes }) => this.#addMixes('spill', mixes?.table));
    for (const [tile, cells] of reached.entries()) this.#after[tile] = cells > 0 ? 'spill' : undefined;
  }

  #mixes(): Sweep['mixes'] {
    return this.#zoned && { zones: this.#zoned.zones.length, total: this.#zoned.total };
  }

  #addMixes(as: 'used' | 'spill', table: Float64Array | undefined): void {
    if (!table || !this.#zoned) return;
    const { zones, sums } = this.#zoned;
    for (const [from, origin] of zones.entries())
      for (const [to, end] of zones.entries()) {
        const amount = table[from * zones.length + to];
        if (amount !== 0) sums.add(origin, as, end, amount);
      }
  }

  /** φ and reach of all cells; gives the cells of each tile that have reach. */
  async #reach(towards: 'deficit' | 'border'): Promise<Float64Array> {
    const { tiling } = this.#request;
    const settles = (tile: number) => this.#after[tile] === 'epoch';
    const sweep = { towards, limit: this.#limit } as const;
    await this.#sweeps.run({ ...sweep, phase: 'levels', settles }, (_, { distance }) => {
      this.distance += distance;
    });
    const reached = new Float64Array(tiling.count);
    await this.#sweeps.run({ ...sweep, phase: 'reach' }, (tile, output) => {
      reached[tile] += output.reached;
    });
    return reached;
  }
}

/** `zones`: of the table, where one is made. */
async function openAll(
  request: SolveRequest,
  sweeps: TileSweeps,
  quantum: number,
  zones: readonly number[] | undefined,
): Promise<Opening> {
  const { tiling, pool, signal, inputs } = request;
  const given = ['supply', 'demand', ...(inputs.permeability ? ['permeability'] : []), ...(zones ? ['zones'] : [])];
  let [surplus, deficit] = [0, 0];
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const planes = (await readPlanes(request, given, grow(tile, 1))) as unknown as OpenTask['planes'];
    const input: OpenTask = { tiling, tile, quantum, planes, zones, buffers: sweeps.lend(tile.index) };
    const { opening, buffers } = await pool.run<OpenTask, { opening: Opening; buffers: Buffers }>(
      'flow_omnidirectional_open',
      input,
      { signal },
    );
    surplus += opening.surplus;
    deficit += opening.deficit;
    await sweeps.keep(tile.index, buffers);
  });
  return { surplus, deficit };
}

async function closeAll(
  request: SolveRequest,
  sweeps: TileSweeps,
  { quantum, flow, withZones }: { readonly quantum: number; readonly flow: Flow; readonly withZones: boolean },
): Promise<{ totals: FlowTotals; zones?: Map<number, FlowTotals> }> {
  const { tiling, pool, signal, outputs } = request;
  const totals = noFlow();
  const zones = withZones ? new Map<number, FlowTotals>() : undefined;
  const names = ['supply', 'demand', ...(withZones ? ['zones'] : [])];
  const wanted = Object.keys(outputs);
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const { index } = tile;
    const buffers = await sweeps.take(index);
    const planes = (await readPlanes(request, names, tile)) as unknown as CloseTask['planes'];
    const input: CloseTask = { tiling, tile, quantum, wanted, after: flow.after(index), planes, buffers };
    const closing = await pool.run<CloseTask, Closed>('flow_omnidirectional_close', input, { signal });
    sweeps.drop(index, buffers);
    flow.distance += closing.distance;
    addTotals(totals, closing.totals);
    for (const [zone, ofZone] of closing.zones ?? []) addTotals(zoneOf(zones!, zone), ofZone);
    await writePlanes(request, tile, closing.planes);
  });
  return { totals, zones };
}
