/** Running a plan: what overlaps, what is written once, how failures and interruptions end, and what recovery costs. */
import { describe, expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import { EcofluxError } from '../../src/core/errors.ts';
import type { Executor, VisitRequest } from '../../src/engine/executor.ts';
import type { FieldReader, FieldWriter, RunProgress } from '../../src/engine/run.ts';
import type { DevicePlane } from '../../src/engine/store.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { cpuForTests } from '../support/executors.ts';
import { gridOf, plane } from '../support/rasters.ts';
import { CountedScratch, graphOf, NO_ROOM, runGraph } from '../support/run-graph.ts';

const grid = gridOf(20, 12);
const sources = { x: plane(grid, 'f32', 'noise', [0, 50], 1), y: plane(grid, 'f32', 'noise', [0, 50], 2) };

/** Two passes: the difference with its range; the slope of it. 15 tiles of 4. */
const graph = graphOf(grid, sources, (builder) => {
  const { balance_static } = builder.model('b', balance, {
    inputs: { supply: 'x', demand: 'y' },
    outputs: ['balance_static'],
  });
  builder.range('range', statistics, [balance_static]);
  builder.sink(balance_static);
  builder.sink(builder.model('s', slope, { inputs: { dem: balance_static } }).slope);
});
const tile = 4;
const expected = await runGraph(cpuForTests(), graph, sources);

/** The CPU as if it were a device: what stays, stays with it until it is lost. */
class FakeDevice implements Executor {
  readonly kind = 'gpu';
  readonly name = 'fake';
  readonly #cpu = cpuForTests();
  readonly #lose: (visit: number, request: VisitRequest) => boolean;
  visits = 0;
  closed = 0;
  alive = 0;
  lost = false;

  /** `lose` says at which visit the device is lost. */
  constructor(lose: (visit: number, request: VisitRequest) => boolean = () => false) {
    this.#lose = lose;
  }

  async visit(request: VisitRequest) {
    this.lost ||= this.#lose(++this.visits, request);
    this.check();
    const inputs = await Promise.all(
      [...request.inputs].map(async ([field, { device, ...rest }]) => {
        if (!device) return [field, rest] as const;
        if (device.halo !== request.tile.halo) throw new Error(`${field} has the padding ${device.halo}`);
        return [field, { host: await (device as FakePlane).padded() }] as const;
      }),
    );
    const result = await this.#cpu.visit({ ...request, inputs: new Map(inputs) });
    await new Promise((resolve) => setTimeout(resolve));
    this.check();
    const device = new Map<string, DevicePlane>(
      request.toStay.map((field) => [field, new FakePlane(this, result.host.get(field)!, request.tile)]),
    );
    const host = new Map([...result.host].filter(([field]) => request.toHost.includes(field)));
    return { ...result, host, device };
  }

  check(): void {
    if (this.lost) throw new EcofluxError('DeviceLost', 'the fake device was lost');
  }

  async close() {
    this.closed++;
  }
}

class FakePlane implements DevicePlane {
  readonly bytes: number;
  readonly halo: number;
  readonly #owner: FakeDevice;
  readonly #cells: Float32Array;
  readonly #tile: VisitRequest['tile'];

  constructor(owner: FakeDevice, cells: ArrayLike<number>, tile: VisitRequest['tile']) {
    this.#owner = owner;
    this.#cells = Float32Array.from(cells);
    this.#tile = tile;
    this.bytes = this.#cells.byteLength;
    this.halo = tile.halo;
    owner.alive++;
  }

  async toHost() {
    await Promise.resolve();
    this.#owner.check();
    return this.#cells.slice();
  }

  /** As on a device: the padding holds anything. */
  async padded() {
    this.#owner.check();
    const { width, height, pitch, halo } = this.#tile;
    const out = new Float32Array(pitch * (height + 2 * halo)).fill(12345);
    for (let y = 0; y < height; y++)
      out.set(this.#cells.subarray(y * width, (y + 1) * width), (y + halo) * pitch + halo);
    return out;
  }

  release() {
    this.#owner.alive--;
  }
}

const loseAt = (at: number) => new FakeDevice((visit) => visit === at);

async function failure(work: Promise<unknown>): Promise<EcofluxError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: EcofluxError) => error,
  );
}

