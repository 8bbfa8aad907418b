/** How much of the area each class has in maps of class codes by year: land cover, and the roles of cells in a flow. Exact on the grid, however small the picture. */
import { NODATA_CODE } from '../core/cells.ts';
import type { Grid } from '../core/grid.ts';
import { csvText } from '../io/tables/write-csv.ts';
import type { ReportMap } from '../report/index.ts';
import { areaIn, shareOf, sumOf } from './stories/context.ts';

const COLUMNS = ['year', 'service', 'quantity', 'class', 'name', 'cells', 'area_km2', 'share'] as const;

/** Of codes, NODATA_CODE where there is none. */
export function cellsByClass(codes: Iterable<number>): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const code of codes) if (code !== NODATA_CODE) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** class_areas.csv: a row for each class that occurs in a map; undefined without such a map. */
export function classAreasCsv(maps: readonly ReportMap[], grid: Grid): string | undefined {
  const area = areaIn(grid);
  const rows = maps.flatMap(({ year, service, quantity, classNames = {}, classCells }) => {
    if (year === undefined || !classCells) return [];
    const all = sumOf(Object.values(classCells));
    return Object.entries(classCells).map(([code, cells]) => [
      ...[year, service, quantity, code, classNames[Number(code)] ?? ''],
      ...[cells, area(cells), shareOf(cells, all)],
    ]);
  });
  return rows.length > 0 ? csvText([COLUMNS, ...rows]) : undefined;
}
