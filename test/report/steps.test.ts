/** The sections on risk, hot spots and bundles: whole, well-formed, and true to what they are told. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportData } from '../../src/report/data.ts';
import { findingOf } from '../../src/report/finding.ts';
import { bundleFinding, riskFinding } from '../../src/report/finding-steps.ts';
import { renderReport } from '../../src/report/index.ts';
import { type PanelGroups, panelsOf } from '../../src/report/panels.ts';
import { deflateNatively } from '../../src/report/png.ts';
import { riskSentence } from '../../src/report/risk-of-service.ts';
import { bundlesSection, choiceSentence } from '../../src/report/section-bundles.ts';
import { hotspotSentence, hotspotsSection } from '../../src/report/section-hotspots.ts';
import { riskSection } from '../../src/report/section-risk.ts';
import { stackedBars } from '../../src/report/stacked-bars.ts';
import { serviceTotals } from '../../src/report/totals.ts';
import { makeSteps } from './steps-fixture.ts';
import { checkWellFormed } from './well-formed.ts';

const plain = (text: string) =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/\s+/g, ' ');
const evil = '<b>&"x';

let data: ReportData;
let groups: PanelGroups;
beforeAll(async () => {
  data = makeSteps(30, 3);
  groups = await panelsOf(data, deflateNatively);
});

const without = (...names: (keyof ReportData)[]): ReportData => ({
  ...data,
  ...Object.fromEntries(names.map((name) => [name, undefined])),
});
const noMaps = (): PanelGroups => ({ ...groups, risk: new Map(), hotspots: [], bundles: [] });
const html = (section: { readonly body: { readonly markup: string } } | undefined) => section?.body.markup ?? '';

describe('the whole report', () => {
  it('is well-formed, with each section in its contents and a key for each map', async () => {
    const page = await renderReport(data);
    const { ids } = checkWellFormed(page, true);
    for (const id of ['risk', 'risk-of-0', 'risk-0-0', 'hotspots', 'hotspots-of-ratio', 'hotspots-2', 'bundles'])
      expect(ids).toContain(id);
    expect(page.includes('<a href="#hotspots-of-demand">')).toBe(true);
    for (const id of ['risk-0-0', 'hotspots-2', 'bundles-0']) expect(page.includes(`"${id}":{`)).toBe(true);
    const said = page.replace(/<script>.*<\/script>/s, '').replace(/data:image\/png[^"]*/g, '');
    expect(/.{40}(NaN|Infinity|undefined|\[object).{40}/.exec(said)).toBeNull();
  });

  it('escapes names', async () => {
    const risks = data.risks!.map((story) => ({ ...story, serviceName: evil }));
    const features = data.bundles!.features.map(() => ({ service: evil, serviceName: evil }));
    const zones = data.zones!.map((zone) => ({ ...zone, name: evil }));
    const hotspots = data.hotspots!.map((story) => ({ ...story, window: evil }));
    const named = { ...data, risks, zones, hotspots, bundles: { ...data.bundles!, features, of: `net ${evil}` } };
    const page = await renderReport(named);
    checkWellFormed(page, true);
    expect(page.includes(evil)).toBe(false);
    expect(page.split('&lt;b&gt;&amp;&quot;x').length).toBeGreaterThan(50);
  });
});

