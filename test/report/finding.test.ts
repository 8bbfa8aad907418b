/** The sentences of the finding, for surplus and deficit, growth and decline, turns and gaps. */
import { describe, expect, it } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { ReportMap, ReportService } from '../../src/report/data.ts';
import { deficitShare, findingOf, landSentence, serviceSentence } from '../../src/report/finding.ts';
import type { ServiceTotals, YearTotals } from '../../src/report/totals.ts';
import { makeData } from './fixture.ts';

const service: ReportService = {
  code: 'WY',
  name: 'Water yield',
  category: 'provisioning',
  unit: 'm3/cell/yr',
  supplyModel: 'a',
  demandModel: 'b',
};

function say(years: readonly YearTotals[], more: Partial<ServiceTotals> = {}): string | undefined {
  const sentence = serviceSentence({ service, measure: 'sum', unit: 'm3/yr', years, ...more });
  return sentence?.replace(/[\u00a0\u202f]/g, ' ');
}

const year = (number: number, supply?: number, demand?: number): YearTotals => ({
  year: number,
  supply,
  demand,
  balance: supply !== undefined && demand !== undefined ? supply - demand : undefined,
});

describe('serviceSentence', () => {
  it.each([
    [
      [year(2003, 6e9, 1e9), year(2023, 6.2e9, 2e9)],
      'For water yield, supply exceeded demand 3.1-fold in 2023 (6.20 against 2.00 billion m³/yr); the surplus has shrunk by 16 % since 2003.',
    ],
    [
      [year(2003, 5e6, 4e6), year(2023, 7e6, 5e6)],
      'For water yield, supply exceeded demand by 40 % in 2023 (7.00 against 5.00 million m³/yr); the surplus has grown by 100 % since 2003.',
    ],
    [
      [year(2003, 60, 100), year(2023, 50, 100)],
      'For water yield, supply covered 50 % of demand in 2023 (50.0 against 100 m³/yr); the deficit has grown by 25 % since 2003.',
    ],
    [
      [year(2003, 160, 100), year(2023, 50, 100)],
      'For water yield, supply covered 50 % of demand in 2023 (50.0 against 100 m³/yr); the surplus of 2003 has become a deficit.',
    ],
    [
      [year(2003, 60, 100), year(2023, 101, 100)],
      'For water yield, supply exceeded demand by 1.0 % in 2023 (101 against 100 m³/yr); the deficit of 2003 has become a surplus.',
    ],
    [[year(2023, 500, 0)], 'For water yield, supply met no demand in 2023 (500 against 0 m³/yr).'],
    [[year(2023, 0, 5)], 'For water yield, demand met no supply in 2023 (0 against 5.00 m³/yr).'],
    [[year(2023, 7, undefined)], 'For water yield, supply was 7.00 m³/yr in 2023.'],
    [
      [year(2003, 200, 100), year(2023, 200, 100)],
      'For water yield, supply exceeded demand 2.0-fold in 2023 (200 against 100 m³/yr); the surplus has hardly changed since 2003.',
    ],
  ])('%#', (years, sentence) => {
    expect(say(years)).toBe(sentence);
  });

  it('speaks of means where sums mean nothing', () => {
    expect(say([year(2023, 0.6, 0.2)], { measure: 'mean', unit: '1' })).toBe(
      'For water yield, mean supply exceeded demand 3.0-fold in 2023 (0.600 against 0.200).',
    );
  });

  it('is silent without years', () => {
    expect(say([])).toBeUndefined();
  });
});

describe('land', () => {
  const map = (number: number, cells: readonly number[]): ReportMap => ({
    id: `${number}/lulc`,
    title: 'Land cover',
    year: number,
    quantity: 'lulc',
    unit: '1',
    kind: 'classes',
    width: cells.length,
    height: 1,
    cells: Uint32Array.from(cells),
    cellMetres: 100,
    classNames: { 1: 'cropland', 2: 'forest', 5: 'built-up' },
  });

  it('names the winner and the loser, nodata apart', () => {
    const sentence = landSentence([
      map(2023, [1, 1, 5, 5, 2, 2, 2, 2, 2, 1, NODATA_CODE]),
      map(2003, [1, 1, 1, 1, 1, 2, 2, 2, 2, 5, NODATA_CODE]),
    ]);
    expect(sentence?.replace(/\u00a0/g, ' ')).toMatch(
      /^(Forest|Built-up) grew from (40|10) % to (50|20) % of the area between 2003 and 2023; cropland lost most \(from 50 % to 30 %\)\.$/,
    );
  });

  it('says when nothing changed, and nothing about one year', () => {
    expect(landSentence([map(2003, [1, 2]), map(2023, [2, 1])])).toBe('Land cover hardly changed over these years.');
    expect(landSentence([map(2003, [1, 2])])).toBeUndefined();
  });
});

describe('findingOf', () => {
  it('has a sentence even where nothing is known', () => {
    const data = { ...makeData(8), maps: [], totals: [] };
    expect(findingOf(data, [])).toHaveLength(1);
  });
});

describe('deficitShare', () => {
  it('counts valid cells below the centre', () => {
    const cells = Float32Array.from([-1, 2, 3, NODATA, -4]);
    const map = { ...makeData(8).maps[1], cells, centre: undefined };
    expect(deficitShare(map)).toBe(0.5);
    expect(deficitShare({ ...map, centre: 2.5 })).toBe(0.75);
    expect(deficitShare({ ...map, cells: cells.fill(NODATA) })).toBeUndefined();
  });
});
