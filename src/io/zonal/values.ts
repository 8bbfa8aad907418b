/** Cells of a raster as float64 arithmetic wants them: as the file has them, in full precision, NaN where they are nodata. */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import type { ReadOptions } from '../byte-source.ts';
import { type NodataRange, nodataRanges } from '../nodata.ts';
import { type PlaneMapping, readPlane } from '../plane.ts';
import { toValues, type Values } from '../plane-mapping.ts';
import { bandOf, type Raster } from '../raster.ts';

/**
 * A window of the raster, which must lie inside it, or of the grid it is resampled to (then as precise as the planes of the engine).
 * Float32Array where that holds every value exactly.
 */
export async function readValues(
  raster: Raster,
  window: Window,
  mapping: PlaneMapping,
  options: ReadOptions,
): Promise<Values> {
  if (mapping.resampling) return withNaN(await readPlane(raster, window, mapping, options));
  const { info } = raster;
  const { band = 1, factor = 1, addend = 0, extraNodata = [] } = mapping;
  const { scale, offset } = bandOf(info, band);
  const [slope, shift] = [scale * factor, offset * factor + addend];
  const { samples, mask } = await raster.readSamples(window, { band, signal: options.signal });
  let values = toValues(samples);
  const [range, ...more] = nodataRanges(info.sampleType, [info.nodata, ...extraNodata]);
  markNodata(values, range ?? NOWHERE);
  for (const each of more) markNodata(values, each);
  if (mask) for (let i = 0; i < values.length; i++) if (mask[i] === 0) values[i] = Number.NaN;
  if (slope !== 1 || shift !== 0) {
    values = Float64Array.from(values);
    for (let i = 0; i < values.length; i++) values[i] = values[i] * slope + shift;
  }
  return values;
}

const NOWHERE: NodataRange = { low: Infinity, high: Infinity };

/** Infinities too. */
function markNodata(values: Values, { low, high }: NodataRange): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if ((value >= low && value <= high) || value - value !== 0) values[i] = Number.NaN;
  }
}

function withNaN(plane: Float32Array | Uint32Array): Values {
  const values = plane instanceof Float32Array ? plane : Float64Array.from(plane);
  const nodata = plane instanceof Float32Array ? NODATA : NODATA_CODE;
  for (let i = 0; i < values.length; i++) if (values[i] === nodata) values[i] = Number.NaN;
  return values;
}
