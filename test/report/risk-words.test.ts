/** The report's words and colours for risk and hot spots are those of the rasters. */
import { describe, expect, it } from 'vitest';
import { LEVEL_COLOURS, LEVEL_NAMES } from '../../src/models/hotspots/levels.ts';
import { RISK_COLOURS, RISK_NAMES, STATE_OF } from '../../src/models/risk/classes.ts';
import { binsOf, sideOf } from '../../src/report/hotspot-bins.ts';
import { LEVEL_WORDS, levelOf, levelOfMean, levelSentence, RISK_CLASSES } from '../../src/report/risk-classes.ts';

describe('risk classes', () => {
  it('are those of the model, in its order', () => {
    const codes = Object.keys(RISK_NAMES)
      .map(Number)
      .sort((a, b) => a - b);
    expect(RISK_CLASSES.map(({ code }) => code)).toEqual(codes);
    expect(codes).toHaveLength(18);
  });

  it.each(RISK_CLASSES)('$code is of its state and half', ({ code, level, half, short }) => {
    const name = RISK_NAMES[code];
    expect(LEVEL_WORDS[level].state).toBe(STATE_OF.get(code));
    expect(name).toContain(LEVEL_WORDS[level].name.toLowerCase());
    expect(name).toContain(half);
    const trend = short.split(', ')[1];
    expect(name.split('; ')[1]).toMatch(trend === 'both alike' ? /alike/ : new RegExp(`^${trend}`));
    expect(levelOf(code)).toBe(level);
  });

  it('have levels in the colours of the classes in their middle', () => {
    expect(LEVEL_WORDS.high.colour).toEqual(RISK_COLOURS[-3]);
    expect(LEVEL_WORDS.medium.colour).toEqual(RISK_COLOURS[4]);
    expect(LEVEL_WORDS.low.colour).toEqual(RISK_COLOURS[10]);
  });

  it('have no class 0, but means around it', () => {
    expect(levelOf(0)).toBeUndefined();
    expect([-6, -0.01, 0, 6.49, 6.5, 12, Number.NaN].map(levelOfMean)).toEqual([
      'high',
      'high',
      'medium',
      'medium',
      'low',
      'low',
      undefined,
    ]);
  });

  it('say which half prevails only where it does', () => {
    const of = (...shares: [number, number][]) => ({
      classes: shares.map(([code, share]) => ({ code, share, cells: 1 })),
    });
    expect(levelSentence(of([-6, 0.2], [-4, 0.2], [-1, 0.1]), 'high')).toBe('high risk, mostly deficit deepening');
    expect(levelSentence(of([-6, 0.2], [-1, 0.15]), 'high')).toMatch(/partly deficit deepening and partly .* easing/);
    expect(levelSentence(of([4, 0.2]), 'medium')).toBe('medium risk, all of it heading to surplus');
    expect(levelSentence(of([7, 0.1], [12, 0.5]), 'low')).toBe('low risk, mostly surplus growing');
  });
});

describe('bins of hot spots', () => {
  it('are named and coloured as the rasters are', () => {
    for (const { code, name, colour } of binsOf(undefined)) {
      expect(name).toBe(LEVEL_NAMES[code as keyof typeof LEVEL_NAMES]);
      expect(colour.slice(0, 3)).toEqual(LEVEL_COLOURS[code as keyof typeof LEVEL_COLOURS]);
    }
    expect(binsOf(undefined)).toHaveLength(Object.keys(LEVEL_NAMES).length);
    expect([-3, -1, 0, 2].map(sideOf)).toEqual([0, 0, 1, 2]);
  });
});
