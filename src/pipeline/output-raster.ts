/** How an output is written: type, nodata, unit, description, class names and colours. */
import { NODATA, type SampleType } from '../core/cells.ts';
import type { OutputSpec } from '../core/model.ts';
import type { ClassRows } from '../core/values.ts';
import type { RasterInfo } from '../io/raster.ts';
import type { RasterDescription } from '../io/raster-writer.ts';
import type { AnalysisOutput } from './analysis.ts';
import { tablesAndLayers } from './class-checks.ts';
import { layerKey } from './layers.ts';
import type { PreparedProject } from './prepare.ts';
import { allParts } from './service-models.ts';
import { rowsKey } from './service-tables.ts';

/** The smallest type that leaves its largest value free for nodata. */
function codeType(largest: number): Pick<RasterDescription, 'sampleType' | 'nodata'> {
  if (largest < 0xff) return { sampleType: 'u8', nodata: 0xff };
  if (largest < 0xffff) return { sampleType: 'u16', nodata: 0xffff };
  return { sampleType: 'u32', nodata: 0xffffffff };
}

/** Of class numbers that may be negative. */
const SIGNED = { sampleType: 'i8', nodata: -128 } as const;

/** Whether an output holds numbers of classes, and no quantity. */
export function isClassified({ classes, signed }: OutputSpec): boolean {
  return (classes || signed) ?? false;
}

/** Largest code that the samples of a file can hold; what is read as a class goes up to 2^20 − 1 (src/io/plane.ts). */
const LARGEST: Readonly<Partial<Record<SampleType, number>>> = { u8: 0xfe, i8: 0x7f, i16: 0x7fff, u16: 0xfffe };
const LARGEST_CODE = 2 ** 20 - 1;
const LARGEST_U32 = 0xfffffffe;

type ClassDescription = Pick<RasterDescription, 'sampleType' | 'nodata' | 'kind' | 'palette' | 'classNames'>;

/** How a class raster is written again. `codes`: all that it can hold, where tables say so; `names`: beside those of the file. */
export function describeClasses(
  { sampleType, palette, classNames }: Pick<RasterInfo, 'sampleType' | 'palette' | 'classNames'>,
  codes: readonly number[] = [],
  names: Readonly<Record<number, string>> = {},
): ClassDescription {
  const all = { ...names, ...classNames };
  const largest = codes.length > 0 ? Math.max(...codes) : (LARGEST[sampleType] ?? LARGEST_CODE);
  // A palette of 256 entries, most of them unused, would make a legend of 256 lines.
  const known = (code: string) => Object.keys(all).length === 0 || code in all;
  return {
    ...codeType(largest),
    kind: 'classes',
    palette: palette && Object.fromEntries(Object.entries(palette).filter(([code]) => known(code))),
    classNames: all,
  };
}

/** Colours with an alpha of 255. */
export function opaque(
  colours: NonNullable<OutputSpec['colours']>,
): Readonly<Record<number, readonly [number, number, number, number]>> {
  return Object.fromEntries(
    Object.entries(colours).map(([code, [red, green, blue]]) => [code, [red, green, blue, 255]]),
  );
}

/** How class codes are written that a model makes. */
export function describeMade({ largestCode, signed, classNames = {}, colours }: OutputSpec): ClassDescription {
  const named = Object.keys(classNames).map(Number);
  const largest = largestCode ?? (named.length > 0 ? Math.max(...named) : LARGEST_U32);
  return {
    ...(signed ? SIGNED : codeType(largest)),
    kind: 'classes',
    palette:
      colours && Object.fromEntries(Object.entries(colours).map(([code, rgb]) => [code, [...rgb, 255] as const])),
    classNames,
  };
}

export function describeOutput(
  prepared: PreparedProject,
  { quantity, year, unit, about, serviceName, made }: AnalysisOutput,
): RasterDescription {
  const { grid, project } = prepared;
  const { compression, level } = project.output;
  if (made) return { grid, ...describeMade(made), description: `${serviceName}: ${about}`, compression, level };
  if (quantity === 'lulc') {
    const { info } = prepared.layers.get(layerKey('lulc', year!, { kind: 'classes', unit: '1' }))!;
    const codes = landCoverRows(prepared).flatMap((rows) => [...rows.keys()]);
    return { grid, ...describeClasses(info, codes, prepared.classNames), description: about, compression, level };
  }
  return {
    grid,
    sampleType: 'f32',
    nodata: NODATA,
    kind: 'quantity',
    unit: unit === '1' ? undefined : unit,
    description: `${serviceName}: ${about}`,
    compression,
    level,
  };
}

/** Of the tables that tell something about land-cover classes. */
function landCoverRows({ services, tables, project }: PreparedProject): ClassRows[] {
  const keys = allParts(services).flatMap((part) =>
    [...tablesAndLayers(part)].flatMap(([name, layer]) =>
      layer === 'lulc' ? project.years.map((year) => rowsKey(part, name, year)) : [],
    ),
  );
  return [...new Set(keys)].map((key) => tables.get(key)!);
}
