/** Totals: a chart for each service, the table of supply, demand and balance, the statistics of every output. */
import { chartMagnitude, DEMAND_COLOUR, SUPPLY_COLOUR, totalsChart } from './charts.ts';
import type { ReportData, TotalsRow } from './data.ts';
import {
  addsUp,
  decimalsFor,
  formatAmount,
  formatFixed,
  formatNumber,
  formatSignificant,
  humanise,
  prettyUnit,
  signedFixed,
} from './format.ts';
import { html, type Markup } from './markup.ts';
import type { Section } from './section.ts';
import { blockStarts, table } from './table.ts';
import type { ServiceTotals } from './totals.ts';

export function totalsSection(totals: readonly ServiceTotals[]): Section {
  const key = html`<ul class="swatches"><li><span class="swatch" style="background:${SUPPLY_COLOUR}"></span>Supply</li><li><span class="swatch" style="background:${DEMAND_COLOUR}"></span>Demand</li></ul>`;
  const several = totals.some(({ years }) => years.length > 1);
  const charts = totals.map((service) => {
    const { years, unit, measure } = service;
    const { word } = chartMagnitude(years);
    const what = [word, prettyUnit(unit) || 'index'].filter(Boolean).join('\u00a0');
    const spoken = years
      .map((y) => `${y.year}: supply ${known(y.supply, unit)}, demand ${known(y.demand, unit)}`)
      .join('; ');
    const label = `${service.service.name}, supply and demand by year. ${spoken}`;
    return html`<figure class="card"><figcaption><b>${service.service.name}</b><span>${measure === 'mean' ? 'mean, ' : ''}${what}</span></figcaption>${totalsChart(years, label)}</figure>`;
  });
  return {
    id: 'totals',
    title: 'Supply and demand by year',
    body: html`<div class="keyline"><p>Over the study area.${several && ' Percentages are changes since the first year.'}</p>${key}</div>
<div class="charts">${charts}</div>${summaryTable(totals)}`,
  };
}

function summaryTable(totals: readonly ServiceTotals[]): Markup {
  const rows = totals.flatMap((entry) => entry.years.map((year, i) => ({ entry, year, first: entry.years[0], i })));
  const several = totals.some(({ years }) => years.length > 1);
  const change = several ? ['Change of balance since the first year'] : [];
  const heads = ['Supply', 'Demand', 'Balance', ...change, 'Supply ÷ demand'];
  return table({
    caption: 'Supply, demand and balance by year',
    columns: [
      { head: 'Service' },
      { head: 'Year', numeric: true },
      { head: 'Unit', tight: true },
      ...heads.map((head) => ({ head, numeric: true })),
    ],
    rows: rows.map(({ entry, year, first, i }) => {
      const { factor, word } = chartMagnitude(entry.years);
      const largest = Math.max(...entry.years.flatMap((y) => [y.supply ?? 0, y.demand ?? 0].map(Math.abs)));
      const decimals = decimalsFor(largest / factor, 4);
      const number = (value: number | undefined) => (value === undefined ? '–' : formatFixed(value / factor, decimals));
      const ratio = year.demand ? (year.supply ?? Number.NaN) / year.demand : Number.NaN;
      return [
        i === 0 ? entry.service.name : html`<span class="hidden">${entry.service.name}</span>`,
        year.year,
        `${entry.measure === 'mean' ? 'mean ' : ''}${[word, prettyUnit(entry.unit) || 'index'].filter(Boolean).join(' ')}`,
        number(year.supply),
        number(year.demand),
        number(year.balance),
        ...(several
          ? [
              i === 0
                ? '–'
                : signedFixed((year.balance ?? Number.NaN) / factor - (first.balance ?? Number.NaN) / factor, decimals),
            ]
          : []),
        formatSignificant(ratio, 3),
      ];
    }),
    blocks: blockStarts(rows.map(({ entry }) => entry)),
  });
}

export function statisticsSection(data: ReportData): Section {
  const name = (code: string) => data.services.find((service) => service.code === code)?.name ?? humanise(code);
  const order = (row: TotalsRow) => {
    const service = data.services.findIndex(({ code }) => code === row.service);
    return service < 0 ? data.services.length : service;
  };
  const rows = data.totals
    .map((row, i) => ({ ...row, first: data.totals.findIndex((other) => sameQuantity(row, other)), i }))
    .sort((a, b) => order(a) - order(b) || a.first - b.first || a.year - b.year || a.i - b.i);
  const starts = blockStarts(rows.map(({ service }) => service));
  return {
    id: 'statistics',
    title: 'Statistics of every output',
    body: table({
      caption: 'Totals and statistics over the valid cells',
      columns: [
        { head: 'Service' },
        { head: 'Quantity' },
        { head: 'Year', numeric: true },
        { head: 'Unit' },
        ...['Cells', 'Sum', 'Mean', 'Min', 'Max'].map((head) => ({ head, numeric: true })),
      ],
      rows: rows.map((row, i) => [
        i === 0 || starts.has(i) ? name(row.service) : html`<span class="hidden">${name(row.service)}</span>`,
        QUANTITIES[row.quantity] ?? humanise(row.quantity),
        row.year,
        prettyUnit(row.unit) || '–',
        formatNumber(row.cells, 12),
        ...[addsUp(row.unit) ? row.sum : Number.NaN, row.mean, row.min, row.max].map((value) =>
          row.cells > 0 ? formatSignificant(value, 4) : '–',
        ),
      ]),
      blocks: starts,
    }),
  };
}

const QUANTITIES: Readonly<Record<string, string>> = { balance_static: 'Balance', ratio: 'Supply–demand ratio' };

function sameQuantity(a: TotalsRow, b: TotalsRow): boolean {
  return a.service === b.service && a.quantity === b.quantity;
}

function known(value: number | undefined, unit: string): string {
  return value === undefined ? 'unknown' : formatAmount(value, unit);
}
