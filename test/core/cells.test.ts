/** Cell types and nodata: the same values here and in the shaders. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allocatePlane, NODATA, NODATA_CODE, nodataOf, SAMPLE_BYTES } from '../../src/core/cells.ts';

describe('nodata', () => {
  test('of quantities is the smallest finite float32, exactly', () => {
    expect(Math.fround(NODATA)).toBe(NODATA);
    const bits = new Uint32Array(Float32Array.of(NODATA).buffer)[0];
    expect(bits).toBe(0xff7fffff);
    expect(Number.isFinite(NODATA)).toBe(true);
    expect(Math.fround(NODATA * (1 + 2 ** -24))).toBe(Number.NEGATIVE_INFINITY);
  });

  test('of codes is the largest word', () => {
    expect(Uint32Array.of(-1)[0]).toBe(NODATA_CODE);
  });

  test('is spelled the same in the shaders', () => {
    const wgsl = readFileSync(join(import.meta.dirname, '../../shaders/lib/nodata.wgsl'), 'utf8');
    expect(wgsl).toContain('NODATA_BITS: u32 = 0xff7fffffu');
    expect(wgsl).toContain('NODATA_CODE: u32 = 0xffffffffu');
  });
});

describe('planes', () => {
  test('are of the type asked for, with its nodata', () => {
    expect(allocatePlane('f32', 3)).toEqual(new Float32Array(3));
    expect(allocatePlane('u32', 2)).toEqual(new Uint32Array(2));
    expect([nodataOf('f32'), nodataOf('u32')]).toEqual([NODATA, NODATA_CODE]);
    expect(allocatePlane('f32', 1).fill(nodataOf('f32'))[0]).toBe(NODATA);
  });

  test('sample sizes are what their names say', () => {
    for (const [type, bytes] of Object.entries(SAMPLE_BYTES)) expect(bytes * 8, type).toBe(Number(type.slice(1)));
  });
});
