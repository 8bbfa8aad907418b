/** How an output is written: type, nodata, unit, description, class names and colours. */
import { NODATA } from '../core/cells.ts';
import type { RasterDescription } from '../io/raster-writer.ts';
import type { AnalysisOutput } from './analysis.ts';
import { layerKey, type PreparedProject } from './prepare.ts';

/** 255 leaves the codes 0..254; larger codes need two bytes. */
const BYTE_NODATA = 255;
const SHORT_NODATA = 65535;

export function describeOutput(
  prepared: PreparedProject,
  { quantity, year, unit, about, serviceName }: AnalysisOutput,
): RasterDescription {
  const { grid, project } = prepared;
  const { compression, level } = project.output;
  if (quantity === 'lulc') {
    const { info } = prepared.layers.get(layerKey('lulc', year, { kind: 'classes' }))!;
    const codes = [...Object.keys(info.classNames ?? {}), ...Object.keys(prepared.classNames)].map(Number);
    const names = { ...prepared.classNames, ...info.classNames };
    const small = info.sampleType === 'u8' && Math.max(0, ...codes) < BYTE_NODATA;
    return {
      grid,
      sampleType: small ? 'u8' : 'u16',
      nodata: small ? BYTE_NODATA : SHORT_NODATA,
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
