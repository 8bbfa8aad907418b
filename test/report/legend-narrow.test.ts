/** The legend of small maps: its ends, its centre, and half of it where no value is above the centre. */
import { describe, expect, it } from 'vitest';
import { colourOf, hexOf } from '../../src/report/colours.ts';
import { narrowBar } from '../../src/report/legend-narrow.ts';
import { checkWellFormed } from './well-formed.ts';

describe('narrowBar', () => {
  const scale = {
    shape: 'linear',
    ramp: 'balance',
    min: -8,
    max: 8,
    centre: 0,
    openLow: true,
    openHigh: false,
  } as const;
  const words = (highest: number) => {
    const { markup } = narrowBar({ ...scale, lowest: -20, highest }, 'm3/cell/yr', ['worse', 'better']);
    checkWellFormed(markup);
    const stops = [...markup.matchAll(/#[0-9a-f]{6}/g)].map(([colour]) => colour);
    return {
      text: markup
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
      last: stops[stops.length - 1],
    };
  };

  it('has its ends, its centre and what they mean', () => {
    expect(words(3).text).toBe('≤ −8 0 8 worse better m³ per cell and year');
    expect(words(3).last).toBe(hexOf(colourOf('balance', 1)));
  });

  it('ends at the centre where nothing is above it', () => {
    expect(words(0).text).toBe('≤ −8 0 m³ per cell and year');
    expect(words(0).last).toBe(hexOf(colourOf('balance', 0.5)));
  });
});
