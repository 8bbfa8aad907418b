/** The services that supply-demand.md names, and how supply and demand of one are counted in the same unit. */
import { EcofluxError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { conversion, multiply, parseQuantity, parseUnit, sameDimensions, type Unit } from '../core/quantity.ts';

export interface ServiceKind {
  readonly name: string;
  readonly category: string;
  readonly flow: string;
  /** Of supply and demand in a cell. */
  readonly unit: string;
}

export const SERVICES: Readonly<Record<string, ServiceKind>> = {
  BC: { name: 'Biodiversity conservation', category: 'supporting', flow: 'omnidirectional', unit: '1' },
  HTR: { name: 'High temperature regulation', category: 'regulating', flow: 'omnidirectional', unit: '1' },
  CS: { name: 'Carbon sequestration', category: 'regulating', flow: 'omnidirectional', unit: 'tC' },
  NP: { name: 'Nitrogen purification', category: 'regulating', flow: 'directional', unit: 'kg/yr' },
  PP: { name: 'Phosphorus purification', category: 'regulating', flow: 'directional', unit: 'kg/yr' },
  SR: { name: 'Soil retention', category: 'regulating', flow: 'directional', unit: 't/yr' },
  WY: { name: 'Water yield', category: 'provisioning', flow: 'directional', unit: 'm3/yr' },
  FP: { name: 'Food production', category: 'provisioning', flow: 'omnidirectional', unit: 't/yr' },
  TC: { name: 'Tourism and culture', category: 'cultural', flow: 'omnidirectional', unit: '1' },
};

/** The output of a model that a service takes. */
export function serviceOutput(model: Model): string {
  const output = Object.keys(model.outputs).find((name) => model.outputs[name].service);
  if (output) return output;
  throw new EcofluxError('InvalidConfiguration', `model '${model.id}' is no supply or demand of a service`);
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
