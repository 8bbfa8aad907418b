/** Colour scales: percentiles over all years, open ends, shapes, and the way from values to positions and back. */
import { describe, expect, it } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { ReportMap } from '../../src/report/data.ts';
import { colourBar, describe as inWords, tickLabels } from '../../src/report/legend.ts';
import { positionOf, rampOf, scaleOf, ticksOf, valueAt } from '../../src/report/scale.ts';
import { checkWellFormed } from './well-formed.ts';

function mapOf(values: readonly number[], more: Partial<ReportMap> = {}): ReportMap {
  return {
    id: 'm',
    title: 'm',
    quantity: 'supply',
    unit: 'm3/cell/yr',
    kind: 'quantity',
    width: values.length,
    height: 1,
    cells: Float32Array.from(values),
    cellMetres: 100,
    ...more,
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('scaleOf', () => {
  it('spans the 2nd to the 98th percentile of all maps together', () => {
    const low = mapOf(upTo(51).map((i) => i + 100));
    const high = mapOf(upTo(50).map((i) => i + 151));
    const scale = scaleOf([low, high])!;
    expect(scale).toMatchObject({ shape: 'linear', min: 102, max: 198, openLow: true, openHigh: true });
    expect([scale.lowest, scale.highest]).toEqual([100, 200]);
  });

  it('is not moved by outliers, nodata, NaN and infinity', () => {
    const values = [...upTo(101), 1e30, NODATA, Number.NaN, Number.POSITIVE_INFINITY];
    const scale = scaleOf([mapOf(values)])!;
    expect(scale.max).toBeLessThan(102);
    expect(scale.openHigh).toBe(true);
    expect(scale.highest).toBeCloseTo(1e30, -24);
  });

  it('begins at zero where it nearly does, and is then closed below', () => {
    expect(scaleOf([mapOf(upTo(101))])).toMatchObject({ min: 0, openLow: false, openHigh: true });
  });

  it('is symmetric around the centre of diverging quantities', () => {
    const scale = scaleOf([mapOf([-50, ...upTo(101)], { quantity: 'balance_static', diverging: true })])!;
    expect(scale.ramp).toBe('balance');
    expect(scale.min).toBe(-scale.max);
    expect(positionOf(scale, 0)).toBe(0.5);
  });

  it('is symmetric by factors around a positive centre', () => {
    const ratios = upTo(200).map((i) => 2 ** ((i - 50) / 30));
    const scale = scaleOf([mapOf(ratios, { quantity: 'ratio', diverging: true, centre: 1 })])!;
    expect(scale.shape).toBe('log');
    expect(scale.min * scale.max).toBeCloseTo(1, 5);
    expect(positionOf(scale, 1)).toBeCloseTo(0.5, 9);
    expect(positionOf(scale, 2) + positionOf(scale, 0.5)).toBeCloseTo(1, 9);
  });

  it('turns logarithmic for skewed values unless told not to', () => {
    const skewed = upTo(400).map((i) => Math.exp(i / 40));
    expect(scaleOf([mapOf(skewed)])!.shape).toBe('log');
    expect(scaleOf([mapOf(skewed, { logarithmic: false })])!.shape).toBe('linear');
    expect(scaleOf([mapOf([0, ...skewed])])!.min).toBeGreaterThan(0);
    const both = [...skewed, ...skewed.map((value) => -value / 3)];
    expect(scaleOf([mapOf(both, { diverging: true })])!.shape).toBe('asinh');
  });

  it('knows constant and empty maps', () => {
    const constant = scaleOf([mapOf([7, 7, 7, NODATA])])!;
    expect([constant.min, constant.max, positionOf(constant, 7)]).toEqual([7, 7, 0.5]);
    expect(scaleOf([mapOf([NODATA, NODATA])])).toBeUndefined();
    const zero = scaleOf([mapOf([0, 0], { diverging: true })])!;
    expect(positionOf(zero, 0)).toBe(0.5);
    expect(zero.max).toBeGreaterThan(zero.min);
  });

  it.each([
    ['linear', mapOf(upTo(300).map((i) => i - 50))],
    ['log', mapOf(upTo(300).map((i) => Math.exp(i / 30)))],
    [
      'asinh',
      mapOf(
        upTo(300).map((i) => i - 100),
        { diverging: true, logarithmic: true },
      ),
    ],
  ])('%s: positions and values are inverse, ticks rise inside', (shape, map) => {
    const scale = scaleOf([map])!;
    expect(scale.shape).toBe(shape);
    for (const t of [0, 0.2, 0.5, 0.77, 1]) expect(positionOf(scale, valueAt(scale, t))).toBeCloseTo(t, 9);
    const ticks = ticksOf(scale);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    for (const [i, tick] of ticks.entries()) {
      expect(tick).toBeGreaterThanOrEqual(scale.min);
      expect(tick).toBeLessThanOrEqual(scale.max);
      if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]);
    }
  });

  it('colours by meaning', () => {
    expect(rampOf('supply')).toBe('supply');
    expect(rampOf('demand')).toBe('demand');
    expect(rampOf('anything', true)).toBe('balance');
    expect(rampOf('dem')).toBe('plain');
  });
});

describe('colourBar', () => {
  it('points where values lie beyond, and only there', () => {
    const ends = (map: ReportMap) => colourBar(scaleOf([map])!, map.unit, 'x').markup.split('class="end"').length - 1;
    expect(ends(mapOf(upTo(101)))).toBe(1);
    expect(ends(mapOf(upTo(101).map((i) => i + 100)))).toBe(2);
    expect(ends(mapOf([1, 1, 2, 2, 1, 2]))).toBe(0);
  });

  it('is well-formed, carries the unit and says the scale in words', () => {
    const map = mapOf(upTo(101).map((i) => i + 100));
    const { markup } = colourBar(scaleOf([map])!, 'm3/"<cell>"', 'x', ['less', 'more']);
    const { elements } = checkWellFormed(markup);
    expect(elements.get('svg')).toBe(1);
    expect(markup).toContain('m³/&quot;&lt;cell&gt;&quot;');
    expect(inWords(scaleOf([map])!, 'mm')).toBe(
      'Colour scale from 102 to 198 mm; some values are lower, down to 100 and some values are higher, up to 200',
    );
  });

  it('labels ticks with the decimals that tell them apart', () => {
    expect(tickLabels([0, 0.25, 0.5])).toEqual(['0', '0.25', '0.50']);
    expect(tickLabels([-1, 0, 1])).toEqual(['−1', '0', '1']);
    expect(tickLabels([1, 10, 100])).toEqual(['1', '10', '100']);
    expect(tickLabels([5])).toEqual(['5']);
  });
});
