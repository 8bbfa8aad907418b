/** Sources in other grids on the device: the same cells, nodata and positions as their definition, whatever the tiles. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE, nodataOf, type Plane } from '../../src/core/cells.ts';
import type { Grid, Window } from '../../src/core/grid.ts';
import { INTERPOLATIONS, type Interpolation, NO_POSITION } from '../../src/core/warp.ts';
import type { Executor } from '../../src/engine/executor.ts';
import { tileContext } from '../../src/engine/tile-context.ts';
import type { WarpedPlane } from '../../src/engine/warped-plane.ts';
import { describeWarpingDevices } from '../support/executors.ts';
import { gridOf, plane } from '../support/rasters.ts';
import { type Mapping, type Source, warpedCells, warpInput } from '../support/warp.ts';

const GRID = gridOf(150, 90);
const SOURCE_GRID = gridOf(130, 110);
/** Turned, curved, and partly outside of the source. */
const TURNED: Mapping = (x, y) => [12 + 0.8 * x - 0.21 * y + x * x * 4e-4, -7 + 0.15 * x + 0.93 * y];
/** Without an image in a corner. */
const TORN: Mapping = (x, y) => (x + y > 170 ? undefined : TURNED(x, y));
const VALUES = [-300, 3000] as const;

function sourceOf(type: 'f32' | 'u32', pattern: 'noise' | 'slopes' = 'noise'): Source {
  const { width, height } = SOURCE_GRID;
  return { width, height, cells: plane(SOURCE_GRID, type, pattern, VALUES, 5) };
}

interface Case {
  readonly mapping?: Mapping;
  readonly window?: Window;
  readonly halo?: number;
  readonly step?: number;
  /** The window is that of the tile, the padding around it is nobody's. */
  readonly bare?: boolean;
}

/** A window as the reader gives it, what the device makes of it and what should be. */
async function bothOf(executor: Executor, source: Source, method: Interpolation, given: Case = {}) {
  const { mapping = TURNED, window = { x: 0, y: 0, ...sizeOf(GRID) }, halo = 0, step, bare = false } = given;
  const around = bare ? 0 : halo;
  const whole = {
    x: window.x - around,
    y: window.y - around,
    width: window.width + 2 * around,
    height: window.height + 2 * around,
  };
  const type = source.cells instanceof Float32Array ? 'f32' : 'u32';
  const input = warpInput(source, whole, mapping, method, step);
  const warp: WarpedPlane = { type, parts: [{ x: 0, y: 0, input }] };
  const found = await made(executor, warp, window, halo, bare ? halo : 0);
  const all = warpedCells(warp, whole, GRID);
  const expected = found.slice();
  for (let row = 0; row < window.height; row++) {
    const start = (row + around) * whole.width + around;
    expected.set(all.subarray(start, start + window.width), row * window.width);
  }
  return { found, expected, source };
}

async function made(executor: Executor, warp: WarpedPlane, window: Window, halo = 0, inset = 0): Promise<Plane> {
  const { host } = await executor.visit({
    label: 'warp',
    nodes: [],
    tables: new Map(),
    tile: tileContext(GRID, halo, { index: 0, ...window }),
    inputs: new Map([['field', { warp, inset }]]),
    types: new Map([['field', warp.type]]),
    toHost: ['field'],
    toStay: [],
  });
  return host.get('field')!;
}

function sizeOf({ width, height }: Grid): { width: number; height: number } {
  return { width, height };
}

/** Rounding of the value, once on each side, and of weights, differences and sums: a unit of the differences' size for each operation. */
function expectClose(found: Plane, expected: Plane): void {
  const range = VALUES[1] - VALUES[0];
  let [worst, cells, disagreements] = [0, 0, 0];
  for (let i = 0; i < found.length; i++) {
    if ((found[i] === NODATA) !== (expected[i] === NODATA)) disagreements++;
    if (expected[i] === NODATA) continue;
    cells++;
    worst = Math.max(worst, Math.abs(found[i] - expected[i]) / (2 ** -24 * (2 * Math.abs(expected[i]) + 4 * range)));
  }
  expect(disagreements).toBe(0);
  expect(worst).toBeLessThanOrEqual(1);
  expect(cells).toBeGreaterThan(found.length / 4);
  expect(cells).toBeLessThan(found.length);
}

