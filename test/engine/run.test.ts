/** Running a plan: what overlaps, what is read and kept, and that every tile is written once. */
import { describe, expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import type { Executor } from '../../src/engine/executor.ts';
import type { FieldReader, FieldWriter, RunProgress } from '../../src/engine/run.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { cpuForTests } from '../support/executors.ts';
import { FakeDevice } from '../support/fake-device.ts';
import { gridOf } from '../support/rasters.ts';
import { graphOf, runGraph } from '../support/run-graph.ts';
import { graph, grid, sources, tile } from '../support/two-passes.ts';

const expected = await runGraph(cpuForTests(), graph, sources);

describe('a run', () => {
  test('with fields that stay on the device gives the same bytes, and lets them go', async () => {
    const device = new FakeDevice();
    const run = await runGraph(device, graph, sources, { tile });
    expect(run.planes).toEqual(expected.planes);
    expect(run.records).toEqual(expected.records);
    expect(device).toMatchObject({ visits: 30, alive: 0, closed: 0 });
  });

  test('reads the third tile while the second is computed and the first is written', async () => {
    const missing = new Set(['write 0,0', 'visit 4,0', 'read 8,0']);
    let meet!: () => void;
    const meeting = new Promise<void>((resolve) => {
      meet = resolve;
    });
    // Each of the three waits for the other two: a run that does not overlap them never ends.
    const during = async <T>(part: string, { x, y }: { x: number; y: number }, work: () => Promise<T>): Promise<T> => {
      if (missing.delete(`${part} ${x},${y}`)) {
        if (missing.size === 0) meet();
        await meeting;
      }
      return work();
    };
    const device = new FakeDevice();
    const slow: Executor = {
      kind: 'gpu',
      name: 'slow',
      close: async () => {},
      visit: (request) => during('visit', request.tile, () => device.visit(request)),
    };
    const wrapReader = (reader: FieldReader): FieldReader => ({
      read: (window) => during('read', window, () => reader.read(window)),
    });
    const wrapWriter = (writer: FieldWriter): FieldWriter => ({
      write: (window, cells) => during('write', window, () => writer.write(window, cells)),
    });
    const run = await runGraph(slow, graph, sources, { tile, wrapReader, wrapWriter });
    expect(run.planes).toEqual(expected.planes);
    expect([missing.size, run.plan.inFlight]).toEqual([0, 3]);
  }, 5000);

  test('never has more visits under way than the plan says', async () => {
    for (const [lanes, most] of [
      [1, 2],
      [7, 8],
    ] as const) {
      let [now, peak] = [0, 0];
      const cpu = cpuForTests();
      const executor: Executor = {
        ...cpu,
        async visit(request) {
          peak = Math.max(peak, ++now);
          await new Promise((resolve) => setTimeout(resolve, 1));
          now--;
          return cpu.visit(request);
        },
      };
      expect((await runGraph(executor, graph, sources, { tile, lanes })).planes).toEqual(expected.planes);
      expect(peak).toBe(most);
    }
  });

  test('counts tiles up, pass by pass', async () => {
    const seen: RunProgress[] = [];
    await runGraph(cpuForTests(), graph, sources, { tile, progress: (step) => seen.push(step) });
    expect(seen.map(({ pass, tilesDone }) => 100 * pass + tilesDone)).toEqual(
      [0, 1].flatMap((pass) => Array.from({ length: 15 }, (_, i) => 100 * pass + i + 1)),
    );
    expect(seen.every(({ passes, tiles }) => passes === 2 && tiles === 15)).toBe(true);
  });

  test('reads only the windows it needs: halos where a stage looks at neighbours, tiles elsewhere', async () => {
    const both = graphOf(grid, sources, (builder) => {
      builder.sink(builder.model('s', slope, { inputs: { dem: 'x' } }).slope);
      builder.sink(builder.model('d', per_capita, { inputs: { population: 'y' }, params: { amount: 1 } }).demand);
    });
    const widths = new Map<string, Set<number>>();
    const wrapReader = (reader: FieldReader, field: string): FieldReader => ({
      read(window) {
        widths.set(field, (widths.get(field) ?? new Set()).add(window.width));
        return reader.read(window);
      },
    });
    await runGraph(cpuForTests(), both, sources, { tile, wrapReader });
    expect(Object.fromEntries(widths)).toEqual({ x: new Set([6]), y: new Set([4]) });
  });

  test('frees stored fields that no later pass reads', async () => {
    const chain = graphOf(grid, sources, (builder) => {
      let field = 'x';
      for (let i = 0; i < 5; i++) field = builder.model(`slope ${i}`, slope, { inputs: { dem: field } }).slope;
      builder.sink(field);
    });
    const device = new FakeDevice();
    let most = 0;
    const watched: Executor = {
      kind: 'gpu',
      name: 'watched',
      close: async () => {},
      visit: (request) => {
        most = Math.max(most, device.alive);
        return device.visit(request);
      },
    };
    await runGraph(watched, chain, sources, { tile });
    expect(most).toBeLessThanOrEqual(2 * 15);
  });

  test('frees a stored tile as soon as the last visit that reads it is over', async () => {
    const local = graphOf(grid, sources, (builder) => {
      const inputs = { supply: 'x', demand: 'y' };
      const { balance_static } = builder.model('b', balance, { inputs, outputs: ['balance_static'] });
      const record = builder.range('range', statistics, [balance_static]);
      const maxima = { supply_max: { record, field: 'high' }, demand_max: { record, field: 'high' } };
      const use = { inputs: { supply: balance_static, demand: 'y' }, params: maxima, outputs: ['ratio'] };
      builder.sink(builder.model('r', balance, use).ratio);
    });
    const device = new FakeDevice();
    const alive: number[] = [];
    const progress = () => alive.push(device.alive);
    await runGraph(device, local, sources, { tile, progress });
    expect(Math.max(...alive)).toBe(15);
    expect(Math.max(...alive.slice(-3))).toBeLessThanOrEqual(2);
  });

  test('a field that is kept is not the plane that the writer gets, who may give its memory away', async () => {
    const wrapWriter = (writer: FieldWriter): FieldWriter => ({
      async write(window, cells) {
        await writer.write(window, cells);
        structuredClone(cells.buffer, { transfer: [cells.buffer as ArrayBuffer] });
      },
    });
    const run = await runGraph(cpuForTests(), graph, sources, { tile, wrapWriter });
    expect(run.planes).toEqual(expected.planes);
  });

  test('a source that is wanted as it is goes to the file without any visit', async () => {
    const lulc = Uint32Array.from({ length: 240 }, (_, i) => (i % 7 === 0 ? NODATA_CODE : i));
    const plain = graphOf(grid, { lulc }, (builder) => builder.sink('lulc'));
    const device = new FakeDevice();
    const run = await runGraph(device, plain, { lulc }, { tile });
    expect(run.planes).toEqual({ lulc });
    expect(device.visits).toBe(0);
    const halved = graphOf(grid, { lulc, ...sources }, (builder) => {
      builder.sink('lulc');
      builder.sink('x');
      builder.sink(builder.model('s', slope, { inputs: { dem: 'x' } }).slope);
    });
    const both = await runGraph(device, halved, { lulc, ...sources }, { tile });
    expect(both.planes).toMatchObject({ lulc, x: sources.x });
  });

  test.each([1, 3, 4096])('a grid of one cell, tiles of %s', async (edge) => {
    const one = gridOf(1, 1);
    const single = { x: Float32Array.of(5) };
    const small = graphOf(one, single, (builder) => {
      const steep = builder.model('s', slope, { inputs: { dem: 'x' } }).slope;
      builder.sink(builder.model('t', slope, { inputs: { dem: steep } }).slope);
    });
    expect((await runGraph(new FakeDevice(), small, single, { tile: edge })).planes).toEqual({
      't/slope': Float32Array.of(0),
    });
  });
});
