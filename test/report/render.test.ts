/** The whole document: well-formed, self-contained, escaped, complete; and the runs that lack something. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { ReportData } from '../../src/report/data.ts';
import { renderReport } from '../../src/report/index.ts';
import { makeData, YEARS } from './fixture.ts';
import { checkWellFormed } from './well-formed.ts';

const platform = { deflate: async (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes, { level: 1 })) };
const render = (data: ReportData) => renderReport(data, platform);
const words = (page: string) =>
  page
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(/\s+/g, ' ');

describe('renderReport', () => {
  it('is one well-formed document with every part', async () => {
    const data = makeData(40);
    const page = await render(data);
    const { elements, ids } = checkWellFormed(page, true);
    // Cover, 3 of land cover, 2 services × 3 quantities × 3 years, 3 composites × 3 years.
    expect(elements.get('img')).toBe(1 + 3 + 18 + 9);
    for (const id of [
      'totals',
      'land-cover',
      'services',
      'composite',
      'statistics',
      'method',
      'parameters',
      'inputs',
      'verification',
      'run',
    ]) {
      expect(ids).toContain(id);
    }
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    const text = words(page);
    expect(text).toContain('For water yield, supply');
    expect(text).toContain('All 8 outputs agree');
    expect(text).toContain('b1946ac92492d2347c6235b4d2611184 e3a0c9f2c6b1b5a1c0b7f1d0a9e8d7c6');
    expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('asks the network for nothing', async () => {
    const page = await render(makeData(16));
    expect(page).toContain("default-src 'none'");
    for (const [, address] of page.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)) {
      expect(address).toMatch(/^(data:image\/png;base64,|#|\.\/)/);
    }
    expect(page).not.toMatch(/@import|https?:/);
  });

  it('describes every map and every chart', async () => {
    const page = await render(makeData(16));
    const alts = [...page.matchAll(/<img [^>]*alt="([^"]*)"/g)].map(([, alt]) => alt);
    expect(alts[0]).toBe('');
    for (const alt of alts.slice(1)) expect(alt).toMatch(/^Map: .*(20[012]3).*\.$/);
    for (const [svg] of page.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/role="img" aria-label="[^"]{20,}"/);
    const heads = [...page.matchAll(/<th /g)].length;
    expect([...page.matchAll(/<th scope="(col|row)"/g)].length).toBe(heads);
  });

  it('lets nothing of the data act as markup', async () => {
    const evil = `</script><img src=x onerror="alert('1')">&`;
    const data = makeData(16);
    const page = await render({
      ...data,
      title: evil,
      services: data.services.map((service) => ({ ...service, name: evil, category: evil, supplyModel: evil })),
      maps: data.maps.map((map) => ({ ...map, title: evil, serviceName: evil, file: evil, formula: evil, unit: evil })),
      parameters: data.parameters.map((row) => ({ ...row, where: evil, name: evil, value: evil, about: evil })),
      inputs: data.inputs.map((row) => ({ ...row, layer: evil, file: evil, alignment: evil })),
      device: { name: evil, kind: evil, driver: evil, sentence: evil },
      log: [evil],
    });
    checkWellFormed(page, true);
    expect(page).not.toContain('<img src=x');
    expect(page.split('</script>').length).toBe(2);
  });

  it('gives every colour of a map its meaning', async () => {
    const page = await render(makeData(16));
    const keys = JSON.parse(/const KEYS = (.*);\n/.exec(page)![1]);
    const panels = [...page.matchAll(/data-key="([^"]+)"/g)].map(([, id]) => id);
    expect(Object.keys(keys).sort()).toEqual([...panels].sort());
    for (const { colours, labels } of Object.values<{ colours: string[]; labels: string[] }>(keys)) {
      expect(labels.length).toBe(colours.length);
    }
    expect(keys['map-lulc-0'].labels).toContain('forest');
  });

  it('stays small', async () => {
    const page = await render(makeData(96));
    const pixels = 31 * 96 * 96;
    expect(page.length).toBeLessThan(120_000 + pixels);
  });
});

describe('runs that lack something', () => {
  const whole = makeData(16);
  const cases: [string, ReportData, RegExp][] = [
    ['one year', makeData(16, [2023]), /in 2023/],
    ['many years', makeData(12, [2000, 2002, 2004, 2006, 2008, 2010, 2012]), /the (surplus|deficit)/],
    [
      'one service',
      {
        ...whole,
        services: whole.services.slice(1),
        maps: whole.maps.filter(({ service }) => service !== 'WY'),
        totals: whole.totals.filter(({ service }) => service !== 'WY'),
      },
      /For carbon sequestration/,
    ],
    ['no verification', { ...whole, verification: undefined }, /was not compared with the float64 reference/],
    ['an empty verification', { ...whole, verification: [] }, /Verification/],
    [
      'a failed verification',
      { ...whole, verification: whole.verification!.map((row, i) => ({ ...row, passed: i > 0 })) },
      /1 of 8 outputs differ .*✗ fail/,
    ],
    [
      'no maps, totals, inputs, parameters',
      { ...whole, maps: [], totals: [], inputs: [], parameters: [], equations: undefined, timings: [], log: undefined },
      /every cell is without data/,
    ],
    [
      'a geographic grid',
      {
        ...whole,
        grid: { ...whole.grid, crs: { name: 'WGS 84', kind: 'geographic' } },
        maps: whole.maps.map((map) => ({ ...map, cellMetres: Number.NaN })),
      },
      /in WGS 84/,
    ],
    ['only nodata', emptied(whole), /no valid cells/],
    [
      'a constant map',
      {
        ...whole,
        maps: whole.maps.map((map) =>
          map.kind === 'quantity' ? { ...map, cells: new Float32Array(map.cells.length).fill(3) } : map,
        ),
      },
      /3 m³\/cell\/yr everywhere/,
    ],
    ['a single cell', makeData(1), /Verification/],
  ];

  it.each(cases)('%s', async (_, data, expected) => {
    const page = await render(data);
    checkWellFormed(page, true);
    const text = words(page);
    expect(text).toMatch(expected);
    expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  it('draws no scale bar where cells have no length', async () => {
    const page = await render(cases.find(([name]) => name === 'a geographic grid')![1]);
    expect(page).not.toContain('class="scalebar"');
  });

  it('compares the years it has', async () => {
    expect(words(await render(makeData(16, [2023])))).not.toMatch(/since \d/);
    expect(words(await render(makeData(16, YEARS)))).toMatch(/since 2003|of 2003/);
  });
});

function emptied(data: ReportData): ReportData {
  return {
    ...data,
    maps: data.maps.map((map) => ({
      ...map,
      cells: map.kind === 'classes' ? new Uint32Array(256).fill(NODATA_CODE) : new Float32Array(256).fill(NODATA),
    })),
    totals: data.totals.map((row) => ({
      ...row,
      cells: 0,
      sum: 0,
      mean: Number.NaN,
      min: Number.NaN,
      max: Number.NaN,
    })),
  };
}