describeWarpingDevices('sources in other grids', (get) => {
  test.each(['f32', 'u32'] as const)('nearest of %s is the cell itself', async (type) => {
    const { found, expected } = await bothOf(get(), sourceOf(type), 'nearest', { mapping: TORN });
    expect(found).toEqual(expected);
    expect(new Set(found).size).toBeGreaterThan(5);
    expect(found).toContain(nodataOf(type));
  });

  test.each(['bilinear', 'cubic'] as const)(
    '%s is its definition up to rounding, nodata is the same',
    async (method) => {
      const { found, expected } = await bothOf(get(), sourceOf('f32'), method, { mapping: TORN });
      expectClose(found, expected);
    },
  );

  test.each(['bilinear', 'cubic'] as const)('%s leaves a uniform raster as it is', async (method) => {
    const source = sourceOf('f32');
    source.cells.forEach((cell, i) => {
      if (cell !== NODATA) source.cells[i] = Math.fround(1234.5678);
    });
    const { found } = await bothOf(get(), source, method);
    expect(new Set(found)).toEqual(new Set([NODATA, Math.fround(1234.5678)]));
  });

  test.each([1, 2, 8])('nodes may be %i cells apart', async (step) => {
    const { found, expected } = await bothOf(get(), sourceOf('u32'), 'nearest', { mapping: TORN, step });
    expect(found).toEqual(expected);
    expect(found).toContain(NODATA_CODE);
  });

  test.each([
    ['in the middle', { x: 37, y: 21, width: 50, height: 33 }],
    ['in a corner', { x: 143, y: 0, width: 7, height: 3 }],
    ['of one cell', { x: 81, y: 50, width: 1, height: 1 }],
  ])('a window %s, with padding that is part of it, and with padding that is nobody’s', async (_, window) => {
    for (const method of INTERPOLATIONS)
      for (const bare of [false, true]) {
        const whole = await bothOf(get(), sourceOf('f32'), method);
        const { found } = await bothOf(get(), sourceOf('f32'), method, { window, halo: 3, bare });
        expect(found).toEqual(cut(whole.found, window));
      }
  });

  test('a plane may come in parts', async () => {
    const source = sourceOf('f32');
    const window = { x: 5, y: 9, width: 140, height: 70 };
    const quarters = [
      { x: 0, y: 0, width: 59, height: 39 },
      { x: 59, y: 0, width: 81, height: 39 },
      { x: 0, y: 39, width: 140, height: 31 },
    ];
    const parts = quarters.map(({ x, y, width, height }) => ({
      x,
      y,
      input: warpInput(source, { x: 5 + x, y: 9 + y, width, height }, TURNED, 'bilinear'),
    }));
    const { found } = await bothOf(get(), source, 'bilinear', { window });
    expect(await made(get(), { type: 'f32', parts }, window)).toEqual(found);
  });

  test.each(['f32', 'u32'] as const)('cells of %s outside of an area are nodata', async (type) => {
    const window = { x: 3, y: 2, width: 61, height: 45 };
    const inside = Uint8Array.from({ length: 61 * 45 }, (_, i) => Number((i % 61) + Math.floor(i / 61) < 70));
    const input = warpInput(sourceOf(type, 'slopes'), window, (x, y) => [x, y], 'nearest');
    const parts = [{ x: 0, y: 0, input }];
    const whole = await made(get(), { type, parts }, window, 2, 2);
    const found = await made(get(), { type, parts, mask: { width: 61, height: 45, inside } }, window, 2, 2);
    expect(found).toEqual(whole.map((cell, i) => (inside[i] ? cell : nodataOf(type))));
    expect(whole).not.toContain(nodataOf(type));
    expect(found).toContain(nodataOf(type));
  });

  test('a source that is nowhere near gives nodata', async () => {
    for (const mapping of [() => undefined, (x: number, y: number) => [x + 1e6, y - 1e6] as const]) {
      const { found } = await bothOf(get(), sourceOf('f32'), 'cubic', { mapping });
      expect(new Set(found)).toEqual(new Set([NODATA]));
    }
  });
});

function cut(plane: Plane, { x, y, width, height }: Window): Plane {
  const index = (i: number) => (y + Math.floor(i / width)) * GRID.width + x + (i % width);
  return plane.slice(0, width * height).map((_, i) => plane[index(i)]);
}

describe('positions made by hand', () => {
  test('tell where there is none', () => {
    const { positions } = warpInput(sourceOf('f32'), { x: 0, y: 0, ...sizeOf(GRID) }, TORN, 'nearest');
    expect(positions.nodes).toContain(NO_POSITION);
    expect(positions.columns).toBe(11);
  });
});
