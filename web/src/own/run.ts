/** One model on the user's own files: the library's process, with the files in memory. Knows nothing of the document. */
import {
  cellArea,
  memoryPlatform,
  memorySource,
  NODATA,
  openRaster,
  type Raster,
  type ReportMap,
} from '../../../src/index.ts';
import type { PagePool } from '../worker-pool.ts';
import type { OwnProcess } from './processes.ts';

export interface OwnSettings {
  readonly process: OwnProcess;
  /** Names of files, by the place that they take. */
  readonly files: Readonly<Record<string, string>>;
  /** As written; parameters that were left out are absent. */
  readonly params: Readonly<Record<string, string>>;
  readonly device: 'auto' | 'cpu';
}

export interface OwnMap {
  readonly map: ReportMap;
  /** The file, as it is saved. */
  readonly bytes: Uint8Array;
  readonly valid: number;
  /** Undefined where every cell is nodata. */
  readonly range: { readonly min: number; readonly mean: number; readonly max: number } | undefined;
  /** m² of the cells that are valid; undefined where cells have no area in metres. */
  readonly area: number | undefined;
}

export interface OwnResult {
  readonly process: OwnProcess;
  readonly maps: readonly OwnMap[];
  /** run.json: inputs with their checksums, parameters, device. */
  readonly provenance: Uint8Array;
  readonly device: string;
  readonly seconds: number;
  readonly log: readonly string[];
}

export interface OwnHooks {
  readonly pool: PagePool;
  readonly signal: AbortSignal;
  /** Share that is done. */
  readonly progress: (share: number, words: string) => void;
}

/** Widest map that is shown; wider rasters are shown by an overview. */
const MOST_SHOWN = 1200;

/** @throws EcofluxError for files, parameters and tables that do not fit, all at once where they are found together */
export async function runOwn(
  { process, files, params, device }: OwnSettings,
  blobs: ReadonlyMap<string, Blob>,
  { pool, signal, progress }: OwnHooks,
  version: string,
): Promise<OwnResult> {
  pool.lend(blobs);
  const platform = memoryPlatform({ files: blobs, pool, versions: { ecoflux: version, browser: navigator.userAgent } });
  const log: string[] = [];
  progress(0, 'Opening and checking the files');
  const run = await process.run(files, params, platform, {
    device,
    anyAdapter: true,
    signal,
    log: (line) => log.push(line),
    progress({ pass, passes, tiles, tilesDone }) {
      const done = pass * tiles + tilesDone;
      progress(done / (passes * tiles), `Running the model: tile visit ${done} of ${passes * tiles}`);
    },
  });
  const maps: OwnMap[] = [];
  for (const [output, { statistics }] of Object.entries(run.outputs)) {
    const bytes = platform.written.get(`${process.id}/${output}.tif`)!;
    const raster = await openRaster(memorySource(`${output}.tif`, bytes));
    const { grid } = raster.info;
    const valid = statistics?.valid ?? 0;
    maps.push({
      map: await mapOf(process, output, raster),
      bytes,
      valid,
      range: statistics,
      area: grid.crs.kind === 'projected' ? valid * cellArea(grid) : undefined,
    });
  }
  const provenance = platform.written.get(`${process.id}/run.json`)!;
  return { process, maps, provenance, device: run.device, seconds: run.seconds, log };
}

async function mapOf({ outputs }: OwnProcess, output: string, raster: Raster): Promise<ReportMap> {
  const { grid, overviews, nodata, unit = '1' } = raster.info;
  const levels = [grid, ...overviews];
  const fitting = levels.findIndex(({ width }) => width <= MOST_SHOWN);
  const level = fitting < 0 ? levels.length - 1 : fitting;
  const { width, height } = levels[level];
  const { samples } = await raster.readSamples({ x: 0, y: 0, width, height }, { level });
  const missing = samples instanceof Float32Array ? Math.fround(nodata ?? NODATA) : nodata;
  const { about, centre } = outputs[output];
  return {
    id: output,
    title: `${about[0].toUpperCase()}${about.slice(1)}`,
    quantity: output,
    unit,
    kind: 'quantity',
    diverging: centre !== undefined,
    centre,
    width,
    height,
    cells: Float32Array.from(samples as Float32Array, (value) => (value === missing ? NODATA : value)),
    cellMetres: ((grid.crs.metresPerUnit ?? 0) * grid.cellWidth * grid.width) / width,
  };
}
