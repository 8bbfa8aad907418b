/** The section on flow: sentences, tables, what it says without zones, and that nothing of the data acts as markup. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReportData } from '../../src/report/data.ts';
import { mainFlowsTable, servicesTable, totalsTable } from '../../src/report/flow/tables.ts';
import { flowSentence } from '../../src/report/flow/words.ts';
import { zoneFlowsOf } from '../../src/report/flow/zone-flows.ts';
import { renderReport } from '../../src/report/index.ts';
import { lineChart } from '../../src/report/line-chart.ts';
import { panelsOf } from '../../src/report/panels.ts';
import { flowSection } from '../../src/report/section-flow.ts';
import { stackedBars } from '../../src/report/stacked-bars.ts';
import type { FlowStory, ReportZone } from '../../src/report/stories.ts';
import { makeData } from './fixture.ts';
import { makeStory, withFlows, ZONES } from './flow-fixture.ts';
import { checkWellFormed } from './well-formed.ts';

const platform = { deflate: async (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes, { level: 1 })) };
const render = (data: ReportData) => renderReport(data, platform);
const words = (text: string) =>
  text
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/\s+/g, ' ');

/** A flow of these amounts, all others 0. */
function storyOf(amounts: Readonly<Record<string, number>>, more: Partial<FlowStory> = {}): FlowStory {
  const totals = Object.entries(amounts).map(([quantity, amount]) => ({ quantity, amount, share: Number.NaN }));
  return {
    year: 2023,
    service: 'WY',
    serviceName: 'Water yield',
    mode: 'omnidirectional',
    unit: 'm3/yr',
    totals,
    epochs: [],
    remarks: [],
    ...more,
  };
}

describe('flowSentence', () => {
  const amounts = {
    supply: 1000,
    demand: 500,
    local: 300,
    delivered: 100,
    inflow: 100,
    spill: 50,
    residual: 550,
    unmet: 100,
  };

  it('says what became of supply and how demand was met', () => {
    const before = storyOf({ ...amounts, delivered: 80 }, { year: 2003 });
    const after = storyOf(amounts, { meanDistance: 3456 });
    expect(words(flowSentence([before, after]))).toBe(
      'Of the supply of 2023, 30 % was used where it arose, 10 % reached cells that lacked it (3.5 km away in the mean), 5.0 % left the study area and 55 % was left over; ' +
        'the flow raised the part of demand that is met from 60 % to 80 %. What is delivered has grown by 25 % since 2003.',
    );
  });

  it.each<[string, Record<string, number>, string]>([
    ['no supply', { demand: 5, unmet: 5 }, 'There was no supply in 2023: no demand was met.'],
    ['no demand', { supply: 5, residual: 5 }, 'Of the supply of 2023, 100 % was left over; there was no demand.'],
    [
      'nothing moved',
      { supply: 10, demand: 10, local: 4, residual: 6, unmet: 6 },
      'Of the supply of 2023, 40 % was used where it arose and 60 % was left over; 40 % of demand was met.',
    ],
  ])('%s', (_, given, expected) => {
    expect(words(flowSentence([storyOf(given)]))).toBe(expected);
  });
});

