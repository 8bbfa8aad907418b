/** One visit on each executor: types, memory that is given away, tables, and buffers that come back. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { TaskPool } from '../../src/core/tasks.ts';
import type { ClassRows } from '../../src/core/values.ts';
import { cpuExecutor } from '../../src/engine/cpu-executor.ts';
import type { Executor, VisitRequest } from '../../src/engine/executor.ts';
import { gpuExecutor } from '../../src/engine/gpu-executor.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { runStages, type StageTask } from '../../src/engine/stage-task.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { describeDrivers } from '../support/drivers.ts';
import { describeOnExecutors, openDriver } from '../support/executors.ts';
import { gridOf } from '../support/rasters.ts';

const rows = (c_above: number): ClassRows => new Map([[1, { c_above, c_below: 0, c_soil: 0, c_dead: 0 }]]);

function storageVisit(over: Partial<VisitRequest> = {}): VisitRequest {
  const node = {
    name: 'c/storage_bas',
    model: 'carbon',
    shader: 'carbon',
    entry: 'storage_pools',
    reads: { lulc: 'lulc' },
    writes: { c_above: 'a', c_below: 'b', c_soil: 's', c_dead: 'd' },
    tables: { pools: 't' },
    params: {},
  };
  return {
    label: 'visit',
    nodes: [node],
    tables: new Map([['t', rows(7)]]),
    tile: {
      width: 2,
      height: 1,
      pitch: 4,
      halo: 1,
      x: 0,
      y: 0,
      gridWidth: 2,
      gridHeight: 1,
      cellWidth: 1,
      cellHeight: 1,
    },
    inputs: new Map([['lulc', { host: Uint32Array.of(9, 9, 9, 9, 9, 1, NODATA_CODE, 9, 9, 9, 9, 9), owned: true }]]),
    types: new Map([['lulc', 'u32'], ...['a', 'b', 's', 'd'].map((name) => [name, 'f32'] as const)]),
    toHost: ['a', 'd'],
    toStay: [],
    ...over,
  };
}

describeOnExecutors('a visit', (get) => {
  test('brings back the interior of what is asked for', async () => {
    const { host, device, partials } = await get().visit(storageVisit());
    expect(Object.fromEntries(host)).toEqual({ a: Float32Array.of(7, NODATA), d: Float32Array.of(0, NODATA) });
    expect([device.size, partials.size]).toEqual([0, 0]);
  });

  test('another table under the same name is another table', async () => {
    const values = [];
    for (const c_above of [3, 4]) {
      const given = { grid: gridOf(1, 1), inputs: { lulc_bas: Uint32Array.of(1) }, tables: { carbon: rows(c_above) } };
      values.push((await runModel(carbon, given, { executor: get() })).planes.c_storage_bas[0]);
    }
    expect(values).toEqual([3, 4]);
  });

  test('more tables than are kept', async () => {
    const executor = get();
    const visits = Array.from({ length: 150 }, (_, i) =>
      executor.visit(storageVisit({ tables: new Map([['t', rows(i)]]), toHost: ['a'] })),
    );
    expect((await Promise.all(visits)).map(({ host }) => host.get('a')![0])).toEqual(
      Array.from({ length: 150 }, (_, i) => i),
    );
  });
});

describe('the CPU executor', () => {
  const capture = (): { pool: TaskPool; transfers: unknown[][] } => {
    const transfers: unknown[][] = [];
    const pool: TaskPool = {
      size: 3,
      run: async <I, O>(_: string, input: I, options: { transfer?: unknown[] } = {}) => {
        transfers.push(options.transfer ?? []);
        return runStages(input as StageTask) as O;
      },
      close: async () => {},
    };
    return { pool, transfers };
  };

  test('computes as many visits at once as its pool has workers', () => {
    expect(cpuExecutor(capture().pool)).toMatchObject({
      kind: 'cpu',
      lanes: 3,
      name: 'CPU reference (float64, 3 threads)',
    });
  });

  test('gives away only memory that it owns and that holds nothing else', async () => {
    const { pool, transfers } = capture();
    const executor = cpuExecutor(pool);
    const own = storageVisit().inputs.get('lulc')!.host!;
    const shared = new Uint32Array(new ArrayBuffer(100), 4, 12);
    for (const input of [{ host: own, owned: true }, { host: own }, { host: shared, owned: true }])
      await executor.visit(storageVisit({ inputs: new Map([['lulc', input]]) }));
    expect(transfers).toEqual([[own.buffer], [], []]);
  });

  test('leaves class codes as codes, padded with their own nodata', () => {
    const { nodes, tables, tile, inputs } = storageVisit();
    const planes = new Map([...inputs].map(([name, { host }]) => [name, host!]));
    const again = {
      ...nodes[0],
      reads: { lulc: 'a' },
      writes: { c_above: 'a2', c_below: 'b2', c_soil: 's2', c_dead: 'd2' },
    };
    const task: StageTask = {
      nodes: [nodes[0], again],
      tables: new Map([...tables, ['t', new Map([...rows(1)])]]),
      tile,
      inputs: planes,
      codes: ['a'],
      wanted: ['a', 'a2'],
    };
    const result = runStages({
      ...task,
      inputs: new Map([['lulc', Uint32Array.from(planes.get('lulc')!, (code) => (code === NODATA_CODE ? 1 : code))]]),
    });
    expect(result.planes.get('a')).toEqual(Uint32Array.of(1, 1));
    expect(result.planes.get('a2')).toEqual(Float32Array.of(1, 1));
  });
});

describeDrivers('the GPU executor', (driver) => {
  test('gives every buffer back: a run leaves none on loan, closing leaves none alive', async () => {
    const gpu = await openDriver(driver);
    const executor: Executor = gpuExecutor(gpu);
    const given = { grid: gridOf(130, 70), inputs: { dem: new Float32Array(130 * 70).fill(3) } };
    await runModel(slope, given, { executor, tile: 32 });
    await executor.visit(storageVisit());
    // What is left is the one class table.
    expect([...gpu.buffers.lent].map(({ label }) => label)).toEqual(['t']);
    await executor.close();
    expect(gpu.buffers.liveBuffers).toBe(0);
  });

  test('a plane that stays has a buffer of its own, not the pack it was made in', async () => {
    const gpu = await openDriver(driver);
    const executor = gpuExecutor(gpu);
    const { host, device } = await executor.visit(storageVisit({ toHost: ['d'], toStay: ['a', 'd'] }));
    expect([...device.keys()]).toEqual(['a', 'd']);
    const planes = [...gpu.buffers.lent].filter(({ label }) => label !== 't');
    expect(planes.map(({ size }) => size)).toEqual([256, 256]);
    expect(await device.get('a')!.toHost()).toEqual(Float32Array.of(7, NODATA));
    expect(await device.get('d')!.toHost()).toEqual(host.get('d'));
    for (const plane of device.values()) {
      plane.release();
      plane.release();
    }
    await executor.close();
    expect(gpu.buffers.liveBuffers).toBe(0);
  });

  test('times add up by stage, not by tile', async () => {
    const gpu = await openDriver(driver);
    const executor = gpuExecutor(gpu);
    const given = { grid: gridOf(64, 64), inputs: { dem: new Float32Array(64 * 64).fill(3) } };
    const { summary } = await runModel(slope, given, { executor, tile: 32 });
    if (gpu.timestamps) expect([...summary.timings.stages.keys()]).toEqual(['slope/slope']);
    expect(summary.timings.bytesUp).toBeGreaterThan(4 * 34 * 34 * 4);
    expect(summary.timings.bytesDown).toBe(4 * 34 * 34 * 4);
    await executor.close();
  });

  test('a visit that does not fit gives back what it had and leaves the device usable', async () => {
    const gpu = await openDriver(driver, { deviceMemory: 3000 });
    const executor = gpuExecutor(gpu);
    const codes = new Uint32Array(12 * 64 * 64);
    const tile = { ...storageVisit().tile, width: 64, height: 64, pitch: 66 };
    await expect(
      executor.visit(storageVisit({ tile, inputs: new Map([['lulc', { host: codes.subarray(0, 66 * 66) }]]) })),
    ).rejects.toMatchObject({ code: 'OutOfCapacity' });
    expect(gpu.buffers.lent.size).toBe(0);
    expect((await executor.visit(storageVisit({ toHost: ['a'] }))).host.get('a')).toEqual(Float32Array.of(7, NODATA));
    await executor.close();
  });
});
