/** Verification itself: which cells it looks at, that it sees what is wrong, and what it may use. */
import { afterAll, describe, expect, test } from 'vitest';
import { NODATA, type Plane } from '../../src/core/cells.ts';
import { EcofluxError } from '../../src/core/errors.ts';
import type { Window } from '../../src/core/grid.ts';
import { cellCount } from '../../src/core/grid.ts';
import type { Executor, VisitRequest } from '../../src/engine/executor.ts';
import type { Graph } from '../../src/engine/graph.ts';
import { memoryReader } from '../../src/engine/memory-fields.ts';
import type { OpenDevice } from '../../src/engine/open-device.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import type { Platform } from '../../src/pipeline/platform.ts';
import { verifyGraph } from '../../src/pipeline/verify.ts';
import { windowsOf } from '../../src/pipeline/verify-windows.ts';
import { cpuForTests } from '../support/executors.ts';
import { gridOf, plane } from '../support/rasters.ts';
import { graphOf, ROOM } from '../support/run-graph.ts';

const cpu = cpuForTests();
afterAll(() => cpu.close());
const platform = {
  pool: { size: 1 },
  openScratch: () => Promise.reject(new Error('this should need no scratch file')),
} as unknown as Platform;

function deviceOf(executor: Executor, more: Partial<OpenDevice> = {}): OpenDevice {
  return {
    executor,
    place: { kind: 'cpu', maxBinding: 0, lanes: 1 },
    kind: 'cpu',
    sentence: '',
    adapter: undefined,
    selfTest: undefined,
    replace: () => Promise.reject(new Error('nothing is lost here')),
    close: async () => {},
    ...more,
  };
}

/** The CPU, but what a visit leaves is changed. */
function wrong(change: (request: VisitRequest, result: Awaited<ReturnType<Executor['visit']>>) => void): Executor {
  return {
    ...cpu,
    async visit(request) {
      const result = await cpu.visit(request);
      change(request, result);
      return result;
    },
  };
}

/** The slope of some ground, and its range. */
function slopeOf(width: number, height: number): { graph: Graph; ground: Plane } {
  const grid = gridOf(width, height);
  const ground = plane(grid, 'f32', 'holes', [0, 500], 5);
  const graph = graphOf(grid, { ground }, (builder) => {
    const made = builder.model('steepness', slope, { inputs: { dem: 'ground' } });
    builder.range('range', statistics, [made.slope]);
    builder.sink(made.slope);
  });
  return { graph, ground };
}

const verify = ({ graph, ground }: ReturnType<typeof slopeOf>, device: OpenDevice, budget = ROOM) =>
  verifyGraph(graph, new Map([['ground', memoryReader(graph.grid, 'f32', ground)]]), device, platform, { budget });

/** How often each cell of the rows that a window touches is seen. */
function covered(windows: readonly Window[], width: number, count: number) {
  expect(windows).toHaveLength(count);
  const columns = new Map<number, Uint8Array>();
  for (const window of windows)
    for (let y = window.y; y < window.y + window.height; y++) {
      const row = columns.get(y) ?? new Uint8Array(width);
      for (let x = window.x; x < window.x + window.width; x++) row[x]++;
      columns.set(y, row);
    }
  return { columns };
}

describe('windows', () => {
  test.each([
    ['a small grid is one', 256, 256, 1, 1],
    ['one a little larger is cut', 257, 256, 9, 1],
    ['a larger one has nine', 512, 512, 9, (9 * 96 * 96) / 2 ** 18],
    ['where three would meet there are four', 383, 600, 12, (383 * 3 * 96) / (383 * 600)],
    ['and where they just touch, three', 384, 600, 9, (9 * 96 * 96) / (384 * 600)],
  ])('with operators: %s', (_, width, height, count, share) => {
    const seen = [...covered(windowsOf({ width, height }, true), width, count).columns.values()];
    expect(seen.every((row) => row.every((times) => times <= 1))).toBe(true);
    expect(seen.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0) / (width * height)).toBeCloseTo(
      share,
      12,
    );
  });

  test.each([
    ['a small grid is one', 2048, 2048, 1, 1],
    ['a large one has nine', 20000, 10000, 9, (9 * 512 * 512) / 2e8],
    ['a narrow one has three', 100, 60000, 3, 0.0256],
    ['a little wider than one window', 600, 8000, 6, 0.192],
    ['the other way', 8000, 600, 6, 0.192],
    ['just three along one side', 1536, 4000, 9, 1536 / 4000],
    ['and one cell more', 1537, 4000, 9, (1536 * 1536) / (1537 * 4000)],
  ])('%s', (_, width, height, count, share) => {
    const { columns } = covered(windowsOf({ width, height }), width, count);
    const seen = [...columns.values()];
    expect(seen.every((row) => row.every((times) => times <= 1))).toBe(true);
    expect(seen.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0) / (width * height)).toBeCloseTo(
      share,
      12,
    );
    expect([...columns.keys()].sort((a, b) => a - b)[0]).toBe(0);
    expect(columns.get(height - 1)![width - 1]).toBe(1);
  });
});