describe('a run', () => {
  test('with fields that stay on the device gives the same bytes, and lets them go', async () => {
    const device = new FakeDevice();
    const run = await runGraph(device, graph, sources, { tile });
    expect(run.planes).toEqual(expected.planes);
    expect(run.records).toEqual(expected.records);
    expect(device).toMatchObject({ visits: 30, alive: 0, closed: 0 });
  });

  test('reads, computes and writes different tiles at the same time', async () => {
    const under = { read: 0, visit: 0, write: 0 };
    const together = new Set<string>();
    const during = async <T>(part: keyof typeof under, work: () => Promise<T>): Promise<T> => {
      under[part]++;
      together.add(
        Object.entries(under)
          .filter(([, count]) => count > 0)
          .map(([name]) => name)
          .join('+'),
      );
      await new Promise((resolve) => setTimeout(resolve, { read: 3, visit: 4, write: 5 }[part]));
      const result = await work();
      under[part]--;
      return result;
    };
    const device = new FakeDevice();
    const slow: Executor = {
      kind: 'gpu',
      name: 'slow',
      close: async () => {},
      visit: (request) => during('visit', () => device.visit(request)),
    };
    const wrapReader = (reader: FieldReader): FieldReader => ({
      read: (window) => during('read', () => reader.read(window)),
    });
    const wrapWriter = (writer: FieldWriter): FieldWriter => ({
      write: (window, cells) => during('write', () => writer.write(window, cells)),
    });
    const run = await runGraph(slow, graph, sources, { tile, wrapReader, wrapWriter });
    expect(run.planes).toEqual(expected.planes);
    expect([...together]).toContain('read+visit+write');
    expect(run.plan.inFlight).toBe(3);
  });

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

describe('an interrupted run', () => {
  test('ends within the tiles that are under way and leaves nothing behind', async () => {
    const stop = new AbortController();
    const scratch = new CountedScratch();
    const done: number[] = [];
    let under = 0;
    const wrapWriter = (writer: FieldWriter): FieldWriter => ({
      async write(window, cells) {
        under++;
        await new Promise((resolve) => setTimeout(resolve, 2));
        await writer.write(window, cells);
        under--;
      },
    });
    const device = new FakeDevice();
    const progress = ({ pass, tilesDone }: RunProgress) => {
      done.push(tilesDone);
      if (pass === 1 && tilesDone === 4) stop.abort('enough');
    };
    const error = await failure(
      runGraph(device, graph, sources, {
        tile,
        signal: stop.signal,
        progress,
        wrapWriter,
        budget: NO_ROOM,
        openScratch: scratch.open,
      }),
    );
    expect(error).toMatchObject({ code: 'Interrupted', message: 'the run was interrupted', cause: 'enough' });
    expect(done.length).toBeLessThanOrEqual(15 + 4 + 2);
    expect({ under, alive: device.alive, disposed: scratch.disposed }).toEqual({ under: 0, alive: 0, disposed: 1 });
  });

  test('that was never to start reads nothing', async () => {
    let reads = 0;
    const wrapReader = (reader: FieldReader): FieldReader => ({ read: (window) => (reads++, reader.read(window)) });
    const error = await failure(
      runGraph(cpuForTests(), graph, sources, { tile, wrapReader, signal: AbortSignal.abort() }),
    );
    expect([error.code, reads]).toEqual(['Interrupted', 0]);
  });

  test('does not keep its signal busy afterwards', async () => {
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = ((...args: Parameters<typeof add>) => (
      listeners.add(args[1]), add(...args)
    )) as typeof signal.addEventListener;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => (
      listeners.delete(args[1]), remove(...args)
    )) as typeof signal.removeEventListener;
    await runGraph(cpuForTests(), graph, sources, { tile, signal });
    expect(listeners.size).toBe(0);
  });
});

describe('a failing run', () => {
  test.each(['read', 'visit', 'write', 'scratch'])(
    'reports the first failure, of a %s, when everything has ended',
    async (where) => {
      let under = 0;
      const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
        under++;
        await new Promise((resolve) => setTimeout(resolve, 2));
        return work().finally(() => under--);
      };
      let calls = 0;
      const fails = (part: string) => {
        if (part === where && ++calls === 5) throw new Error(`no ${part}`);
        if (part === where && calls > 5) throw new Error('a later failure');
      };
      const device = new FakeDevice((visit) => visit < 0);
      const executor: Executor = {
        kind: 'gpu',
        name: 'x',
        close: async () => {},
        visit: async (request) => (fails('visit'), slowly(() => device.visit(request))),
      };
      const wrapReader = (reader: FieldReader): FieldReader => ({
        read: async (window) => (fails('read'), slowly(() => reader.read(window))),
      });
      const wrapWriter = (writer: FieldWriter): FieldWriter => ({
        write: async (window, cells) => (fails('write'), slowly(() => writer.write(window, cells))),
      });
      const scratch = new CountedScratch();
      const append = scratch.append.bind(scratch);
      scratch.append = async (bytes) => (fails('scratch'), append(bytes));
      const error = await failure(
        runGraph(executor, graph, sources, {
          tile,
          wrapReader,
          wrapWriter,
          budget: NO_ROOM,
          openScratch: scratch.open,
        }),
      );
      expect(error.message).toBe(`no ${where}`);
      expect({ under, alive: device.alive }).toEqual({ under: 0, alive: 0 });
      expect(scratch.bytes === 0 || scratch.disposed === 1).toBe(true);
    },
  );

  test('without a replacement a lost device ends it', async () => {
    expect(await failure(runGraph(loseAt(7), graph, sources, { tile }))).toMatchObject({ code: 'DeviceLost' });
  });

  test('when no replacement can be had, that is what it reports', async () => {
    const replaceExecutor = async () => {
      throw new EcofluxError('NoDevice', 'it is gone');
    };
    expect(await failure(runGraph(loseAt(7), graph, sources, { tile, replaceExecutor }))).toMatchObject({
      code: 'NoDevice',
    });
  });
});

