/** What the live parts take from a run of the sample region: supply and demand of each service and year, terrain, land cover. */
import { type Grid, NODATA, NODATA_CODE, type Plane } from '../../../src/index.ts';
import { planeField, SERVICES } from '../analysis.ts';
import type { RunResult } from '../run.ts';

export interface SampleData {
  readonly grid: Grid;
  readonly years: readonly number[];
  readonly services: readonly { readonly code: string; readonly name: string; readonly unit: string }[];
  readonly classNames: Readonly<Record<number, string>>;
  readonly dem: Plane;
  amounts(service: string, year: number, quantity: 'supply' | 'demand'): Plane;
  /** 0 in cells of the land cover, 1 in others: nothing passes through water, or through towns. */
  barrier(year: number, cover: number): Plane;
}

export function sampleData({ region, analysis, run }: RunResult): SampleData {
  const { grid, years, planes, classNames } = region;
  return {
    grid,
    years,
    services: SERVICES,
    classNames,
    dem: planes.get('dem')!,
    amounts: (service, year, quantity) => run.planes.get(planeField(analysis.steps, year, service, quantity))!,
    barrier: (year, cover) =>
      Float32Array.from(planes.get(`lulc/${year}`)!, (code) =>
        code === NODATA_CODE ? NODATA : code === cover ? 0 : 1,
      ),
  };
}
