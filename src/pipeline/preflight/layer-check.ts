/** One raster as a line of the table of `validate`. Pure. */
import { cellArea, type Grid } from '../../core/grid.ts';
import { parseUnit, sameDimensions } from '../../core/quantity.ts';
import { bandOf } from '../../io/raster.ts';
import type { BoundLayer, LayerOptions } from '../layers.ts';
import { round, valuesOf } from './quantiles.ts';
import type { Scanned } from './scan.ts';
import type { Placement } from './study-area.ts';
import type { ClassShare, LayerCheck } from './types.ts';

/** @param cellsOfArea cells of the grid in the study area; @param factor as `factorOf` gives it */
export function checkOf(
  { layer, year, shown, info, mapping, unit }: BoundLayer,
  { unit: givenUnit, band = 1 }: LayerOptions,
  { gridOverlap, areaOverlap, cellMetres }: Placement,
  { summary, reading }: Scanned,
  grid: Grid,
  cellsOfArea: number,
  factor: number,
): LayerCheck {
  const classes = mapping.type === 'u32';
  const nodataShare = summary.cells === 0 ? 0 : (100 * (summary.cells - summary.valid)) / summary.cells;
  const scale = (grid.crs.metresPerUnit ?? 1) ** 2 * grid.cellWidth * grid.cellHeight;
  const km2 = reading.sampled
    ? ((areaOverlap / 100) * (1 - nodataShare / 100) * cellsOfArea * scale) / 1e6 / summary.valid
    : cellMetres && (cellMetres[0] * cellMetres[1]) / 1e6;
  return {
    layer,
    year,
    file: shown,
    band,
    kind: classes ? 'classes' : 'values',
    crs: info.grid.crs.name,
    width: info.grid.width,
    height: info.grid.height,
    cellWidth: info.grid.cellWidth,
    cellHeight: info.grid.cellHeight,
    cellMetres: cellMetres && [round(cellMetres[0]), round(cellMetres[1])],
    sampleType: info.sampleType,
    declaredUnit: bandOf(info, band).unit,
    givenUnit,
    unit,
    declaredNodata: info.nodata,
    givenNodata: mapping.extraNodata,
    hasMask: info.hasMask,
    resampling: mapping.resampling?.method ?? 'none',
    gridOverlap,
    areaOverlap,
    nodataShare,
    values: classes ? undefined : valuesOf(summary, factor),
    classes: classes ? classShares(summary.codes, summary.valid, km2 ?? 0) : undefined,
    reading,
  };
}

function classShares(codes: readonly (readonly [number, number])[], valid: number, km2: number): ClassShare[] {
  return codes.map(([code, cells]) => ({ code, km2: round(cells * km2), share: (100 * cells) / valid }));
}

/**
 * From the values of the file to the unit of use, on the file's own cells. Amounts per cell that are summed up on the way to the grid become
 * densities by the area of the grid's cells; here it is that of their own.
 */
export function factorOf(
  { mapping, info, unit }: BoundLayer,
  { unit: given, band = 1 }: LayerOptions,
  { cellMetres }: Pick<Placement, 'cellMetres'>,
): number {
  const { factor = 1, resampling } = mapping;
  const declared = given ?? bandOf(info, band).unit;
  if (resampling?.method !== 'sum' || declared === undefined || factor === 1 || !cellMetres) return factor;
  if (sameDimensions(parseUnit(declared), parseUnit(unit))) return factor;
  return (factor * cellArea(resampling.target)) / (cellMetres[0] * cellMetres[1]);
}

/** The sample behind a value: the file may hold scaled integers. */
export function sampleOf({ info, mapping }: BoundLayer): (value: number) => number {
  const { scale, offset } = bandOf(info, mapping.band ?? 1);
  return (value) => (value - offset) / scale;
}
