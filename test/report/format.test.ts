/** Numbers and units in words, and the escaping of markup. */
import { describe, expect, it } from 'vitest';
import * as format from '../../src/report/format.ts';
import { escapeText, html, relativeLink, scriptJson } from '../../src/report/markup.ts';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers', () => {
  it.each([
    [0, '0'],
    [1234.5678, '1235'],
    [12345.678, '12 346'],
    [1234567, '1 234 567'],
    [-0.05, '−0.05'],
    [3.24159, '3.242'],
    [9.9999, '10'],
    [0.00001234, '1.23×10⁻⁵'],
    [2e20, '2.00×10²⁰'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d is %s', (value, text) => {
    expect(plain(format.formatNumber(value))).toBe(text);
  });

  it('keep zeros where asked', () => {
    expect(format.formatSignificant(4)).toBe('4.00');
    expect(format.formatSignificant(9.999)).toBe('10.0');
    expect(plain(format.formatSignificant(123456))).toBe('123 456');
    expect(format.formatFixed(-0.0001, 2)).toBe('0.00');
  });

  it('come with magnitude and unit', () => {
    expect(plain(format.formatAmount(5.214e9, 'm3/yr'))).toBe('5.21 billion m³/yr');
    expect(plain(format.formatAmount(25300, 'tC'))).toBe('25.3 thousand t C');
    expect(plain(format.formatAmount(0.4321, '1'))).toBe('0.432');
    expect(plain(format.formatAgainst(5.2e9, 6.8e8, 'm3/yr'))).toBe('5.20 against 0.680 billion m³/yr');
    expect(plain(format.formatAgainst(0.5, 0.2, '1'))).toBe('0.500 against 0.200');
  });

  it('as shares and changes', () => {
    expect(plain(format.formatShare(0.1234))).toBe('12 %');
    expect(plain(format.formatShare(0.0345))).toBe('3.5 %');
    expect(plain(format.formatShare(0.0001))).toBe('< 0.1 %');
    expect(plain(format.formatChange(-0.121))).toBe('−12 %');
    expect(plain(format.formatChange(0.031))).toBe('+3.1 %');
    expect(plain(format.formatChange(0.0001))).toBe('±0 %');
    expect(format.relativeChange(-10, -15)).toBeCloseTo(-0.5);
    expect(format.relativeChange(0, 5)).toBeNaN();
  });

  it('as durations', () => {
    expect(plain(format.formatSeconds(0.0421))).toBe('42.1 ms');
    expect(plain(format.formatSeconds(3.1))).toBe('3.1 s');
    expect(plain(format.formatSeconds(185))).toBe('3 min 5 s');
    expect(plain(format.formatSeconds(179.7))).toBe('3 min 0 s');
  });
});

describe('units', () => {
  it.each([
    ['m3/cell/yr', 'm³/cell/yr', 'm3/yr', true],
    ['m3 per cell', 'm³ per cell', 'm3', true],
    ['tC/cell', 't C/cell', 'tC', true],
    ['kgC', 'kg C', 'kgC', true],
    ['tCO2/yr', 't CO₂/yr', 'tCO2/yr', true],
    ['MtCO2', 'Mt CO₂', 'MtCO2', true],
    ['degC', '°C', 'degC', false],
    ['t', 't', 't', true],
    ['people/km2', 'people/km²', 'people/km2', false],
    ['t/ha', 't/ha', 't/ha', false],
    ['mm/yr', 'mm/yr', 'mm/yr', false],
    ['1', '', '1', false],
  ])('%s is shown as %s and adds up to %s', (unit, pretty, total, adds) => {
    expect(plain(format.prettyUnit(unit))).toBe(pretty);
    expect(format.totalUnit(unit)).toBe(total);
    expect(format.addsUp(unit)).toBe(adds);
  });

  it('behind values that users gave', () => {
    expect(['3 degC', '7 tCO2/yr', '350 m3/yr', '1.5e3 kgC'].map((text) => plain(format.prettyQuantity(text)))).toEqual(
      ['3 °C', '7 t CO₂/yr', '350 m³/yr', '1.5e3 kg C'],
    );
    expect(['0.2', 'd8', 'equal', '{"WY":1}', 'found in the run: high of et0'].map(format.prettyQuantity)).toEqual([
      '0.2',
      'd8',
      'equal',
      '{"WY":1}',
      'found in the run: high of et0',
    ]);
  });

  it('of a cell, said or not', () => {
    expect(['m3/yr', 'tC', 'm3/cell/yr', '1', 't/ha', 'mm/yr'].map(format.cellUnit)).toEqual([
      'm3/cell/yr',
      'tC/cell',
      'm3/cell/yr',
      '1',
      't/ha',
      'mm/yr',
    ]);
  });

  it('in words', () => {
    expect(format.unitInWords('m3/cell/yr')).toBe('m³ per cell and year');
    expect(format.unitInWords('mm/yr')).toBe('mm per year');
  });
});

describe('markup', () => {
  it('escapes what is put in, keeps what is markup', () => {
    const evil = `<script>"&'`;
    expect(html`<p title="${evil}">${[html`<b>${1}</b>`, evil, undefined, false]}</p>`.markup).toBe(
      '<p title="&lt;script&gt;&quot;&amp;&#39;"><b>1</b>&lt;script&gt;&quot;&amp;&#39;</p>',
    );
  });

  it('drops characters that XML forbids', () => {
    expect(escapeText('a\u0000b\u001bc\td\ud800e😀')).toBe('abc\td\ufffde😀');
  });

  it.each([
    ['Water yield', 'water yield'],
    ['GDP per person', 'GDP per person'],
    ['A', 'A'],
    ['Été', 'été'],
  ])('%s is %s inside a sentence', (name, text) => {
    expect(format.inSentence(name)).toBe(text);
  });

  it('cannot close a script element', () => {
    const { markup } = scriptJson({ a: '</script><!--', b: '\u2028' });
    expect(markup).not.toContain('<');
    expect(JSON.parse(markup)).toEqual({ a: '</script><!--', b: '\u2028' });
  });

  it('links only to files beside the report', () => {
    expect(relativeLink('2003/WY/supply.tif')).toBe('./2003/WY/supply.tif');
    expect(relativeLink('a b/ü#?.tif')).toBe('./a%20b/%C3%BC%23%3F.tif');
    for (const bad of ['javascript:alert(1)', '/etc/passwd', 'https://x.org/a', '\\\\host\\a', '']) {
      expect(relativeLink(bad)).toBeUndefined();
    }
  });
});
