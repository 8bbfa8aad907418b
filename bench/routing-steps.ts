/** The steps of routing in their order, each with what it reads of those before. */
import type { Plane } from '#ecoflux/core/cells.js';
import type { Values } from '#ecoflux/core/values.js';
import { distanceToStream } from '#ecoflux/solvers/distance_to_stream/index.js';
import { fillDepressions } from '#ecoflux/solvers/fill_depressions/index.js';
import { flowAccumulation } from '#ecoflux/solvers/flow_accumulation/index.js';
import { flowDirection } from '#ecoflux/solvers/flow_direction/index.js';
import type { Solver } from '#ecoflux/solvers/solver.js';
import { streams } from '#ecoflux/solvers/streams/index.js';

export interface RoutingStep {
  readonly name: string;
  readonly solver: Solver;
  /** Planes by input: 'dem', or "step.output" of an earlier step. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
  readonly params: Values;
  /** Million cells per second that InVEST 3.20 reaches on 2048² with two cores like those of the project's measurements. */
  readonly invest?: number;
}

/** Cells that make a stream. */
const THRESHOLD = 1000;
/** Share of them through which InVEST traces streams of MFD. */
const TRACE = 0.7;

const fill: RoutingStep = {
  name: 'fill',
  solver: fillDepressions,
  inputs: { dem: 'dem' },
  outputs: ['filled'],
  params: {},
  invest: 0.5,
};

/** In `order` free; what InVEST was timed for is D8. */
function stepsOf(name: 'd8' | 'mfd', algorithm: number): RoutingStep[] {
  const direction = `direction ${name}.direction`;
  const d8 = name === 'd8';
  return [
    {
      name: `direction ${name}`,
      solver: flowDirection,
      inputs: { filled: 'fill.filled' },
      outputs: ['direction'],
      params: { algorithm, order: 0 },
      invest: d8 ? 1.6 : undefined,
    },
    {
      name: `accumulation ${name}`,
      solver: flowAccumulation,
      inputs: { direction },
      outputs: ['accumulation', 'reach'],
      params: { threshold: THRESHOLD, trace: TRACE },
      invest: d8 ? 2.4 : undefined,
    },
    {
      name: `streams ${name}`,
      solver: streams,
      inputs: { direction, reach: `accumulation ${name}.reach` },
      outputs: ['stream'],
      params: { algorithm, order: 0 },
    },
    {
      name: `distance ${name}`,
      solver: distanceToStream,
      inputs: { direction, stream: `streams ${name}.stream` },
      outputs: ['steps'],
      params: { algorithm },
      invest: d8 ? 4.7 : undefined,
    },
  ];
}

export const ROUTING_STEPS: readonly RoutingStep[] = [fill, ...stepsOf('d8', 0), ...stepsOf('mfd', 1)];

/** The planes of a step, from those made so far. */
export function planesOf(step: RoutingStep, made: ReadonlyMap<string, Plane>): Record<string, Plane> {
  return Object.fromEntries(Object.entries(step.inputs).map(([name, from]) => [name, made.get(from)!]));
}

/** Planes that no step from `next` on reads are let go. */
export function forget(made: Map<string, Plane>, next: number): void {
  const wanted = new Set(ROUTING_STEPS.slice(next).flatMap(({ inputs }) => Object.values(inputs)));
  for (const name of made.keys()) if (!wanted.has(name)) made.delete(name);
}
