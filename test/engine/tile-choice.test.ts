/** The size of tiles: as large as is useful, as small as the memory and the bindings of the place ask, or a refusal that helps. */
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../src/engine/graph-builder.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { gridOf } from '../support/rasters.ts';
import { analysis, GPU, MB, plan } from '../support/water-analysis.ts';

describe('tiles', () => {
  test('are 1024 cells wide where there is room', () => {
    expect(plan(analysis()).tiling).toMatchObject({ tileWidth: 1024, tileHeight: 1024, count: 6 });
  });

  test('are never larger than the grid', () => {
    expect(plan(analysis(7, 5)).tiling).toMatchObject({ tileWidth: 7, tileHeight: 5, count: 1 });
    expect(plan(analysis(1, 1), GPU, { host: 2 ** 31, device: 2 ** 31, tile: 4096 }).tiling).toMatchObject({
      tileWidth: 1,
      count: 1,
    });
  });

  test('shrink with the memory there is, of the host and of the device', () => {
    const edges = [1000, 300, 100, 20].map(
      (mb) => plan(analysis(), GPU, { host: mb * MB, device: 2 ** 31 }).tiling.tileWidth,
    );
    expect(edges).toEqual([1024, 512, 256, 128]);
    expect(plan(analysis(), GPU, { host: 2 ** 31, device: 100 * MB }).tiling.tileWidth).toBe(256);
    expect(plan(analysis(), { ...GPU, kind: 'cpu' }, { host: 2 ** 31, device: 0 }).tiling.tileWidth).toBe(1024);
  });

  test('keep to the budget that the plan states', () => {
    for (const mb of [1000, 300, 100, 30]) {
      const { hostBytes, deviceBytes } = plan(analysis(), GPU, { host: mb * MB, device: mb * MB });
      expect(hostBytes).toBeLessThanOrEqual(mb * MB);
      expect(deviceBytes).toBeLessThanOrEqual(mb * MB);
    }
  });

  test('shrink with what the device can bind: three planes of a pack are one binding', () => {
    expect(plan(analysis(), { ...GPU, maxBinding: 3 * 514 * 514 * 4 }).tiling.tileWidth).toBe(512);
    expect(plan(analysis(), { ...GPU, maxBinding: 3 * 512 * 512 * 4 - 4 }).tiling.tileWidth).toBe(256);
  });

  test('are whole strips where the files are', () => {
    const builder = new GraphBuilder(gridOf(3000, 2000));
    builder.source('population', 'f32', { blockWidth: 3000, blockHeight: 1 });
    builder.model('need', per_capita, { inputs: { population: 'population' }, params: { amount: 2 } });
    expect(plan(builder.build()).tiling).toMatchObject({ tileWidth: 3000, tileHeight: 512 });
  });

  test('are enough for all threads', () => {
    const small = plan(analysis(1000, 1000), { ...GPU, kind: 'cpu', lanes: 4 });
    expect(small.tiling.count).toBeGreaterThanOrEqual(16);
    expect(small.inFlight).toBe(5);
  });

  test('that cannot fit are refused with the budget they need', () => {
    expect(() => plan(analysis(), GPU, { host: MB, device: 2 ** 31 })).toThrow(
      /^even the smallest tile does not fit in memory \(found 1 MB, expected a budget of at least \d+ MB\)\. Raise --memory, or choose a smaller --tile$/,
    );
    expect(() => plan(analysis(), GPU, { host: 2 ** 31, device: MB })).toThrow(
      /does not fit in device memory.*Raise --device-memory/,
    );
    const budget = { host: 100 * MB, device: 2 ** 31, tile: 1024 };
    const need = Number(/at least (\d+) MB/.exec(thrown(() => plan(analysis(), GPU, budget)))![1]);
    expect(plan(analysis(), GPU, { ...budget, host: need * MB }).tiling.tileWidth).toBe(1024);
    expect(thrown(() => plan(analysis(), { ...GPU, maxBinding: 1000 }))).toBe(
      'even the smallest tile has planes larger than the device can bind (found 1 MB, expected at most 0 MB). Choose a smaller --tile',
    );
  });

  test.each([0, -4, 1.5, Number.NaN])('of %s cells make no sense', (tile) => {
    expect(() => plan(analysis(), GPU, { host: 2 ** 31, device: 2 ** 31, tile })).toThrow(
      'the tile size makes no sense',
    );
  });
});

function thrown(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('sources in other grids', () => {
  const coarse = (hint: { sourceCellsPerCell?: number; warpsOnDevice?: boolean }) => {
    const builder = new GraphBuilder(gridOf(3000, 2000));
    builder.source('population', 'f32', { blockWidth: 512, blockHeight: 512, ...hint });
    builder.model('need', per_capita, { inputs: { population: 'population' }, params: { amount: 2 } });
    return builder.build();
  };
  const budget = { host: 200 * MB, device: 200 * MB };
  const WARPS = { ...GPU, warps: true };

  test('take memory of a visit for the cells that a plane is made from', () => {
    const edges = [undefined, 1, 4, 16].map(
      (sourceCellsPerCell) => plan(coarse({ sourceCellsPerCell, warpsOnDevice: true }), WARPS, budget).tiling.tileWidth,
    );
    expect(edges).toEqual([1024, 1024, 512, 256]);
  });

  test('take up to 64 MiB in a worker, however fine they are', () => {
    const tiling = (cells: number, host: number) =>
      plan(coarse({ sourceCellsPerCell: cells }), WARPS, { host: host * MB, device: 2 ** 31 }).tiling.tileWidth;
    expect(tiling(1e4, 500)).toBe(tiling(1e5, 500));
    expect(tiling(1e4, 500)).toBe(1024);
    expect(tiling(64, 200)).toBe(256);
    expect(() => plan(coarse({ sourceCellsPerCell: 1e5 }), WARPS, { host: 100 * MB, device: 2 ** 31 })).toThrow(
      'even the smallest tile does not fit in memory',
    );
  });

  test('do not give tiles the shape of their strips', () => {
    const builder = new GraphBuilder(gridOf(3000, 2000));
    builder.source('population', 'f32', { blockWidth: 3000, blockHeight: 1, sourceCellsPerCell: 1 });
    builder.model('need', per_capita, { inputs: { population: 'population' }, params: { amount: 2 } });
    expect(plan(builder.build()).tiling).toMatchObject({ tileWidth: 1024, tileHeight: 1024 });
  });
});