describe('a grid of 100 × 60000 cells', () => {
  const made = slopeOf(100, 60000);

  test('the share and the cells are those that were compared', async () => {
    const { rows, passed, share } = await verify(made, deviceOf(cpu));
    expect(passed).toBe(true);
    expect(share).toBe(0.0256);
    const [cells] = rows.filter(({ output }) => output === 'slope').map((row) => row.cells);
    const valid = (y: number) => made.ground.subarray(100 * y, 100 * (y + 512)).filter((x) => x !== NODATA).length;
    expect(cells).toBeGreaterThan(90_000);
    expect(cells).toBeLessThanOrEqual(valid(0) + valid(29744) + valid(59488));
  });

  test('one wrong cell of the last window fails, with its place in the grid', async () => {
    const device = wrong(({ tile }, { host }) => {
      for (const [name, cells] of host) if (name.endsWith('slope') && visits++ === 2) cells[7 * tile.width + 50] += 1;
    });
    let visits = 0;
    const { rows, passed } = await verify(made, deviceOf(device), { ...ROOM, tile: 512 });
    expect({ passed, visits }).toEqual({ passed: false, visits: 3 });
    const [failed] = rows.filter((row) => !row.passed);
    expect(failed.worst).toMatchObject({ column: 50, row: 59488 + 7 });
    expect(failed.maxAbsolute).toBeCloseTo(1, 5);
  });
});

describe('a small grid', () => {
  const made = slopeOf(64, 40);

  test('all of it; tiles do not matter', async () => {
    const { rows, share, passed } = await verify(made, deviceOf(cpu), { ...ROOM, tile: 16 });
    expect({ share, passed }).toEqual({ share: 1, passed: true });
    expect(rows.map(({ output }) => output)).toEqual(['slope', 'count, low, high']);
    expect(rows[0].cells).toBeLessThan(cellCount(made.graph.grid));
  });

  test('the tile of the budget is used', async () => {
    const tiles: number[] = [];
    await verify(made, deviceOf(wrong(({ tile }) => tiles.push(tile.width))), { ...ROOM, tile: 16 });
    expect(new Set(tiles)).toEqual(new Set([16]));
  });

  test('a wrong record fails', async () => {
    const device = wrong((_, { partials }) => {
      for (const [record, values] of partials)
        (partials as Map<string, object>).set(record, { ...values, high: values.high * (1 + 1e-7) });
    });
    const { rows, passed } = await verify(made, deviceOf(device));
    expect(passed).toBe(false);
    expect(rows.filter((row) => !row.passed).map(({ output }) => output)).toEqual(['count, low, high']);
  });

  test('the memory of the device is what the budget says, whatever the host has', async () => {
    const device = deviceOf(cpu, { place: { kind: 'gpu', maxBinding: 2 ** 27, lanes: 1 } });
    await expect(verify(made, device, { host: 2 ** 31, device: 1000 })).rejects.toMatchObject({
      code: 'OutOfCapacity',
    });
    expect((await verify(made, device, { host: 2 ** 31, device: 2 ** 27 })).passed).toBe(true);
  });

  test('a device that is lost is replaced', async () => {
    const lost: Executor = {
      ...cpu,
      visit: () => Promise.reject(new EcofluxError('DeviceLost', 'the device was lost')),
      close: async () => {},
    };
    let losses = 0;
    const replace = async (count: number) => {
      losses = count;
      return cpu;
    };
    const { passed } = await verify(made, deviceOf(lost, { replace }));
    expect({ passed, losses }).toEqual({ passed: true, losses: 1 });
  });
});
