/** Inputs that are in one unit, whichever it is: the second is converted to that of the first where both files say theirs. */
import { EcofluxError } from '../core/errors.ts';
import type { InputSpec, Model } from '../core/model.ts';
import { sameDimensions } from '../core/quantity.ts';
import { bandOf, type RasterInfo } from '../io/raster.ts';
import { declaredUnit } from './layer-units.ts';
import type { BoundLayer } from './layers.ts';

/** An input to be bound, and those that are. */
interface Binding {
  readonly model: Pick<Model, 'inputs'>;
  readonly name: string;
  readonly file: string;
  readonly info: RasterInfo;
  readonly layers: ReadonlyMap<string, BoundLayer>;
}

/**
 * What the input is to be bound as: in the unit of the other input where that says one, as it is where one of the two says none.
 * @throws EcofluxError InvalidInput for units that cannot be converted
 */
export function inSharedUnit({ model, name, file, info, layers }: Binding): InputSpec {
  const spec = model.inputs[name];
  const other = spec.unitOf === undefined ? undefined : layers.get(spec.unitOf);
  const [own, shared] = [bandOf(info, 1).unit, other && bandOf(other.info, 1).unit];
  if (!other || !own || !shared || own === shared) return spec;
  const [known, wanted] = [declaredUnit(own), declaredUnit(shared)];
  if (known && wanted && sameDimensions(known, wanted)) return { ...spec, unit: shared };
  throw new EcofluxError('InvalidInput', `${name} is in another unit than ${spec.unitOf}`, {
    file,
    found: own,
    expected: `${shared}, as in ${other.shown}${known && wanted ? '' : ', or a unit that can be converted to it'}`,
    fix: `bring one of them to the unit of the other, or correct what the file says: gdal_edit.py -units ${shared} ${file}`,
  });
}

/** Of two inputs that should be in one unit, one says its unit and the other does not. */
export function silentUnits({ inputs }: Pick<Model, 'inputs'>, layers: ReadonlyMap<string, BoundLayer>): string[] {
  return [...layers].flatMap(([name, layer]) => {
    const { unitOf } = inputs[name];
    const other = unitOf === undefined ? undefined : layers.get(unitOf);
    const [own, shared] = [bandOf(layer.info, 1).unit, other && bandOf(other.info, 1).unit];
    if (!other || !own === !shared) return [];
    const [silent, speaking, unit] = own ? [unitOf, name, own] : [name, unitOf, shared];
    return [`${silent} says no unit: taken to be in ${unit}, as ${speaking} is`];
  });
}

/** The unit of outputs that are in any unit: that of the inputs in any unit, where they all share one. */
export function carriedUnit(
  { inputs }: Pick<Model, 'inputs'>,
  layers: ReadonlyMap<string, BoundLayer>,
): string | undefined {
  const any = [...layers].filter(([name]) => inputs[name].unit === 'any');
  const free = any.filter(([name]) => inputs[name].unitOf === undefined);
  if (free.length !== 1) return undefined;
  const said = [free[0], ...any].map(([, { info }]) => bandOf(info, 1).unit).find(Boolean);
  return said || undefined;
}
