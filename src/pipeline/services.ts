/** The services that supply-demand.md names, and how supply and demand of one are counted in the same unit. */
import { EcofluxError } from '../core/errors.ts';
import type { InputOrigin, Model } from '../core/model.ts';
import { conversion, multiply, parseQuantity, parseUnit, sameDimensions, type Unit } from '../core/quantity.ts';
import type { FlowMode } from './step-schema.ts';

export type Side = 'supply' | 'demand';

export interface ServiceKind {
  readonly name: string;
  readonly category: string;
  readonly flow: FlowMode;
  /** Of supply and demand in a cell. */
  readonly unit: string;
  /** Sides that are min-max normalised over all years where the project does not say otherwise. */
  readonly normalised?: readonly Side[];
  /** Choices that the service makes for its models: which nutrient it is about. */
  readonly chooses?: Readonly<Record<string, string>>;
}

export const SERVICES: Readonly<Record<string, ServiceKind>> = {
  BC: {
    name: 'Biodiversity conservation',
    category: 'supporting',
    flow: 'omnidirectional',
    unit: '1',
    normalised: ['demand'],
  },
  HTR: { name: 'High temperature regulation', category: 'regulating', flow: 'omnidirectional', unit: 'degC' },
  CS: { name: 'Carbon sequestration', category: 'regulating', flow: 'omnidirectional', unit: 'tC' },
  NP: {
    name: 'Nitrogen purification',
    category: 'regulating',
    flow: 'directional',
    unit: 'kg/yr',
    chooses: { nutrient: 'n' },
  },
  PP: {
    name: 'Phosphorus purification',
    category: 'regulating',
    flow: 'directional',
    unit: 'kg/yr',
    chooses: { nutrient: 'p' },
  },
  SR: { name: 'Soil retention', category: 'regulating', flow: 'directional', unit: 't/yr' },
  WY: { name: 'Water yield', category: 'provisioning', flow: 'directional', unit: 'm3/yr' },
  FP: { name: 'Food production', category: 'provisioning', flow: 'omnidirectional', unit: 't/yr' },
  TC: {
    name: 'Tourism and culture',
    category: 'cultural',
    flow: 'omnidirectional',
    unit: '1',
    normalised: ['demand'],
  },
};

/** An output of a model, one for each choice of a parameter, or another model that is fed by it. */
export type Standing = InputOrigin | { readonly instead: string };

/** What `model: <id>` means on a side of a service, where that is not the one output that the model offers to it. */
const STANDINGS: Readonly<Record<string, Readonly<Partial<Record<Side, Standing>>>>> = {
  sdr: {
    supply: { model: 'sdr', output: 'soil_retention' },
    demand: { model: 'sdr', output: 'soil_erosion' },
  },
  ndr: {
    supply: { model: 'ndr', by: 'nutrient', outputs: { n: 'n_retention', p: 'p_retention' } },
    demand: { instead: 'nutrient_demand' },
  },
  urban_cooling: { supply: { instead: 'cooling' } },
};

/** Models that are run once for all sides that name them: what is not said beside one of them is taken from where it is said. */
export const SHARED_MODELS: readonly string[] = Object.keys(STANDINGS);

export function standingOf(model: string, side: Side): Standing | undefined {
  return STANDINGS[model]?.[side];
}

/** The output of a model that a side of a service takes. @throws EcofluxError InvalidConfiguration where it has none */
export function serviceOutput(model: Model, side: Side): string {
  const offered = Object.entries(model.outputs).filter(([, { service }]) => service === true || service === side);
  if (offered.length > 0) return offered[0][0];
  const other = Object.values(model.outputs).some(({ service }) => service);
  throw new EcofluxError(
    'InvalidConfiguration',
    other
      ? `model '${model.id}' is no ${side} of a service, only its ${side === 'supply' ? 'demand' : 'supply'}`
      : `model '${model.id}' is no supply or demand of a service`,
    { fix: 'name another model, or one of its outputs: output: …' },
  );
}

/**
 * What a density in `unit` is multiplied with to be the amount per m² in the unit of the service; undefined when it is an amount per
 * cell already.
 */
export function densityFactor(
  unit: string,
  serviceUnit: string,
): { readonly perCell: boolean; readonly factor: number } {
  const [from, to] = [parseUnit(unit), parseUnit(serviceUnit)];
  if (sameDimensions(from, to)) return { perCell: true, factor: conversion(from, to) };
  const amount = multiply(from, parseUnit('m2'));
  if (sameDimensions(amount, to)) return { perCell: false, factor: conversion(amount, to) };
  throw new EcofluxError(
    'InvalidConfiguration',
    `an amount in '${unit}' cannot be counted in '${serviceUnit}' per cell`,
    {
      fix: 'give the unit of the service, or of the layer',
    },
  );
}

/** The amount of one person in the unit of the service: "7 tCO2/yr" over "1 yr" is 1.91 tC. */
export function perPersonAmount(
  amount: string | number,
  over: string | number | undefined,
  serviceUnit: string,
): number {
  const quantity = parseQuantity(amount);
  const span = over === undefined ? undefined : parseQuantity(over);
  if (span && !(span.value > 0))
    throw new EcofluxError('InvalidConfiguration', `'over' is no span of time`, {
      found: String(over),
      fix: 'write something like 1 yr',
    });
  const value = quantity.value * (span?.value ?? 1);
  const unit: Unit = span ? multiply(quantity.unit, span.unit) : quantity.unit;
  const wanted = parseUnit(serviceUnit);
  if (sameDimensions(unit, wanted)) return value * conversion(unit, wanted);
  const withYear = span === undefined && sameDimensions(multiply(unit, parseUnit('yr')), wanted);
  throw new EcofluxError(
    'InvalidConfiguration',
    `demand in '${unit.text}' and supply in '${serviceUnit}' measure different things`,
    {
      fix: withYear
        ? "say over what time a stock is compared with yearly demand: 'over: 1 yr'"
        : `give the amount in ${serviceUnit}`,
    },
  );
}
