/** The models of InVEST that can be run by their argument files. */
import { EcofluxError } from '../../core/errors.ts';
import { nearest } from '../nearest.ts';
import { investAnnualWaterYield } from './annual-water-yield.ts';
import { investCarbon } from './carbon.ts';
import type { InvestModel } from './model.ts';

export const INVEST_MODELS: ReadonlyMap<string, InvestModel> = new Map(
  [investCarbon, investAnnualWaterYield].map((each) => [each.model.id, each]),
);

/** Models of InVEST that a later version is to have. */
const NOT_YET = ['habitat_quality', 'sdr', 'ndr', 'urban_cooling_model'];

/** @throws EcofluxError Unsupported for models that are not in this version, InvalidConfiguration for names that are none */
export function investModel(name: string): InvestModel {
  const found = INVEST_MODELS.get(name);
  if (found) return found;
  const expected = [...INVEST_MODELS.keys()].join(' or ');
  if (NOT_YET.includes(name))
    throw new EcofluxError('Unsupported', `the InVEST model ${name} is not in this version`, { expected });
  const close = nearest(name, [...INVEST_MODELS.keys(), ...NOT_YET]);
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
