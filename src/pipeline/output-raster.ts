/** How an output is written: type, nodata, unit, description, class names and colours. */
import { NODATA, type SampleType } from '../core/cells.ts';
import type { RasterDescription } from '../io/raster-writer.ts';
import type { AnalysisOutput } from './analysis.ts';
import { layerKey, type PreparedProject } from './prepare.ts';

/** The smallest type that leaves its largest value free for nodata. */
function codeType(largest: number): Pick<RasterDescription, 'sampleType' | 'nodata'> {
  if (largest < 0xff) return { sampleType: 'u8', nodata: 0xff };
  if (largest < 0xffff) return { sampleType: 'u16', nodata: 0xffff };
  return { sampleType: 'u32', nodata: 0xffffffff };
}

/** Largest code that the samples of a file can hold; what is read as a class goes up to 2^20 − 1 (src/io/plane.ts). */
const LARGEST: Readonly<Partial<Record<SampleType, number>>> = { u8: 0xfe, i8: 0x7f, i16: 0x7fff, u16: 0xfffe };
const LARGEST_CODE = 2 ** 20 - 1;

export function describeOutput(
  prepared: PreparedProject,
  { quantity, year, unit, about, serviceName }: AnalysisOutput,
): RasterDescription {
  const { grid, project } = prepared;
  const { compression, level } = project.output;
  if (quantity === 'lulc') {
    const { info } = prepared.layers.get(layerKey('lulc', year, { kind: 'classes' }))!;
    const names = { ...prepared.classNames, ...info.classNames };
    // Every code that a table covers is known; without a table it may be any that the file can hold.
    const tables = [...prepared.tables.values()].flatMap((rows) => [...rows.keys()]);
    const known = tables.length > 0 ? Math.max(...tables) : (LARGEST[info.sampleType] ?? LARGEST_CODE);
    return {
      grid,
      ...codeType(known),
      kind: 'classes',
      description: about,
      palette: info.palette && Object.fromEntries(Object.entries(info.palette).filter(([code]) => code in names)),
      classNames: names,
      compression,
      level,
    };
  }
  return {
    grid,
    sampleType: 'f32',
    nodata: NODATA,
    kind: 'quantity',
    unit,
    description: `${serviceName}: ${about}`,
    compression,
    level,
  };
}
