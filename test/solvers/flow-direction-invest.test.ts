/** Flow directions in InVEST's order against all direction rasters that InVEST wrote, and how many cells the free order changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { openRaster } from '../../src/io/raster.ts';
import { fileSource } from '../../src/node/files.ts';
import { flowDirection } from '../../src/solvers/flow_direction/index.ts';
import { keysOf } from '../../src/solvers/flow_direction/reference-free.ts';
import { directionTasks } from '../../src/solvers/flow_direction/tasks.ts';
import { DX, DY, d8Code, shareOf } from '../../src/solvers/routing/directions.ts';
import { KEY_STEP } from '../../src/solvers/routing/plateaus.ts';
import { describeWithInvest, loadPlane } from '../support/invest.ts';
import { solveWith } from '../support/solve.ts';

const pool = inlinePool(directionTasks);

async function directions(filled: Float32Array, width: number, algorithm: number, order: number, tile: number) {
  const given = { width, height: filled.length / width, inputs: { filled }, params: { algorithm, order }, tile, pool };
  return (await solveWith(flowDirection, given)).planes.direction as Uint32Array;
}

function runsOf(folder: string): string[] {
  const { runs } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  return Object.keys(runs).filter((run) => /^(sdr|ndr)_/.test(run));
}

/** As ours: D8 is written as 0 … 7, nodata 128; MFD as a signed integer, nodata 0. */
async function directionsOfInvest(folder: string, run: string, mfd: boolean): Promise<Uint32Array> {
  const raster = await openRaster(await fileSource(join(folder, 'outputs', run, 'flow_direction.tif')));
  const { grid, nodata } = raster.info;
  const { samples } = await raster.readSamples({ x: 0, y: 0, width: grid.width, height: grid.height });
  await raster.close();
  const code = (value: number) => (value === nodata ? NODATA_CODE : mfd ? value : d8Code(value));
  return Uint32Array.from(samples as ArrayLike<number>, code);
}

describeWithInvest('as InVEST', (folders) => {
  test.each(folders)('%s', async (folder) => {
    const runs = runsOf(folder);
    expect(runs.length).toBeGreaterThan(3);
    for (const run of runs) {
      const mfd = run.includes('mfd');
      const dem = run.startsWith('sdr') ? 'pit_filled_dem.tif' : 'filled_dem.tif';
      const { plane, grid } = await loadPlane(join(folder, 'outputs', run, dem), 'f32');
      const filled = plane as Float32Array;
      const expected = await directionsOfInvest(folder, run, mfd);
      for (const tile of [32, 100, 512]) {
        const ours = await directions(filled, grid.width, Number(mfd), 1, tile);
        const wrong = ours.reduce((count, code, i) => count + Number(code !== expected[i]), 0);
        expect(wrong, `${run} in tiles of ${tile}`).toBe(0);
      }
      const free = await directions(filled, grid.width, Number(mfd), 0, 64);
      const cells = expected.reduce((count, code) => count + Number(code !== NODATA_CODE), 0);
      const other = differences(filled, grid.width, free, expected);
      console.log(`${run}: of ${cells} cells ${other.cells} drain elsewhere when the order is free`);
      expect(other.notEquallyFar, run).toBe(0);
      expect(other.cells, run).toBeGreaterThan(0);
    }
  });
});

/**
 * Cells that differ, and those of them where it is not a matter of order: InVEST goes another shortest way (D8), or takes a neighbour for nearer to
 * the drain, by the last bit of a sum of float64 steps, that is as far as the cell itself (MFD).
 */
function differences(filled: Float32Array, width: number, free: Uint32Array, invest: Uint32Array) {
  const height = filled.length / width;
  const isData = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && filled[y * width + x] !== NODATA;
  const level = (x: number, y: number) => (isData(x, y) ? filled[y * width + x] : undefined);
  const at = (i: number, d: number) => level((i % width) + DX[d], Math.floor(i / width) + DY[d]);
  const codes = Float64Array.from(filled, (here, i) =>
    here === NODATA ? NODATA_CODE : Number(DX.some((_, d) => (at(i, d) ?? here) < here)),
  );
  const keys = keysOf({ width, height, level, codes, code: () => 0, mfd: false });
  let cells = 0;
  let notEquallyFar = 0;
  for (let i = 0; i < free.length; i++) {
    if (free[i] === invest[i]) continue;
    cells++;
    const keyOf = (d: number) => (at(i, d) === filled[i] ? keys[i + DY[d] * width + DX[d]] : Number.NaN);
    const changed = DX.map((_, d) => d).filter((d) => shareOf(free[i], d) > 0 !== shareOf(invest[i], d) > 0);
    const sameWay = changed.every((d) => keyOf(d) + KEY_STEP[d] === keys[i]);
    const sameKey = changed.every((d) => keyOf(d) === keys[i]);
    if (changed.length === 0 || !(sameWay || sameKey)) notEquallyFar++;
  }
  return { cells, notEquallyFar };
}
