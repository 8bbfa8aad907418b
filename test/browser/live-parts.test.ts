/** What the live parts of the page are made of, without a browser: the last request wins, amounts survive larger cells, sliders offer round lengths. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Grid, NODATA } from '../../src/index.ts';
import { coarsen, coarserGrids, liveFactor } from '../../web/src/live/coarser.ts';
import { latest } from '../../web/src/live/latest.ts';
import { lengthInWords, lengthsOn, nearestLength } from '../../web/src/live/lengths.ts';

const CRS = { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 } as const;
const gridOf = (width: number, height: number, cell: number): Grid => {
  return { width, height, west: 0, north: 0, cellWidth: cell, cellHeight: cell, crs: CRS };
};

describe('the last request', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Work of 100 ms that heeds its signal, or does not; and a record of what became of each request. */
  function recorded({ heeds }: { readonly heeds: boolean }) {
    const told: string[] = [];
    let [running, most] = [0, 0];
    const asked = latest<number, number>({
      async work(request, signal) {
        told.push(`work ${request}`);
        most = Math.max(most, ++running);
        try {
          await new Promise<void>((resolve, reject) => {
            setTimeout(resolve, 100);
            if (heeds) signal.addEventListener('abort', () => reject(new Error('interrupted')));
          });
        } finally {
          running--;
        }
        if (request < 0) throw new Error(`${request} cannot be`);
        return request;
      },
      began: (request) => told.push(`began ${request}`),
      done: (result) => told.push(`done ${result}`),
      failed: (error) => told.push(`failed: ${(error as Error).message}`),
    });
    return { asked, told, most: () => most };
  }

  it('alone is computed where others came before the pause was over', async () => {
    const { asked, told } = recorded({ heeds: true });
    for (const request of [1, 2, 3]) asked.ask(request, 50);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual(['began 1', 'began 2', 'began 3', 'work 3', 'done 3']);
  });

  it.each([true, false])(
    'alone is shown where others were under way (work that heeds its signal: %s)',
    async (heeds) => {
      const { asked, told, most } = recorded({ heeds });
      for (const request of [1, 2, 3]) {
        asked.ask(request, 10);
        await vi.advanceTimersByTimeAsync(40);
      }
      await vi.advanceTimersByTimeAsync(1000);
      expect(told.filter((line) => line.startsWith('done'))).toEqual(['done 3']);
      expect(told.filter((line) => line.startsWith('failed'))).toEqual([]);
      expect(told).toContain('work 1');
      expect(most()).toBe(1);
    },
  );

  it('is shown with its own error, and another one after it', async () => {
    const { asked, told } = recorded({ heeds: true });
    asked.ask(-1, 0);
    await vi.advanceTimersByTimeAsync(500);
    asked.ask(4, 0);
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toEqual(['began -1', 'work -1', 'failed: -1 cannot be', 'began 4', 'work 4', 'done 4']);
  });

  it('is not shown when it was cancelled', async () => {
    const { asked, told } = recorded({ heeds: false });
    asked.ask(1, 0);
    await vi.advanceTimersByTimeAsync(50);
    expect(asked.cancel()).toBe(true);
    expect(asked.cancel()).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    expect(told).toEqual(['began 1', 'work 1']);
  });
});

describe('larger cells', () => {
  it('hold the amounts of those that they are made of, and the means of other quantities', () => {
    const N = NODATA;
    const plane = Float32Array.of(1, 2, N, 3, 4, 5, 6, 7, N, N, 8, 9, N, N, 10);
    const grid = gridOf(5, 3, 30);
    expect([...coarsen(plane, grid, 2, 'amount')]).toEqual([14, 10, 4, 17, N, 10]);
    expect([...coarsen(plane, grid, 2, 'mean')]).toEqual([3.5, 5, 4, 8.5, N, 10]);
    expect(coarsen(plane, grid, 1, 'amount')).toBe(plane);
  });

  it('are offered as long as they show anything; the finest that is soon computed is taken', () => {
    const grids = coarserGrids(gridOf(1000, 700, 30));
    expect(grids.map(({ factor, grid }) => [factor, grid.width, grid.height, grid.cellWidth])).toEqual([
      [1, 1000, 700, 30],
      [2, 500, 350, 60],
      [4, 250, 175, 120],
      [8, 125, 88, 240],
    ]);
    expect(liveFactor(grids)).toBe(4);
    expect(liveFactor(coarserGrids(gridOf(256, 256, 30)))).toBe(1);
    expect(coarserGrids(gridOf(20, 20, 30))).toHaveLength(1);
  });
});

describe('lengths of a slider', () => {
  it('go from a cell to the longer side, and are round between', () => {
    expect(lengthsOn(gridOf(40, 20, 100))).toEqual([100, 150, 200, 300, 400, 500, 700, 1000, 1500, 2000, 3000, 4000]);
    expect(lengthsOn(gridOf(3, 2, 30))).toEqual([30, 40, 50, 70, 90]);
    expect(lengthsOn(gridOf(1, 1, 30))).toEqual([30]);
    const degrees = { ...gridOf(40, 20, 0.01), crs: { name: 'WGS 84', kind: 'geographic' } as const };
    expect(lengthsOn(degrees)).toEqual([]);
  });

  it('are found by their ratio, and said', () => {
    expect(nearestLength([100, 1000, 10_000], 400)).toBe(1000);
    expect(nearestLength([100, 1000, 10_000], 300)).toBe(100);
    expect([150, 1000, 1500, 20_000].map(lengthInWords)).toEqual(['150 m', '1 km', '1.5 km', '20 km']);
  });
});
