/** A worker of the page: runs the library's tasks (the float64 reference, raster encoding) and makes the sample region. */
import { isEcofluxError, makeRegion, type RegionOptions, TASKS, type TaskTable } from '../../src/index.ts';
import { LAYERS, type RegionData } from './analysis.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const scope = globalThis as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: unknown;
};

const tasks: TaskTable = {
  ...TASKS,
  async make_region(options: RegionOptions, { services }) {
    const report = services.report as (words: string, share: number) => void;
    const region = makeRegion({ ...options, progress: report });
    const kept = region.layers.filter(({ name }) => LAYERS.has(name));
    const cover = kept.find(({ name }) => name === 'lulc')!;
    const output: RegionData = {
      grid: region.grid,
      years: region.years,
      planes: new Map(kept.map(({ name, year, cells }) => [year === undefined ? name : `${name}/${year}`, cells])),
      texts: region.texts,
      classNames: cover.classNames!,
      palette: cover.palette!,
    };
    return { output, transfer: kept.map(({ cells }) => cells.buffer as ArrayBuffer) };
  },
};

scope.onmessage = async ({ data: { id, task, input } }: MessageEvent<ToWorker>) => {
  const report = (words: string, share: number) => scope.postMessage({ kind: 'progress', id, words, share });
  try {
    const { output, transfer } = await tasks[task](input, { services: { report } });
    scope.postMessage({ kind: 'done', id, output }, transfer ?? []);
  } catch (error) {
    const code = isEcofluxError(error) ? error.code : undefined;
    scope.postMessage({ kind: 'failed', id, code, message: String((error as Error)?.message ?? error) });
  }
};
