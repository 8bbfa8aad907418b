import { expect, test } from 'vitest';
import { conversion, isAmount, multiply, parseQuantity, parseUnit, sameDimensions } from '../../src/core/quantity.ts';

const factor = (from: string, to: string) => conversion(parseUnit(from), parseUnit(to));

test.each([
  ['mm/yr', 'm/yr', 1e-3],
  ['tCO2', 'tC', 12 / 44],
  ['people/km2', 'people/ha', 0.01],
  ['people/km^2', 'people/m²', 1e-6],
  ['mm/month', 'mm/yr', 12],
  ['mm/day', 'mm/yr', 365.25],
  ['kg/m2', 't/ha', 10],
  ['MJ mm/(ha h yr)', 'MJ mm/ha/h/yr', 1],
  ['10^4 CNY/km2', 'CNY/km2', 1e4],
  ['%', '1', 0.01],
  ['m3', 'l', 1000],
])('%s is %s times %f', (from, to, expected) => {
  expect(factor(from, to)).toBeCloseTo(expected, 12);
});

test('quantities', () => {
  expect(parseQuantity('350 m3/yr')).toMatchObject({ value: 350, unit: { text: 'm3/yr' } });
  expect(parseQuantity('5km').unit.factor).toBe(1000);
  expect(parseQuantity('-1.5e3 mm').value).toBe(-1500);
  expect(parseQuantity(7)).toMatchObject({ value: 7, unit: { factor: 1 } });
});

test('a depth times an area is a volume', () => {
  expect(sameDimensions(multiply(parseUnit('mm/yr'), parseUnit('m2')), parseUnit('m3/yr'))).toBe(true);
});

test('different things are not converted', () => {
  expect(() => factor('mm', 'mm/yr')).toThrow("'mm' cannot be converted to 'mm/yr'");
  expect(() => factor('tC', 't')).toThrow('different things');
});

test('what is no unit is named', () => {
  expect(() => parseUnit('mm/jr')).toThrow("found 'jr'");
  expect(() => parseUnit('t/(ha')).toThrow('missing )');
  expect(() => parseQuantity('many')).toThrow('not a number with a unit');
});

test.each([
  [['people', 'tC', 'm3/yr', 'kg/yr', 'CNY', 'MJ', 'ha'], true],
  [['1', '%', 'mm/yr', 'm', 'degC', 'people/km2', 'tC/ha', 'MJ mm/(ha h yr)', 't h/(MJ mm)'], false],
])('%s: cells add up is %s', (units, amounts) => {
  for (const unit of units) expect({ unit, amount: isAmount(parseUnit(unit)) }).toEqual({ unit, amount: amounts });
});
