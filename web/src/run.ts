/** One run of the page: region, device, models, comparison with the reference. Knows nothing of the document. */
import {
  adapterName,
  allocatePlane,
  cellCount,
  comparePlanes,
  type Executor,
  memoryReader,
  memoryWriter,
  type OpenDevice,
  openDevice,
  type Plane,
  type PlaneComparison,
  planGraph,
  type RunSummary,
  runModel,
  runPlan,
  toleranceOf,
  type Values,
} from '../../src/index.ts';
import { type Analysis, buildAnalysis, type ModelStep, type RegionData } from './analysis.ts';
import type { PagePool } from './worker-pool.ts';

export interface RunSettings {
  readonly size: number;
  readonly seed: number;
  readonly device: 'auto' | 'cpu';
}

export interface Check extends PlaneComparison {
  /** The cell with the largest absolute error; undefined where there is none. */
  readonly largest: { readonly index: number; readonly device: number; readonly reference: number } | undefined;
  readonly step: ModelStep;
  readonly output: string;
  readonly tolerance: { readonly rtol: number; readonly atol: number; readonly because: string };
}

export interface RunResult {
  readonly settings: RunSettings;
  readonly region: RegionData;
  readonly analysis: Analysis;
  /** Plane of each field that a model made. */
  readonly planes: ReadonlyMap<string, Plane>;
  readonly records: ReadonlyMap<string, Values>;
  readonly device: Pick<OpenDevice, 'kind' | 'sentence' | 'adapter' | 'selfTest'> & { readonly name: string };
  readonly summary: RunSummary;
  /** Undefined where the run was made by the reference itself. */
  readonly checks: readonly Check[] | undefined;
  readonly seconds: Readonly<Record<'region' | 'device' | 'run' | 'check', number>>;
  readonly log: readonly string[];
}

export interface RunHooks {
  readonly pool: PagePool;
  readonly signal: AbortSignal;
  /** What is being done, and the share of that part that is done. */
  readonly progress: (part: 'region' | 'device' | 'run' | 'check', share: number, words: string) => void;
}

/** Cells per tile edge: four tiles of the smallest region, so that there is progress to show and something to interrupt. */
const TILE = 256;
const MEMORY = 2 ** 30;

export async function runAnalysis(settings: RunSettings, { pool, signal, progress }: RunHooks): Promise<RunResult> {
  const log: string[] = [];
  const clock = stopwatch();
  const { size, seed } = settings;
  progress('region', 0, 'Making the sample region');
  const onProgress = (words: string, share: number) => progress('region', share, `Making the sample region: ${words}`);
  const region: RegionData = await pool.run('make_region', { size, seed }, { signal, onProgress });
  const analysis = buildAnalysis(region);
  const regionSeconds = clock();

  progress('device', 0, 'Opening the device');
  const device = await openDevice({ choice: settings.device, pool });
  try {
    const deviceSeconds = clock();
    log.push(sentenceOf(device));
    const planes = new Map<string, Plane>();
    const summary = await compute(analysis, device, planes, { signal, log, pool, progress });
    const runSeconds = clock();
    const checks =
      summary.executor.kind === 'gpu' ? await checkAll(analysis, planes, { pool, signal, progress }) : undefined;
    const { kind, adapter, selfTest } = device;
    const sentence = sentenceOf(device);
    return {
      settings,
      region,
      analysis,
      planes,
      records: summary.records,
      device: {
        kind,
        sentence,
        adapter,
        selfTest,
        name: adapter ? adapterName(adapter.description) : device.executor.name,
      },
      summary,
      checks,
      seconds: { region: regionSeconds, device: deviceSeconds, run: runSeconds, check: clock() },
      log,
    };
  } finally {
    await device.close();
  }
}

