/** Units of layers: what the file declares, whether it is an amount per cell, and the factor to the unit of the model. */
import { EcofluxError } from '../core/errors.ts';
import { cellArea, type Grid, isMetric } from '../core/grid.ts';
import type { InputSpec } from '../core/model.ts';
import { conversion, divide, parseUnit, sameDimensions, type Unit } from '../core/quantity.ts';
import { bandOf } from '../io/raster.ts';
import type { LayerFile, LayerOptions } from './layers.ts';

export interface Units {
  /** Of the file; undefined where neither it nor the user says one that is known. */
  readonly declared?: Unit;
  /** An amount per cell where the model wants a density, or amounts themselves. */
  readonly perCell: boolean;
  /** For the log, where nothing is converted. */
  readonly words: string;
}

/** @throws EcofluxError InvalidConfiguration for a unit that is no unit of the quantity */
export function unitsOf(
  { info, path, layer }: LayerFile,
  spec: InputSpec,
  { unit: given, band = 1 }: LayerOptions,
): Units {
  const text = bandOf(info, band).unit;
  const declared = given === undefined ? declaredUnit(text) : parseUnit(given);
  const perCell = spec.kind === 'count';
  if (spec.unit === 'any') return { declared, perCell, words: '' };
  if (declared === undefined)
    return { perCell, words: text ? `its unit '${text}' is not known: taken as ${spec.unit}` : '' };
  const wanted = parseUnit(spec.unit);
  if (sameDimensions(declared, wanted)) return { declared, perCell, words: '' };
  if (sameDimensions(divide(declared, parseUnit('m2')), wanted)) return { declared, perCell: true, words: '' };
  throw new EcofluxError(
    'InvalidConfiguration',
    `layer '${layer}' is in '${declared.text}', which is no ${spec.about}`,
    {
      file: path,
      expected: spec.unit,
      fix: `say its unit: layers: { ${layer}: { file: …, unit: ${spec.unit} } }`,
    },
  );
}

/** Factor from the unit of the file to that of the model; amounts per cell become densities by the area of `cells`. */
export function convert(
  { path, layer }: LayerFile,
  spec: InputSpec,
  { declared, words }: Units,
  cells: Grid,
): { readonly factor: number; readonly words: string } {
  if (spec.unit === 'any' || declared === undefined) return { factor: 1, words };
  const wanted = parseUnit(spec.unit);
  const same = sameDimensions(declared, wanted);
  if (!same && !isMetric(cells))
    throw new EcofluxError(
      'InvalidInput',
      `layer '${layer}' holds amounts per cell, whose area in metres is not known`,
      {
        file: path,
        found: cells.crs.name,
        fix: 'use a projected CRS',
      },
    );
  const factor = same
    ? conversion(declared, wanted)
    : conversion(divide(declared, parseUnit('m2')), wanted) / cellArea(cells);
  return {
    factor,
    words: factor === 1 ? words : `${declared.text} converted to ${spec.unit} (× ${Number(factor.toPrecision(6))})`,
  };
}

/** The unit that a band declares, if ecoflux knows it. */
export function declaredUnit(text: string | undefined): Unit | undefined {
  if (!text) return undefined;
  try {
    return parseUnit(text);
  } catch {
    return undefined;
  }
}
