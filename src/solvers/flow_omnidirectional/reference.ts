/** Omnidirectional flow by its definition (flow.md section 3): level after level over the whole raster, in whole numbers of float64. */
import type { InputPlane } from '../../core/model-reference.ts';
import type { RasterShape, SolverReference } from '../../core/solver.ts';
import type { Values } from '../../core/values.ts';
import { opposite } from '../routing/directions.ts';
import { neighbourOf } from '../routing/flow-graph.ts';
import { amountsOf, type FlowRaster, quantised } from '../service-flow/cell-planes.ts';
import type { FlowOutput } from '../service-flow/fields.ts';
import { equalPart } from '../service-flow/quanta.ts';

const FAR = Number.POSITIVE_INFINITY;
const DIRECTIONS = [0, 1, 2, 3, 4, 5, 6, 7];

export interface WholeFlow {
  readonly quantum: number;
  readonly planes: Readonly<Record<FlowOutput, Float64Array>>;
  /** Quanta that each epoch delivered. */
  readonly delivered: readonly number[];
  /** Steps of all deliveries, weighted by their quanta. */
  readonly distance: number;
}

export const reference: SolverReference = (inputs, params, shape) => flowOverWhole(inputs, params, shape).planes;

/** `backwards`: the cells of a level are visited from the last to the first, which must change nothing. */
export function flowOverWhole(
  inputs: Readonly<Record<string, InputPlane>>,
  params: Values,
  { width, height }: Pick<RasterShape, 'width' | 'height'>,
  backwards = false,
): WholeFlow {
  const raster = quantised(inputs, params, width);
  const { supply, demand } = raster;
  const flow = new WholeRasterFlow(
    raster,
    width,
    height,
    params.max_distance > 0 ? params.max_distance : FAR,
    backwards,
  );
  const delivered: number[] = [];
  let all = 0;
  while (params.moves === 1 && flow.mayMove()) {
    const now = flow.epoch();
    delivered.push(now);
    all += now;
    if (now <= params.mass_tolerance * all) break;
  }
  if (params.moves === 1 && params.spill === 1) flow.spillOver();
  const { surplus, deficit, transit, spill } = flow;
  const planes = amountsOf(raster, (i) => {
    const local = Math.min(supply[i], demand[i]);
    return {
      supply: supply[i],
      demand: demand[i],
      used: demand[i] - local - deficit[i],
      outflow: supply[i] - local - surplus[i],
      transit: transit[i],
      spill: spill[i],
    };
  });
  return { quantum: raster.quantum, planes, delivered, distance: flow.distance };
}

class WholeRasterFlow {
  readonly surplus: Float64Array;
  readonly deficit: Float64Array;
  readonly transit: Float64Array;
  readonly spill: Float64Array;
  distance = 0;
  readonly #passable: Uint8Array;
  readonly #valid: Uint8Array;
  /** Of each cell in the eight directions; −1 beyond the raster. */
  readonly #around: Int32Array;
  readonly #limit: number;
  readonly #backwards: boolean;

