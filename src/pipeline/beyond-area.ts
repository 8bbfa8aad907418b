/** Models that look around a cell, at the border of the study area: what lies beyond it does not count, which is said where there is something. */
import { nodataOf } from '../core/cells.ts';
import { bounds, type Grid } from '../core/grid.ts';
import { tileAt, tilingOf } from '../core/tiles.ts';
import { extentIn } from '../io/extent.ts';
import { burn, type CellSpans, windowCover } from '../io/vector/rasterize-spans.ts';
import { type BoundLayer, layerKey } from './layers.ts';
import type { Platform } from './platform.ts';
import type { Finding } from './preflight/types.ts';
import { fileReader } from './readers.ts';
import type { Project } from './schema.ts';
import type { ProjectHabitat } from './service-habitat.ts';
import { allParts, type PreparedService, type ServiceSide } from './service-models.ts';

export interface BeyondQuestion {
  readonly project: Project;
  readonly services: readonly PreparedService[];
  readonly layers: ReadonlyMap<string, BoundLayer>;
  readonly habitat: ProjectHabitat | undefined;
  readonly platform: Platform;
  readonly mask: CellSpans | undefined;
  readonly grid: Grid;
  readonly signal?: AbortSignal;
}

/** How far a model sees, and what comes of what it does not see. */
interface Reach {
  readonly metres: number;
  readonly words: string;
}

/** A warning for each model that would see something beyond the border. */
export async function beyondFindings(question: BeyondQuestion): Promise<Finding[]> {
  const { project, services, layers, habitat, grid } = question;
  const findings = new Map<string, Finding>();
  for (const part of allParts(services)) {
    const reach = reachOf(part, habitat);
    if (!reach || reach.metres < grid.cellWidth || findings.has(part.model!.id)) continue;
    const bound = Object.values(part.inputs).flatMap(({ layer, spec }) =>
      project.years.flatMap((year) => layers.get(layerKey(layer, year, spec)) ?? []),
    );
    const further = await firstBeyond(bound, question);
    if (!further) continue;
    findings.set(part.model!.id, {
      level: 'warning',
      about: part.service,
      file: further.shown,
      what: `what lies outside the study area does not count: within ${Number(reach.metres.toPrecision(6))} m of its border ${reach.words}`,
      fix: 'compute a larger area and look at the part inside, or leave a strip of that width out of account',
    });
  }
  return [...findings.values()];
}

function reachOf({ model, output, params }: ServiceSide, habitat: ProjectHabitat | undefined): Reach | undefined {
  if (!model) return undefined;
  if (model.id === habitat?.model.id) {
    const { maxDistance, name } = habitat.furthest;
    return {
      metres: maxDistance,
      words: `threats beyond it (${name} reaches furthest) are left out, and quality is too high`,
    };
  }
  if (model.id !== 'urban_cooling') return undefined;
  const mixes = output === 'T_air' || output === 'wbgt' || output.endsWith('_loss_percent');
  const names = ['green_area_cooling_distance', ...(mixes ? ['t_air_average_radius'] : [])];
  const widest = Math.max(...names.map((name) => params[name] ?? model.params[name].default ?? 0));
  // Kernels end at five times the distance (invest-models.md section 7).
  return { metres: 5 * widest, words: 'parks beyond it do not cool' };
}

async function firstBeyond(layers: readonly BoundLayer[], question: BeyondQuestion): Promise<BoundLayer | undefined> {
  for (const layer of layers)
    if (!layer.points && ((await leavesGrid(layer, question.grid)) || (await leavesArea(layer, question))))
      return layer;
  return undefined;
}

/** Whether the raster has cells beyond the grid. */
async function leavesGrid({ info }: BoundLayer, grid: Grid): Promise<boolean> {
  const own = await extentIn(bounds(info.grid), info.grid.crs, grid.crs);
  if (!own) return false;
  const all = bounds(grid);
  const [width, height] = [grid.cellWidth / 2, grid.cellHeight / 2];
  return (
    own.west < all.west - width ||
    own.east > all.east + width ||
    own.south < all.south - height ||
    own.north > all.north + height
  );
}

const EDGE = 512;
const MOST_TILES = 64;

/** Whether it has values on the grid outside of the area; looked for in at most 64 tiles spread over the grid. */
async function leavesArea(layer: BoundLayer, { mask, grid, platform, signal }: BeyondQuestion): Promise<boolean> {
  if (!mask) return false;
  const reader = fileReader(layer, platform.pool);
  const tiling = tilingOf(grid, EDGE);
  const step = Math.max(1, Math.ceil(tiling.count / MOST_TILES));
  for (let index = 0; index < tiling.count; index += step) {
    const { x, y, width, height } = tileAt(tiling, index);
    const window = { x, y, width, height };
    if (windowCover(mask, window) === 'all') continue;
    const inside = burn(mask, window, new Uint8Array(width * height));
    const plane = await reader.read(window, signal);
    const nodata = nodataOf(layer.type);
    if (plane.some((value, i) => inside[i] === 0 && value !== nodata)) return true;
  }
  return false;
}
