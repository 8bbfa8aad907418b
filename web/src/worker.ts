/** A worker of the page: runs the library's tasks (reading and encoding rasters, the float64 reference) and makes the sample region. */
import {
  blobSource,
  EcofluxError,
  isEcofluxError,
  makeRegion,
  type RegionOptions,
  TASKS,
  type TaskTable,
} from '../../src/index.ts';
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

let files: ReadonlyMap<string, Blob> = new Map();
/** Tells files from those of the same name that were lent before. */
let lent = 0;

const services = {
  async openSource(name: string) {
    const file = files.get(name);
    if (!file) throw new EcofluxError('Bug', 'a worker was asked for a file that it was not given', { file: name });
    return blobSource(name, file);
  },
  identify: () => String(lent),
};

scope.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'files') {
    files = data.files;
    lent++;
    return;
  }
  const { id, task, input } = data;
  const report = (words: string, share: number) => scope.postMessage({ kind: 'progress', id, words, share });
  try {
    const { output, transfer } = await tasks[task](input, { services: { ...services, report } });
    scope.postMessage({ kind: 'done', id, output }, transfer ?? []);
  } catch (error) {
    const code = isEcofluxError(error) ? error.code : undefined;
    scope.postMessage({ kind: 'failed', id, code, message: String((error as Error)?.message ?? error) });
  }
};
