/** Global operators in a graph: in which pass, on which tiles, what happens to what they read and make. */
import { describe, expect, test, vi } from 'vitest';
import { EcofluxError, type ErrorCode } from '../../src/core/errors.ts';
import { defineModel } from '../../src/core/model.ts';
import { grow } from '../../src/core/tiles.ts';
import { passesOf } from '../../src/engine/passes.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { balance } from '../../src/models/balance/spec.ts';
import type { SolveFacts, SolveRequest } from '../../src/solvers/solver.ts';
import { cpuForTests } from '../support/executors.ts';
import { FakeDevice } from '../support/fake-device.ts';
import { gridOf, plane } from '../support/rasters.ts';
import { CountedScratch, graphOf, NO_ROOM, ROOM, runGraph } from '../support/run-graph.ts';

/** Stands for depression filling: the largest of the valid cells around, which needs windows across tiles. */
vi.mock('../../src/solvers/index.ts', () => ({ solverOf: () => ({ cpu: largestAround, gpu: onDevice }) }));

const calls: number[] = [];

/** What the next operators on a device do before they write their nth tile, counted over all of them. */
let beforeWrite: (tile: number) => void = () => {};

function onDevice(request: SolveRequest) {
  let tiles = 0;
  const { filled } = request.outputs;
  const write: typeof filled.write = async (tile, plane) => {
    beforeWrite(++tiles);
    await filled.write(tile, plane);
  };
  return largestAround({ ...request, outputs: { filled: { ...filled, write } } });
}

async function largestAround({ tiling, inputs, outputs }: SolveRequest): Promise<SolveFacts> {
  calls.push(tiling.count);
  for (let index = 0; index < tiling.count; index++) {
    const { tileAt } = await import('../../src/core/tiles.ts');
    const tile = tileAt(tiling, index);
    const cells = await inputs.dem.read(grow(tile, 1));
    const pitch = tile.width + 2;
    const made = new Float32Array(tile.width * tile.height);
    for (let y = 0; y < tile.height; y++)
      for (let x = 0; x < tile.width; x++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let dy = 0; dy < 3; dy++)
          for (let dx = 0; dx < 3; dx++) most = Math.max(most, cells[(y + dy) * pitch + x + dx]);
        made[y * tile.width + x] = most;
      }
    await outputs.filled.write(tile, made);
  }
  return { visits: tiling.count };
}

const model = defineModel({
  id: 'slope',
  title: 'Slope of the largest around',
  about: 'an operator between visits',
  equations: [],
  sources: [],
  inputs: { elevation: { about: 'elevation', unit: 'm', kind: 'quantity' } },
  params: {},
  outputs: {
    largest: { about: 'of the cells around', unit: 'm', intermediate: true },
    again: { about: 'of the cells around those', unit: 'm', intermediate: true },
    slope: { about: 'of it', unit: '%' },
  },
  stages: [
    { solve: 'fill_depressions', id: 'once', bind: { dem: 'elevation', filled: 'largest' } },
    { solve: 'fill_depressions', id: 'twice', bind: { dem: 'largest', filled: 'again' } },
    { focal: 'slope', shader: 'slope', halo: 1, bind: { dem: 'again', slope_percent: 'slope' } },
  ],
  tolerance: { rtol: 1e-5, atol: 1e-4, because: 'a test' },
});

const grid = gridOf(20, 12);
const sources = { x: plane(grid, 'f32', 'noise', [0, 50], 1), y: plane(grid, 'f32', 'noise', [0, 50], 2) };

function build(sinks: readonly string[]) {
  return graphOf(grid, sources, (builder) => {
    const { balance_static } = builder.model('b', balance, {
      inputs: { supply: 'x', demand: 'y' },
      outputs: ['balance_static'],
    });
    const made = builder.model('m', model, {
      inputs: { elevation: balance_static },
      outputs: ['largest', 'again', 'slope'],
    });
    for (const sink of sinks) builder.sink(sink === 'balance' ? balance_static : made[sink]);
  });
}

/** The definition, on the whole plane. */
function around(cells: ArrayLike<number>): Float32Array {
  const { width, height } = grid;
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    let most = Number.NEGATIVE_INFINITY;
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
        most = Math.max(most, cells[v * width + u]);
    return most;
  });
}

