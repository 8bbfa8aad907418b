/** Every raster of a project looked at once: where it lies, what it holds, what is odd about it. */
import { cellCount } from '../../core/grid.ts';
import type { InputSpec } from '../../core/model.ts';
import type { PlaneMapping } from '../../io/plane.ts';
import { EMPTY_SUMMARY } from '../../io/plane-summary.ts';
import { type BoundLayer, type LayerOptions, layerKey, layerOptions } from '../layers.ts';
import type { Platform } from '../platform.ts';
import type { PreparedProject } from '../prepare.ts';
import { Problems } from '../problems.ts';
import { inProject } from '../project-checks.ts';
import { allParts } from '../service-models.ts';
import { convertFile } from './file-cures.ts';
import { checkOf, factorOf, sampleOf } from './layer-check.ts';
import { placeFindings } from './place-findings.ts';
import { findingOf } from './problem-findings.ts';
import { layerLine } from './project-lines.ts';
import { type Scanned, scanRaster } from './scan.ts';
import { areaShare, type Placement, placeRaster } from './study-area.ts';
import type { Finding, LayerCheck } from './types.ts';
import { type LayerChange, type ValueContext, valueFindings } from './value-findings.ts';
import { mergeYears, yearFindings } from './year-findings.ts';

export interface CheckProgress {
  readonly file: string;
  /** Of the raster around the study area. */
  readonly cells: number;
  /** Rasters before it, and all of them. */
  readonly done: number;
  readonly of: number;
}

export interface CheckSettings {
  /** Cells up to which a raster is read whole; 10^8 when absent. */
  readonly wholeCells?: number;
  readonly signal?: AbortSignal;
  /** Before each raster is read. */
  readonly progress?: (progress: CheckProgress) => void;
}

export interface CheckedLayers {
  /** By layer, year and type of cell: see `layerKey`. One file for all years is one check. */
  readonly checks: ReadonlyMap<string, LayerCheck>;
  readonly findings: readonly Finding[];
}

const UNREAD: Scanned = { summary: EMPTY_SUMMARY, reading: { cells: 0, blocks: 0, sampled: false, words: 'no cell' } };

/** Files that cannot be read become findings. @throws EcofluxError Interrupted */
export async function checkLayers(
  prepared: PreparedProject,
  platform: Platform,
  settings: CheckSettings,
): Promise<CheckedLayers> {
  const { layers, grid, area, project } = prepared;
  const problems = new Problems();
  const look = looker(prepared, platform, settings, problems);
  const cellsOfArea = cellCount(grid) * areaShare(prepared);
  const done = new Map<string, LayerCheck>();
  const checks = new Map<string, LayerCheck>();
  const findings: Finding[] = [];
  for (const [key, bound] of layers) {
    const { layer, path, unit, mapping } = bound;
    const id = JSON.stringify([layer, path, unit, mapping.type]);
    const known = done.get(id);
    if (known) checks.set(key, known);
    const looked = known ? undefined : await look(bound);
    if (!looked) continue;
    const { placement, scanned } = looked;
    const options = layerOptions(project.layers[layer]);
    const factor = factorOf(bound, options, placement);
    const check = checkOf(bound, options, placement, scanned, grid, cellsOfArea, factor);
    done.set(id, check);
    checks.set(key, check);
    const line = ({ factor: _, ...change }: LayerChange & Partial<LayerOptions>) =>
      layerLine(layer, project.layers[layer], change);
    findings.push(...placeFindings(check, grid, area !== undefined, line));
    if (scanned === UNREAD) continue; // why is among the problems
    const context = { check, summary: scanned.summary, factor, line, lineOfOne: convertFile(check.file) };
    findings.push(...valueFindings({ ...context, expected: expectedOf(prepared, key), toSample: sampleOf(bound) }));
  }
  const ofYears = [...mergeYears(findings, project), ...yearFindings([...done.values()])];
  return { checks, findings: [...problems.all.map(findingOf), ...ofYears] };
}

interface Looked {
  readonly placement: Placement;
  readonly scanned: Scanned;
}

/** Places each grid and reads each raster once, whatever layers and units share it. */
function looker(
  prepared: PreparedProject,
  { pool }: Platform,
  settings: CheckSettings,
  problems: Problems,
): (bound: BoundLayer) => Promise<Looked | undefined> {
  const { layers, file } = prepared;
  const placements = new Map<string, Placement | undefined>();
  const scans = new Map<string, Scanned>();
  const of = new Set([...layers.values()].map(scanKey)).size;
  return async (bound) => {
    const { layer, info, mapping, shown } = bound;
    const attempt = <T>(work: () => Promise<T>) => problems.wait(() => inProject(file, ['layers', layer], work));
    const where = JSON.stringify(info.grid);
    if (!placements.has(where)) placements.set(where, await attempt(() => placeRaster(info.grid, prepared)));
    const placement = placements.get(where);
    if (!placement) return undefined;
    const key = scanKey(bound);
    if (!scans.has(key)) {
      const cells = placement.window ? placement.window.width * placement.window.height : 0;
      settings.progress?.({ file: shown, cells, done: scans.size, of });
      // The values of the file, on its own grid: what is done to them for a model is linear.
      const own: PlaneMapping = { type: mapping.type, band: mapping.band, extraNodata: mapping.extraNodata };
      scans.set(key, (await attempt(() => scanRaster(bound, own, placement, pool, settings))) ?? UNREAD);
    }
    return { placement, scanned: scans.get(key)! };
  };
}

/** One plane of samples: a file, its band, what counts as nodata in it, and whether they are codes. */
function scanKey({ path, points, mapping: { type, band = 1, extraNodata } }: BoundLayer): string {
  return JSON.stringify([path, points?.field, type, band, extraNodata]);
}

/** What a unit allows where no model says more. */
const BY_UNIT: Readonly<Record<string, readonly [number, number]>> = {
  degC: [-90, 60], // the coldest and the hottest air that was measured
};

function expectedOf({ services, project }: PreparedProject, key: string): ValueContext['expected'] {
  const inputs = allParts(services).flatMap((part) => Object.values(part.inputs));
  const specs = new Map<string, InputSpec>();
  for (const { layer, spec } of inputs)
    if (project.years.some((year) => layerKey(layer, year, spec) === key)) specs.set(spec.about, spec);
  return [...specs.values()].map(({ about, unit, plausible = BY_UNIT[unit], largest }) => ({
    about,
    unit,
    plausible,
    largest,
  }));
}
