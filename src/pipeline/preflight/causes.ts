/** Why values do not fit their unit: which other unit would make them fit, by their dimension. Pure. */
import { conversion, divide, parseUnit, sameDimensions } from '../../core/quantity.ts';
import type { LayerValues } from './types.ts';

/** What a model expects of a layer. */
export interface Expected {
  readonly unit: string;
  readonly plausible?: readonly [number, number];
  /** Where the largest value of a region usually lies. */
  readonly largest?: readonly [number, number];
}

export interface Cause {
  /** In words: "metres in a year". */
  readonly words: string;
  /** To write into the project, where a unit is the cure. */
  readonly unit?: string;
  /** From that unit to the one that is expected. */
  readonly factor?: number;
  /** To write into the file, where it holds integers of a part of the unit. */
  readonly scale?: number;
  readonly fix?: string;
}

/** Units that files of each kind come in, the likeliest first. */
const OTHER_UNITS: readonly string[] = [
  ...['m/yr', 'mm/month', 'cm/yr', 'mm/day', 'm/month', 'm/day'],
  ...['m', 'cm', 'mm', 'dm', 'ft', 'km'],
  ...['%', '1'],
  ...['people/ha', 'people/km2', 'people/m2', 'people'],
  ...['tC/ha', 'kgC/m2', 'tC/km2', 't/ha', 'kg/m2', 'kg/ha', 't/km2'],
  ...['MJ mm/(ha h yr)', 't ha h/(ha MJ mm)'],
];
/** Integers that stand for tenths, hundredths or thousandths. */
const SCALES: readonly number[] = [0.1, 0.01, 0.001];

/** Whether the values lie where those of the unit do. */
export function isPlausible({ min, max }: Pick<LayerValues, 'min' | 'max'>, { plausible, largest }: Expected): boolean {
  const [low, high] = plausible ?? [-Infinity, Infinity];
  const [least, most] = largest ?? [-Infinity, Infinity];
  return min >= low && max <= high && max >= least && max <= most;
}

/**
 * What would explain the values: at most two, the likeliest first.
 * @param values as they stand in the file, nodata suspects left out; @param used what they were multiplied with to be in `expected.unit`;
 * @param cellKm2 area of the file's cells
 */
export function causesOf(values: LayerValues, expected: Expected, used: number, cellKm2: number | undefined): Cause[] {
  const { unit, plausible } = expected;
  if (!plausible) return [];
  if (unit === 'degC' && values.median > 150 && values.median < 350)
    return [{ words: 'kelvin', fix: 'subtract 273.15: gdal_calc.py -A IN.tif --calc="A-273.15" --outfile=OUT.tif' }];
  if (unit === 'deg' && values.max > plausible[1] && values.min >= 0)
    return [{ words: 'percent', fix: 'give the slope in degrees: gdaldem slope dem.tif slope.tif' }];
  // The bulk of the values decides: a few outliers explain nothing about the unit.
  const fits = (factor: number) =>
    values.q02 * factor >= plausible[0] &&
    values.q98 * factor <= plausible[1] &&
    isPlausible({ min: plausible[0], max: Math.min(values.max * factor, plausible[1]) }, expected);
  if (fits(used)) return [];
  const causes = new Map<number, Cause>();
  // Heights that are too large for metres are feet more often than all else.
  for (const other of unit === 'm' ? ['ft', ...OTHER_UNITS] : OTHER_UNITS) {
    const factor = factorTo(other, unit, cellKm2);
    if (factor === undefined || !fits(factor)) continue;
    const same = Number(factor.toPrecision(9));
    if (!causes.has(same)) causes.set(same, { words: `in ${other}`, unit: other, factor: same });
  }
  const scale = causes.size === 0 ? SCALES.find((each) => fits(each * used)) : undefined;
  if (scale !== undefined) return [{ words: `integers of ${scale} ${unit}`, scale }];
  return [...causes.values()].slice(0, 2);
}

/** From `other` to `unit`; an amount per cell by the area of the cell. */
function factorTo(other: string, unit: string, cellKm2: number | undefined): number | undefined {
  const [from, to] = [parseUnit(other), parseUnit(unit)];
  if (sameDimensions(from, to)) return conversion(from, to);
  if (cellKm2 === undefined) return undefined;
  const density = divide(from, parseUnit('km2'));
  return sameDimensions(density, to) ? conversion(density, to) / cellKm2 : undefined;
}
