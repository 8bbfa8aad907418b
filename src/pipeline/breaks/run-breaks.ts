/** The process `breaks` on files: a raster to its classes and their table. */
import { EcofluxError, locate, throwAll, withoutSecrets } from '../../core/errors.ts';
import { cellArea, describeGrid, type Grid, isMetric } from '../../core/grid.ts';
import { tilesOf } from '../../core/tiles.ts';
import { createRasterWriter, type WrittenRaster } from '../../io/raster-writer.ts';
import { type CsvCell, csvText } from '../../io/tables/write-csv.ts';
import { colourOf } from '../../report/colours.ts';
import { qmlStyle } from '../../report/index.ts';
import { eachTile } from '../../solvers/each-tile.ts';
import { productOf, quantumOf } from '../../solvers/som/quanta.ts';
import { WideSums } from '../../solvers/som/wide-sums.ts';
import { CLASS_MOMENTS, type ClassResult, type ClassTask } from '../../statistics/tasks.ts';
import { nearest } from '../nearest.ts';
import { describeMade, opaque } from '../output-raster.ts';
import { bindRasters, tilesFor } from '../own-rasters.ts';
import { filling, type Platform } from '../platform.ts';
import { Problems } from '../problems.ts';
import { fileReader } from '../readers.ts';
import type { RunOptions } from '../run-project.ts';
import { BREAKS_METHODS, type Breaks, type BreaksMethod, findBreaks } from './find-breaks.ts';

export interface BreaksProcessRequest {
  readonly values?: string;
  readonly method?: string;
  readonly classes?: string;
  readonly out: string;
  readonly overwrite?: boolean;
}

/** Of the values in one class. */
export interface BreaksClass {
  readonly class: number;
  /** Above this, or from it in the first class. */
  readonly lower: number;
  readonly upper: number;
  readonly cells: number;
  readonly share: number;
  readonly mean: number | undefined;
}

export interface BreaksRun {
  readonly out: string;
  readonly files: readonly string[];
  readonly method: BreaksMethod;
  readonly breaks: readonly number[];
  /** What natural breaks were found on, in words. */
  readonly basis: string;
  readonly classes: readonly BreaksClass[];
  /** Goodness of variance fit, 1 − WSS / TSS. */
  readonly fit: number;
  readonly outputs: Readonly<Record<'class', WrittenRaster>>;
  readonly seconds: number;
}

/** @throws EcofluxError; then nothing is left of the output folder */
export async function runBreaks(
  request: BreaksProcessRequest,
  platform: Platform,
  { log, signal, progress, tile, memory = platform.defaultMemory }: RunOptions,
): Promise<BreaksRun> {
  const started = performance.now();
  const { values, method, classes } = checked(request);
  const { grid, layers } = await bindRasters('breaks', { values }, undefined, platform);
  const layer = layers.get('values')!;
  log?.(`${layer.shown}: ${layer.alignment}`);
  const folder = await platform.beginFolder(request.out, {
    overwrite: request.overwrite ?? false,
    inputs: [values],
    log,
  });
  return filling(folder, async () => {
    const fingerprint = platform.fingerprint(values);
    fingerprint.catch(() => {}); // heard of where it is awaited
    const { pool } = platform;
    const reader = fileReader(layer, pool);
    const tiling = tilesFor(grid, layer, tile);
    const source = { file: values, mapping: layer.mapping };
    const wanted = { method, classes, grid, tiling, source, reader, pool, memory: memory / 2, signal };
    const found = await findBreaks(wanted).catch((error) => {
      throw locate(error, { file: layer.shown });
    });
    if (method === 'natural') log?.(`natural breaks on ${found.basis}`);
    const { breaks, low } = found;
    const classNames = Object.fromEntries(
      breaks.map((limit, i) => [i, nameOf(i, i === 0 ? low : breaks[i - 1], limit)]),
    );
    const colours = Object.fromEntries(breaks.map((_, i) => [i, colourOf('plain', (i + 0.5) / breaks.length)]));
    const made = describeMade({ about: '', unit: '1', classes: true, classNames, colours });
    const writer = await createRasterWriter(
      await folder.target('class.tif'),
      { grid, ...made, description: `${method} breaks of ${layer.shown}` },
      { pool, signal },
    );
    const quantum = quantumOf(Math.max(Math.abs(low), Math.abs(breaks[breaks.length - 1])));
    const moments = new WideSums(CLASS_MOMENTS * breaks.length);
    let done = 0;
    try {
      await eachTile(tilesOf(tiling), { pool, signal }, async (each) => {
        const cells = (await reader.read(each, signal)) as Float32Array;
        const task: ClassTask = { values: cells, breaks, quantum };
        const classed = await pool.run<ClassTask, ClassResult>('breaks_class', task, {
          signal,
          transfer: [cells.buffer],
        });
        moments.add(classed.moments);
        await writer.write(each, classed.codes);
        progress?.({ pass: 0, passes: 1, tilesDone: ++done, tiles: tiling.count });
      });
      const outputs = { class: await writer.finish() };
      const { rows, fit } = summary(found, moments, quantum);
      const empty = rows.filter(({ cells }) => cells === 0).map((each) => each.class);
      if (empty.length > 0)
        log?.(
          `warning: ${method} breaks leave ${empty.length === 1 ? 'a class' : 'classes'} without cells: ${empty.join(', ')}`,
        );
      await folder.writeText('class.qml', qmlStyle({ kind: 'classes', classNames, palette: opaque(colours) }));
      await folder.writeText('breaks.csv', csvText(tableOf(rows, grid)));
      const seconds = (performance.now() - started) / 1000;
      const provenance = {
        process: 'breaks',
        seconds,
        versions: platform.versions,
        grid: describeGrid(grid),
        inputs: [{ input: 'values', file: withoutSecrets(values), ...(await fingerprint) }],
        parameters: { method, classes },
        basis: found.basis,
        breaks,
        fit,
        outputs,
      };
      await folder.writeText('run.json', `${JSON.stringify(provenance, undefined, 2)}\n`);
      await folder.commit();
      const files = ['class.tif', 'breaks.csv'];
      return { out: request.out, files, method, breaks, basis: found.basis, classes: rows, fit, outputs, seconds };
    } catch (error) {
      await writer.abort();
      throw error;
    }
  });
}