describe('tables of flows', () => {
  const data = makeData(8);
  const stories = data.years.map((year) => makeStory(data, 0, year));

  it('show parts with their shares, and sides that add up', () => {
    const text = words(totalsTable(stories).markup);
    expect(text).toContain('What became of supply and demand, billion m³/yr');
    expect(text).toMatch(/Supply 4\.100 4\.100 4\.100 ±0 %/);
    const numbers = (row: string) =>
      [...text.match(new RegExp(`${row} ((?:[\\d.]+ [\\d.]+ % ?)+)`))![1].matchAll(/([\d.]+) ([\d.]+) %/g)].map(
        ([, amount]) => Number(amount),
      );
    const parts = [
      'used where it arises',
      'delivered to other cells',
      'left the study area',
      'lost on the way',
      'left over',
    ].map(numbers);
    for (const year of [0, 1, 2]) {
      expect(parts.reduce((sum, part) => sum + part[year], 0)).toBeCloseTo(4.1, 2);
    }
    expect(text).toMatch(/delivered to other cells 0\.327 8\.0 % 0\.362 8\.8 % 0\.398 9\.7 % \+21 %/);
    expect(text).toMatch(/met by what flows in 0\.327 15 % 0\.362 13 % 0\.398 12 % \+21 %/);
  });

  it('leave out what a service does not do', () => {
    const still = storyOf({ supply: 3, demand: 2, local: 2, residual: 1 }, { mode: 'in_situ' });
    const text = words(totalsTable([still]).markup);
    expect(text).not.toMatch(/delivered|left the study area|lost|flows in|Change/);
    expect(text).toMatch(/left over 1\.000 33 %/);
    expect(words(servicesTable([[still], stories]).markup)).toMatch(
      /Water yield in situ 2023 67 % – – – 33 % 100 % 100 %/,
    );
  });

  it('list the main flows with the years before, and the rest in one row', () => {
    const flows = zoneFlowsOf(stories[2], ZONES)!;
    const text = words(mainFlowsTable(flows, stories, ZONES).markup);
    expect(text).toMatch(/Harbour other cells of the zone 79\.32 87\.82 96\.31 \+21 % 16 %/);
    expect(text).toMatch(/Lower Lian leaves at Harbour 26\.86/);
    expect(text).toMatch(/28 smaller flows 139\.62/);
    expect(mainFlowsTable(flows, stories, ZONES).markup.match(/<tr/g)!.length).toBe(1 + 15 + 1);
  });
});

