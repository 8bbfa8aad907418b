/** The finding where services are many: a few sentences on all of them; a sentence of its own for what those leave out. */
import { expect, test } from 'vitest';
import type { ReportService } from '../../src/report/data.ts';
import { findingOf } from '../../src/report/finding.ts';
import type { ServiceTotals } from '../../src/report/totals.ts';
import { makeData } from './fixture.ts';

type Amounts = readonly [supply: number | undefined, demand: number | undefined];

function totals(name: string, before: Amounts, after: Amounts): ServiceTotals {
  const service: ReportService = { ...makeData().services[0], code: name.slice(0, 2), name };
  const years = [before, after].map(([supply, demand], k) => ({
    year: [2003, 2023][k],
    supply,
    demand,
    balance: supply !== undefined && demand !== undefined ? supply - demand : undefined,
  }));
  return { service, measure: 'sum', unit: 't/yr', years };
}

const say = (all: readonly ServiceTotals[]) =>
  findingOf({ ...makeData(), maps: [] }, all)
    .join(' ')
    .replace(/[\u00a0\u202f]/g, ' ');

const WATER = totals('Water yield', [400, 100], [220, 100]);
const SOIL = totals('Soil retention', [1000, 100], [1800, 100]);
const FOOD = totals('Food production', [180, 100], [117, 100]);
const NITROGEN = totals('Nitrogen purification', [60, 100], [66, 100]);
const COOLING = totals('Cooling', [30, 100], [20, 100]);

test('the most favourable comes first, what falls short worst first, and the surplus that shrank most is named', () => {
  expect(say([WATER, SOIL, FOOD, NITROGEN, COOLING])).toBe(
    'In 2023 supply exceeded demand for 3 of 5 services: soil retention (18-fold), water yield (2.2-fold) and food production (by 17 %). ' +
      'It fell short for cooling (20 % of demand) and nitrogen purification (66 % of demand). ' +
      'Since 2003 the surplus of food production has shrunk most, by 79 %.',
  );
});

test('turns from surplus to deficit and back are named before what shrank', () => {
  const lost = totals('Food production', [180, 100], [90, 100]);
  const won = totals('Phosphorus purification', [90, 100], [110, 100]);
  expect(say([WATER, SOIL, lost, won, COOLING])).toContain(
    'Since 2003 surplus has become deficit for food production and deficit has become surplus for phosphorus purification.',
  );
});

test('all short; what has no demand has its own sentence', () => {
  const without = totals('Recreation', [5, undefined], [7, undefined]);
  const short = ['A', 'B', 'C', 'D'].map((name) => totals(`${name}x`, [10, 100], [20, 100]));
  expect(say([...short, without])).toBe(
    'In 2023 supply fell short of demand for ax (20 % of demand), bx (20 % of demand), cx (20 % of demand) and dx (20 % of demand). ' +
      'For recreation, supply was 7.00 t/yr in 2023.',
  );
});