describe('riskSection', () => {
  it('has no more than it is told', () => {
    expect(riskSection(without('risks', 'riskTransitions'), noMaps())).toBeUndefined();
    checkWellFormed(`<div>${html(riskSection(without('risks', 'riskTransitions'), groups))}</div>`, true);
    const unmapped = html(riskSection(data, noMaps()));
    checkWellFormed(`<div>${unmapped}</div>`, true);
    expect(unmapped).not.toContain('<img');
    expect(html(riskSection({ ...data, zones: [] }, groups))).toContain('zone 1');
  });

  it('sorts services by their share at high risk and gives their mean class', () => {
    const chart = /<div class="bars[^"]*".*?<\/div>/s.exec(html(riskSection(data, groups)))![0];
    const names = [...chart.matchAll(/bar-name">([^<]*)/g)].map(([, name]) => name);
    const shares = names.map((name) => data.risks!.find((story) => story.serviceName === name)!.levels.high.share);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(new Set(names).size).toBe(3);
    const mean = data.risks!.find(({ serviceName }) => serviceName === names[0])!.meanClass;
    expect(plain(chart)).toContain(`mean class ${mean.toFixed(1).replace('-', '−')}`);
  });

  it('lists all 18 classes of a service with the shares that add up to its levels', () => {
    const body = html(riskSection(data, groups));
    const first = /<div class="class-table">.*?<\/table>/s.exec(body)![0];
    expect(first.match(/class="swatch"/g)).toHaveLength(18);
    const rows = [...first.matchAll(/<tr[^>]*><th scope="row".*?<\/tr>/gs)].map(([row]) => plain(row));
    expect(rows).toHaveLength(21);
    const share = (row: string) => Number(/([\d.]+) %/.exec(row)?.[1] ?? 0);
    for (const start of [0, 7, 14]) {
      const sum = rows.slice(start + 1, start + 7).reduce((total, row) => total + share(row), 0);
      expect(Math.abs(sum - share(rows[start]))).toBeLessThan(0.35);
    }
    expect(rows.map(share).reduce((a, b) => a + b)).toBeGreaterThan(190);
  });

  it('lists thirty zones, the worst first, and says that there are more', () => {
    const [story] = data.risks!;
    const many = Array.from({ length: 34 }, (_, i) => ({ ...story.zones[0], zone: i + 1, meanClass: i % 17 }));
    const risks = [{ ...story, zones: many }];
    const details = /<details>.*<\/details>/s.exec(html(riskSection({ ...data, risks }, noMaps())))![0];
    const rows = [...details.matchAll(/<tr[^>]*><th scope="row".*?<\/tr>/gs)].map(([row]) => plain(row));
    expect(rows).toHaveLength(30);
    expect(rows[0]).toMatch(/ 0\.00 $/);
    expect(rows[29]).toMatch(/ 14\.00 $/);
    expect(plain(details)).toContain('30 of 34 zones, those with the lowest mean class');
  });

  it('tells a story in a sentence', () => {
    const classes = [
      { code: -6, cells: 30, share: 0.3 },
      { code: -2, cells: 13, share: 0.13 },
      { code: 8, cells: 57, share: 0.57 },
    ];
    const levels = {
      high: { cells: 43, share: 0.43 },
      medium: { cells: 0, share: 0 },
      low: { cells: 57, share: 0.57 },
    };
    const story = { ...data.risks![0], classes, levels, meanClass: 2.5 };
    expect(plain(riskSentence(story))).toBe(
      '57 % of the area is at low risk, all of it surplus shrinking; 43 % at high risk, mostly deficit deepening. The mean class is 2.5.',
    );
    const none = { ...levels, high: levels.medium, low: levels.medium };
    expect(riskSentence({ ...story, levels: none })).toBe('No cell has a class of risk.');
  });
});

describe('hotspotsSection', () => {
  it('has no more than it is told', () => {
    expect(hotspotsSection(without('hotspots'), noMaps())).toBeUndefined();
    checkWellFormed(`<div>${html(hotspotsSection(without('hotspots'), groups))}</div>`, true);
    checkWellFormed(`<div>${html(hotspotsSection(data, noMaps()))}</div>`, true);
  });

  it('says what was looked at and what the bins allow for', () => {
    expect(plain(html(hotspotsSection(data, groups)))).toMatch(/disc of 5 km\..*false discoveries/);
    const hotspots = data.hotspots!.map((story) => ({ ...story, correction: 'none' as const }));
    expect(html(hotspotsSection({ ...data, hotspots }, groups))).not.toContain('false discoveries');
  });

  it('adds up bins to hot and cold', () => {
    const bins = [0.1, 0.05, 0.05, 0.5, 0.1, 0.1, 0.1].map((share, i) => ({ code: i - 3, cells: 1, share }));
    const [story] = data.hotspots!;
    expect(plain(hotspotSentence([{ ...story, year: 2003, bins }]))).toBe(
      'In 2003, 30 % of the area is hot spot and 20 % cold spot.',
    );
  });
});

describe('bundlesSection', () => {
  it('has no more than it is told', () => {
    expect(bundlesSection(without('bundles'), noMaps())).toBeUndefined();
    expect(html(bundlesSection(without('bundles'), groups))).toContain('<img');
    const given = {
      ...data.bundles!,
      curve: data.bundles!.curve.slice(4, 5),
      firstTurn: undefined,
      maximum: undefined,
    };
    const body = html(bundlesSection({ ...data, bundles: given }, noMaps()));
    checkWellFormed(`<div>${body}</div>`, true);
    expect(body).toContain('The number of bundles, 6, was given.');
    expect(body).not.toContain('class="chart curve"');
  });

  it('has a rose a bundle with a petal a service', () => {
    const { elements } = checkWellFormed(`<div>${html(bundlesSection(data, groups))}</div>`, true);
    const roses = html(bundlesSection(data, groups)).match(/class="chart rose"/g);
    expect(roses).toHaveLength(data.bundles!.bundles.length);
    expect(elements.get('tspan')).toBe(2 * 3 * roses!.length);
  });

  it('ranks only services at high risk, and all where it is not about risk', () => {
    const [bundle] = data.bundles!.bundles;
    const bundles = {
      ...data.bundles!,
      bundles: [{ ...bundle, means: [-1, 4, -3], priorities: [2, 0, 1] }],
    };
    const order = (of: string) => {
      const body = html(bundlesSection({ ...data, bundles: { ...bundles, of } }, groups));
      return [...body.matchAll(/class="chip"[^>]*><b>([^<]*)/g)].map(([, code]) => code);
    };
    const [a, b, c] = bundles.features.map(({ service }) => service);
    expect(order('risk 2003-2023')).toEqual([c, a]);
    expect(order('net 2023')).toEqual([c, a, b]);
    const calm = { ...bundles, bundles: [{ ...bundle, means: [1, 4, 3] }] };
    expect(html(bundlesSection({ ...data, bundles: calm }, groups))).toContain('none at high risk');
  });

  it('fits its words to what was bundled', () => {
    const net = { ...data.bundles!, of: 'net 2023' };
    const words = plain(html(bundlesSection({ ...data, bundles: net }, groups)));
    expect(words).toContain('cells whose net 2023 is alike over 3 services');
    expect(words).not.toMatch(/risk/i);
  });

  it('says why there are as many', () => {
    const story = data.bundles!;
    expect(choiceSentence({ ...story, firstTurn: 6, maximum: 9, chosen: 6 })).toMatch(
      /at 6 and is largest at 9\. The first turn is taken: 6/,
    );
    expect(choiceSentence({ ...story, firstTurn: 6, maximum: 9, chosen: 9 })).toContain('The maximum is taken: 9');
    expect(choiceSentence({ ...story, firstTurn: 6, maximum: 6, chosen: 4 })).toMatch(
      /at 6 and is largest at 6\. Taken as given: 4/,
    );
  });
});

describe('stackedBars', () => {
  it('are as long as their shares and told in words', () => {
    const pieces = [0.5, 0.15, 0.02, 0, Number.NaN].map((share, i) => ({ name: `p${i}`, colour: [0, 0, 0], share }));
    const { markup } = stackedBars([{ name: 'a', pieces }], 'Label');
    checkWellFormed(markup);
    const widths = [...markup.matchAll(/<i style="width:([\d.]+)%/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([50, 15, 2]);
    expect(plain(/aria-label="([^"]*)"/.exec(markup)![1])).toBe('Label. a: p0 50 %, p1 15 %, p2 2.0 %');
  });
});

describe('the finding', () => {
  it('names the service at the highest risk, those widely so, and the largest bundle', () => {
    const sentences = findingOf(data, serviceTotals(data)).map(plain);
    const [worst] = [...data.risks!].sort((a, b) => b.levels.high.share - a.levels.high.share);
    const name = worst.serviceName.charAt(0).toLowerCase() + worst.serviceName.slice(1);
    expect(sentences.some((sentence) => sentence.startsWith(`Risk is highest for ${name}: `))).toBe(true);
    expect(
      sentences.some((sentence) => /^The area falls into \d bundles of like risk; in the largest/.test(sentence)),
    ).toBe(true);
  });

  it('keeps silent on what there is not', () => {
    expect(riskFinding([])).toBeUndefined();
    const calm = data.risks!.map((story) => ({ ...story, levels: { ...story.levels, high: { cells: 0, share: 0 } } }));
    expect(riskFinding(calm)).toBe('No service leaves any of the area at high risk.');
    expect(bundleFinding({ ...data.bundles!, bundles: data.bundles!.bundles.slice(0, 1) })).toBeUndefined();
    expect(bundleFinding({ ...data.bundles!, of: 'supply 2023' })).toMatch(/bundles of like supply; .* takes/);
  });
});