  constructor(
    { supply, demand, passable }: FlowRaster,
    width: number,
    height: number,
    limit: number,
    backwards: boolean,
  ) {
    this.surplus = supply.map((s, i) => Math.max(0, s - demand[i]));
    this.deficit = supply.map((s, i) => Math.max(0, demand[i] - s));
    this.transit = new Float64Array(supply.length);
    this.spill = new Float64Array(supply.length);
    this.#passable = passable;
    this.#valid = Uint8Array.from(supply, (s) => (s >= 0 ? 1 : 0));
    const graph = { width, height, direction: passable };
    this.#around = new Int32Array(8 * supply.length);
    for (let i = 0; i < this.#around.length; i++) this.#around[i] = neighbourOf(graph, i >> 3, i & 7);
    this.#limit = limit;
    this.#backwards = backwards;
  }

  mayMove(): boolean {
    const some = (amount: Float64Array) => amount.some((value, i) => value > 0 && this.#passable[i] === 1);
    return some(this.surplus) && some(this.deficit);
  }

  /** Steps to the nearest cell of `targets`, and the cells that have some, the nearest first. */
  #levels(isTarget: (cell: number) => boolean): { phi: Float64Array; upwards: Int32Array } {
    const phi = new Float64Array(this.#passable.length).fill(FAR);
    const order = new Int32Array(phi.length);
    let [begun, found] = [0, 0];
    const reach = (cell: number, steps: number) => {
      phi[cell] = steps;
      order[found++] = cell;
    };
    for (let k = 0; k < phi.length; k++) {
      const cell = this.#backwards ? phi.length - 1 - k : k;
      if (this.#passable[cell] === 1 && isTarget(cell)) reach(cell, 0);
    }
    for (; begun < found; begun++) {
      const cell = order[begun];
      if (phi[cell] >= this.#limit) break;
      for (let k = 0; k < 8; k++) {
        const other = this.#around[8 * cell + (this.#backwards ? 7 - k : k)];
        if (other >= 0 && this.#passable[other] === 1 && phi[other] === FAR) reach(other, phi[cell] + 1);
      }
    }
    return { phi, upwards: order.subarray(0, found) };
  }

  /** Bits of the directions to cells so many steps from a target; with `only`, to those that are marked there. Barriers have none. */
  #towards(phi: Float64Array, steps: number, cell: number, only?: Uint8Array): number {
    let bits = 0;
    for (let d = 0; d < 8; d++) {
      const other = this.#around[8 * cell + d];
      if (other >= 0 && phi[other] === steps && (!only || only[other] === 1)) bits |= 1 << d;
    }
    return bits;
  }

  /** Gives what was delivered. */
  epoch(): number {
    const { surplus, deficit } = this;
    const { phi, upwards } = this.#levels((cell) => deficit[cell] > 0);
    const downwards = upwards.toReversed();
    const reach = new Uint8Array(phi.length);
    for (const cell of downwards)
      if (surplus[cell] > 0 || this.#towards(phi, phi[cell] + 1, cell, reach) !== 0) reach[cell] = 1;

    const asked = new Float64Array(phi.length);
    const take = new Float64Array(phi.length);
    const farther = new Uint8Array(phi.length);
    for (const cell of upwards) {
      if (phi[cell] === 0) asked[cell] = deficit[cell];
      take[cell] = Math.min(surplus[cell], asked[cell]);
      if (asked[cell] === take[cell]) continue;
      farther[cell] = this.#towards(phi, phi[cell] + 1, cell, reach);
      for (let d = 0; d < 8; d++)
        if (farther[cell] & (1 << d))
          asked[this.#around[8 * cell + d]] += equalPart(asked[cell] - take[cell], farther[cell], d);
    }

    const have = new Float64Array(phi.length);
    let delivered = 0;
    for (const cell of downwards) {
      have[cell] += take[cell];
      let left = have[cell];
      if (left === 0) continue;
      const nearer = this.#towards(phi, phi[cell] - 1, cell);
      const requests = DIRECTIONS.filter((d) => nearer & (1 << d)).map((d) => {
        const other = this.#around[8 * cell + d];
        const back = opposite(d);
        const mask = farther[other];
        return { other, amount: mask & (1 << back) ? equalPart(asked[other] - take[other], mask, back) : 0 };
      });
      for (const { other, amount } of requests.toSorted((a, b) => b.amount - a.amount)) {
        const given = Math.min(left, amount);
        have[other] += given;
        left -= given;
      }
    }
    for (const cell of upwards) {
      surplus[cell] -= take[cell];
      this.distance += take[cell] * phi[cell];
      if (phi[cell] === 0) {
        deficit[cell] -= have[cell];
        delivered += have[cell];
      } else this.transit[cell] += have[cell] - take[cell];
    }
    return delivered;
  }

  spillOver(): void {
    const { surplus } = this;
    const { phi, upwards } = this.#levels((cell) => this.#touchesBorder(cell));
    const hold = new Float64Array(phi.length);
    for (const cell of upwards.toReversed()) {
      this.transit[cell] += hold[cell];
      hold[cell] += surplus[cell];
      surplus[cell] = 0;
      if (phi[cell] === 0) this.spill[cell] = hold[cell];
      const nearer = this.#towards(phi, phi[cell] - 1, cell);
      for (let d = 0; d < 8; d++)
        if (nearer & (1 << d)) hold[this.#around[8 * cell + d]] += equalPart(hold[cell], nearer, d);
    }
  }

  /** The border of the study area: the edge of the raster, and cells without supply or demand. */
  #touchesBorder(cell: number): boolean {
    return this.#around.subarray(8 * cell, 8 * cell + 8).some((other) => other < 0 || this.#valid[other] === 0);
  }
}