/** The page takes any adapter that the browser has, so only the reasons for the CPU are worth telling. */
function sentenceOf({ kind, adapter, sentence }: OpenDevice): string {
  if (!adapter) return sentence;
  const name = adapterName(adapter.description);
  return kind === 'software' ? `WebGPU on ${name}: the browser found no graphics processor.` : `WebGPU on ${name}.`;
}

/** Runs the graph; `planes` receives every field that is wanted. */
async function compute(
  { graph, sources }: Analysis,
  device: OpenDevice,
  planes: Map<string, Plane>,
  { signal, log, pool, progress }: RunHooks & { log: string[] },
): Promise<RunSummary> {
  const { grid } = graph;
  const readers = new Map([...sources].map(([field, plane]) => [field, memoryReader(grid, typeOf(plane), plane)]));
  for (const field of graph.sinks) planes.set(field, allocatePlane(graph.fields.get(field)!.type, cellCount(grid)));
  const writers = new Map([...planes].map(([field, plane]) => [field, memoryWriter(grid, plane)]));
  const budget = { host: MEMORY, device: MEMORY, tile: TILE };
  const plan = planGraph(graph, device.place, budget, { cores: pool.size });
  const visits = plan.passes.length * plan.tiling.count;
  log.push(
    `${graph.nodes.length} stages, ${plan.passes.length} passes over ${plan.tiling.count} tiles: ${visits} visits`,
  );
  return runPlan(graph, plan, {
    executor: device.executor,
    replaceExecutor: device.replace,
    readers,
    writers,
    budget,
    openScratch: () => Promise.reject(new Error('the page keeps everything in memory')),
    signal,
    progress({ pass, tiles, tilesDone }) {
      const done = pass * tiles + tilesDone;
      progress('run', done / visits, `Running the models: tile visit ${done} of ${visits}`);
    },
    log: (line) => log.push(line),
  });
}

/** Every stage's reference on the inputs that the device had, so that each model answers for itself alone. */
async function checkAll(
  { graph, steps, sources }: Analysis,
  planes: ReadonlyMap<string, Plane>,
  { pool, signal, progress }: RunHooks,
) {
  const reference = await openDevice({ choice: 'cpu', pool });
  const checks: Check[] = [];
  for (const [done, step] of steps.entries()) {
    progress(
      'check',
      done / steps.length,
      `Comparing with the reference: ${step.model.title.toLowerCase()}, ${step.year}`,
    );
    checks.push(
      ...(await checkStep(
        step,
        graph.grid,
        (field) => planes.get(field) ?? sources.get(field)!,
        reference.executor,
        signal,
      )),
    );
  }
  return checks;
}

async function checkStep(
  step: ModelStep,
  grid: RegionData['grid'],
  planeOf: (field: string) => Plane,
  executor: Executor,
  signal: AbortSignal,
): Promise<Check[]> {
  const { model, inputs, outputs, tables, params } = step;
  const given = Object.fromEntries(Object.entries(inputs).map(([input, field]) => [input, planeOf(field)]));
  const wanted = Object.keys(outputs);
  const { planes } = await runModel(
    model,
    { grid, inputs: given, tables, params, outputs: wanted },
    { executor, tile: TILE, signal },
  );
  return wanted.map((output) => {
    const tolerance = toleranceOf(model, output);
    const [found, expected] = [planeOf(outputs[output]), planes[output]];
    return {
      step,
      output,
      tolerance,
      ...comparePlanes(found, expected, tolerance),
      largest: largestError(found, expected),
    };
  });
}

function largestError(device: Plane, reference: Plane): Check['largest'] {
  let [index, largest] = [-1, 0];
  for (let i = 0; i < device.length; i++) {
    const error = Math.abs(device[i] - reference[i]);
    if (error > largest) [index, largest] = [i, error];
  }
  return index < 0 ? undefined : { index, device: device[index], reference: reference[index] };
}

function typeOf(plane: Plane) {
  return plane instanceof Uint32Array ? 'u32' : 'f32';
}

/** Seconds since the call before. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}
