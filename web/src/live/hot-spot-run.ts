/** Hot spots for the page: the model `hotspots` on planes in memory. Knows nothing of the document. */
import { EcofluxError, type Grid, MODELS, type Model, NODATA, type Plane, runModel } from '../../../src/index.ts';
import type { OwnFile } from '../own/files.ts';
import { type DeviceChoice, type LiveTools, placeInWords } from './device.ts';
import { cellMetres } from './lengths.ts';
import type { ReadOwn } from './own-rasters.ts';
import type { SampleData } from './sample.ts';

export const HOT_SPOTS: Model = MODELS.get('hotspots')!.model;

export const GATHERS = ['supply', 'demand', 'ratio'] as const;

/** What gathers. */
export type HotSpotSource =
  | {
      readonly kind: 'sample';
      readonly sample: SampleData;
      readonly service: string;
      readonly year: number;
      readonly of: (typeof GATHERS)[number];
    }
  | { readonly kind: 'own'; readonly files: readonly OwnFile[]; readonly name: string };

export interface HotSpotRequest {
  readonly source: HotSpotSource;
  /** disc, square, diamond, queen, rook. */
  readonly shape: string;
  /** Metres; undefined for shapes without one. */
  readonly radius: number | undefined;
  readonly correction: 'none' | 'fdr';
  readonly device: DeviceChoice;
}

export const BINS = [3, 2, 1, 0, -1, -2, -3] as const;

export interface HotSpotResult {
  readonly request: HotSpotRequest;
  readonly grid: Grid;
  readonly bins: Plane;
  /** Cells of each bin. */
  readonly counts: ReadonlyMap<number, number>;
  readonly cells: number;
  /** Cells without a Z, whose windows see all valid cells: they count as not significant. */
  readonly blind: number;
  readonly seconds: number;
  readonly place: string;
}

export async function runHotSpots(
  request: HotSpotRequest,
  tools: LiveTools,
  readOwn: ReadOwn,
  signal: AbortSignal,
): Promise<HotSpotResult> {
  const { source, shape, radius, correction } = request;
  const { grid, values } = await valuesOf(source, readOwn);
  if (radius !== undefined && cellMetres(grid) === undefined)
    throw new EcofluxError('InvalidInput', 'a radius needs cells with a length in metres', {
      found: grid.crs.name,
      fix: 'reproject the raster, or choose the cells that touch (queen, rook)',
    });
  refuseUnvaried(source, values);
  const device = await tools.device(request.device);
  signal.throwIfAborted();
  const started = performance.now();
  const output = correction === 'fdr' ? 'bin_fdr' : 'bin';
  const params = {
    shape: HOT_SPOTS.params.shape.choices!.indexOf(shape),
    correction: HOT_SPOTS.params.correction.choices!.indexOf(correction),
    ...(radius !== undefined && { radius }),
  };
  const { planes, summary } = await runModel(
    HOT_SPOTS,
    { grid, inputs: { values }, params, outputs: ['z', output] },
    { executor: device.executor, replaceExecutor: device.replace, pool: tools.pool, signal },
  );
  const seconds = (performance.now() - started) / 1000;
  const bins = planes[output];
  const counts = new Map<number, number>(BINS.map((bin) => [bin, 0]));
  let [cells, blind] = [0, 0];
  for (let i = 0; i < bins.length; i++) {
    if (bins[i] === NODATA) continue;
    cells++;
    if (planes.z[i] === NODATA) blind++;
    counts.set(bins[i] + 0, counts.get(bins[i] + 0)! + 1); // + 0: no −0
  }
  if (blind === cells) throw new EcofluxError('InvalidInput', HOT_SPOTS.outputs.z.empty!);
  const { facts } = [...summary.timings.solves.values()][0];
  return { request, grid, bins, counts, cells, blind, seconds, place: placeInWords(device, facts, tools.pool) };
}

async function valuesOf(source: HotSpotSource, readOwn: ReadOwn): Promise<{ grid: Grid; values: Plane }> {
  if (source.kind === 'own') {
    const { grid, planes } = await readOwn({ values: source.name }, source.files);
    return { grid, values: planes.values };
  }
  const { sample, service, year, of } = source;
  const { grid } = sample;
  if (of !== 'ratio') return { grid, values: sample.amounts(service, year, of) };
  const demand = sample.amounts(service, year, 'demand');
  const supply = sample.amounts(service, year, 'supply');
  const known = (i: number) => supply[i] !== NODATA && demand[i] !== NODATA && demand[i] > 0;
  return { grid, values: Float32Array.from(supply, (value, i) => (known(i) ? value / demand[i] : NODATA)) };
}

/** As the process refuses them. */
function refuseUnvaried(source: HotSpotSource, values: Plane): void {
  let [count, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === NODATA) continue;
    count++;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (count > 0 && low < high) return;
  throw new EcofluxError('InvalidInput', HOT_SPOTS.inputs.values.varied!, {
    file: source.kind === 'own' ? source.name : undefined,
    found: count === 0 ? 'no valid cell' : `${low} in all ${count} valid cells`,
    expected: 'at least two different values',
    fix: 'choose another raster, or look whether its nodata value is declared right',
  });
}