test('operators run after the visits that make what they read, one after the other, and before those that read what they make', () => {
  const passes = passesOf(build(['slope']));
  expect(passes.map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([['b/difference'], ['m/slope']]);
  expect(passes.map(({ solves }) => solves.map(({ name }) => name))).toEqual([['m/once', 'm/twice'], []]);
  expect(passes[0]).toMatchObject({ keeps: ['b/balance_static'], solved: ['m/largest', 'm/again'] });
  expect([...passes[0].drops].sort()).toEqual(['b/balance_static', 'm/largest']);
  expect(passes[1].drops).toEqual(['m/again']);
});

test('what operators make is the same for any tiles and any room, and every file gets each tile once', async () => {
  const graph = build(['balance', 'largest', 'again', 'slope']);
  const whole = await runGraph(cpuForTests(), graph, sources);
  expect(whole.planes['m/largest']).toEqual(around(whole.planes['b/balance_static']));
  expect(whole.planes['m/again']).toEqual(around(whole.planes['m/largest']));
  const scratch = new CountedScratch();
  const tiled = await runGraph(cpuForTests(), graph, sources, { tile: 4, budget: NO_ROOM, openScratch: scratch.open });
  expect(tiled.planes).toEqual(whole.planes);
  expect(scratch.reads).toBeGreaterThan(0);
  expect(calls).toEqual([1, 1, 15, 15]);
  expect(tiled.summary.timings.solves.get('m/once')?.facts).toEqual({ visits: 15 });
});

describe('on a device', () => {
  const graph = build(['balance', 'largest', 'again', 'slope']);
  const device = () => Object.assign(new FakeDevice(), { solvesOn: {} as Gpu });

  test.each([1, 4, 15])(
    'that is lost at tile %s of an operator: it goes on with another, no tile is written twice',
    async (at) => {
      const whole = await runGraph(cpuForTests(), graph, sources);
      for (const budget of [ROOM, NO_ROOM]) {
        const [first, second] = [device(), device()];
        beforeWrite = (tile) => {
          if (first.lost || tile < at) return;
          first.lost = true;
          first.check();
        };
        const scratch = new CountedScratch();
        const run = await runGraph(first, graph, sources, {
          tile: 4,
          budget,
          openScratch: scratch.open,
          replaceExecutor: async () => second,
        });
        expect(run.planes).toEqual(whole.planes);
        expect(run.summary).toMatchObject({ losses: 1 });
        expect({ closed: first.closed, alive: second.alive }).toEqual({ closed: 1, alive: 0 });
      }
    },
  );

  test('without another one the loss is what the run ends with', async () => {
    const only = device();
    beforeWrite = () => {
      only.lost = true;
      only.check();
    };
    await expect(runGraph(only, graph, sources, { tile: 4 })).rejects.toMatchObject({ code: 'DeviceLost' });
  });

  test('a run that is stopped in an operator ends as interrupted', async () => {
    const stop = new AbortController();
    beforeWrite = (tile) => {
      if (tile < 3) return;
      stop.abort();
      throw new Error('comes of it');
    };
    const stopped = runGraph(device(), graph, sources, { tile: 4, signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'Interrupted' });
  });
});

describe('what an operator finds fault with', () => {
  const graph = build(['again']);
  const failing = (error: Error) => {
    beforeWrite = () => {
      throw error;
    };
    return runGraph(Object.assign(new FakeDevice(), { solvesOn: {} as Gpu }), graph, sources, { tile: 4 });
  };

  test('is said with the field behind the plane', async () => {
    const negative = new EcofluxError('InvalidInput', 'it is negative', { field: 'dem', place: 'row 1, column 2' });
    await expect(failing(negative)).rejects.toMatchObject({
      code: 'InvalidInput',
      message: 'b/balance_static, row 1, column 2: it is negative',
    });
  });

  test('is said with the stage where it names no plane', async () => {
    const raise = (code: ErrorCode) => new EcofluxError(code, 'it cannot be', { place: 'block 3' });
    for (const code of ['InvalidConfiguration', 'OutOfCapacity', 'Bug'] as const)
      await expect(failing(raise(code))).rejects.toMatchObject({
        code,
        message: 'm/once, block 3: it cannot be',
        stack: expect.stringMatching(/m\/once, block 3: it cannot be\n +at raise /),
      });
  });

  test('stays as it is where a file is known, where disk or device refused, and where it is none of ours', async () => {
    for (const error of [
      new EcofluxError('InvalidInput', 'it is cut short', { file: 'dem.tif' }),
      new EcofluxError('OutOfCapacity', 'the disk is full', { cause: { code: 'ENOSPC' } }),
      new TypeError('it is no function'),
    ])
      await expect(failing(error)).rejects.toBe(error);
  });
});

test('an operator over a source needs no visit before it', () => {
  const graph = graphOf(grid, { x: sources.x }, (builder) => {
    builder.sink(builder.model('m', model, { inputs: { elevation: 'x' }, outputs: ['largest'] }).largest);
  });
  const passes = passesOf(graph);
  expect(passes).toHaveLength(1);
  expect(passes[0]).toMatchObject({ nodes: [], reads: [], solved: [], keeps: [] });
});
