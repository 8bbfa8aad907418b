/** Samples from planes in memory, and the trainings of the fixtures. */
import type { TaskPool } from '../../src/core/tasks.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { tilingOf } from '../../src/core/tiles.ts';
import type { SomMap } from '../../src/solvers/som/map.ts';
import { openSamples } from '../../src/solvers/som/open-samples.ts';
import type { Samples, Scaling } from '../../src/solvers/som/samples.ts';
import { somTasks } from '../../src/solvers/som/tasks.ts';
import type { Training } from '../../src/solvers/som/training.ts';
import { memoryScratch } from './solve.ts';

export interface SampleCase {
  readonly planes: readonly Float32Array[];
  readonly width: number;
  readonly height: number;
  readonly tile?: number;
  readonly scaling?: Scaling;
  readonly pool?: TaskPool;
  readonly memory?: number;
}

export function samplesOf({ planes, width, height, tile = 64, ...rest }: SampleCase): Promise<Samples> {
  const { scaling = 'zscore', pool = inlinePool(somTasks), memory = 1e9 } = rest;
  return openSamples({
    names: planes.map((_, i) => `f${i + 1}`),
    async read(feature, { x, y, ...size }) {
      const cells = new Float32Array(size.width * size.height);
      for (let row = 0; row < size.height; row++)
        cells.set(
          planes[feature].subarray((y + row) * width + x, (y + row) * width + x + size.width),
          row * size.width,
        );
      return cells;
    },
    tiling: tilingOf({ width, height }, tile),
    scaling,
    pool,
    memory,
    openScratch: async () => memoryScratch(),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: as the fixture has it
export function trainingOf(fixture: any): Training {
  const { rows, cols, topology, epochs, sigma0, sigma1, cooling, init, seed = 0 } = fixture;
  const map: SomMap = { rows, columns: cols, topology: topology === 'hex' ? 'hexagonal' : 'rectangular' };
  return { map, epochs, sigma: [sigma0, sigma1], cooling, init, seed };
}

export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  return Array.from(expected).reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0);
}

/** Three clouds of points far apart, the third part of the cells each: `spread` around centres some 10 apart. */
export function threeClouds(width: number, height: number, features: number, spread = 1): Float32Array[] {
  const centres = [
    [0, 10, 20],
    [0, 15, 10],
    [20, 5, 0],
    [5, 10, 25],
  ];
  let state = 11;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: features }, (_, f) =>
    Float32Array.from({ length: width * height }, (_, i) => centres[f % 4][i % 3] + spread * (random() + random())),
  );
}
