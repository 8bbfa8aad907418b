/** Tables of flows: what became of supply and demand by year, the services side by side, the main flows between zones. */
import {
  decimalsFor,
  formatChange,
  formatFixed,
  formatLength,
  formatShare,
  humanise,
  magnitudeOf,
  prettyUnit,
  relativeChange,
  totalUnit,
} from '../format.ts';
import { type Content, html, type Markup } from '../markup.ts';
import type { FlowStory, ReportZone, ZoneLink } from '../stories.ts';
import { table } from '../table.ts';
import { amountOf, metShares, shareOf } from './words.ts';
import { endName, type ZoneFlows, zoneFlowsOf } from './zone-flows.ts';

/** Rows of the table of amounts: of supply, then of demand, then both. */
const ROWS: readonly { readonly quantity: string; readonly name: string; readonly of?: 'supply' | 'demand' }[] = [
  { quantity: 'supply', name: 'Supply' },
  { quantity: 'local', name: 'used where it arises', of: 'supply' },
  { quantity: 'delivered', name: 'delivered to other cells', of: 'supply' },
  { quantity: 'spill', name: 'left the study area', of: 'supply' },
  { quantity: 'lost', name: 'lost on the way', of: 'supply' },
  { quantity: 'residual', name: 'left over', of: 'supply' },
  { quantity: 'demand', name: 'Demand' },
  { quantity: 'local', name: 'met where it is', of: 'demand' },
  { quantity: 'inflow', name: 'met by what flows in', of: 'demand' },
  { quantity: 'unmet', name: 'not met', of: 'demand' },
  { quantity: 'before', name: 'Supply less demand, before the flow' },
  { quantity: 'after', name: 'Left over less not met, after it' },
];
/** Rows that are left out where they are 0 in every year. */
const OPTIONAL = ['delivered', 'inflow', 'spill', 'lost'];
const MAIN_FLOWS = 15;

/** @param stories of one service, by year */
export function totalsTable(stories: readonly FlowStory[]): Markup {
  const rows = ROWS.filter(
    ({ quantity }) => !OPTIONAL.includes(quantity) || stories.some((story) => amountOf(story, quantity) !== 0),
  );
  const { factor, word } = magnitudeOf(stories.flatMap((story) => ROWS.map((row) => amountOf(story, row.quantity))));
  const written = amountWriter(
    stories.flatMap((story) => rows.map((row) => amountOf(story, row.quantity))),
    factor,
  );
  const unit = [word, prettyUnit(totalUnit(stories[0].unit))].filter(Boolean).join('\u00a0');
  const [first, last] = [stories[0], stories[stories.length - 1]];
  const change = stories.length > 1;
  return table({
    caption: `What became of supply and demand${unit && `, ${unit}`}`,
    columns: [
      { head: 'Amount' },
      ...stories.map(({ year }) => ({ head: year, numeric: true })),
      ...(change ? [{ head: `Change since ${first.year}`, numeric: true }] : []),
    ],
    rows: rows.map(({ quantity, name, of }): Content[] => [
      of ? html`<span class="within">${name}</span>` : name,
      ...stories.map((story) => {
        const amount = amountOf(story, quantity);
        const share = of && amountOf(story, of) > 0 ? formatShare(amount / amountOf(story, of)) : undefined;
        return html`${written(amount)}${of && html` <span class="part-of">${share ?? '–'}</span>`}`;
      }),
      ...(change ? [formatChange(relativeChange(amountOf(first, quantity), amountOf(last, quantity)))] : []),
    ]),
    blocks: new Set(rows.flatMap(({ quantity }, i) => (['demand', 'before'].includes(quantity) ? [i] : []))),
  });
}

