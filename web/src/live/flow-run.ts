/** One flow of a service for the page: the model `flow` on planes in memory. Knows nothing of the document. */
import {
  EcofluxError,
  type FlowReport,
  flowReport,
  type Grid,
  MODELS,
  type Model,
  type Plane,
  runModel,
} from '../../../src/index.ts';
import type { OwnFile } from '../own/files.ts';
import { coarsen, coarserGrids } from './coarser.ts';
import { type DeviceChoice, type LiveTools, placeInWords } from './device.ts';
import { cellMetres } from './lengths.ts';
import type { ReadOwn } from './own-rasters.ts';
import type { SampleData } from './sample.ts';

export const FLOW: Model = MODELS.get('flow')!.model;

export type FlowMode = 'omnidirectional' | 'directional';

/** What flows, and over what ground. */
export type FlowSource =
  | {
      readonly kind: 'sample';
      readonly sample: SampleData;
      readonly service: string;
      readonly year: number;
      /** Land cover that nothing passes. */
      readonly barrier?: number;
    }
  | {
      readonly kind: 'own';
      readonly files: readonly OwnFile[];
      readonly names: OwnNames;
    };

/** Names of files, by the place that they take. */
export interface OwnNames {
  readonly supply: string;
  readonly demand: string;
  readonly dem?: string;
  readonly permeability?: string;
}

export interface FlowRequest {
  readonly source: FlowSource;
  readonly mode: FlowMode;
  /** Metres; any distance when absent. Not looked at in the mode directional. */
  readonly maxDistance?: number;
  /** Share that is lost in each step, and where the rest goes (d8, mfd): in the mode directional only. */
  readonly retention: number;
  readonly algorithm: string;
  /** Cells along a side that are computed as one. */
  readonly factor: number;
  readonly device: DeviceChoice;
}

/** What can be shown as a map beside the roles. */
export const FLOW_MAPS = [
  'balance_dynamic',
  'inflow',
  'outflow',
  'transit',
  'deficit',
  'residual',
  'balance_static',
] as const;
export type FlowMap = (typeof FLOW_MAPS)[number];

export interface FlowResult {
  readonly request: FlowRequest;
  readonly grid: Grid;
  readonly unit: string;
  readonly planes: Readonly<Record<FlowMap | 'role', Plane>>;
  readonly report: FlowReport;
  /** Metres, of what was delivered; undefined where nothing was, in the mode directional, and where cells have no length. */
  readonly meanDistance: number | undefined;
  readonly seconds: number;
  readonly place: string;
}

interface Ground {
  readonly grid: Grid;
  readonly unit: string;
  readonly planes: Readonly<Record<string, Plane>>;
}

export async function runFlow(
  request: FlowRequest,
  tools: LiveTools,
  readOwn: ReadOwn,
  signal: AbortSignal,
): Promise<FlowResult> {
  const { mode, maxDistance, retention, algorithm } = request;
  const { grid, unit, planes } = larger(await groundOf(request, readOwn), request.factor);
  const device = await tools.device(request.device);
  signal.throwIfAborted();
  const started = performance.now();
  const around = mode === 'omnidirectional';
  const params = {
    mode: choice('mode', mode),
    ...(around && maxDistance !== undefined && { max_distance: maxDistance }),
    ...(!around && { retention, algorithm: choice('algorithm', algorithm) }),
  };
  const { planes: made, summary } = await runModel(
    FLOW,
    { grid, inputs: planes, params, outputs: ['role', ...FLOW_MAPS] },
    { executor: device.executor, replaceExecutor: device.replace, pool: tools.pool, signal },
  );
  const seconds = (performance.now() - started) / 1000;
  for (const { facts } of summary.timings.solves.values()) {
    const report = flowReport(facts);
    if (!report) continue;
    const cell = cellMetres(grid);
    const { totals, meanDistance } = report.summary;
    if (totals.cells === 0) throw new EcofluxError('InvalidInput', report.remarks[0], { fix: 'look at their nodata' });
    return {
      request,
      grid,
      unit,
      planes: made as FlowResult['planes'],
      report,
      meanDistance: around && cell !== undefined && totals.used > 0 ? meanDistance * cell : undefined,
      seconds,
      place: placeInWords(device, facts, tools.pool),
    };
  }
  throw new EcofluxError('Bug', 'the flow has left no account of its amounts');
}

function choice(param: string, name: string): number {
  return FLOW.params[param].choices!.indexOf(name);
}

async function groundOf({ source, mode }: FlowRequest, readOwn: ReadOwn): Promise<Ground> {
  if (source.kind === 'sample') {
    const { sample, service, year, barrier } = source;
    return {
      grid: sample.grid,
      unit: sample.services.find(({ code }) => code === service)!.unit,
      planes: {
        supply: sample.amounts(service, year, 'supply'),
        demand: sample.amounts(service, year, 'demand'),
        ...(barrier !== undefined && { permeability: sample.barrier(year, barrier) }),
        ...(mode === 'directional' && { dem: sample.dem }),
      },
    };
  }
  const { dem, ...names } = source.names;
  if (mode === 'directional' && dem === undefined)
    throw new EcofluxError('InvalidConfiguration', 'a flow down the slope needs a raster of elevation', {
      fix: 'choose one above',
    });
  const { grid, planes, units } = await readOwn(mode === 'directional' ? { ...names, dem: dem! } : names, source.files);
  if (units.supply !== undefined && units.demand !== undefined && units.supply !== units.demand)
    throw new EcofluxError('InvalidInput', 'supply and demand are in different units', {
      file: names.demand,
      found: units.demand,
      expected: `${units.supply}, the unit of ${names.supply}`,
      fix: 'give both in one unit',
    });
  return { grid, unit: units.supply ?? units.demand ?? '1', planes };
}

function larger({ grid, unit, planes }: Ground, factor: number): Ground {
  return {
    grid: coarserGrids(grid).find((each) => each.factor === factor)?.grid ?? grid,
    unit,
    planes: Object.fromEntries(
      Object.entries(planes).map(([name, plane]) => [
        name,
        coarsen(plane, grid, factor, name === 'supply' || name === 'demand' ? 'amount' : 'mean'),
      ]),
    ),
  };
}
