/** Tiles outside of the study area: what the readers of a project say of them without reading is what they hold. */
import { afterAll, expect, test } from 'vitest';
import { nodataOf } from '../../src/core/cells.ts';
import { tilesOf, tilingOf } from '../../src/core/tiles.ts';
import { buildAnalysis } from '../../src/pipeline/analysis.ts';
import { prepareProject } from '../../src/pipeline/prepare.ts';
import { readersOf, runProject } from '../../src/pipeline/run-project.ts';
import { copyProject, openProject, platform, removeSample, SIZE } from '../support/project.ts';

afterAll(async () => {
  await removeSample();
  await platform.pool.close();
});

test('a window that is said to be empty holds nothing but nodata, for every layer', async () => {
  const { dir, dispose } = await copyProject();
  try {
    const prepared = await prepareProject(openProject(dir), platform);
    const readers = readersOf(prepared, buildAnalysis(prepared), platform);
    expect(readers.size).toBeGreaterThan(5);
    let skipped = 0;
    for (const { x, y, width, height } of tilesOf(tilingOf({ width: SIZE, height: SIZE }, 8))) {
      const window = { x, y, width, height };
      for (const reader of readers.values()) {
        expect(reader.empty).toBeDefined();
        if (!reader.empty!(window)) continue;
        skipped++;
        const plane = await reader.read(window);
        const nodata = nodataOf(plane instanceof Float32Array ? 'f32' : 'u32');
        expect(plane.every((cell) => cell === nodata)).toBe(true);
      }
    }
    expect(skipped).toBeGreaterThan(readers.size);
    expect([...readers.values()].some((reader) => reader.empty!({ x: 0, y: 0, width: SIZE, height: SIZE }))).toBe(
      false,
    );
  } finally {
    dispose();
  }
});

test('the files do not tell how many tiles were passed over', async () => {
  const { dir, dispose } = await copyProject();
  try {
    const sums = [];
    // With tiles of 64 none is empty, with tiles of 8 many are.
    for (const tile of [64, 8]) {
      const progress: number[] = [];
      const run = await runProject(openProject(dir), platform, {
        device: 'cpu',
        memory: 1e9,
        tile,
        out: `${dir}/out-${tile}`,
        progress: ({ tilesDone }) => progress.push(tilesDone),
      });
      sums.push(await Promise.all(run.outputs.map(({ id }) => platform.fingerprint(`${dir}/out-${tile}/${id}.tif`))));
      expect(Math.max(...progress)).toBe((64 / tile) ** 2);
    }
    expect(sums[1]).toEqual(sums[0]);
    expect(sums[0].length).toBeGreaterThan(10);
  } finally {
    dispose();
  }
});