describe('a run that loses its device', () => {
  // 15 visits a pass: in the first, at the end of the first, at the start of the second, in it, and at the very end
  test.each([1, 8, 15, 16, 23, 30])(
    'at visit %s makes again what was lost, and nothing is written twice',
    async (at) => {
      for (const budget of [{ host: 2 ** 20, device: 2 ** 20 }, NO_ROOM, { host: 200, device: 400 }]) {
        const scratch = new CountedScratch();
        const [first, second] = [loseAt(at), new FakeDevice()];
        const lines: string[] = [];
        const run = await runGraph(first, graph, sources, {
          tile,
          budget,
          openScratch: scratch.open,
          replaceExecutor: async () => second,
          log: (line) => lines.push(line),
        });
        expect(run.planes).toEqual(expected.planes);
        expect(run.records).toEqual(expected.records);
        expect(run.summary).toMatchObject({ losses: 1, executor: { name: 'fake' } });
        expect(run.summary.executor).toBe(second);
        expect({ closed: first.closed, alive: second.alive }).toEqual({ closed: 1, alive: 0 });
        expect(lines).toEqual(['the device was lost (1); unfinished tiles run again', 'continuing on fake']);
      }
    },
  );

  test('twice, and once more while it makes up for the second loss, ends on the CPU', async () => {
    const devices = [loseAt(20), loseAt(5), loseAt(3)];
    const losses: number[] = [];
    const run = await runGraph(devices[0], graph, sources, {
      tile,
      replaceExecutor: async (count) => {
        losses.push(count);
        return devices[count] ?? cpuForTests();
      },
    });
    expect(run.planes).toEqual(expected.planes);
    expect(run.records).toEqual(expected.records);
    expect(losses).toEqual([1, 2, 3]);
    expect(run.summary.executor.kind).toBe('cpu');
    expect(devices.map(({ closed }) => closed)).toEqual([1, 1, 1]);
  });

  test('takes no healthy device for a lost one, whatever comes late from the old one', async () => {
    // Losses are seen at different times by different visits; every visit count must end with one replacement.
    for (let at = 2; at <= 30; at += 3) {
      let replaced = 0;
      const run = await runGraph(loseAt(at), graph, sources, {
        tile,
        budget: { host: 2 ** 20, device: 200 },
        replaceExecutor: async () => {
          replaced++;
          await new Promise((resolve) => setTimeout(resolve, 1));
          return new FakeDevice();
        },
      });
      expect([replaced, run.summary.losses]).toEqual([1, 1]);
      expect(run.planes).toEqual(expected.planes);
    }
  });

  test('can still be interrupted', async () => {
    const stop = new AbortController();
    const replaceExecutor = async () => {
      stop.abort();
      return new FakeDevice();
    };
    expect(
      await failure(runGraph(loseAt(20), graph, sources, { tile, signal: stop.signal, replaceExecutor })),
    ).toMatchObject({ code: 'Interrupted' });
  });
});
