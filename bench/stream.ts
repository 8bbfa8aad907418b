/**
 * A grid much larger than memory: annual water yield on 20 000² cells under 1 GB, against the same on 4096². Windows of both results are
 * held against the float64 reference before any number counts.
 */
import { rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CellType, Plane } from '#ecoflux/core/cells.js';
import { comparePlanes } from '#ecoflux/core/compare.js';
import { EcofluxError } from '#ecoflux/core/errors.js';
import type { Grid, Window } from '#ecoflux/core/grid.js';
import { planeType, toleranceOf } from '#ecoflux/core/model.js';
import { inlinePool } from '#ecoflux/core/tasks.js';
import { cpuExecutor } from '#ecoflux/engine/cpu-executor.js';
import { runModel } from '#ecoflux/engine/run-model.js';
import { engineTasks } from '#ecoflux/engine/stage-task.js';
import { classRows, parseCsv } from '#ecoflux/io/class-table.js';
import { readPlane } from '#ecoflux/io/plane.js';
import { openRaster } from '#ecoflux/io/raster.js';
import { entry } from '#ecoflux/models/annual_water_yield/reference.js';
import { fileSource } from '#ecoflux/node/files.js';
import { regionGrid } from '#ecoflux/sample/region.js';
import type { Bench, BenchOptions } from './bench.ts';
import type { YieldInputs } from './inputs.ts';
import { describeMachine, machineLine } from './machine.ts';
import { measureRun, type RunMeasure } from './measured-run.ts';
import { streamInputs } from './stream-inputs.ts';
import { tableLines } from './timing.ts';

const SIZE = 20_000;
const SMALL = 4096;
const BUDGET = 1e9;
const LIMIT_MB = 2000;
const MOST_TIMES_DEARER = 1.3;
const OUTPUTS = ['fractp', 'aet', 'wyield'];
const WINDOW = 96;

export const stream: Bench = async (options) => {
  const { platform, log, size = SIZE, device, scratch, signal } = options;
  const memory = options.memory ?? BUDGET;
  const machine = await describeMachine(platform);
  log(`annual water yield, ${size} × ${size} cells under ${memory / 1e6} MB; ${machineLine(machine)}`);
  const out = join(scratch ?? tmpdir(), `ecoflux-bench-out-${process.pid}`);
  const folders: string[] = [out];
  const runs: { readonly cells: number; readonly verified: number; readonly measure: RunMeasure }[] = [];
  try {
    for (const edge of [SMALL, size]) {
      const inputs = await streamInputs(edge, options);
      folders.push(inputs.folder);
      const measure = await measureRun({ inputs, out, device, scratch, memory }, signal);
      runs.push({ cells: edge ** 2, verified: await verify(inputs, out, edge, options), measure });
      await rm(out, { recursive: true, force: true });
    }
    const cost = ({ cells, measure }: (typeof runs)[number]) => (1e9 * measure.seconds) / cells;
    const rows = runs.map((run) => [
      `${Math.sqrt(run.cells)}²`,
      run.measure.seconds.toFixed(1),
      cost(run).toFixed(1),
      (run.cells / run.measure.seconds / 1e6).toFixed(1),
      run.measure.cpuSeconds.toFixed(1),
      run.measure.peakMB.toFixed(0),
      (run.measure.bytes / 1e6).toFixed(0),
      String(run.verified),
    ]);
    const head = ['grid', 's', 'ns/cell', 'Mcells/s', 'processor s', 'most MB resident', 'MB out', 'cells verified'];
    for (const line of tableLines([head, ...rows])) log(line);
    const [small, large] = runs;
    const ratio = cost(large) / cost(small);
    const { peakMB } = large.measure;
    log(
      `a cell of the large grid costs ${ratio.toFixed(2)} times that of the small one (at most ${MOST_TIMES_DEARER}); ` +
        `most memory resident ${peakMB.toFixed(0)} MB (below ${LIMIT_MB}), ${large.measure.device}`,
    );
    if (size >= SIZE && peakMB >= LIMIT_MB)
      throw new EcofluxError('VerificationFailed', 'a run uses more memory than it may', {
        found: `${peakMB.toFixed(0)} MB`,
        expected: `below ${LIMIT_MB} MB with --memory ${memory / 1e6}MB`,
      });
    return { size, memory, machine, ratio, workers: availableParallelism(), runs };
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
};

/** Windows at corners, seams and in between: each output against the reference on the same cells. Resolves to how many cells were held. */
async function verify({ rasters, biophysical }: YieldInputs, out: string, size: number, { platform }: BenchOptions) {
  const { model } = entry;
  const executor = cpuExecutor(inlinePool(engineTasks));
  const rows = classRows(
    parseCsv(biophysical, await platform.readBytes(biophysical)),
    model.tables.biophysical.columns,
  );
  let cells = 0;
  for (const window of windowsOf(size)) {
    const inputs: Record<string, Plane> = {};
    for (const [name, path] of Object.entries(rasters))
      inputs[name] = await planeOf(path, window, planeType(model.inputs[name as keyof typeof model.inputs].kind));
    const grid: Grid = { ...regionGrid(), width: window.width, height: window.height };
    const { planes } = await runModel(
      model,
      { grid, inputs, tables: { biophysical: rows }, outputs: OUTPUTS },
      { executor },
    );
    for (const output of OUTPUTS) {
      const found = comparePlanes(await planeOf(join(out, `${output}.tif`), window, 'f32'), planes[output], {
        ...toleranceOf(model, output),
      });
      if (found.off + found.nodataDisagreements > 0)
        throw new EcofluxError('VerificationFailed', `${output} of ${size}² is not that of the reference`, {
          place: `window at ${window.x}, ${window.y}`,
          found: `${found.off} cells, by ${found.maxAbsolute} at most`,
        });
      cells += found.cells;
    }
  }
  return cells;
}

/** Corners, the seams of tiles and blocks, and some in between, by a fixed rule. */
function windowsOf(size: number): Window[] {
  const last = size - WINDOW;
  const seams = [0, 1024 - WINDOW / 2, 512 * Math.floor(size / 1024) - WINDOW / 2, last];
  const between = Array.from({ length: 8 }, (_, i) => [
    Math.floor(last * ((0.618 * (i + 1)) % 1)),
    Math.floor((last * i) / 8),
  ]);
  const places = [...seams.flatMap((x) => seams.map((y) => [x, y])), ...between];
  return places.map(([x, y]) => ({ x, y, width: WINDOW, height: WINDOW }));
}

async function planeOf(path: string, window: Window, type: CellType): Promise<Plane> {
  const raster = await openRaster(await fileSource(path));
  try {
    return await readPlane(raster, window, { type });
  } finally {
    await raster.close();
  }
}
