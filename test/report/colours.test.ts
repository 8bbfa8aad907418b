/** Ramps: even steps, falling lightness, ends that colour-blind eyes tell apart. */
import { describe, expect, it } from 'vitest';
import { colourOf, hexOf, inkOn, labOf, luminanceOf, RAMP_NAMES, rampColours } from '../../src/report/colours.ts';
import { LEVELS } from '../../src/report/picture.ts';

const distance = (p: readonly number[], q: readonly number[]) => {
  const [a, b] = [labOf(p), labOf(q)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
};

/** Full deuteranopia and protanopia on linear RGB (Machado, Oliveira and Fernandes 2009). */
const BLINDNESS = {
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
};

function seenBy(matrix: readonly number[], colour: readonly number[]): number[] {
  const linear = colour.map((byte) => (byte / 255) ** 2.2);
  return [0, 1, 2].map((row) => {
    const value = linear.reduce((sum, part, i) => sum + matrix[3 * row + i] * part, 0);
    return 255 * Math.min(1, Math.max(0, value)) ** (1 / 2.2);
  });
}

describe('ramps', () => {
  it('knows OKLab: white, black and the reference red', () => {
    expect(labOf([255, 255, 255])[0]).toBeCloseTo(1, 4);
    expect(labOf([0, 0, 0])[0]).toBeCloseTo(0, 6);
    const red = labOf([255, 0, 0]);
    expect(red[0]).toBeCloseTo(0.628, 3);
    expect(red[1]).toBeCloseTo(0.2249, 3);
    expect(red[2]).toBeCloseTo(0.1258, 3);
  });

  it.each(RAMP_NAMES)('%s takes even steps', (ramp) => {
    const count = 20;
    const steps = Array.from({ length: count }, (_, i) =>
      distance(colourOf(ramp, i / count), colourOf(ramp, (i + 1) / count)),
    );
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.45);
  });

  it.each(RAMP_NAMES.filter((name) => name !== 'balance'))('%s only darkens', (ramp) => {
    const lightness = rampColours(ramp, 50).map((colour) => labOf(colour)[0]);
    for (let i = 1; i < lightness.length; i++) expect(lightness[i]).toBeLessThan(lightness[i - 1]);
  });

  it('balance is lightest in the middle and darkens to both sides', () => {
    const lightness = Array.from({ length: 51 }, (_, i) => labOf(colourOf('balance', i / 50))[0]);
    for (let i = 1; i <= 25; i++) expect(lightness[i]).toBeGreaterThan(lightness[i - 1]);
    for (let i = 26; i <= 50; i++) expect(lightness[i]).toBeLessThan(lightness[i - 1]);
    expect(Math.abs(lightness[0] - lightness[50])).toBeLessThan(0.05);
  });

  it.each(Object.entries(BLINDNESS))('balance tells its sides apart under %s', (_, matrix) => {
    for (const t of [0, 0.1, 0.25]) {
      const [low, high] = [colourOf('balance', t), colourOf('balance', 1 - t)].map((colour) => seenBy(matrix, colour));
      expect(distance(low, high)).toBeGreaterThan(0.12);
    }
  });

  it.each(RAMP_NAMES)('%s has a colour of its own for every level', (ramp) => {
    expect(new Set(rampColours(ramp, LEVELS).map(hexOf)).size).toBe(LEVELS);
  });

  it('clamps', () => {
    expect(colourOf('supply', -1)).toEqual(colourOf('supply', 0));
    expect(colourOf('supply', 2)).toEqual(colourOf('supply', 1));
  });

  it('writes readable text on any colour', () => {
    for (const ramp of RAMP_NAMES) {
      for (const colour of rampColours(ramp, 24)) {
        const ink = inkOn(colour) === '#ffffff' ? [255, 255, 255] : [22, 33, 43];
        const [a, b] = [luminanceOf(colour), luminanceOf(ink)].sort((p, q) => q - p);
        expect((a + 0.05) / (b + 0.05)).toBeGreaterThan(4);
      }
    }
  });
});
