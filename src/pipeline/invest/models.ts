/** The models of InVEST that can be run by their argument files. */
import { EcofluxError } from '../../core/errors.ts';
import { nearest } from '../nearest.ts';
import { investAnnualWaterYield } from './annual-water-yield.ts';
import { investCarbon } from './carbon.ts';
import { investHabitatQuality } from './habitat-quality.ts';
import type { InvestModel } from './model.ts';
import { investNdr } from './ndr.ts';
import { investSdr } from './sdr.ts';
import { investUrbanCooling } from './urban-cooling.ts';

export const INVEST_MODELS: ReadonlyMap<string, InvestModel> = new Map(
  [investCarbon, investAnnualWaterYield, investHabitatQuality, investSdr, investNdr, investUrbanCooling].map((each) => [
    each.model.id,
    each,
  ]),
);

/** By its own name or another one. @throws EcofluxError InvalidConfiguration for names that are none */
export function investModel(name: string): InvestModel {
  const models = [...INVEST_MODELS.values()];
  const found = INVEST_MODELS.get(name) ?? models.find(({ aliases }) => aliases.includes(name));
  if (found) return found;
  const expected = [...INVEST_MODELS.keys()].join(' or ');
  const close = nearest(name, [...INVEST_MODELS.keys(), ...models.flatMap(({ aliases }) => aliases)]);
  throw new EcofluxError('InvalidConfiguration', `there is no InVEST model '${name}' here`, {
    expected,
    fix: close ? `write ${close}` : 'choose one of them',
  });
}

/** Whether an argument file that names its model is meant for this one: "carbon", "natcap.invest.carbon". */
export function isMeantFor({ model, aliases }: InvestModel, declared: string): boolean {
  const name = declared.replace(/^natcap\.invest\./, '').split('.')[0];
  return name === model.id || aliases.includes(name);
}
