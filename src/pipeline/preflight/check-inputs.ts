/** A quick look at the rasters of a single process: warns of values that do not fit the unit. Trusts the statistics in a file's header, else reads a small sample. */
import { throwIfAborted } from '../../core/errors.ts';
import { cellCount } from '../../core/grid.ts';
import type { Model } from '../../core/model.ts';
import type { TaskPool } from '../../core/tasks.ts';
import { bandOf, type RasterInfo } from '../../io/raster.ts';
import type { BoundLayer } from '../layers.ts';
import { type Expected, isPlausible } from './causes.ts';
import { convertFile, editFile } from './file-cures.ts';
import { findingLine } from './finding-line.ts';
import { checkOf, factorOf, sampleOf } from './layer-check.ts';
import { scanRaster } from './scan.ts';
import type { Placement } from './study-area.ts';
import type { Finding } from './types.ts';
import { type LayerChange, valueFindings } from './value-findings.ts';

const WHOLE_CELLS = 1e6;
const SAMPLE_BLOCK = 128; // 64 of them: a million cells, a tenth of a second

export interface CheckInputsOptions {
  readonly signal?: AbortSignal;
  /** How the user gives an input another unit or nodata; as a change of the file when absent. */
  readonly line?: (input: string, change: LayerChange) => string;
  /** Units in the header of a file are not looked at: values in another one have to be converted. */
  readonly ignoresUnits?: boolean;
}

/**
 * Warnings for a log; none of them stops a run, and a file that cannot be read is left to the run to complain about.
 * @param layers by name of the model's input
 */
export async function checkInputs(
  model: Pick<Model, 'inputs'>,
  layers: ReadonlyMap<string, BoundLayer>,
  pool: TaskPool,
  { signal, line, ignoresUnits = false }: CheckInputsOptions = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [input, bound] of layers) {
    const { info, mapping, path } = bound;
    const { plausible, largest, unit, about } = model.inputs[input];
    if (!plausible || mapping.type === 'u32') continue;
    const placement = wholeOf(info);
    const factor = factorOf(bound, {}, placement);
    if (headerIsPlausible(info, mapping.band ?? 1, factor, { unit, plausible, largest })) continue;
    const own = { type: mapping.type, band: mapping.band, extraNodata: mapping.extraNodata };
    const settings = { wholeCells: WHOLE_CELLS, sampleBlock: SAMPLE_BLOCK, signal };
    const scanned = await scanRaster({ path, info }, own, placement, pool, settings).catch(() =>
      throwIfAborted(signal),
    );
    if (!scanned) continue;
    const check = checkOf(bound, { band: mapping.band }, placement, scanned, info.grid, cellCount(info.grid), factor);
    const context = { check, summary: scanned.summary, factor, toSample: sampleOf(bound) };
    const expected = [{ about, unit, plausible, largest }];
    const ofFile = (ignoresUnits ? convertFile : editFile)(path);
    const ways = {
      line: (what: LayerChange) => line?.(input, what) ?? ofFile(what),
      otherUnit: (other: string) => other,
    };
    // A sample without a value says nothing of the rest.
    const found = valueFindings({ ...context, expected, ...ways });
    for (const finding of found)
      if (finding.level === 'warning' || !scanned.reading.sampled) findings.push({ ...finding, level: 'warning' });
  }
  return findings;
}

/** Tells a log what `checkInputs` finds. */
export async function warnOfInputs(
  model: Pick<Model, 'inputs'>,
  layers: ReadonlyMap<string, BoundLayer>,
  pool: TaskPool,
  { log, ...options }: CheckInputsOptions & { readonly log?: (line: string) => void },
): Promise<void> {
  if (!log) return;
  for (const finding of await checkInputs(model, layers, pool, options)) log(`warning: ${findingLine(finding)}`);
}

function headerIsPlausible(info: RasterInfo, band: number, factor: number, expected: Expected): boolean {
  const { statistics } = bandOf(info, band);
  if (!statistics || statistics.min === statistics.max) return false;
  return isPlausible({ min: statistics.min * factor, max: statistics.max * factor }, expected);
}

function wholeOf({ grid }: RasterInfo): Placement {
  const { width, height, crs, cellWidth, cellHeight } = grid;
  const scale = crs.metresPerUnit;
  return {
    window: { x: 0, y: 0, width, height },
    mask: undefined,
    gridOverlap: 100,
    areaOverlap: 100,
    cellMetres: scale === undefined ? undefined : [cellWidth * scale, cellHeight * scale],
  };
}