describe('flowSection', () => {
  it('is not there without a flow', async () => {
    const data = makeData(8);
    expect(flowSection(data, await panelsOf(data, platform.deflate))).toBeUndefined();
  });

  it('shows every map, chart and table, and says each in words', async () => {
    const data = withFlows(makeData(24));
    const page = await render(data);
    const { elements, ids } = checkWellFormed(page, true);
    expect(elements.get('img')).toBe(31 + 2 * 2 * 3);
    expect(elements.get('polygon')! / 2).toBeGreaterThan(10);
    for (const id of ['flow', 'flow-0', 'flow-1', 'flow-0-0', 'flow-1-1']) expect(ids).toContain(id);
    const keys = JSON.parse(/const KEYS = (.*);\n/.exec(page)![1]);
    expect(keys['flow-0-0'].labels).toContain('unserved demander');
    for (const [svg] of page.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/role="img" aria-label="[^"]{20,}"/);
    const text = words(page);
    expect(text).toContain('57 % of demand met');
    expect(text).toContain('2003: 12 cells with supply but no demand take no part.');
    expect(text).toMatch(/The arrows are \d+ % of all that was sent; 41 % goes to other cells of the same zone/);
    expect(text).not.toMatch(/undefined|NaN|Infinity|\[object|polygons/);
    for (const [, address] of page.matchAll(/(?:src|href)=["']([^"']+)/g)) {
      expect(address).toMatch(/^(data:image\/png;base64,|#|\.\/)/);
    }
  });

  it('says how to get flows between zones', async () => {
    const page = await render(withFlows(makeData(12), []));
    const text = words(page);
    expect(text).toContain('zones: { file: districts.gpkg, name: name }');
    expect(text).not.toMatch(/Main flows between zones|From zone to zone/);
    expect(page).not.toContain('<polygon');
  });

  const whole = withFlows(makeData(12));
  const cases: [string, ReportData, RegExp][] = [
    ['one year', withFlows(makeData(12, [2023])), /Share of 2023/],
    ['no stories', { ...whole, flows: undefined }, /Area by role/],
    ['no maps', { ...whole, maps: whole.maps.filter(({ step }) => step !== 'flow') }, /From zone to zone/],
    [
      'nothing at all to send',
      {
        ...whole,
        flows: whole.flows!.map((story) => ({ ...story, totals: [], epochs: [], links: [], meanDistance: 0 })),
      },
      /There was no supply in 2023/,
    ],
    [
      'in situ',
      {
        ...whole,
        flows: whole.flows!.map((story) => ({ ...story, mode: 'in_situ' as const, epochs: [], links: undefined })),
      },
      /nothing moves/,
    ],
    ['a single cell', withFlows(makeData(1)), /Flow from supply to demand/],
    [
      'zones without a flow between them',
      {
        ...whole,
        flows: whole.flows!.map((story) => ({ ...story, links: undefined, remarks: ['no table: too many zones'] })),
      },
      /No table: too many zones\./,
    ],
  ];

  it.each(cases)('stands %s', async (_, data, expected) => {
    const page = await render(data);
    checkWellFormed(page, true);
    expect(words(page)).toMatch(expected);
    expect(words(page)).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('lets no name act as markup', async () => {
    const evil = `</text><script>alert("1")</script>&'`;
    const data = makeData(12);
    const zones: ReportZone[] = ZONES.map((zone) => ({ ...zone, id: evil, name: evil }));
    const flowing = withFlows(data, zones);
    const page = await render({
      ...flowing,
      flows: flowing.flows!.map((story) => ({ ...story, serviceName: evil, unit: evil, remarks: [evil] })),
    });
    checkWellFormed(page, true);
    expect(page.split('<script').length).toBe(2);
    expect(page).toContain('&lt;/text&gt;');
  });
});

describe('lineChart', () => {
  const points = (values: readonly number[]) => values.map((value, i) => [i + 1, value] as const);
  const chart = (values: readonly number[], logarithmic?: boolean) =>
    lineChart({
      label: 'left after each round',
      lines: [{ name: '2023', colour: '#123456', points: points(values) }],
      across: 'round',
      logarithmic,
    }).markup;
  const heights = (markup: string) =>
    [...markup.match(/d="(M[^"]*L[^"]*)"/)![1].matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));

  it('is logarithmic where values span decades: equal factors are equal steps', () => {
    const [a, b, c] = heights(chart([10_000, 100, 1]));
    expect(b - a).toBeCloseTo(c - b, 0);
    expect(b - a).toBeGreaterThan(50);
    const [p, q, r] = heights(chart([10_000, 100, 1], false));
    expect(q - p).toBeGreaterThan(50 * (r - q));
  });

  it('leaves out what is not a number, and stands one point and none', () => {
    expect(heights(chart([5, Number.NaN, 4])).length).toBe(2);
    checkWellFormed(chart([5]));
    checkWellFormed(chart([0, 0]));
    expect(chart([Number.NaN])).toContain('Nothing to draw');
  });

  it('keeps to the frame', () => {
    for (const values of [
      [3, 2.9, 2.8],
      [3, 0],
      [-5, 5],
      [1e9, 1],
    ]) {
      for (const y of heights(chart(values))) {
        expect(y).toBeGreaterThanOrEqual(16);
        expect(y).toBeLessThanOrEqual(206);
      }
    }
  });
});

describe('stackedBars', () => {
  it('draw shares of the whole and skip what is unknown', () => {
    const pieces = [
      { name: 'used', colour: [0, 0, 0], share: 0.25 },
      { name: 'lost', colour: [9, 9, 9], share: Number.NaN },
      { name: 'left', colour: [255, 255, 255], share: 0.75 },
    ];
    const { markup } = stackedBars([{ name: '2023', pieces }], 'What became of it');
    expect([...markup.matchAll(/width:([\d.]+)%/g)].map(([, width]) => Number(width))).toEqual([25, 75]);
    expect(words(markup.match(/aria-label="([^"]*)"/)![1])).toBe('What became of it. 2023: used 25 %, left 75 %');
  });
});