function checked({ values, method = 'natural', classes = '5' }: BreaksProcessRequest) {
  const problems = new Problems();
  if (values === undefined)
    problems.add(new EcofluxError('InvalidConfiguration', 'breaks needs --values RASTER (what is to be classed)'));
  const known = BREAKS_METHODS.find((each) => each === method.trim().toLowerCase());
  const close = nearest(method, BREAKS_METHODS);
  if (!known)
    problems.add(
      new EcofluxError('InvalidConfiguration', '--method is none of its choices', {
        found: method,
        expected: BREAKS_METHODS.join(' or '),
        fix: close ? `write ${close}` : 'choose one of them',
      }),
    );
  const count = classes.trim() === '' ? Number.NaN : Number(classes);
  if (!Number.isInteger(count) || count < 1 || count > 254)
    problems.add(
      new EcofluxError('InvalidConfiguration', '--classes is no number of classes', {
        found: `'${classes}'`,
        expected: 'a whole number from 1 to 254',
        fix: 'correct the value',
      }),
    );
  throwAll(problems.all);
  return { values: values!, method: known!, classes: count };
}

/** Numbers with six digits, as a legend has them. */
function nameOf(index: number, lower: number, upper: number): string {
  const short = (x: number) => String(Number(x.toPrecision(6)));
  return `${index === 0 ? 'from' : 'above'} ${short(lower)} to ${short(upper)}`;
}

function summary({ breaks, low, count }: Breaks, moments: WideSums, quantum: number) {
  let [within, sum, square] = [0, 0n, 0n];
  const rows = breaks.map((upper, i): BreaksClass => {
    const [cells, total, ...parts] = Array.from({ length: CLASS_MOMENTS }, (_, m) =>
      moments.exact(CLASS_MOMENTS * i + m),
    );
    const own = productOf(parts[0], parts[1], parts[2]);
    sum += total;
    square += own;
    if (cells > 0n) within += Number(own * cells - total * total) / Number(cells);
    return {
      class: i,
      lower: i === 0 ? low : breaks[i - 1],
      upper,
      cells: Number(cells),
      share: Number(cells) / count,
      mean: cells > 0n ? (Number(total) / Number(cells)) * quantum : undefined,
    };
  });
  const all = Number(square * BigInt(count) - sum * sum) / count;
  return { rows, fit: all === 0 ? 1 : 1 - within / all };
}

function tableOf(rows: readonly BreaksClass[], grid: Grid): CsvCell[][] {
  const area = isMetric(grid) ? cellArea(grid) / 1e6 : undefined;
  return [
    ['class', 'lower', 'upper', 'cells', 'share', ...(area === undefined ? [] : ['area_km2']), 'mean'],
    ...rows.map((row) => [
      row.class,
      row.lower,
      row.upper,
      row.cells,
      row.share,
      ...(area === undefined ? [] : [row.cells * area]),
      row.mean,
    ]),
  ];
}
