/** One run of the page: region, device, models, comparison with the reference. Knows nothing of the document. */
import { type GraphRun, type OpenDevice, openDevice, runGraph } from '../../src/index.ts';
import { type Analysis, buildAnalysis, type RegionData } from './analysis.ts';
import { type Check, checkSteps } from './check.ts';
import type { PagePool } from './worker-pool.ts';

export interface RunSettings {
  readonly size: number;
  readonly seed: number;
  readonly device: 'auto' | 'cpu';
}

export interface RunResult {
  readonly settings: RunSettings;
  readonly region: RegionData;
  readonly analysis: Analysis;
  readonly run: GraphRun;
  readonly device: Pick<OpenDevice, 'kind' | 'sentence' | 'adapter' | 'selfTest'> & { readonly name: string };
  /** Undefined where the run was made by the reference itself. */
  readonly checks: readonly Check[] | undefined;
  readonly seconds: Readonly<Record<RunPart, number>>;
  readonly log: readonly string[];
}

export type RunPart = 'region' | 'device' | 'run' | 'check';

export interface RunHooks {
  readonly pool: PagePool;
  readonly signal: AbortSignal;
  /** What is being done, and the share of that part that is done. */
  readonly progress: (part: RunPart, share: number, words: string) => void;
}

/** Cells per tile edge: sixteen tiles of the largest region, so that there is progress to show and something to interrupt. */
export const TILE = 256;

export async function runAnalysis(settings: RunSettings, hooks: RunHooks): Promise<RunResult> {
  const { pool, signal, progress } = hooks;
  const { size, seed } = settings;
  const log: string[] = [];
  const clock = stopwatch();
  progress('region', 0, 'Making the sample region');
  const onProgress = (words: string, share: number) => progress('region', share, `Making the sample region: ${words}`);
  const region: RegionData = await pool.run('make_region', { size, seed }, { signal, onProgress });
  const analysis = buildAnalysis(region);
  const regionSeconds = clock();

  progress('device', 0, 'Opening the device');
  const device = await openDevice({ choice: settings.device, pool, anyAdapter: true });
  try {
    const deviceSeconds = clock();
    const { kind, adapter, selfTest } = device;
    const { name } = device.executor;
    const sentence = sentenceOf(device);
    log.push(sentence);
    const run = await runGraph(analysis.graph, analysis.sources, {
      device,
      tile: TILE,
      signal,
      progress({ pass, passes, tiles, tilesDone }) {
        const done = pass * tiles + tilesDone;
        progress('run', done / (passes * tiles), `Running the models: tile visit ${done} of ${passes * tiles}`);
      },
      log: (line) => log.push(line),
    });
    const runSeconds = clock();
    const { passes, tiling } = run.plan;
    log.push(`${analysis.graph.nodes.length} stages in ${passes.length} passes over ${tiling.count} tiles`);
    const checks = run.executor.kind === 'gpu' ? await checkSteps(analysis, run.planes, hooks) : undefined;
    const seconds = { region: regionSeconds, device: deviceSeconds, run: runSeconds, check: clock() };
    return {
      settings,
      region,
      analysis,
      run,
      device: { kind, sentence, adapter, selfTest, name },
      checks,
      seconds,
      log,
    };
  } finally {
    await device.close();
  }
}

/** The page takes any adapter that the browser has, so only the reasons for the CPU are worth telling. */
function sentenceOf({ kind, sentence, executor }: OpenDevice): string {
  if (kind === 'cpu') return sentence;
  if (kind === 'hardware') return `WebGPU on ${executor.name}.`;
  return `WebGPU on ${executor.name}: the browser offers no graphics processor.`;
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