/** All services in their last year. @param services stories of each, by year */
export function servicesTable(services: readonly (readonly FlowStory[])[]): Markup {
  const last = services.map((stories) => stories[stories.length - 1]);
  const far = last.some(({ meanDistance }) => meanDistance !== undefined);
  const of = (story: FlowStory, quantity: string) => {
    const share = shareOf(story, quantity, 'supply');
    return share === 0 ? '–' : formatShare(share);
  };
  const heads = ['Used where it arises', 'Delivered', 'Left the area', 'Lost', 'Left over'];
  const quantities = ['local', 'delivered', 'spill', 'lost', 'residual'];
  return table({
    caption: 'Flows of all services: shares of supply, and of demand that is met',
    columns: [
      { head: 'Service' },
      { head: 'Flow', tight: true },
      { head: 'Year', numeric: true },
      ...heads.map((head) => ({ head, numeric: true })),
      { head: 'Demand met before', numeric: true },
      { head: 'and after the flow', numeric: true },
      ...(far ? [{ head: 'Mean distance', numeric: true }] : []),
    ],
    rows: last.map((story): Content[] => {
      const { before, after } = metShares(story);
      const { meanDistance } = story;
      const distance = meanDistance ? formatLength(Number(meanDistance.toPrecision(2))) : '–';
      return [
        story.serviceName,
        humanise(story.mode).toLowerCase(),
        story.year,
        ...quantities.map((quantity) => of(story, quantity)),
        formatShare(before),
        formatShare(after),
        ...(far ? [distance] : []),
      ];
    }),
  });
}

/** The largest flows of the last year, with what they were in the years before. */
export function mainFlowsTable(
  flows: ZoneFlows,
  stories: readonly FlowStory[],
  zones: readonly ReportZone[] = [],
): Markup {
  const years = stories.filter(({ links }) => links !== undefined);
  const byYear = years.map((story) => {
    const links = zoneFlowsOf(story, zones)?.links ?? [];
    return new Map(links.map((link) => [keyOf(link), link.amount]));
  });
  const { links, total } = flows;
  const main = links.slice(0, links.length === MAIN_FLOWS + 1 ? links.length : MAIN_FLOWS);
  const rest = links.slice(main.length);
  const amounts = main.map((link) => byYear.map((of) => of.get(keyOf(link)) ?? 0));
  const restOf = byYear.map((of) => rest.reduce((sum, link) => sum + (of.get(keyOf(link)) ?? 0), 0));
  const { factor, word } = magnitudeOf(amounts.flat());
  const written = amountWriter(amounts.flat(), factor);
  const unit = [word, prettyUnit(totalUnit(flows.story.unit))].filter(Boolean).join('\u00a0');
  const change = years.length > 1;
  const cells = (values: readonly number[], last: number): Content[] => [
    ...values.map(written),
    ...(change ? [formatChange(relativeChange(values[0], values[values.length - 1]))] : []),
    formatShare(last / total),
  ];
  return table({
    caption: `Main flows between zones${unit && `, ${unit}`}`,
    columns: [
      { head: 'From' },
      { head: 'To' },
      ...years.map(({ year }) => ({ head: year, numeric: true })),
      ...(change ? [{ head: `Change since ${years[0].year}`, numeric: true }] : []),
      { head: `Share of ${flows.story.year}`, numeric: true },
    ],
    rows: [
      ...main.map((link, i) => [
        flows.nameOf(link.from),
        link.as === 'used' && link.from === link.to ? 'other cells of the zone' : endName(flows, link),
        ...cells(amounts[i], link.amount),
      ]),
      ...(rest.length > 0
        ? [
            [
              `${rest.length} smaller flows`,
              '',
              ...cells(
                restOf,
                rest.reduce((sum, { amount }) => sum + amount, 0),
              ),
            ],
          ]
        : []),
    ],
    blocks: rest.length > 0 ? new Set([main.length]) : undefined,
  });
}

function keyOf({ from, as, to }: ZoneLink): string {
  return `${from} ${as} ${as === 'lost' ? '' : to}`;
}

/** Writes amounts of one table with one number of decimals, in which the largest has four digits. */
function amountWriter(amounts: readonly number[], factor: number): (amount: number) => string {
  const largest = Math.max(0, ...amounts.map(Math.abs));
  const decimals = decimalsFor(largest / factor, 4);
  return (amount) => formatFixed(amount / factor, decimals);
}
