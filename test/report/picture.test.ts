/** Maps as images: the colour of every pixel, nodata and the border around it; panels and what stands under their maps. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { classesOf, sharesOf } from '../../src/report/classes.ts';
import { colourOf, hexOf } from '../../src/report/colours.ts';
import type { ReportMap } from '../../src/report/data.ts';
import { altText, mapPanel, scaleBar } from '../../src/report/map-panel.ts';
import { allPanels, type Panel, panelsOf } from '../../src/report/panels.ts';
import { classPicture, LEVELS, quantityKey, quantityPicture } from '../../src/report/picture.ts';
import { scaleOf } from '../../src/report/scale.ts';
import { addressBytes, decodePng } from './decode-png.ts';
import { makeData } from './fixture.ts';

const deflate = async (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes));

function mapOf(cells: Float32Array | Uint32Array, width: number, more: Partial<ReportMap> = {}): ReportMap {
  const kind = cells instanceof Float32Array ? 'quantity' : 'classes';
  const shared = { id: 'm', title: 'm', quantity: 'supply', unit: '1', cellMetres: 100 };
  return { ...shared, kind, width, height: cells.length / width, cells, ...more };
}

const pixelsOf = (address: string) => {
  const { palette, indices } = decodePng(addressBytes(address));
  return [...indices].map((index) =>
    palette[index][3] === 255 ? hexOf(palette[index]) : `alpha ${palette[index][3]}`,
  );
};

describe('pictures', () => {
  it('paint values along the ramp, leave nodata clear and draw the border beside it', async () => {
    const map = mapOf(Float32Array.from([0, 50, 100, NODATA, NODATA, Number.NaN]), 6, { logarithmic: false });
    const scale = { ...scaleOf([map])!, min: 0, max: 100 };
    const pixels = pixelsOf(await quantityPicture(map, scale, deflate));
    const level = (i: number) => hexOf(colourOf('supply', (i + 0.5) / LEVELS));
    expect(pixels).toEqual([level(0), level(LEVELS / 2), level(LEVELS - 1), 'alpha 150', 'alpha 0', 'alpha 0']);
  });

  it('draw the border on all four sides, not at corners', async () => {
    const cells = new Float32Array(25).fill(NODATA);
    cells[12] = 1;
    const pixels = pixelsOf(await quantityPicture(mapOf(cells, 5), scaleOf([mapOf(cells, 5)]), deflate));
    const border = pixels.flatMap((pixel, i) => (pixel === 'alpha 150' ? [i] : []));
    expect(border).toEqual([7, 11, 13, 17]);
  });

  it('are clear where nothing is valid', async () => {
    const map = mapOf(new Float32Array(4).fill(NODATA), 2);
    expect(pixelsOf(await quantityPicture(map, undefined, deflate))).toEqual(Array(4).fill('alpha 0'));
  });

  it('have a label for every colour, bounds at open ends', async () => {
    const cells = Float32Array.from({ length: 101 }, (_, i) => i + 100);
    const scale = scaleOf([mapOf(cells, 101)])!;
    const { colours, labels } = quantityKey(scale, 'm3/yr');
    const pixels = pixelsOf(await quantityPicture(mapOf(cells, 101), scale, deflate));
    const label = (i: number) => labels[colours.indexOf(pixels[i])];
    expect([label(0), label(50), label(100)]).toEqual(['≤ 102 m³/yr', '≈ 150 m³/yr', '≥ 198 m³/yr']);
  });

  it('paint classes in their colours', async () => {
    const map = mapOf(Uint32Array.from([7, 2, 2, NODATA_CODE]), 4, {
      palette: { 2: [1, 2, 3, 255], 7: [200, 100, 50, 255] },
    });
    expect(pixelsOf(await classPicture(map, classesOf([map]), deflate))).toEqual([
      '#c86432',
      '#010203',
      '#010203',
      'alpha 150',
    ]);
  });

  it('stand more classes than a palette has room for', async () => {
    const cells = Uint32Array.from({ length: 400 }, (_, i) => i * 3);
    const map = mapOf(cells, 20);
    const pixels = pixelsOf(await classPicture(map, classesOf([map]), deflate));
    expect(pixels[399]).toBe('#808080');
    expect(pixels[0]).not.toBe('#808080');
  });
});

describe('classes with a sign', () => {
  const signed = (cells: readonly number[], more: Partial<ReportMap> = {}) =>
    mapOf(Float32Array.from(cells), cells.length, { kind: 'classes', quantity: 'risk', ...more });

  it('are painted below zero as above, and nodata stays clear', async () => {
    const palette = { '-6': [103, 0, 13, 255], '0': [9, 9, 9, 255], '12': [0, 96, 45, 255] } as const;
    const map = signed([-6, 0, 12, 12, NODATA, NODATA], { palette, classNames: { '-6': 'deepest deficit' } });
    expect(pixelsOf(await classPicture(map, classesOf([map]), deflate))).toEqual([
      '#67000d',
      '#090909',
      '#00602d',
      '#00602d',
      'alpha 150',
      'alpha 0',
    ]);
    expect(classesOf([map]).map(({ code, name }) => [code, name])).toEqual([
      [-6, 'deepest deficit'],
      [0, 'class 0'],
      [12, 'class 12'],
    ]);
    expect(sharesOf(map).get(-6)).toBe(1 / 4);
  });

  it('stand together over the years, whether a year has all of them or none', async () => {
    const step = 'risk';
    const maps = [
      signed([-3, 1, NODATA], { step, year: 2003, service: 'WY' }),
      signed([7, NODATA, NODATA], { step, year: 2013, service: 'WY' }),
    ];
    const [panel] = (await panelsOf({ ...makeData(2), maps }, deflate)).risk.get('WY')!;
    expect(panel.classes!.map(({ code }) => code)).toEqual([-3, 1, 7]);
    expect(panel.key!.labels).toEqual(['class -3', 'class 1', 'class 7']);
    expect(pixelsOf(panel.pictures[1])[0]).toBe(hexOf(panel.classes![2].colour));
  });
});

describe('classes', () => {
  it('are counted over valid cells, and kept where given', () => {
    const map = mapOf(Uint32Array.from([1, 1, 2, NODATA_CODE]), 4, { classNames: { 1: 'one' } });
    expect([...sharesOf(map)]).toEqual([
      [1, 2 / 3],
      [2, 1 / 3],
    ]);
    expect([...sharesOf({ ...map, classCells: { 5: 3, 7: 1 } })]).toEqual([
      [5, 0.75],
      [7, 0.25],
    ]);
    expect(classesOf([map]).map(({ name }) => name)).toEqual(['one', 'class 2']);
  });
});

describe('panels', () => {
  const data = makeData(16);

  it('hold one quantity over the years in order, with one scale', async () => {
    const shuffled = { ...data, maps: [...data.maps].reverse() };
    const groups = await panelsOf(shuffled, deflate);
    expect(groups.landCover.map(({ maps }) => maps.map(({ year }) => year))).toEqual([[2003, 2013, 2023]]);
    expect([...groups.services.keys()]).toEqual(['WY', 'CS']);
    const panels = groups.services.get('WY')!;
    expect(panels.map(({ quantity }) => quantity)).toEqual(['supply', 'demand', 'balance_static']);
    for (const { maps, scale } of panels) {
      expect(maps.map(({ year }) => year)).toEqual([2003, 2013, 2023]);
      expect(scale).toEqual(scaleOf(maps));
    }
    expect(groups.composite.map(({ quantity }) => quantity)).toEqual(['supply', 'demand', 'ratio']);
    expect(groups.others).toEqual([]);
  });

  it('show the ratio of a service where there is no balance', async () => {
    const maps = data.maps.filter(({ quantity }) => quantity !== 'balance_static');
    const { services } = await panelsOf({ ...data, maps }, deflate);
    expect(services.get('CS')!.map(({ quantity }) => quantity)).toEqual(['supply', 'demand', 'ratio']);
  });

  it('take in maps of no service and of unknown ones', async () => {
    const risk = { ...data.maps[1], service: 'XX', quantity: 'risk', title: 'Risk' };
    const spots = { ...data.maps[1], service: undefined, quantity: 'z', title: 'Hot spots 2003' };
    const groups = await panelsOf({ ...data, maps: [risk, spots] }, deflate);
    expect(groups.services.get('XX')).toHaveLength(1);
    expect(groups.others.map(({ title }) => title)).toEqual(['Hot spots']);
  });

  it('stand by the step that made them', async () => {
    const [, supply] = data.maps;
    const of = (step: ReportMap['step'], quantity: string, more: Partial<ReportMap> = {}): ReportMap => ({
      ...supply,
      step,
      quantity,
      ...more,
    });
    const composite = { service: 'composite', serviceName: 'All services' };
    const maps = [
      of(undefined, 'supply'),
      of('services', 'supply', { year: 2013 }),
      of('risk', 'sti', { year: undefined }),
      of('risk', 'risk', { year: undefined }),
      of('flow', 'balance_dynamic'),
      of('flow', 'role'),
      of('flow', 'role', { year: 2013 }),
      of('flow', 'role', { service: 'CS' }),
      of('hotspots', 'ratio', composite),
      of('hotspots', 'supply', composite),
      of('bundles', 'bundle', { service: undefined, year: undefined }),
      of('flow', 'spill', { service: undefined, title: 'Spill' }),
    ];
    const groups = await panelsOf({ ...data, maps }, deflate);
    const names = (panels: readonly Panel[] | undefined) =>
      panels?.map(({ id, quantity, maps }) => [id, quantity, maps.length]);
    expect(names(groups.services.get('WY'))).toEqual([['service-0-0', 'supply', 2]]);
    expect(names(groups.flow.get('WY'))).toEqual([
      ['flow-0-0', 'role', 2],
      ['flow-0-1', 'balance_dynamic', 1],
    ]);
    expect(names(groups.flow.get('CS'))).toEqual([['flow-1-0', 'role', 1]]);
    expect(names(groups.risk.get('WY'))).toEqual([
      ['risk-0-0', 'risk', 1],
      ['risk-0-1', 'sti', 1],
    ]);
    expect(names(groups.hotspots)).toEqual([
      ['hotspots-0', 'supply', 1],
      ['hotspots-1', 'ratio', 1],
    ]);
    expect(names(groups.bundles)).toEqual([['bundles-0', 'bundle', 1]]);
    expect(names(groups.others)).toEqual([['further-0', 'spill', 1]]);
    expect(groups.composite).toEqual([]);
    expect(new Set(allPanels(groups).map(({ id }) => id)).size).toBe(10);
  });

  it('count amounts per cell', async () => {
    const { services } = await panelsOf(data, deflate);
    expect(services.get('WY')![0].unit).toBe('m3/cell/yr');
    expect(mapPanel(services.get('WY')![0]).markup).toContain('m³ per cell and year');
  });

  it('are described in words', async () => {
    const { services, landCover } = await panelsOf(data, deflate);
    const [supply] = services.get('WY')!;
    expect(altText(supply, supply.maps[0])).toMatch(
      /^Map: Water yield, supply, 2003\. Colour scale from .* Mean [\d\u202f]+ m³/,
    );
    expect(altText(landCover[0], landCover[0].maps[2])).toMatch(/^Map: land cover, 2023\. \w+ \d+/);
  });
});

describe('scaleBar', () => {
  it.each([
    [512, 100, '10\u00a0km', 19.53],
    [512, 500, '50\u00a0km', 19.53],
    [100, 30, '500\u00a0m', 16.67],
    [300, 1000, '50\u00a0km', 16.67],
  ])('%i cells of %d m carry %s', (width, cellMetres, text, percent) => {
    const { markup } = scaleBar(mapOf(new Float32Array(width), width, { cellMetres }))!;
    expect(markup).toContain(`width:${percent.toFixed(2)}%`);
    expect(markup).toContain(`<span>${text}</span>`);
  });

  it('is left out where cells have no length', () => {
    expect(scaleBar(mapOf(new Float32Array(9), 3, { cellMetres: Number.NaN }))).toBeUndefined();
  });
});
