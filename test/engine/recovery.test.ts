/** Runs that lose their device, with a device that can be lost at any visit. */
import { describe, expect, test } from 'vitest';
import { cpuForTests } from '../support/executors.ts';
import { FakeDevice, loseAt } from '../support/fake-device.ts';
import { CountedScratch, NO_ROOM, runGraph } from '../support/run-graph.ts';
import { failure, graph, sources, tile } from '../support/two-passes.ts';

const expected = await runGraph(cpuForTests(), graph, sources);

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

  test('keeps nothing that a visit brings from the old device after the loss is known', async () => {
    let replaced = 0;
    const run = await runGraph(new FakeDevice((visit) => visit === 6, { late: true }), graph, sources, {
      tile,
      replaceExecutor: async () => {
        replaced++;
        await new Promise((resolve) => setTimeout(resolve, 20)); // the late ones arrive meanwhile
        return new FakeDevice();
      },
    });
    expect(replaced).toBe(1);
    expect(run.planes).toEqual(expected.planes);
    expect(run.records).toEqual(expected.records);
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
