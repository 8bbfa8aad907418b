/** Outputs of whole rasters in the definitions of flow: amounts from quanta, nodata where supply or demand has none. */
import { NODATA, nodataOf } from '../../core/cells.ts';
import type { InputPlane } from '../../core/model-reference.ts';
import type { Values } from '../../core/values.ts';
import { type CellFlow, type FlowOutput, OUTPUT_OF, OUTPUTS } from './fields.ts';
import { amountAt, inspect, passes, quantumFor } from './inspect.ts';
import { quantaOf } from './quanta.ts';

export interface FlowRaster {
  readonly quantum: number;
  /** Quanta; −1 where there is none. */
  readonly supply: Float64Array;
  readonly demand: Float64Array;
  /** 1 where something may pass. */
  readonly passable: Uint8Array;
}

export function quantised(
  { supply, demand, permeability, stream }: Readonly<Record<string, InputPlane>>,
  params: Values,
  width: number,
): FlowRaster {
  const quantum = quantumFor(inspect({ supply, demand, permeability, stream }, { x: 0, y: 0, width }), params.quantum);
  const has = (plane: InputPlane, i: number) => amountAt(plane, i, stream) !== NODATA;
  const valid = Uint8Array.from(supply, (_, i) => (has(supply, i) && has(demand, i) ? 1 : 0));
  const quanta = (plane: InputPlane) =>
    Float64Array.from(plane, (_, i) => (valid[i] === 1 ? quantaOf(amountAt(plane, i, stream), quantum) : -1));
  const passable = valid.map((each, i) => (each === 1 && (!permeability || passes(permeability[i])) ? 1 : 0));
  return { quantum, supply: quanta(supply), demand: quanta(demand), passable };
}

export function amountsOf(
  { quantum, supply }: FlowRaster,
  cellAt: (i: number) => CellFlow,
): Record<FlowOutput, Float64Array> {
  const names = Object.keys(OUTPUT_OF) as FlowOutput[];
  const planes = Object.fromEntries(
    names.map((name) => [name, new Float64Array(supply.length).fill(nodataOf(OUTPUTS[name].type))]),
  );
  for (let i = 0; i < supply.length; i++) {
    if (supply[i] < 0) continue;
    const cell = cellAt(i);
    for (const name of names) planes[name][i] = OUTPUT_OF[name](cell) * (OUTPUTS[name].type === 'f32' ? quantum : 1);
  }
  return planes as Record<FlowOutput, Float64Array>;
}
