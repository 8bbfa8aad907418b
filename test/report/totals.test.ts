/** Totals by year, and the charts, tiles and tables that show them. */
import { describe, expect, it } from 'vitest';
import { DEMAND_COLOUR, SUPPLY_COLOUR, totalsChart } from '../../src/report/charts.ts';
import { luminanceOf } from '../../src/report/colours.ts';
import { keyFigures } from '../../src/report/cover.ts';
import type { ReportData, TotalsRow } from '../../src/report/data.ts';
import { table } from '../../src/report/table.ts';
import { serviceTotals, studyArea } from '../../src/report/totals.ts';
import { makeData } from './fixture.ts';
import { checkWellFormed } from './well-formed.ts';

const row = (year: number, quantity: string, sum: number, more: Partial<TotalsRow> = {}): TotalsRow => ({
  year,
  service: 'WY',
  quantity,
  unit: 'm3/yr',
  cells: 10,
  sum,
  mean: sum / 10,
  min: 0,
  max: sum,
  ...more,
});
const base = makeData(8);
const withTotals = (totals: readonly TotalsRow[]): ReportData => ({
  ...base,
  services: base.services.slice(0, 1),
  totals,
});
const plain = (text: string) =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/\s+/g, ' ');

describe('serviceTotals', () => {
  it('takes the balance of cells where both are known, else the difference', () => {
    const [found] = serviceTotals(
      withTotals([
        row(2013, 'supply', 50),
        row(2013, 'demand', 20),
        row(2003, 'supply', 70),
        row(2003, 'demand', 20),
        row(2003, 'balance_static', 45),
      ]),
    );
    expect(found.years).toEqual([
      { year: 2003, supply: 70, demand: 20, balance: 45 },
      { year: 2013, supply: 50, demand: 20, balance: 30 },
    ]);
    expect(found).toMatchObject({ measure: 'sum', unit: 'm3/yr' });
  });

  it('takes means of indices', () => {
    const [found] = serviceTotals(withTotals([row(2003, 'supply', 7, { unit: '1' })]));
    expect(found).toMatchObject({ measure: 'mean', years: [{ year: 2003, supply: 0.7 }] });
  });

  it('leaves out what has no valid cell', () => {
    const [found] = serviceTotals(withTotals([row(2003, 'supply', 0, { cells: 0, mean: Number.NaN })]));
    expect(found.years).toEqual([]);
  });
});

describe('studyArea', () => {
  it('counts the cells of the fullest output', () => {
    const cellArea = base.grid.cellWidth * base.grid.cellHeight;
    expect(studyArea(withTotals([row(2003, 'supply', 1), row(2003, 'demand', 1, { cells: 12 })]))).toBe(12 * cellArea);
    expect(studyArea({ ...base, grid: { ...base.grid, crs: { name: 'x', kind: 'geographic' } } })).toBeUndefined();
    expect(studyArea(withTotals([]))).toBeUndefined();
  });
});

describe('totalsChart', () => {
  const bars = (markup: string) =>
    [...markup.matchAll(/<rect [^>]*?y="([^"]+)"[^>]*?height="([^"]+)"/g)].map(([, y, height]) => [
      Number(y),
      Number(height),
    ]);

  it('draws bars as long as the values, with values and changes', () => {
    const { markup } = totalsChart(
      [
        { year: 2003, supply: 4e6, demand: 1e6 },
        { year: 2023, supply: 3e6, demand: 2e6 },
      ],
      'label',
    );
    checkWellFormed(markup);
    const heights = bars(markup).map(([, height]) => height);
    expect(heights[0] / heights[1]).toBeCloseTo(4, 1);
    expect(heights[2] / heights[3]).toBeCloseTo(1.5, 1);
    expect(plain(markup)).toMatch(/4\.00 .*1\.00 .*2023 .*3\.00 −25 % .*2\.00 \+100 %/);
  });

  it('draws negative values below the axis', () => {
    const { markup } = totalsChart([{ year: 2003, supply: -5, demand: 5 }], 'label');
    const [[below], [above, height]] = bars(markup);
    expect(below).toBeCloseTo(above + height, 0);
  });

  it('turns to lines for many years, and says where there is nothing', () => {
    const years = [1, 2, 3, 4, 5, 6].map((year) => ({ year: 2000 + year, supply: year, demand: 7 - year }));
    const { markup } = totalsChart(years, 'label');
    expect(checkWellFormed(markup).elements.get('circle')).toBe(12);
    expect(totalsChart([{ year: 2003 }], 'label').markup).toContain('No totals');
    expect(totalsChart([{ year: 2003, supply: 3 }], 'label').markup).toContain('no data');
  });

  it('has colours that stand out from paper', () => {
    for (const colour of [SUPPLY_COLOUR, DEMAND_COLOUR]) {
      const bytes = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
      expect(1.05 / (luminanceOf(bytes) + 0.05)).toBeGreaterThan(3);
    }
  });
});

describe('keyFigures', () => {
  const tile = (totals: readonly TotalsRow[]) => {
    const data = withTotals(totals);
    const { markup } = keyFigures(serviceTotals(data), []);
    checkWellFormed(markup);
    return { markup, text: plain(markup) };
  };

  it('tell a surplus and its change', () => {
    const { markup, text } = tile([
      row(2003, 'supply', 300),
      row(2003, 'demand', 100),
      row(2023, 'supply', 250),
      row(2023, 'demand', 100),
    ]);
    expect(markup).toContain('class="tile surplus"');
    expect(text).toMatch(/2\.5× supply over demand, 2023 .*Surplus 150 m³\/yr Change of the surplus since 2003 −25 %/);
  });

  it('tell a deficit and the surplus it was', () => {
    const { markup, text } = tile([
      row(2003, 'supply', 300),
      row(2003, 'demand', 100),
      row(2023, 'supply', 50),
      row(2023, 'demand', 100),
    ]);
    expect(markup).toContain('class="tile deficit"');
    expect(text).toMatch(/0\.50× .*Deficit 50\.0 m³\/yr Surplus in 2003 200 m³\/yr/);
  });

  it('tell that there is nothing to tell', () => {
    expect(tile([]).text).toContain('no valid cells');
    expect(tile([row(2003, 'supply', 3), row(2003, 'demand', 0)]).text).toContain('– supply over demand');
  });
});

describe('table', () => {
  it('has heads for columns and rows', () => {
    const { markup } = table({
      caption: 'C',
      columns: [{ head: 'A' }, { head: 'B', numeric: true }],
      rows: [['x', 1]],
    });
    checkWellFormed(markup);
    expect(markup).toContain('<th scope="col" class="number">B</th>');
    expect(markup).toContain('<th scope="row" class="">x</th><td class="number">1</td>');
    expect(table({ caption: 'C', columns: [], rows: [] }).markup).toContain('nothing to list');
  });
});
