/** Statistics of regions against the maps: what a region harvests needs cropland in it to be put on, or it would be lost in silence. */
import { NODATA, NODATA_CODE } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { cellArea, isMetric, type Window } from '../core/grid.ts';
import { tilesOf, tilingOf } from '../core/tiles.ts';
import type { ClassRows } from '../core/values.ts';
import { food_supply } from '../models/food_supply/spec.ts';
import type { BeyondQuestion } from './beyond-area.ts';
import type { ClassQuestion } from './class-checks.ts';
import { countCodes, countOnGrid } from './class-counts.ts';
import { layerKey } from './layers.ts';
import type { Finding } from './preflight/types.ts';
import { gridReader } from './readers.ts';
import { allParts, type ServiceSide } from './service-models.ts';
import { rowsKey, tableFile } from './service-tables.ts';

const WINDOW = 1024;

/** Adds a problem for each table with food in regions that have cells on the map and no green cropland among them. */
export async function checkRegions(question: ClassQuestion): Promise<void> {
  const { file, services, rows, platform, problems } = question;
  const checked = new Set<string>();
  for (const part of allParts(services)) {
    if (part.model?.id !== food_supply.id || Object.keys(part.origins).length > 0) continue;
    for (const year of file.project.years) {
      const path = platform.relativeTo(file.name, tableFile(file.project, part.tables.food, year));
      const id = JSON.stringify([path, ['lulc', 'ndvi', 'regions'].map((name) => fileOf(question, part, name, year))]);
      if (checked.has(id)) continue;
      checked.add(id);
      await problems.wait(async () => {
        const food = rows.get(rowsKey(part, 'food', year))!;
        const green = await greenness(question, part, year);
        const lost = [...green].filter(([region, sum]) => sum <= 0 && (food.get(region)?.food ?? 0) > 0);
        if (lost.length > 0) throw withoutCropland(path, year, lost, food);
      });
    }
  }
}

function fileOf({ layers }: ClassQuestion, { inputs }: ServiceSide, input: string, year: number): string {
  const { layer, spec } = inputs[input];
  return layers.get(layerKey(layer, year, spec))!.path;
}

/** Weights of the cropland of each region on the map. */
async function greenness(
  { layers, rows, platform, mask, grid, signal }: ClassQuestion,
  part: ServiceSide,
  year: number,
): Promise<ReadonlyMap<number, number>> {
  const [lulc, ndvi, regions] = ['lulc', 'ndvi', 'regions'].map((name) => {
    const { layer, spec } = part.inputs[name];
    return gridReader(layers.get(layerKey(layer, year, spec))!, platform.pool, mask);
  });
  const classes = rows.get(rowsKey(part, 'biophysical', year))!;
  const sums = new Map<number, number>();
  for (const window of tilesOf(tilingOf(grid, WINDOW)) as Iterable<Window>) {
    const [cover, green, region] = await Promise.all([lulc, ndvi, regions].map((each) => each.read(window, signal)));
    for (let i = 0; i < region.length; i++) {
      if (region[i] === NODATA_CODE) continue;
      const valid = cover[i] !== NODATA_CODE && green[i] !== NODATA;
      const weight = valid ? Math.max(0, green[i]) * (classes.get(cover[i])?.cropland ?? 0) : 0;
      sums.set(region[i], (sums.get(region[i]) ?? 0) + weight);
    }
  }
  return sums;
}

const MOST_NAMED = 8;

function withoutCropland(
  path: string,
  year: number,
  lost: readonly (readonly [number, number])[],
  food: ClassRows,
): EcofluxError {
  const named = lost.slice(0, MOST_NAMED).map(([region]) => `${region} (${food.get(region)!.food} t/yr)`);
  const more = lost.length > MOST_NAMED ? ` and ${lost.length - MOST_NAMED} more` : '';
  return new EcofluxError(
    'InvalidInput',
    `${lost.length === 1 ? 'a region has' : `${lost.length} regions have`} food and no green cropland to put it on in ${year}`,
    {
      file: path,
      found: `${named.join(', ')}${more}`,
      expected: 'cells of a class with cropland > 0 and NDVI > 0 in every region with food',
      fix: 'set the food of the region to 0, join it with a neighbour, or correct the map of regions',
    },
  );
}

/** What a map of regions may have outside without a word: the cells that a border cuts. */
const CUT = 0.02;

/** A warning where regions reach beyond the study area: all of their harvest is put on the part inside. */
export async function regionFindings({
  project,
  services,
  layers,
  mask,
  grid,
  platform,
  signal,
}: Omit<BeyondQuestion, 'habitat'>): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  for (const part of allParts(services)) {
    if (part.model?.id !== food_supply.id || !part.inputs.regions) continue;
    const { layer, spec } = part.inputs.regions;
    for (const year of project.years) {
      const bound = layers.get(layerKey(layer, year, spec))!;
      if (findings.has(bound.path) || !isMetric(bound.info.grid) || !isMetric(grid)) continue;
      const whole = new Map(await countCodes(platform.pool, bound, signal));
      const inside = new Map(await countOnGrid(gridReader(bound, platform.pool, mask), grid, signal));
      const cells = cellArea(grid) / cellArea(bound.info.grid);
      const cut = [...whole].flatMap(([region, count]) => {
        const share = ((inside.get(region) ?? 0) * cells) / count;
        return share > 0 && share < 1 - CUT ? [`${region} (${Math.round(100 * share)} % inside)`] : [];
      });
      if (cut.length === 0) continue;
      const more = cut.length > MOST_NAMED ? ` and ${cut.length - MOST_NAMED} more` : '';
      findings.set(bound.path, {
        level: 'warning',
        about: layer,
        file: bound.shown,
        what: 'regions reach beyond the study area, and all of their harvest is put on the part inside',
        found: `${cut.slice(0, MOST_NAMED).join(', ')}${more}`,
        fix: 'give statistics of the part inside, or an area that holds the regions whole',
      });
    }
  }
  return [...findings.values()];
}
