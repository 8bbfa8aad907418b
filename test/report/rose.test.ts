/** Petals are as long as their values say, stand where they should, and are told in words. */
import { describe, expect, it } from 'vitest';
import { petalLength, petalPath, roseChart } from '../../src/report/rose.ts';
import { checkWellFormed } from './well-formed.ts';

const RISK = { centre: 12, rim: -6, rings: [6.5, 0] };

describe('petalLength', () => {
  it('goes from the centre to the rim, whichever is the larger', () => {
    expect([12, 3, -6].map((value) => petalLength(value, RISK))).toEqual([0, 0.5, 1]);
    expect(petalLength(-4, RISK)).toBeGreaterThan(petalLength(-3, RISK));
    expect(petalLength(1, { centre: -1, rim: 3, rings: [] })).toBe(0.5);
  });

  it('stays inside and knows what has no length', () => {
    expect([20, -9, Number.NaN].map((value) => petalLength(value, RISK))).toEqual([0, 1, 0]);
    expect(petalLength(0, { centre: 0, rim: 0, rings: [] })).toBe(0);
  });
});

/** Area of the sector that a path draws, from its two corners around the origin. */
function sectorArea(path: string): { readonly radius: number; readonly area: number; readonly middle: number } {
  const [, x0, y0, r, large, x1, y1] = /^M0 0L(\S+) (\S+)A(\S+) \S+ 0 (\d) 1 (\S+) (\S+)Z$/.exec(path)!.map(Number);
  const from = Math.atan2(x0, -y0);
  const width = (Math.atan2(x1, -y1) - from + 4 * Math.PI) % (2 * Math.PI);
  expect(large).toBe(width > Math.PI ? 1 : 0);
  return { radius: Math.hypot(x0, y0), area: (r * r * width) / 2, middle: from + width / 2 };
}

describe('petalPath', () => {
  it('is a sector of its radius, angle and area', () => {
    const found = sectorArea(petalPath(50, Math.PI / 2, 0.6));
    expect(found.radius).toBeCloseTo(50, 1);
    expect(found.middle).toBeCloseTo(Math.PI / 2, 3);
    expect(found.area).toBeCloseTo((2500 * 0.6) / 2, -1);
  });

  it('has four times the area at twice the length', () => {
    const [small, large] = [30, 60].map((radius) => sectorArea(petalPath(radius, 0, 0.5)).area);
    expect(large / small).toBeCloseTo(4, 1);
  });

  it('takes the long way where one petal has nearly all of the disc', () => {
    expect(sectorArea(petalPath(10, 0, 5)).area).toBeCloseTo((100 * 5) / 2, 0);
  });
});

describe('roseChart', () => {
  const petals = [-6, 3, 12, -1.5].map((value, i) => ({
    short: `S${i}`,
    name: `Service <${i}>`,
    value,
    text: String(value),
    colour: [200, 40, 40],
  }));
  const { markup } = roseChart(petals, RISK, 'Bundle 1');

  it('draws a petal for each value that has a length, clockwise from the north', () => {
    checkWellFormed(markup);
    const found = [...markup.matchAll(/<path d="([^"]+)"[^>]*class="petal"/g)].map(([, path]) => sectorArea(path));
    expect(found.map(({ radius }) => Number((radius / found[0].radius).toFixed(2)))).toEqual([1, 0.5, 0.75]);
    expect(found.map(({ middle }) => Math.round(((middle * 180) / Math.PI + 360) % 360))).toEqual([0, 90, 270]);
    expect(markup).toContain('aria-label="Bundle 1: Service &lt;0&gt; -6, Service &lt;1&gt; 3');
  });

  it('draws circles at its rings', () => {
    const rings = [...markup.matchAll(/<circle r="([\d.]+)" class="ring"/g)].map(([, r]) => Number(r));
    const rim = Number(/<circle r="([\d.]+)" class="rim"/.exec(markup)![1]);
    expect(rings.map((r) => Number((r / rim).toFixed(2)))).toEqual([0.31, 0.67]);
  });
});
