/** The curve of pseudo-F: broken where there is no value, marked where it turns, and told in words. */
import { describe, expect, it } from 'vitest';
import { curvePath, pseudoFChart } from '../../src/report/pseudo-f.ts';
import { checkWellFormed } from './well-formed.ts';

const entry = (bundles: number, pseudoF: number, nonEmpty = bundles) => ({
  bundles,
  pseudoF,
  nonEmpty,
  quantisation: 1,
  topographic: 0,
});
const CURVE = [entry(2, 100), entry(3, 300), entry(4, Number.NaN, 1), entry(5, 200), entry(6, 400, 5)];

describe('curvePath', () => {
  const same = (value: number) => value;

  it('lifts the pen where there is no value', () => {
    expect(curvePath(CURVE, same, same)).toBe('M2 100L3 300M5 200L6 400');
    expect(curvePath([entry(2, Number.NaN), entry(3, 1)], same, same)).toBe('M3 1');
  });
});

describe('pseudoFChart', () => {
  const { markup } = pseudoFChart({ curve: CURVE, firstTurn: 3, maximum: 6, chosen: 3 })!;
  const points = [...markup.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" class="point ([^"]*)"/g)];

  it('has a point for each value, hollow where bundles are empty, and a cross for what has none', () => {
    checkWellFormed(markup);
    expect(points.map(([, , , kind]) => kind)).toEqual(['', 'chosen', '', 'hollow']);
    expect(markup.match(/class="void"/g)).toHaveLength(1);
    expect(markup).toContain('<title>4 bundles: no value, 1 of them with cells</title>');
  });

  it('stands where its values say', () => {
    const [x, y] = [1, 2].map((part) => points.map((match) => Number(match[part])));
    const [p2, p3, p5, p6] = y;
    expect((p2 - p6) / (p2 - p3)).toBeCloseTo(1.5, 1);
    expect((p2 - p5) / (p2 - p3)).toBeCloseTo(0.5, 1);
    expect((x[2] - x[1]) / (x[1] - x[0])).toBeCloseTo(2, 1);
  });

  it('marks the first turn, the maximum and what was taken, together where they fall together', () => {
    expect(markup).toContain('>3: first turn and taken</text>');
    expect(markup).toContain('>6: maximum</text>');
    expect(markup).toMatch(/aria-label="[^"]*3: first turn and taken; 6: maximum\. 2: 100, 3: 300, 4: no value/);
    const all = pseudoFChart({ curve: CURVE, firstTurn: 3, maximum: 3, chosen: 5 })!.markup;
    expect(all).toContain('>3: first turn and maximum</text>');
    expect(all).toContain('>5: taken</text>');
  });

  it('is not drawn from fewer than two values, and survives equal ones', () => {
    expect(pseudoFChart({ curve: [entry(2, 5), entry(3, Number.NaN)], chosen: 2 })).toBeUndefined();
    expect(pseudoFChart({ curve: [], chosen: 2 })).toBeUndefined();
    const flat = pseudoFChart({ curve: [entry(2, 5), entry(3, 5)], chosen: 2 })!.markup;
    expect(flat).not.toMatch(/NaN|Infinity/);
  });
});
