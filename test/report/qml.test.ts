/** QGIS styles: well-formed, with the classes and colours of the report. */
import { describe, expect, it } from 'vitest';
import { colourOf, hexOf } from '../../src/report/colours.ts';
import { qmlStyle, qmlStyleOf } from '../../src/report/qml.ts';
import { makeData } from './fixture.ts';
import { checkWellFormed } from './well-formed.ts';

const items = (qml: string) =>
  [...qml.matchAll(/<item value="([^"]*)" color="([^"]*)"/g)].map(([, value, colour]) => ({
    value: Number(value),
    colour,
  }));

describe('qmlStyle', () => {
  it('writes classes with names and colours, escaped', () => {
    const qml = qmlStyle({
      kind: 'classes',
      palette: { 2: [46, 112, 76, 255], 10: [1, 2, 3, 128] },
      classNames: { 2: 'forest & <wood>', 10: 'ten' },
    });
    expect(checkWellFormed(qml).elements.get('paletteEntry')).toBe(2);
    expect(qml).toContain('<paletteEntry value="2" color="#2e704c" alpha="255" label="forest &amp; &lt;wood&gt;"/>');
    expect(qml).toContain('<paletteEntry value="10" color="#010203" alpha="128" label="ten"/>');
    expect(qml).toContain('type="paletted"');
  });

  it('draws codes without names and colours by their value', () => {
    const qml = qmlStyle({ kind: 'classes', classNames: {}, min: 0, max: 7 });
    expect(qml).not.toContain('paletted');
    expect(items(qml).at(-1)?.value).toBe(7);
  });

  it('writes a ramp from min to max', () => {
    const qml = qmlStyle({ kind: 'quantity', min: 0, max: 400, ramp: 'supply', unit: 'm3/cell/yr' });
    checkWellFormed(qml);
    const found = items(qml);
    expect(found[0]).toEqual({ value: 0, colour: hexOf(colourOf('supply', 0)) });
    expect(found.at(-1)).toEqual({ value: 400, colour: hexOf(colourOf('supply', 1)) });
    expect(found[8]).toEqual({ value: 200, colour: hexOf(colourOf('supply', 0.5)) });
    expect(qml).toContain('classificationMin="0" classificationMax="400"');
  });

  it('puts the middle colour at the centre, also of lopsided ranges', () => {
    const found = items(qmlStyle({ kind: 'quantity', min: -100, max: 300, diverging: true }));
    expect(found.find(({ value }) => value === 0)?.colour).toBe(hexOf(colourOf('balance', 0.5)));
    expect(found[0].colour).toBe(hexOf(colourOf('balance', 0)));
    expect(found.at(-1)?.colour).toBe(hexOf(colourOf('balance', 1)));
  });

  it('spaces logarithmic stops by factors', () => {
    const found = items(qmlStyle({ kind: 'quantity', min: 1, max: 65536, logarithmic: true }));
    expect(found[1].value).toBeCloseTo(2, 6);
    expect(found[16].value).toBeCloseTo(65536, 3);
  });

  it.each([
    { kind: 'quantity' },
    { kind: 'quantity', min: 5, max: 5 },
    { kind: 'quantity', min: -3, max: 9, logarithmic: true, diverging: true },
    { kind: 'classes' },
  ] as const)('stands %j', (style) => {
    const qml = qmlStyle(style);
    checkWellFormed(qml);
    expect(qml).not.toMatch(/NaN|Infinity|undefined/);
    const values = items(qml).map(({ value }) => value);
    expect([...values].sort((a, b) => a - b)).toEqual(values);
  });

  it('has the range and the colours of the report', () => {
    const data = makeData(24);
    const siblings = data.maps.filter((map) => map.service === 'WY' && map.quantity === 'balance_static');
    const style = qmlStyleOf(siblings);
    expect(style).toMatchObject({ kind: 'quantity', ramp: 'balance', diverging: true, centre: 0 });
    expect(style.min).toBe(-style.max!);
    const classes = qmlStyleOf(data.maps.filter((map) => map.quantity === 'lulc'));
    expect(classes.classNames?.[2]).toBe('forest');
    expect(qmlStyle(classes)).toContain('label="forest"');
  });
});
