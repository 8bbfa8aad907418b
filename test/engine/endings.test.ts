/** Runs that end early: interrupted or failed, nothing of them is left under way. */
import { describe, expect, test } from 'vitest';
import { EcofluxError } from '../../src/core/errors.ts';
import type { Executor } from '../../src/engine/executor.ts';
import type { FieldReader, FieldWriter, RunProgress } from '../../src/engine/run.ts';
import { cpuForTests } from '../support/executors.ts';
import { FakeDevice, loseAt } from '../support/fake-device.ts';
import { CountedScratch, NO_ROOM, runGraph } from '../support/run-graph.ts';
import { failure, graph, sources, tile } from '../support/two-passes.ts';

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
    const wrapReader = (reader: FieldReader): FieldReader => ({
      read: (window) => {
        reads++;
        return reader.read(window);
      },
    });
    const error = await failure(
      runGraph(cpuForTests(), graph, sources, { tile, wrapReader, signal: AbortSignal.abort() }),
    );
    expect([error.code, reads]).toEqual(['Interrupted', 0]);
  });

  test('does not keep its signal busy afterwards', async () => {
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listeners.add(args[1]);
      return add(...args);
    }) as typeof signal.addEventListener;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      listeners.delete(args[1]);
      return remove(...args);
    }) as typeof signal.removeEventListener;
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
        visit: async (request) => {
          fails('visit');
          return slowly(() => device.visit(request));
        },
      };
      const wrapReader = (reader: FieldReader): FieldReader => ({
        read: async (window) => {
          fails('read');
          return slowly(() => reader.read(window));
        },
      });
      const wrapWriter = (writer: FieldWriter): FieldWriter => ({
        write: async (window, cells) => {
          fails('write');
          return slowly(() => writer.write(window, cells));
        },
      });
      const scratch = new CountedScratch();
      const append = scratch.append.bind(scratch);
      scratch.append = async (bytes) => {
        fails('scratch');
        return append(bytes);
      };
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

  test('waits for the other inputs of the tile whose one input failed', async () => {
    let ended = false;
    const wrapReader = (reader: FieldReader, field: string): FieldReader => ({
      async read(window) {
        if (field === 'x') throw new Error('no x');
        await new Promise((resolve) => setTimeout(resolve, 20));
        ended = true;
        return reader.read(window);
      },
    });
    const error = await failure(runGraph(cpuForTests(), graph, sources, { tile: 4096, wrapReader }));
    expect([error.message, ended]).toEqual(['no x', true]);
  });

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
