/** The checker of the tests rejects what it should. */
import { describe, expect, it } from 'vitest';
import { checkWellFormed } from './well-formed.ts';

describe('checkWellFormed', () => {
  it('accepts and counts', () => {
    const found = checkWellFormed(`<?xml version="1.0"?><!DOCTYPE a><a id="x"><b c='1'/>&lt;<b/></a>\n`);
    expect(found.elements.get('b')).toBe(2);
    expect(found.ids.has('x')).toBe(true);
    expect(() => checkWellFormed('<p><img src="x"><br></p>', true)).not.toThrow();
  });

  it.each([
    '<a><b></a></b>',
    '<a>',
    '<a x=1/>',
    '<a x="1" x="2"/>',
    '<a>&nbsp;</a>',
    '<a b="<"/>',
    '<a>1 < 2</a>',
    '<a/>text',
    '<a><b id="p"/><b id="p"/></a>',
    '<a title="a & b"/>',
  ])('rejects %s', (text) => {
    expect(() => checkWellFormed(text)).toThrow();
  });
});
