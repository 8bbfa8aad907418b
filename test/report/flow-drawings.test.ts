/** Sankey diagrams keep amounts, arrows show what they should, names of places stay apart. */
import { describe, expect, it } from 'vitest';
import { arrowLinks, arrowMap, MOST_ARROWS } from '../../src/report/flow/arrow-map.ts';
import { arrowShape, DOT, type Point, placeLabels, widestOf, widthOf } from '../../src/report/flow/arrows.ts';
import { type SankeyLink, type SankeyNode, sankeyLayout } from '../../src/report/flow/sankey.ts';
import { sankeyChart, sankeyOf } from '../../src/report/flow/sankey-chart.ts';
import { zoneFlowsOf } from '../../src/report/flow/zone-flows.ts';
import type { ReportZone, ZoneLink } from '../../src/report/stories.ts';
import { makeData } from './fixture.ts';
import { makeStory, ZONES } from './flow-fixture.ts';
import { checkWellFormed } from './well-formed.ts';

const FRAME = {
  top: 20,
  height: 400,
  gap: 6,
  labelStep: 18,
  gathered: (kind: string, count: number) => `${count} other ${kind}s`,
};

const station = (kind: string, key: string) => ({ kind, key: `${kind} ${key}`, name: `${kind} ${key}` });
const link = (from: string, to: string, amount: number, kind = 'end'): SankeyLink => ({
  from: station('zone', from),
  to: station(kind, to),
  amount,
});
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Between many zones, of very different sizes. */
function manyLinks(count: number): SankeyLink[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) =>
      link(`${i}`, `${j}`, 1000 / ((i + 1) * (j + 1) * (1 + ((i * 7 + j * 3) % 5)))),
    ),
  ).flat();
}

describe('sankeyLayout', () => {
  it('gives three links the heights that their amounts ask for', () => {
    const { left, right, bands, total } = sankeyLayout(
      [link('a', 'x', 6), link('a', 'y', 2), link('b', 'x', 2)],
      ['zone', 'end'],
      FRAME,
    );
    const scale = (400 - 6) / 10;
    expect(total).toBe(10);
    expect(left.map(({ name, top, height }) => [name, top, height])).toEqual([
      ['zone a', 20, 8 * scale],
      ['zone b', 20 + 8 * scale + 6, 2 * scale],
    ]);
    expect(right.map(({ name, height }) => [name, height])).toEqual([
      ['end x', 8 * scale],
      ['end y', 2 * scale],
    ]);
    expect(bands.map(({ from, to, leftTop, rightTop, thickness }) => [from, to, leftTop, rightTop, thickness])).toEqual(
      [
        [0, 0, 20, 20, 6 * scale],
        [0, 1, 20 + 6 * scale, right[1].top, 2 * scale],
        [1, 0, left[1].top, 20 + 6 * scale, 2 * scale],
      ],
    );
  });

  it.each([3, 12, 40])('keeps amounts: bands fill their nodes, columns are of one height (%i zones)', (count) => {
    const links = manyLinks(count);
    const { left, right, bands, total } = sankeyLayout(links, ['zone', 'end'], FRAME);
    const all = sum(links.map(({ amount }) => amount));
    expect(total).toBeCloseTo(all, 6);
    const scale = left[0].height / left[0].amount;
    for (const column of [left, right]) {
      expect(sum(column.map(({ amount }) => amount))).toBeCloseTo(all, 6);
      expect(sum(column.map(({ height }) => height))).toBeCloseTo(all * scale, 6);
      expect(sum(column.map(({ members }) => members))).toBe(count);
    }
    const filled = (nodes: readonly SankeyNode[], side: 'from' | 'to', edge: 'leftTop' | 'rightTop') => {
      for (const [i, { top, height }] of nodes.entries()) {
        const own = bands.filter((band) => band[side] === i).sort((a, b) => a[edge] - b[edge]);
        let here = top;
        for (const band of own) {
          expect(band[edge]).toBeCloseTo(here, 6);
          here += band.thickness;
        }
        expect(here).toBeCloseTo(top + height, 6);
      }
    };
    filled(left, 'from', 'leftTop');
    filled(right, 'to', 'rightTop');
  });

  it('gathers what is small, by kind, and never one alone', () => {
    const links = [
      ...Array.from({ length: 20 }, (_, i) => link(`${i}`, 'x', 100 - i)),
      link('0', 'y', 1),
      link('1', 'w', 0.5, 'spill'),
      link('1', 'v', 0.5, 'spill'),
    ];
    const { left, right } = sankeyLayout(links, ['zone', 'end', 'spill'], FRAME);
    expect(left.length).toBe(11);
    expect(left[10]).toMatchObject({
      name: '10 other zones',
      members: 10,
      amount: sum(links.slice(10, 20).map(({ amount }) => amount)),
    });
    expect(right.map(({ name, members }) => [name, members])).toEqual([
      ['end x', 1],
      ['end y', 1],
      ['2 other spills', 2],
    ]);
  });

  it('keeps labels apart and nodes in the frame', () => {
    const { left, right } = sankeyLayout(
      [link('a', 'x', 1000), ...Array.from({ length: 9 }, (_, i) => link('b', `${i}`, 13))],
      ['zone', 'end'],
      { ...FRAME, height: 200 },
    );
    for (const column of [left, right]) {
      for (let i = 1; i < column.length; i++) {
        expect(column[i].labelAt - column[i - 1].labelAt).toBeGreaterThanOrEqual(18 - 1e-9);
        expect(column[i].top).toBeCloseTo(column[i - 1].top + column[i - 1].height + 6, 6);
      }
      expect(column[0].top).toBeGreaterThanOrEqual(20 - 1e-9);
      const last = column[column.length - 1];
      expect(last.top + last.height).toBeLessThanOrEqual(220 + 1e-9);
      expect(last.labelAt).toBeLessThanOrEqual(220 + 1e-9);
    }
  });

  it('is empty where nothing flows', () => {
    expect(sankeyLayout([link('a', 'x', 0)], ['zone', 'end'], FRAME)).toEqual({
      left: [],
      right: [],
      bands: [],
      total: 0,
    });
  });
});

describe('the Sankey diagram of a story', () => {
  const data = makeData(8);
  const flows = zoneFlowsOf(makeStory(data, 0, 2023), ZONES)!;

  it('holds all that was sent: to zones, out of the area, lost', () => {
    const { right, left, total } = sankeyOf(flows);
    const of = (as: ZoneLink['as']) => sum(flows.links.filter((each) => each.as === as).map(({ amount }) => amount));
    const drawn = (kind: string) => sum(right.filter((node) => node.kind === kind).map(({ amount }) => amount));
    expect(drawn('used') / of('used')).toBeCloseTo(1, 9);
    expect(drawn('spill') / of('spill')).toBeCloseTo(1, 9);
    expect(drawn('lost') / of('lost')).toBeCloseTo(1, 9);
    expect(of('lost')).toBeGreaterThan(0);
    expect(total / flows.total).toBeCloseTo(1, 9);
    expect(left.map(({ name }) => name)).toContain('outside of zones');
    expect(right.map(({ name }) => name)).toEqual(expect.arrayContaining(['out: Harbour', 'lost on the way']));
  });

  it('draws a band for each pair of nodes, with its amount in words', () => {
    const { markup } = sankeyChart(flows);
    const { elements } = checkWellFormed(markup);
    const { bands, left, right } = sankeyOf(flows);
    expect(elements.get('path')).toBe(bands.length);
    expect(elements.get('rect')).toBe(left.length + right.length);
    expect(markup).toMatch(/Ridge County → Ridge County: 77\.5.million.m³\/yr \(13.%\)/);
    expect(markup).toMatch(/aria-label="Flows of Water yield between zones, 2023, .*Harbour to Harbour 16.%/);
  });
});

describe('arrows', () => {
  const zones: ReportZone[] = Array.from({ length: 9 }, (_, i) => ({
    number: i,
    id: `${i}`,
    name: `Zone ${i}`,
    cells: 10,
    at: [(i % 3) / 2, Math.floor(i / 3) / 2],
  }));
  const story = makeStory(makeData(8), 1, 2023);
  const pairs = zones.flatMap(({ number: from }) =>
    zones.map(({ number: to }): ZoneLink => ({ from, to, as: 'used', amount: 1 + 9 * from + to })),
  );
  const backdrop = { address: 'data:image/png;base64,AAAA', width: 100, height: 80 };

  it('are the largest flows between different zones that have a place', () => {
    const others: ZoneLink[] = [
      { from: 8, to: 7, as: 'spill', amount: 900 },
      { from: 8, to: null, as: 'lost', amount: 900 },
      { from: null, to: 3, as: 'used', amount: 900 },
      { from: 77, to: 3, as: 'used', amount: 900 },
    ];
    const flows = zoneFlowsOf({ ...story, links: [...pairs, ...others] }, zones)!;
    const drawn = arrowLinks(flows);
    const expected = pairs.filter(({ from, to }) => from !== to).sort((a, b) => b.amount - a.amount);
    expect(drawn.map(({ amount }) => amount)).toEqual(expected.slice(0, MOST_ARROWS).map(({ amount }) => amount));
    const { markup } = arrowMap(flows, backdrop)!;
    const { elements } = checkWellFormed(markup);
    expect(elements.get('polygon')).toBe(MOST_ARROWS);
    expect(elements.get('image')).toBe(1);
    expect(elements.get('circle')).toBe(new Set(drawn.flatMap(({ from, to }) => [from, to])).size);
  });

  it('are none where all stays in its zone', () => {
    const flows = zoneFlowsOf({ ...story, links: pairs.filter(({ from, to }) => from === to) }, zones)!;
    expect(arrowMap(flows, backdrop)).toBeUndefined();
  });

  it('are as wide as their amounts, and not too wide for their length', () => {
    expect(widthOf(50, 50, 12)).toBe(12);
    expect(widthOf(25, 50, 12)).toBe(6);
    expect(widthOf(1e-9, 50, 12)).toBeGreaterThan(0.5);
    expect(widestOf([300, 200, 100])).toBe(13);
    expect(widestOf([300, 50, 20])).toBe(8);
    expect(widestOf([10])).toBe(4);
  });

  it.each<[Point, Point, number]>([
    [[0, 0], [200, 0], 13],
    [[200, 0], [0, 0], 2],
    [[10, 300], [40, 20], 6],
    [[0, 0], [13, 0], 13],
  ])('go from the dot at %j to the dot at %j', (from, to, width) => {
    const { line, head } = arrowShape(from, to, width)!;
    const numbers = (text: string) => text.match(/-?[\d.]+/g)!.map(Number);
    const [sx, sy, , , ex, ey] = numbers(line);
    const [tx, ty, ax, ay, bx, by] = numbers(head);
    expect(Math.hypot(sx - from[0], sy - from[1])).toBeCloseTo(DOT + 1, 0);
    expect(Math.hypot(tx - to[0], ty - to[1])).toBeCloseTo(DOT + 2, 0);
    // The line ends in the middle of the base of the head, which is wider than it.
    expect((ax + bx) / 2).toBeCloseTo(ex, 0);
    expect((ay + by) / 2).toBeCloseTo(ey, 0);
    expect(Math.hypot(ax - bx, ay - by)).toBeGreaterThan(width);
    // And points to where it goes.
    expect(Math.hypot(tx - to[0], ty - to[1])).toBeLessThan(Math.hypot(ex - to[0], ey - to[1]));
  });

  it('lie apart there and back', () => {
    const middle = (line: string) => Number(line.match(/Q[\d.-]+ ([\d.-]+)/)![1]);
    expect(middle(arrowShape([0, 100], [200, 100], 3)!.line)).toBeLessThan(95);
    expect(middle(arrowShape([200, 100], [0, 100], 3)!.line)).toBeGreaterThan(105);
    expect(arrowShape([0, 0], [4, 0], 3)).toBeUndefined();
  });
});

describe('placeLabels', () => {
  it('keeps names inside of the drawing and off one another', () => {
    const places = [
      { at: [435, 10] as const, name: 'Far East' },
      { at: [200, 100] as const, name: 'Twin' },
      { at: [206, 103] as const, name: 'Other twin' },
      { at: [5, 295] as const, name: 'South-West' },
    ];
    const labels = placeLabels(places, 440, 300);
    const boxes = labels.map(({ x, y, anchor }, i) => {
      const wide = 7 * places[i].name.length;
      const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2;
      return [left, y - 11, left + wide, y + 2];
    });
    for (const [left, top, right, bottom] of boxes) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(-1);
      expect(right).toBeLessThanOrEqual(440);
      expect(bottom).toBeLessThanOrEqual(300);
    }
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1))
        expect(Math.min(a[2], b[2]) <= Math.max(a[0], b[0]) || Math.min(a[3], b[3]) <= Math.max(a[1], b[1])).toBe(true);
  });
});
